"""A small school, and a large one, as OneRoster CSV sets of both versions."""

import csv
import zipfile
from io import BytesIO, StringIO

Rows = list[list[str]]
Files = dict[str, Rows]


def _titles(joined: str) -> list[str]:
    return joined.split(",")


NEVER = ["", ""]  # status, dateLastModified


def manifest(version: str, **modes: str) -> Rows:
    rows = [["propertyName", "value"], ["manifest.version", "1.0"], ["oneroster.version", version]]
    return rows + [[f"file.{name}", mode] for name, mode in modes.items()]


def zipped(files: Files) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in files.items():
            text = StringIO()
            csv.writer(text).writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return packed.getvalue()


def common() -> Files:
    """What 1.1 and 1.2 write alike: 7А with Маша and Петя, algebra for all, English for Маша alone."""
    return {
        "orgs": [
            _titles(
                "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId"
            ),
            ["d1", *NEVER, "Тверь", "district", "", ""],
            ["s1", *NEVER, "Школа № 1", "school", "", "d1"],
        ],
        "academicSessions": [
            _titles(
                "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,"
                "schoolYear"
            ),
            ["y", *NEVER, "2026-27", "schoolYear", "2026-09-01", "2027-06-01", "", "2027"],
            ["t", *NEVER, "Весь год", "term", "2026-09-01", "2027-06-01", "y", "2027"],
            ["q1", *NEVER, "1 четверть", "gradingPeriod", "2026-09-01", "2026-10-26", "t", "2027"],
            ["q2", *NEVER, "2 четверть", "gradingPeriod", "2026-10-26", "2027-01-01", "t", "2027"],
        ],
        "courses": [
            _titles(
                "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,"
                "orgSourcedId,subjects,subjectCodes"
            ),
            ["ca", *NEVER, "y", "Алгебра", "", "07", "s1", "", ""],
            ["ce", *NEVER, "y", "Английский 7", "", "07", "s1", "Английский язык", ""],
        ],
        "classes": [
            _titles(
                "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"
                "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods"
            ),
            ["h7a", *NEVER, "7А", "07", "", "", "homeroom", "205", "s1", "t", "", "", ""],
            ["k1", *NEVER, "7А Алгебра", "07", "ca", "", "scheduled", "205", "s1", "t", "", "", ""],
            ["k2", *NEVER, "7А англ 1", "07", "ce", "", "scheduled", "", "s1", "t", "", "", ""],
        ],
        "enrollments": [
            _titles(
                "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,"
                "primary,beginDate,endDate"
            ),
            ["e1", *NEVER, "h7a", "s1", "masha", "student", "", "2026-09-01", ""],
            ["e2", *NEVER, "h7a", "s1", "petya", "student", "", "2026-09-01", ""],
            ["e3", *NEVER, "h7a", "s1", "vera", "teacher", "true", "", ""],
            ["e4", *NEVER, "k1", "s1", "masha", "student", "", "", ""],
            ["e5", *NEVER, "k1", "s1", "petya", "student", "", "", ""],
            ["e6", *NEVER, "k1", "s1", "anna", "teacher", "true", "", ""],
            ["e7", *NEVER, "k2", "s1", "masha", "student", "", "2026-09-01", "2027-01-01"],
            ["e8", *NEVER, "k2", "s1", "anna", "teacher", "true", "", ""],
        ],
        "demographics": [
            _titles(
                "sourcedId,status,dateLastModified,birthDate,sex"
            ),
            ["masha", *NEVER, "2013-03-05", "female"],
        ],
    }  # fmt: skip


def set_1_2() -> Files:
    users = [
        _titles(
            "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"
            "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
            "userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,"
            "preferredFamilyName,primaryOrgSourcedId,pronouns"
        )
    ]
    people = [
        ("masha", "Мария", "Иванова", "olga", "07"),
        ("petya", "Пётр", "Сидоров", "", "07"),
        ("olga", "Ольга", "Иванова", "", ""),
        ("anna", "Анна", "Петрова", "", ""),
        ("vera", "Вера", "Орлова", "", ""),
    ]
    for code, first, last, agents, grades in people:
        about = ["true", code, "", first, last, "", "", "", "+79160000001", "", agents, grades]
        users.append([code, *NEVER, *about, *[""] * 6, "s1", ""])
    roles = [
        _titles(
            "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
            "orgSourcedId,userProfileSourcedId"
        )
    ]
    kinds = {"masha": "student", "petya": "student", "olga": "parent", "anna": "teacher", "vera": "principal"}
    roles += [[f"r-{code}", *NEVER, code, "primary", role, "", "", "s1", ""] for code, role in kinds.items()]
    modes = dict.fromkeys(("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments"), "bulk")
    return {"manifest": manifest("1.2", **modes, results="absent"), **common(), "users": users, "roles": roles}


def set_1_1() -> Files:
    users = [
        _titles(
            "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
            "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,"
            "password"
        )
    ]
    people = [
        ("masha", "student", "Мария", "Иванова", "", "true"),
        ("petya", "student", "Пётр", "Сидоров", "", "false"),
        ("olga", "parent", "Ольга", "Иванова", "masha,petya", "true"),
        ("anna", "teacher", "Анна", "Петрова", "", "true"),
        ("vera", "teacher", "Вера", "Орлова", "", "true"),
    ]
    for code, role, first, last, agents, enabled in people:
        about = [enabled, "s1", role, code, "{Fed:1}", first, last, "", "", f"{code}@example.ru", "", "", agents]
        users.append([code, *NEVER, *about, "", ""])
    modes = dict.fromkeys(("orgs", "academicSessions", "courses", "classes", "users", "enrollments"), "bulk")
    return {"manifest": manifest("1.1", **modes), **common(), "users": users}


def large(pupils: int = 4_500, classes: int = 150, subjects: int = 12) -> Files:
    """5,000 people and some 60,000 enrollments."""
    files = set_1_1()
    for name in ("users", "courses", "classes", "enrollments"):
        del files[name][1:]
    rooms = [f"{1 + number % 11}{'АБВГДЕЖЗИКЛМНП'[number // 11]}" for number in range(classes)]
    for number in range(500):
        files["users"].append(_user(f"t{number}", "teacher"))
    for number in range(subjects):
        files["courses"].append([f"c{number}", *NEVER, "y", f"Предмет {number}", "", "", "s1", "", ""])
    for number, room in enumerate(rooms):
        groups = [f"h{number}", *(f"k{number}-{subject}" for subject in range(subjects))]
        for at, group in enumerate(groups):
            kind, course = ("scheduled", f"c{at - 1}") if at else ("homeroom", "")
            files["classes"].append([group, *NEVER, room, "", course, "", kind, "", "s1", "t", "", "", ""])
            teacher = f"t{(number + at) % 500}"
            files["enrollments"].append([f"e-{group}", *NEVER, group, "s1", teacher, "teacher", "true", "", ""])
        for pupil in range(number, pupils, classes):
            files["users"].append(_user(f"p{pupil}", "student"))
            files["enrollments"] += [
                [f"e{pupil}-{group}", *NEVER, group, "s1", f"p{pupil}", "student", "", "2026-09-01", ""]
                for group in groups
            ]
    return files


def _user(code: str, role: str) -> list[str]:
    return [code, *NEVER, "true", "s1", role, code, "", "Имя", f"Фамилия {code}", *[""] * 8]
