"""Rows of the sheets that point to others: classes, subgroups, pupils, guardians, courses, enrollments, timetable."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain
from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report
from diary.people.intake.reading.cells import Cells
from diary.people.intake.reading.references import References, names_of
from diary.people.intake.reading.values import (
    MAX_GRADE,
    parse_document,
    parse_gender,
    parse_hours,
    parse_week,
    parse_weekday,
    parse_year_title,
)
from diary.people.intake.records import (
    ClassRecord,
    CourseRecord,
    EnrollmentRecord,
    GuardianRecord,
    Kind,
    Kinship,
    Known,
    Record,
    RoomRecord,
    SlotRecord,
    StudentRecord,
    SubgroupRecord,
    SubjectRecord,
    Week,
    YearRecord,
)
from diary.people.roster.rules.class_names import class_parts


class LinkedRows:
    """Reads linked rows in the order of `Kind`; each record becomes findable for the rows after it."""

    def __init__(self, known: Known, report: Report) -> None:
        self.report = report
        self.references = References(known)
        self.implied: dict[Kind, list[Record]] = defaultdict(list)
        self._may_imply = {kind for kind in (Kind.SUBJECTS, Kind.ROOMS, Kind.CLASSES) if not self.references.has(kind)}
        self._only_year = ""
        self._classes_of_subgroup = {one: {home} for one, home in known.class_of_subgroup.items()}
        self._split_of_subgroup = {one: plain(split) for one, split in known.split_of_subgroup.items()}
        self._class_of_student = dict(known.class_of_student)
        self._courses: dict[tuple[str, str], list[CourseRecord]] = defaultdict(list)

    def learn(
        self,
        given: Iterable[Kind],
        years: list[YearRecord],
        subjects: Iterable[SubjectRecord],
        rooms: Iterable[RoomRecord],
    ) -> None:
        """What was read before; a kind that has its own sheet is never implied by a mention."""
        self._may_imply -= set(given)
        self._only_year = years[0].external_id if len(years) == 1 else ""
        for subject in subjects:
            self.references.add(Kind.SUBJECTS, subject, (subject.title, subject.short_title))
        for room in rooms:
            self.references.add(Kind.ROOMS, room, (room.title, f"{room.building} {room.title}"))

    def school_class(self, cells: Cells) -> ClassRecord | None:
        title = cells.required("title")
        parts = class_parts(title)
        if parts is None or not 1 <= parts[0] <= MAX_GRADE:
            if title:
                _bad_class_title(cells, title)
            return None
        record = ClassRecord(
            source=cells.place,
            external_id=cells.text("code"),
            grade=parts[0],
            letter=parts[1],
            title=f"{parts[0]}{parts[1]}",
            year_id=cells.value("year", parse_year_title) or self._only_year,
            form_teacher_id=self._reference(cells, Kind.STAFF, "form_teacher"),
            shift=cells.integer("shift", 1, 3),
            room_id=self._reference(cells, Kind.ROOMS, "room"),
        )
        self.references.add(Kind.CLASSES, record, (record.title,))
        return record

    def subgroup(self, cells: Cells) -> SubgroupRecord:
        cells.required("classes")
        class_ids = [self._found(cells, Kind.CLASSES, "classes", text) for text in cells.items("classes")]
        record = SubgroupRecord(
            source=cells.place,
            external_id=cells.text("code"),
            title=cells.required("title"),
            split=cells.required("split"),
            class_ids=tuple(dict.fromkeys(class_ids)),
        )
        self.references.add(Kind.SUBGROUPS, record, (record.title, f"{record.split} {record.title}"))
        self._classes_of_subgroup[record.external_id] = set(record.class_ids)
        self._split_of_subgroup[record.external_id] = plain(record.split)
        return record

    def student(self, cells: Cells) -> tuple[StudentRecord, list[EnrollmentRecord]]:
        """The pupil and what the row itself says of class and subgroups."""
        record = StudentRecord(
            source=cells.place,
            external_id=cells.text("code"),
            name=cells.name(),
            born_on=cells.date("born_on"),
            gender=cells.value("gender", parse_gender),
            document=cells.value("document", parse_document),
            phone=cells.phone(),
            email=cells.email(),
            login=cells.text("login"),
            file_number=cells.text("file_number"),
        )
        self.references.add(Kind.STUDENTS, record, names_of(record.name))
        class_id = self._reference(cells, Kind.CLASSES, "class")
        if class_id:
            self._class_of_student[record.external_id] = class_id
        return record, self._own_enrollments(cells, record, class_id)

    def _own_enrollments(self, cells: Cells, student: StudentRecord, class_id: str) -> list[EnrollmentRecord]:
        starts_on, ends_on = cells.date("enrolled_on"), cells.date("left_on")
        subgroups = [
            self._found(cells, Kind.SUBGROUPS, "subgroups", text, class_id) for text in cells.items("subgroups")
        ]
        targets = [("class_id", class_id)] if class_id else []
        targets += [("subgroup_id", subgroup_id) for subgroup_id in subgroups]
        return [
            EnrollmentRecord(
                source=cells.place,
                student_id=student.external_id,
                starts_on=starts_on,
                ends_on=ends_on,
                class_id=target if name == "class_id" else "",
                subgroup_id=target if name == "subgroup_id" else "",
            )
            for name, target in targets
        ]

    def guardian(self, cells: Cells) -> GuardianRecord:
        cells.required("children")
        class_id = self._reference(cells, Kind.CLASSES, "class")
        relation = cells.text("relation")
        children = [self._student_id(cells, "children", text, class_id) for text in cells.items("children")]
        return GuardianRecord(
            source=cells.place,
            external_id=cells.text("code"),
            name=cells.name(),
            children=tuple(Kinship(child, relation) for child in dict.fromkeys(children)),
            phone=cells.phone(),
            email=cells.email(),
            login=cells.text("login"),
        )

    def course(self, cells: Cells) -> CourseRecord:
        subject_id = self._needed_reference(cells, Kind.SUBJECTS, "subject")
        class_id, subgroup_id = self._target(cells, subject_id)
        cells.required("teachers")
        teachers = [self._found(cells, Kind.STAFF, "teachers", text) for text in cells.items("teachers")]
        record = CourseRecord(
            source=cells.place,
            external_id=cells.text("code"),
            subject_id=subject_id,
            class_id=class_id,
            subgroup_id=subgroup_id,
            teacher_ids=tuple(dict.fromkeys(teachers)),
            hours_a_week=cells.value("hours", parse_hours),
            room_id=self._reference(cells, Kind.ROOMS, "room"),
        )
        self._courses[subgroup_id or class_id, subject_id].append(record)
        self.references.add(Kind.COURSES, record, (record.natural_key,))
        return record

    def enrollment(self, cells: Cells) -> EnrollmentRecord:
        class_id = self._reference(cells, Kind.CLASSES, "class")
        cells.required("student")
        student_id = self._student_id(cells, "student", cells.text("student"), class_id)
        class_id, subgroup_id = self._target(cells, "")
        return EnrollmentRecord(
            source=cells.place,
            external_id=cells.text("code"),
            student_id=student_id,
            class_id=class_id,
            subgroup_id=subgroup_id,
            starts_on=cells.date("starts_on"),
            ends_on=cells.date("ends_on"),
            order=cells.text("order"),
            reason=cells.text("reason"),
        )

    def slot(self, cells: Cells) -> SlotRecord:
        return SlotRecord(
            source=cells.place,
            external_id=cells.text("code"),
            course_id=self._course_id(cells),
            weekday=cells.needed("weekday", parse_weekday) or 0,
            number=cells.needed_integer("number", 0, 15) or 0,
            week=cells.value("week", parse_week) or Week.EVERY,
            room_id=self._reference(cells, Kind.ROOMS, "room"),
            starts_on=cells.date("starts_on"),
            ends_on=cells.date("ends_on"),
        )

    def _course_id(self, cells: Cells) -> str:
        subject_id = self._needed_reference(cells, Kind.SUBJECTS, "subject")
        class_id, subgroup_id = self._target(cells, subject_id)
        target = subgroup_id or class_id
        if not subject_id or not target:
            return ""
        found = self._courses[target, subject_id]
        teacher_id = self._reference(cells, Kind.STAFF, "teacher") if len(found) > 1 else ""
        found = [course for course in found if teacher_id in course.teacher_ids] or found
        ids = [course.external_id for course in found] or self.references.find(Kind.COURSES, f"{target}|{subject_id}")
        if len(ids) != 1:
            _bad_course(cells, is_ambiguous=bool(ids))
        return ids[0] if ids else ""

    def _target(self, cells: Cells, subject_id: str) -> tuple[str, str]:
        """(class_id, subgroup_id), one of them empty; the class and the subject help to tell subgroups apart."""
        class_id = self._reference(cells, Kind.CLASSES, "class")
        text = cells.text("subgroup")
        if not text:
            if not class_id:
                cells.bad("class", _("Не указан ни класс, ни подгруппа."), _("Заполните один из этих столбцов."))
            return class_id, ""
        return "", self._found(cells, Kind.SUBGROUPS, "subgroup", text, class_id, subject_id)

    def _found(self, cells: Cells, kind: Kind, field: str, text: str, class_id: str = "", subject_id: str = "") -> str:
        if kind in self._may_imply and not self.references.find(kind, text):
            self._imply(cells, kind, field, text)
        return self.references.resolve(
            kind,
            text,
            cells.place,
            field,
            self.report,
            lambda found: class_id in self._classes_of_subgroup.get(found, ()),
            lambda found: (
                plain(cells.text("subject")) == self._split_of_subgroup.get(found)
                or plain(subject_id) == self._split_of_subgroup.get(found)
            ),
        )

    def _reference(self, cells: Cells, kind: Kind, field: str) -> str:
        text = cells.text(field)
        return self._found(cells, kind, field, text) if text else ""

    def _needed_reference(self, cells: Cells, kind: Kind, field: str) -> str:
        return self._reference(cells, kind, field) if cells.required(field) else ""

    def _student_id(self, cells: Cells, field: str, text: str, class_id: str) -> str:
        return self.references.resolve(
            Kind.STUDENTS,
            text,
            cells.place,
            field,
            self.report,
            lambda found: bool(class_id) and self._class_of_student.get(found) == class_id,
        )

    def _imply(self, cells: Cells, kind: Kind, field: str, text: str) -> None:
        record = _implied_record(kind, text, cells.place, self._only_year)
        if record is None:
            return
        self.implied[kind].append(record)
        self.references.add(kind, record, (text,))
        self.report.warning(
            _("«%(text)s» в файле не описано и будет создано.") % {"text": text},
            _("Если это опечатка, исправьте её; иначе ничего делать не нужно."),
            cells.place,
            field,
        )


def _implied_record(kind: Kind, text: str, place: Place, year_id: str) -> Record | None:
    if kind is Kind.SUBJECTS:
        return SubjectRecord(source=place, title=text)
    if kind is Kind.ROOMS:
        return RoomRecord(source=place, title=text)
    parts = class_parts(text)
    if parts is None or not 1 <= parts[0] <= MAX_GRADE:
        return None
    return ClassRecord(source=place, grade=parts[0], letter=parts[1], title=f"{parts[0]}{parts[1]}", year_id=year_id)


def _bad_class_title(cells: Cells, title: str) -> None:
    cells.bad(
        "title",
        _("«%(title)s» – не название класса: нет параллели от 1 до 11.") % {"title": title},
        _("Напишите параллель и литеру: 7А."),
    )


def _bad_course(cells: Cells, *, is_ambiguous: bool) -> None:
    if is_ambiguous:
        cells.bad("subject", _("У этого класса несколько страниц по предмету."), _("Укажите учителя или подгруппу."))
    else:
        cells.bad(
            "subject",
            _("Нет строки «Курсы» с таким классом (подгруппой) и предметом."),
            _("Добавьте её на лист «Курсы» или, если предмет идёт по подгруппам, укажите подгруппу."),
        )


def merged(guardians: Iterable[GuardianRecord], report: Report) -> list[GuardianRecord]:
    """One record per guardian: rows of the same person bring their children together; different contacts are told."""
    found: dict[str, GuardianRecord] = {}
    for row in guardians:
        first = found.get(row.external_id)
        if first is None:
            found[row.external_id] = row
            continue
        if first.name.key != row.name.key:
            _same_code_for_two(first, row, report)
        children = {child.student_id: child for child in (*first.children, *row.children)}
        found[row.external_id] = replace(
            first,
            children=tuple(children.values()),
            phone=first.phone or row.phone,
            email=first.email or row.email,
            login=first.login or row.login,
        )
        _warn_of_difference(first, row, report)
    return list(found.values())


def _same_code_for_two(first: GuardianRecord, row: GuardianRecord, report: Report) -> None:
    report.error(
        _("Код «%(code)s» уже у другого человека: %(name)s, строка %(line)s.")
        % {"code": row.external_id, "name": first.label, "line": first.source.line},
        _("Дайте каждому свой код."),
        row.source,
        "code",
    )


def _warn_of_difference(first: GuardianRecord, row: GuardianRecord, report: Report) -> None:
    for field in ("phone", "email"):
        before, now = getattr(first, field), getattr(row, field)
        if before and now and before != now:
            report.warning(
                _("У этого человека в строке %(line)s другое: %(before)s.")
                % {"line": first.source.line, "before": before},
                _("Взято первое; исправьте, если верно второе."),
                row.source,
                field,
            )
