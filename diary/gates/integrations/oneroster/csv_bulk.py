"""OneRoster 1.1 / 1.2 CSV bulk set → the neutral school of `diary.people.intake.records`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report
from diary.foundation.tables.tables import Upload
from diary.gates.integrations.oneroster.csv_set import CsvSet, is_one_roster, open_set
from diary.gates.integrations.oneroster.people import People
from diary.gates.integrations.oneroster.sessions import Sessions
from diary.people.intake.reading.cells import Cells
from diary.people.intake.reading.values import MAX_GRADE, parse_date, split_list
from diary.people.intake.records import (
    ClassRecord,
    CourseRecord,
    EnrollmentRecord,
    RoomRecord,
    SchoolData,
    SchoolRecord,
    SubgroupRecord,
    SubjectRecord,
)
from diary.people.roster.rules.class_names import class_key, class_parts

__all__ = ["is_one_roster", "read_bulk"]

HOMEROOM, SCHEDULED = "homeroom", "scheduled"
DELETED = "tobedeleted"
_ONE_DAY = timedelta(days=1)


def read_bulk(source: Path | Sequence[Upload], report: Report, *, today: date, school_id: str = "") -> SchoolData:
    """One school of the set (`school_id` = its sourcedId, needed only when there are several)."""
    csv_set = open_set(source, report)
    if not report.is_clean:
        return SchoolData()
    school = _school(csv_set, report, school_id)
    return _Bulk(csv_set, report, school, today).school_data() if school else SchoolData()


def _school(csv_set: CsvSet, report: Report, school_id: str) -> SchoolRecord | None:
    schools = [
        SchoolRecord(source=row.place, external_id=row.required("code"), name=row.required("name"))
        for row in csv_set.rows("orgs")
        if row.text("kind").lower() == "school" and row.text("status").lower() != DELETED
    ]
    chosen = schools if len(schools) == 1 else [one for one in schools if one.external_id == school_id]
    if len(chosen) == 1:
        return chosen[0]
    names = "; ".join(f"{one.external_id} – {one.name}" for one in schools[:20]) or "–"
    report.error(
        _("Непонятно, какую школу загружать. В orgs.csv школы: %(names)s.") % {"names": names},
        _("Укажите sourcedId одной из них."),
    )
    return None


@dataclass
class _Bulk:
    csv_set: CsvSet
    report: Report
    school: SchoolRecord
    today: date
    rooms: dict[str, RoomRecord] = field(default_factory=dict)
    subjects: dict[str, SubjectRecord] = field(default_factory=dict)
    members: dict[str, list[EnrollmentRecord]] = field(default_factory=lambda: defaultdict(list))
    teachers: dict[str, list[tuple[bool, date, str, date | None]]] = field(default_factory=lambda: defaultdict(list))

    def school_data(self) -> SchoolData:
        rows = {
            row.text("code"): row
            for row in self.csv_set.rows("classes")
            if row.text("school") == self.school.external_id and row.required("code")
        }
        self._read_enrollments(rows)
        sessions = Sessions(self.csv_set, self.report)
        people = People(self.csv_set, self.school.external_id, self._enrolled())
        classes = self._classes(rows, sessions)
        groups = _Groups({one.external_id: one for one in classes}, self.members)
        courses, subgroups = self._courses(rows, groups)
        periods = sessions.periods(self._uses(rows, classes, groups))
        data = SchoolData(
            school=self.school,
            years=tuple(sessions.years),
            periods=tuple(periods),
            subjects=tuple(self.subjects.values()),
            rooms=tuple(self.rooms.values()),
            staff=tuple(people.staff),
            classes=tuple(classes),
            subgroups=tuple(subgroups),
            students=tuple(people.students),
            guardians=tuple(people.guardians),
            courses=tuple(courses),
            enrollments=tuple(self._enrollments(classes, subgroups)),
        )
        return replace(data, given=frozenset(data.counts))

    def _read_enrollments(self, classes: Mapping[str, Cells]) -> None:
        unknown_classes = {row.text("code") for row in self.csv_set.rows("classes")}
        for row in self.csv_set.rows("enrollments"):
            class_id, role = row.text("class"), row.text("role").lower()
            if class_id not in classes:
                if class_id not in unknown_classes:
                    row.bad("class", _("Класса (classes.csv) с таким sourcedId нет."), _("Исправьте classSourcedId."))
                continue
            if role == "student":
                self.members[class_id].append(_membership(row))
            elif role == "teacher" and row.text("status").lower() != DELETED:
                is_primary = row.text("primary").lower() == "true"
                begins, ends = row.date("starts_on"), row.date("ends_on")
                self.teachers[class_id].append((not is_primary, begins or date.min, row.text("student"), ends))

    def _enrolled(self) -> dict[str, str]:
        """User → student or teacher, by enrollments in this school's classes."""
        found = {one.student_id: "student" for members in self.members.values() for one in members}
        return found | {one[2]: "teacher" for teachers in self.teachers.values() for one in teachers}

    def _teachers(self, class_id: str) -> tuple[str, ...]:
        """Primary first; those whose time is over only when nobody else is left."""
        everyone = sorted(self.teachers.get(class_id, ()), key=lambda one: (one[0], one[1]))
        now = [one for one in everyone if one[3] is None or one[3] > self.today] or everyone
        return tuple(dict.fromkeys(one[2] for one in now))

    def _classes(self, rows: Mapping[str, Cells], sessions: Sessions) -> list[ClassRecord]:
        found = [
            record
            for class_id, row in rows.items()
            if row.text("kind").lower() == HOMEROOM and (record := self._class(class_id, row, sessions))
        ]
        if not found:
            self.report.warning(
                _("В classes.csv нет ни одного класса вида homeroom."),
                _("Без них ученики останутся без класса: добавьте по одному homeroom на класс."),
            )
        return found

    def _class(self, class_id: str, row: Cells, sessions: Sessions) -> ClassRecord | None:
        title = row.required("title")
        parts = class_parts(title) or class_parts(row.text("class_code"))
        grade = _grade(row.text("grades")) or (parts[0] if parts else None)
        if grade is None or not 1 <= grade <= MAX_GRADE:
            row.bad("title", _("Непонятно, какая это параллель."), _("Заполните grades или назовите класс «7А»."))
            return None
        letter = parts[1] if parts and parts[0] == grade else title
        return ClassRecord(
            source=row.place,
            external_id=class_id,
            is_ended=_is_ended(row),
            grade=grade,
            letter=letter,
            title=title,
            year_id=sessions.year_of_class(row),
            form_teacher_id=next(iter(self._teachers(class_id)), ""),
            room_id=self._room_id(row),
        )

    def _courses(self, rows: Mapping[str, Cells], groups: "_Groups") -> tuple[list[CourseRecord], list[SubgroupRecord]]:
        catalogue = {row.text("code"): row for row in self.csv_set.rows("courses")}
        courses: list[CourseRecord] = []
        subgroups: list[SubgroupRecord] = []
        for class_id, row in rows.items():
            if row.text("kind").lower() == HOMEROOM:
                continue
            whole, part_of = groups.target(class_id, row.text("title"))
            if not whole and not part_of and not self.members.get(class_id):
                _warn(self.report, row, _("В группе нет учеников: она пропущена."), _("Добавьте их в enrollments.csv."))
                continue
            subject = self._subject(row, catalogue)
            if not whole:
                subgroups.append(_subgroup(class_id, row, part_of, subject))
            courses.append(self._course(class_id, row, whole, subject))
        return courses, subgroups

    def _course(self, class_id: str, row: Cells, whole_class_id: str, subject: SubjectRecord) -> CourseRecord:
        teachers = self._teachers(class_id)
        if not teachers and not _is_ended(row):
            _warn(self.report, row, _("У курса нет учителя."), _("Добавьте его в enrollments.csv с ролью teacher."))
        return CourseRecord(
            source=row.place,
            external_id=class_id,
            is_ended=_is_ended(row),
            title=row.text("title"),
            subject_id=subject.external_id,
            teacher_ids=teachers,
            class_id=whole_class_id,
            subgroup_id="" if whole_class_id else class_id,
            room_id=self._room_id(row),
        )

    def _subject(self, row: Cells, catalogue: Mapping[str, Cells]) -> SubjectRecord:
        """The only subject of the class or of its course, else the course's title."""
        course = catalogue.get(row.text("course"))
        if course is None and row.text("course"):
            row.bad("course", _("Курса (courses.csv) с таким sourcedId нет."), _("Исправьте courseSourcedId."))
        for named in (row.items("subject"), course.items("subjects") if course else ()):
            if len(named) == 1:
                return self._subject_called(named[0], row.place)
        return self._subject_called((course.text("title") if course else "") or row.text("title"), row.place)

    def _subject_called(self, title: str, place: Place) -> SubjectRecord:
        record = SubjectRecord(source=place, title=title)
        return self.subjects.setdefault(record.external_id, record)

    def _room_id(self, row: Cells) -> str:
        title = row.text("room")
        if not title:
            return ""
        record = RoomRecord(source=row.place, title=title)
        return self.rooms.setdefault(record.external_id, record).external_id

    def _uses(
        self, rows: Mapping[str, Cells], classes: Sequence[ClassRecord], groups: "_Groups"
    ) -> list[tuple[tuple[str, ...], set[int]]]:
        """Which sessions the classes name, and the parallels of those classes: so periods learn their parallels."""
        grades = {one.external_id: one.grade for one in classes}
        return [
            (row.items("sessions"), {grades[one] for one in groups.classes_of(class_id) if one in grades})
            for class_id, row in rows.items()
        ]

    def _enrollments(
        self, classes: Iterable[ClassRecord], subgroups: Iterable[SubgroupRecord]
    ) -> list[EnrollmentRecord]:
        in_classes = [replace(one, class_id=c.external_id) for c in classes for one in self.members[c.external_id]]
        in_parts = [replace(one, subgroup_id=s.external_id) for s in subgroups for one in self.members[s.external_id]]
        return in_classes + in_parts


class _Groups:
    """Tells by its pupils whether a scheduled class is a whole class or a part of one or several."""

    def __init__(self, classes: Mapping[str, ClassRecord], members: Mapping[str, list[EnrollmentRecord]]) -> None:
        self.classes = classes
        self.members = {class_id: _open(found) for class_id, found in members.items()}
        self.classes_of_student: dict[str, list[str]] = defaultdict(list)
        for class_id in classes:
            for student_id in self.members.get(class_id, ()):
                self.classes_of_student[student_id].append(class_id)

    def classes_of(self, group_id: str) -> list[str]:
        if group_id in self.classes:
            return [group_id]
        found = {one for student in self.members.get(group_id, ()) for one in self.classes_of_student.get(student, ())}
        return sorted(found)

    def target(self, group_id: str, title: str) -> tuple[str, list[str]]:
        """(whole class, []) or ("", classes that it is a part of)."""
        classes = self.classes_of(group_id)
        if len(classes) == 1 and self.members.get(classes[0], set()) <= self.members.get(group_id, set()):
            return classes[0], []
        if not classes and not self.members.get(group_id):
            return self._by_title(title), []
        return "", classes

    def _by_title(self, title: str) -> str:
        """A group without pupils, called «7А Алгебра»."""
        keys = {class_key(word) for word in title.replace(",", " ").split()}
        found = [one.external_id for one in self.classes.values() if class_key(one.label) in keys]
        return found[0] if len(found) == 1 else ""


def _open(members: Iterable[EnrollmentRecord]) -> set[str]:
    """Those who are there now; all, when everybody has left."""
    everyone = list(members)
    now = {one.student_id for one in everyone if not one.is_ended and one.ends_on is None}
    return now or {one.student_id for one in everyone}


def _membership(row: Cells) -> EnrollmentRecord:
    """endDate is the first day that no longer counts (the specification says «exclusive»)."""
    starts_on, ends_before = row.value("starts_on", parse_date), row.value("ends_on", parse_date)
    ends_on = ends_before - _ONE_DAY if ends_before else None
    is_empty = bool(starts_on and ends_on and ends_on < starts_on and ends_before == starts_on)
    return EnrollmentRecord(
        source=row.place,
        external_id=row.required("code"),
        is_ended=_is_ended(row) or is_empty,
        student_id=row.required("student"),
        starts_on=starts_on,
        ends_on=starts_on if is_empty else ends_on,
    )


def _subgroup(class_id: str, row: Cells, class_ids: Iterable[str], subject: SubjectRecord) -> SubgroupRecord:
    """The split is the course: a pupil is in one class of a course."""
    return SubgroupRecord(
        source=row.place,
        external_id=class_id,
        is_ended=_is_ended(row),
        title=row.text("title"),
        split=f"{subject.title} ({row.text('course')})" if row.text("course") else subject.title,
        class_ids=tuple(class_ids),
    )


def _grade(text: str) -> int | None:
    """«07» → 7; none or several → None."""
    codes = split_list(text)
    return int(codes[0]) if len(codes) == 1 and codes[0].isdecimal() and len(codes[0]) < 3 else None


def _is_ended(row: Cells) -> bool:
    return row.text("status").lower() in (DELETED, "inactive")


def _warn(report: Report, row: Cells, what: str, fix: str) -> None:
    report.warning(what, fix, row.place, "code")
