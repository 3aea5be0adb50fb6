"""Both versions of a CSV set become the same neutral school."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from diary.foundation.tables.report import Level, Report
from diary.foundation.tables.tables import Upload
from diary.gates.integrations.oneroster.csv_bulk import is_one_roster, read_bulk
from diary.gates.integrations.oneroster.tests.made import NEVER, Files, large, zipped
from diary.people.intake.checks import check_school
from diary.people.intake.records import PeriodKind, SchoolData, StaffRole

TODAY = date(2026, 9, 15)


def read(files: Files, school_id: str = "") -> tuple[SchoolData, Report]:
    report = Report()
    data = read_bulk([Upload("школа.zip", zipped(files))], report, today=TODAY, school_id=school_id)
    check_school(data, report, today=TODAY)
    return data, report


def errors(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems if problem.level is Level.ERROR]


def enrolled(class_id: str, user_id: str) -> list[str]:
    return ["e9", *NEVER, class_id, "s1", user_id, "student", "", "", ""]


@pytest.fixture(params=["version_1_1", "version_1_2"])
def files(request: pytest.FixtureRequest) -> Files:
    found: Files = request.getfixturevalue(request.param)
    return found


def test_a_set_is_faultless_and_whole(files: Files) -> None:
    data, report = read(files)
    assert errors(report) == []
    assert data.school is not None
    assert data.school.name == "Школа № 1"
    assert {one.external_id for one in data.students} == {"masha", "petya"}
    assert {one.external_id for one in data.staff} == {"anna", "vera"}


def test_ends_are_exclusive_in_the_file_and_inclusive_with_us(files: Files) -> None:
    data, _report = read(files)
    assert data.years[0].ends_on == date(2027, 5, 31)
    assert [one.ends_on for one in data.enrollments if one.external_id == "e7"] == [date(2026, 12, 31)]


def test_grading_periods_not_the_term_above_them_become_periods(files: Files) -> None:
    data, _report = read(files)
    assert [(one.external_id, one.kind, one.year_id) for one in data.periods] == [
        ("q1", PeriodKind.QUARTER, "y"),
        ("q2", PeriodKind.QUARTER, "y"),
    ]


def test_a_homeroom_is_a_class_with_its_form_teacher(files: Files) -> None:
    (one,) = read(files)[0].classes
    assert (one.grade, one.letter, one.year_id, one.form_teacher_id) == (7, "А", "y", "vera")


def test_a_scheduled_class_of_everybody_is_the_class_and_of_some_is_a_subgroup(files: Files) -> None:
    data, _report = read(files)
    algebra, english = data.courses
    assert (algebra.class_id, algebra.subgroup_id, algebra.teacher_ids) == ("h7a", "", ("anna",))
    assert (english.class_id, english.subgroup_id) == ("", "k2")
    assert data.subgroups[0].class_ids == ("h7a",)
    assert [(one.external_id, one.class_id, one.subgroup_id) for one in data.enrollments] == [
        ("e1", "h7a", ""),
        ("e2", "h7a", ""),
        ("e7", "", "k2"),
    ]


def test_a_subject_is_the_stated_one_else_the_title_of_the_course(files: Files) -> None:
    assert [one.title for one in read(files)[0].subjects] == ["Алгебра", "Английский язык"]


def test_agents_are_read_from_the_pupil_and_from_the_guardian(version_1_1: Files, version_1_2: Files) -> None:
    (by_guardian,), (by_pupil,) = read(version_1_1)[0].guardians, read(version_1_2)[0].guardians
    assert [child.student_id for child in by_guardian.children] == ["masha", "petya"]
    assert [child.student_id for child in by_pupil.children] == ["masha"]


def test_roles_come_from_the_roles_file(version_1_2: Files) -> None:
    vera = read(version_1_2)[0].staff[1]
    assert set(vera.roles) == {StaffRole.PRINCIPAL, StaffRole.TEACHER}


def test_a_disabled_user_may_not_sign_in(version_1_1: Files) -> None:
    assert [one.may_sign_in for one in read(version_1_1)[0].students] == [True, False]


def test_what_is_to_be_deleted_is_ended(files: Files) -> None:
    files["enrollments"][1][1] = "tobedeleted"
    assert read(files)[0].enrollments[0].is_ended


def test_parallels_of_a_period_are_those_of_the_classes_that_name_it(files: Files) -> None:
    files["academicSessions"] += [
        ["h1", *NEVER, "1 полугодие", "term", "2026-09-01", "2027-01-01", "y", "2027"],
    ]
    files["classes"].append(["h10", *NEVER, "10А", "10", "", "", "homeroom", "", "s1", "h1", "", "", ""])
    data, report = read(files)
    assert errors(report) == []
    assert {one.external_id: one.grades for one in data.periods} == {"q1": (7,), "q2": (7,), "h1": (10,)}


def test_one_of_several_schools_must_be_named(files: Files) -> None:
    files["orgs"].append(["s2", *NEVER, "Школа № 2", "school", "", "d1"])
    _data, report = read(files)
    assert "s2 – Школа № 2" in errors(report)[0]
    assert errors(read(files, "s1")[1]) == []


def test_people_and_classes_of_another_school_are_left_out(version_1_1: Files) -> None:
    version_1_1["orgs"].append(["s2", *NEVER, "Школа № 2", "school", "", "d1"])
    alien = ["alien", *NEVER, "true", "s2", "student", "alien", "", "Чужой", "Чужов", "", "", "", "", "", "", "", ""]
    version_1_1["users"].append(alien)
    data, _report = read(version_1_1, "s1")
    assert "alien" not in {one.external_id for one in data.students}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda files: files["enrollments"].append(enrolled("h7a", "nobody")),
            "nobody",
        ),
        (
            lambda files: files["enrollments"].append(["e9", *NEVER, "x", "s1", "masha", "student", "", "", ""]),
            "Класса",
        ),
        (lambda files: files["classes"][2].__setitem__(5, "x"), "courseSourcedId"),
        (lambda files: files["users"].append(["masha", *files["users"][1][1:]]), "уже занят"),
        (lambda files: files["academicSessions"][1].__setitem__(5, "весна"), "не дата"),
        (lambda files: files["demographics"][1].__setitem__(3, "2033-01-01"), "в будущем"),
    ],
)
def test_a_bad_row_is_told_with_file_line_and_column(files: Files, spoil: Callable[[Files], None], words: str) -> None:
    spoil(files)
    _data, report = read(files)
    assert any(words in line for line in errors(report)), errors(report)


def test_an_unknown_pupil_is_shown_at_his_row(files: Files) -> None:
    files["enrollments"].append(enrolled("h7a", "nobody"))
    (error,) = [problem for problem in read(files)[1].problems if problem.level is Level.ERROR]
    assert (error.file, error.line, error.column) == ("enrollments.csv", 10, "userSourcedId")


def test_a_set_is_known_by_the_names_of_its_files(tmp_path: Path) -> None:
    assert is_one_roster(["roster/manifest.csv"])
    assert is_one_roster(["Users.csv", "orgs.csv"])
    assert not is_one_roster(["Ученики.csv"])


def test_five_thousand_people_are_read_and_checked_in_five_seconds() -> None:
    packed = [Upload("школа.zip", zipped(large()))]
    report, started = Report(), time.process_time()
    data = read_bulk(packed, report, today=TODAY)
    check_school(data, report, today=TODAY)
    assert time.process_time() - started < 5
    assert errors(report) == []
    assert data.people >= 5_000
    assert len(data.courses) == 1_800
