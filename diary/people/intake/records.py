"""The neutral content of one school's file set: what every import format is turned into before anything is saved.

Two keys per record. `external_id` is the file's own stable key (column «Код», OneRoster `sourcedId`); where the file
has none it equals `natural_key`, which is made from the record's meaning and is documented at each class. A saver looks
a row up by `external_id` first and by `natural_key` second: giving somebody a «Код» later makes no second person.
Fields that end in `_id` hold the `external_id` of the record they point to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from diary.foundation.core.text import plain
from diary.foundation.tables.places import NOWHERE, Place
from diary.people.roster.rules.class_names import class_key
from diary.people.roster.rules.documents import Document
from diary.people.roster.rules.names import PersonName


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`is_ended` means the file says that the record is no more (OneRoster `tobedeleted`); it is closed, not erased."""

    source: Place = field(default=NOWHERE, compare=False, repr=False)
    external_id: str = ""
    is_ended: bool = False

    def __post_init__(self) -> None:
        if not self.external_id:
            object.__setattr__(self, "external_id", self.natural_key)

    @property
    def natural_key(self) -> str:
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What the person who reads the report calls this record."""
        return self.external_id


class PeriodKind(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"
    TRIMESTER = "trimester"
    HALF_YEAR = "half_year"
    MODULE = "module"
    OTHER = "other"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"


class StaffRole(StrEnum):
    PRINCIPAL = "principal"
    DEPUTY = "deputy"
    METHODIST = "methodist"
    TEACHER = "teacher"
    SECRETARY = "secretary"
    PSYCHOLOGIST = "psychologist"
    ADMINISTRATOR = "administrator"
    SECURITY = "security"
    SUPPORT = "support"


class Marking(StrEnum):
    """How a subject is marked: figures, passed or not, or without marks."""

    FIGURES = "figures"
    CREDIT = "credit"
    NONE = "none"


class Week(StrEnum):
    EVERY = "every"
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolRecord(Record):
    """Natural key: the name."""

    name: str
    short_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    timezone: str = ""
    days_a_week: int | None = None

    @property
    def natural_key(self) -> str:
        return plain(self.name)

    @property
    def label(self) -> str:
        return self.short_name or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRecord(Record):
    """Natural key: the title «2026/2027». `ends_on` is the last day of the year.

    `is_derived`: the days were taken from the periods, so a saver may widen a year by it but never narrow it.
    """

    title: str
    starts_on: date
    ends_on: date
    is_derived: bool = False

    @property
    def natural_key(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRecord(Record):
    """Natural key: year, title and parallels. `grades` empty = all parallels; `ends_on` is the last day."""

    year_id: str
    title: str
    kind: PeriodKind
    grades: tuple[int, ...]
    starts_on: date
    ends_on: date

    @property
    def natural_key(self) -> str:
        return f"{self.year_id}|{plain(self.title)}|{','.join(map(str, self.grades))}"

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRecord(Record):
    """Natural key: schedule, shift, weekdays, number. Empty `weekdays` = all; 1 is Monday."""

    schedule: str
    shift: int
    weekdays: tuple[int, ...]
    number: int
    starts_at: time
    ends_at: time

    @property
    def natural_key(self) -> str:
        return f"{plain(self.schedule)}|{self.shift}|{','.join(map(str, self.weekdays))}|{self.number}"

    @property
    def label(self) -> str:
        return f"{self.schedule}, {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRecord(Record):
    """Natural key: the title."""

    title: str
    short_title: str = ""
    area: str = ""
    marking: Marking = Marking.FIGURES

    @property
    def natural_key(self) -> str:
        return plain(self.title)

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRecord(Record):
    """Natural key: building and title."""

    title: str
    kind: str = ""
    building: str = ""
    capacity: int | None = None

    @property
    def natural_key(self) -> str:
        return "|".join(part for part in (plain(self.building), plain(self.title)) if part)

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRecord(Record):
    """Natural key: the full name. Namesakes need a «Код»."""

    name: PersonName
    position: str = ""
    roles: tuple[StaffRole, ...] = (StaffRole.TEACHER,)
    phone: str = ""
    email: str = ""
    login: str = ""
    born_on: date | None = None
    may_sign_in: bool = True

    @property
    def natural_key(self) -> str:
        return self.name.key

    @property
    def label(self) -> str:
        return str(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRecord(Record):
    """Natural key: the title, folded: «7а»; the saver looks for it inside its school year.

    `year_id` is "" when the file set names no year: then it is the current one. `shift` None = as before, or first.
    """

    grade: int
    letter: str
    year_id: str = ""
    title: str = ""
    shift: int | None = None
    form_teacher_id: str = ""
    room_id: str = ""

    @property
    def natural_key(self) -> str:
        return class_key(self.title or f"{self.grade}{self.letter}")

    @property
    def label(self) -> str:
        return self.title or f"{self.grade}{self.letter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupRecord(Record):
    """One part of a split («Английский язык» → «1 группа»). Natural key: classes, split, title."""

    title: str
    split: str
    class_ids: tuple[str, ...]

    @property
    def natural_key(self) -> str:
        return f"{','.join(sorted(self.class_ids))}|{plain(self.split)}|{plain(self.title)}"

    @property
    def label(self) -> str:
        return f"{self.split}: {self.title}" if self.split else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentRecord(Record):
    """Natural key: full name and day of birth. Membership of classes is in enrollments only."""

    name: PersonName
    born_on: date | None = None
    gender: Gender | None = None
    document: Document | None = field(default=None, repr=False)
    phone: str = ""
    email: str = ""
    login: str = ""
    file_number: str = ""
    may_sign_in: bool = True

    @property
    def natural_key(self) -> str:
        return f"{self.name.key}|{self.born_on or ''}"

    @property
    def label(self) -> str:
        return str(self.name)


@dataclass(frozen=True, slots=True)
class Kinship:
    """A guardian's child and how they are related, in the words of the file («мать»)."""

    student_id: str
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianRecord(Record):
    """Natural key: full name and phone, else e-mail, else the first child.

    A person named in several rows (one per child) becomes one record; `source` is the first of them.
    """

    name: PersonName
    children: tuple[Kinship, ...]
    phone: str = ""
    email: str = ""
    login: str = ""
    may_sign_in: bool = True

    @property
    def natural_key(self) -> str:
        first_child = self.children[0].student_id if self.children else ""
        return f"{self.name.key}|{self.phone or self.email or first_child}"

    @property
    def label(self) -> str:
        return str(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRecord(Record):
    """A journal page: class or subgroup × subject × teachers (the first leads). Natural key: target and subject."""

    subject_id: str
    teacher_ids: tuple[str, ...]
    class_id: str = ""
    subgroup_id: str = ""
    hours_a_week: Decimal | None = None
    room_id: str = ""
    title: str = ""

    @property
    def natural_key(self) -> str:
        return f"{self.subgroup_id or self.class_id}|{self.subject_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentRecord(Record):
    """Membership of a class or of a subgroup (one of the two). Natural key: pupil, target, first day.

    `starts_on` None = from the start of the school year (or as it already is); `ends_on` is the last day, None = open.
    """

    student_id: str
    class_id: str = ""
    subgroup_id: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    order: str = ""
    reason: str = ""

    @property
    def natural_key(self) -> str:
        return f"{self.student_id}|{self.subgroup_id or self.class_id}|{self.starts_on or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRecord(Record):
    """One lesson of the weekly timetable. Natural key: course, weekday, number, week, first day."""

    course_id: str
    weekday: int
    number: int
    week: Week = Week.EVERY
    room_id: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def natural_key(self) -> str:
        return f"{self.course_id}|{self.weekday}|{self.number}|{self.week}|{self.starts_on or ''}"


class Kind(StrEnum):
    """The parts of a school, in the order in which a saver must write them."""

    SCHOOL = "school"
    YEARS = "years"
    PERIODS = "periods"
    BELLS = "bells"
    SUBJECTS = "subjects"
    ROOMS = "rooms"
    STAFF = "staff"
    CLASSES = "classes"
    SUBGROUPS = "subgroups"
    STUDENTS = "students"
    GUARDIANS = "guardians"
    COURSES = "courses"
    ENROLLMENTS = "enrollments"
    SLOTS = "slots"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolData:
    """One school's file set. `given` says which kinds the files spoke of: a kind not given is left as it is.

    `asks_for_classes`: a new pupil without a class is an error, for the person who filled the set in can say it.
    """

    school: SchoolRecord | None = None
    years: tuple[YearRecord, ...] = ()
    periods: tuple[PeriodRecord, ...] = ()
    bells: tuple[BellRecord, ...] = ()
    subjects: tuple[SubjectRecord, ...] = ()
    rooms: tuple[RoomRecord, ...] = ()
    staff: tuple[StaffRecord, ...] = ()
    classes: tuple[ClassRecord, ...] = ()
    subgroups: tuple[SubgroupRecord, ...] = ()
    students: tuple[StudentRecord, ...] = ()
    guardians: tuple[GuardianRecord, ...] = ()
    courses: tuple[CourseRecord, ...] = ()
    enrollments: tuple[EnrollmentRecord, ...] = ()
    slots: tuple[SlotRecord, ...] = ()
    given: frozenset[Kind] = frozenset()
    asks_for_classes: bool = False

    def of_kind(self, kind: Kind) -> tuple[Record, ...]:
        if kind is Kind.SCHOOL:
            return (self.school,) if self.school else ()
        records: tuple[Record, ...] = getattr(self, kind.value)
        return records

    def __iter__(self) -> Iterator[tuple[Kind, Record]]:
        """Every record in the order of saving."""
        for kind in Kind:
            for record in self.of_kind(kind):
                yield kind, record

    @property
    def counts(self) -> dict[Kind, int]:
        return {kind: len(self.of_kind(kind)) for kind in Kind if self.of_kind(kind)}

    @property
    def people(self) -> int:
        return len(self.staff) + len(self.students) + len(self.guardians)


@dataclass(frozen=True, slots=True)
class Known:
    """What the school already has, for files that bring a part of it: kind → (name as people write it → external_id).

    The same thing may be listed under several names («7А», its «Код»); classes are those of the current year. A name
    that several share gives all their ids: the class of a pupil, the class and the split of a subgroup tell them apart.
    `shifts` gives the shift of a class by its external_id, `bells` the lesson numbers that have a bell, per shift.
    """

    names: Mapping[Kind, Mapping[str, str | tuple[str, ...]]] = field(default_factory=dict)
    class_of_student: Mapping[str, str] = field(default_factory=dict)
    class_of_subgroup: Mapping[str, str] = field(default_factory=dict)
    split_of_subgroup: Mapping[str, str] = field(default_factory=dict)
    shifts: Mapping[str, int] = field(default_factory=dict)
    bells: Mapping[int, frozenset[int]] = field(default_factory=dict)
    has_school: bool = False

    def pairs(self, kind: Kind) -> Iterator[tuple[str, str]]:
        """Every (name, external_id) of the kind."""
        for name, ids in self.names.get(kind, {}).items():
            for external_id in (ids,) if isinstance(ids, str) else ids:
                yield name, external_id

    def ids(self, kind: Kind) -> set[str]:
        return {external_id for _name, external_id in self.pairs(kind)}


NOTHING_KNOWN = Known()
