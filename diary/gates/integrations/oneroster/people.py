"""users.csv (with roles.csv in 1.2 and demographics.csv) → staff, pupils and guardians of one school."""

from collections import defaultdict
from collections.abc import Mapping

from diary.gates.integrations.oneroster.csv_set import CsvSet
from diary.people.intake.reading.cells import Cells
from diary.people.intake.reading.values import parse_date, parse_email, parse_gender, parse_phone
from diary.people.intake.records import Gender, GuardianRecord, Kinship, StaffRecord, StaffRole, StudentRecord
from diary.people.roster.rules.names import PersonName

_GUARDIANS = {"guardian", "parent", "relative"}
_STAFF = {
    "teacher": StaffRole.TEACHER,
    "aide": StaffRole.TEACHER,
    "proctor": StaffRole.TEACHER,
    "counselor": StaffRole.PSYCHOLOGIST,
    "principal": StaffRole.PRINCIPAL,
    "administrator": StaffRole.DEPUTY,
    "districtadministrator": StaffRole.DEPUTY,
    "siteadministrator": StaffRole.ADMINISTRATOR,
    "systemadministrator": StaffRole.ADMINISTRATOR,
}


class People:
    """`enrolled` (user → student or teacher) brings in people whose organisation is a district above the school."""

    def __init__(self, csv_set: CsvSet, school_id: str, enrolled: Mapping[str, str]) -> None:
        self.staff: list[StaffRecord] = []
        self.students: list[StudentRecord] = []
        self.guardians: list[GuardianRecord] = []
        self._csv_set, self._school_id = csv_set, school_id
        self._roles = self._roles_from_file()
        self._births = {row.text("code"): row for row in csv_set.rows("demographics")}
        rows = [row for row in csv_set.rows("users") if row.required("code")]
        roles = {row.text("code"): self._roles_of(row, enrolled) for row in rows}
        for row in rows:
            self._add(row, roles[row.text("code")])
        self._add_guardians(rows, roles)

    def _roles_from_file(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._csv_set.rows("roles"):
            if row.text("org") == self._school_id and row.text("status").lower() != "tobedeleted":
                found[row.text("user")].add(row.text("role").lower())
        return found

    def _roles_of(self, row: Cells, enrolled: Mapping[str, str]) -> set[str]:
        """Roles in this school: from roles.csv (1.2), from the user's row (1.1), from enrollments."""
        code = row.text("code")
        roles = set(self._roles.get(code, ()))
        if row.text("role") and self._school_id in (*row.items("orgs"), row.text("primary_org")):
            roles.add(row.text("role").lower())
        if code in enrolled:
            roles.add(enrolled[code])
        return roles

    def _add(self, row: Cells, roles: set[str]) -> None:
        posts = tuple(dict.fromkeys(_STAFF[role] for role in sorted(roles) if role in _STAFF))
        if "student" in roles:
            self.students.append(self._student(row))
        elif posts:
            self.staff.append(_member_of_staff(row, posts))

    def _student(self, row: Cells) -> StudentRecord:
        birth = self._births.get(row.text("code"))
        return StudentRecord(
            source=row.place,
            external_id=row.text("code"),
            is_ended=_is_ended(row),
            name=_name(row),
            born_on=birth.optional("born_on", parse_date) if birth else None,
            gender=_gender(birth),
            phone=_phone(row),
            email=row.optional("email", parse_email) or "",
            login=row.text("login"),
            may_sign_in=_may_sign_in(row),
        )

    def _add_guardians(self, rows: list[Cells], roles: Mapping[str, set[str]]) -> None:
        """agentSourcedIds may stand on the pupil (his guardians) or on the guardian (her children)."""
        pupils = {student.external_id for student in self.students}
        children: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            code = row.text("code")
            for other in row.items("children"):
                if code in pupils:
                    children[other].append(code)
                elif other in pupils:
                    children[code].append(other)
        for row in rows:
            code = row.text("code")
            if (
                code not in pupils
                and (children.get(code) or roles[code] & _GUARDIANS)
                and not self._is_staff_only(row, roles)
            ):
                self.guardians.append(_guardian(row, children.get(code, []), roles[code] | {row.text("role").lower()}))

    def _is_staff_only(self, row: Cells, roles: Mapping[str, set[str]]) -> bool:
        """A teacher may stand among a pupil's agents; only a stated guardian becomes one."""
        mine = roles[row.text("code")] | {row.text("role").lower()}
        return not mine & _GUARDIANS and bool(mine & set(_STAFF))


def _member_of_staff(row: Cells, posts: tuple[StaffRole, ...]) -> StaffRecord:
    return StaffRecord(
        source=row.place,
        external_id=row.text("code"),
        is_ended=_is_ended(row),
        name=_name(row),
        roles=posts,
        phone=_phone(row),
        email=row.optional("email", parse_email) or "",
        login=row.text("login"),
        may_sign_in=_may_sign_in(row),
    )


def _guardian(row: Cells, children: list[str], roles: set[str]) -> GuardianRecord:
    relation = "родственник" if "relative" in roles else "родитель" if "parent" in roles else ""
    return GuardianRecord(
        source=row.place,
        external_id=row.text("code"),
        is_ended=_is_ended(row),
        name=_name(row),
        children=tuple(Kinship(child, relation) for child in dict.fromkeys(children)),
        phone=_phone(row),
        email=row.optional("email", parse_email) or "",
        login=row.text("login"),
        may_sign_in=_may_sign_in(row),
    )


def _name(row: Cells) -> PersonName:
    return PersonName(row.required("last_name"), row.required("first_name"), row.text("middle_name"))


def _phone(row: Cells) -> str:
    return row.optional("sms", parse_phone) or row.optional("phone", parse_phone) or ""


def _gender(birth: Cells | None) -> Gender | None:
    text = birth.text("gender").lower() if birth else ""
    return birth.optional("gender", parse_gender) if birth and text in ("male", "female") else None


def _may_sign_in(row: Cells) -> bool:
    return row.text("enabled").lower() not in ("false", "0", "no")


def _is_ended(row: Cells) -> bool:
    return row.text("status").lower() in ("tobedeleted", "inactive")
