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
from diary.people.roster.rules.class_names import class_key, class_parts


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
        self._classes_of_student: dict[str, set[str]] = defaultdict(set)
        self._names_of_class: dict[str, set[str]] = defaultdict(set)
        for name, class_id in known.pairs(Kind.CLASSES):
            self._names_of_class[class_id].add(class_key(name))
        for student_id, class_id in known.class_of_student.items():
            self._classes_of_student[student_id].add(class_id)
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
        grade, parts = cells.integer("grade", 1, MAX_GRADE), class_parts(title)
        grade = grade or (parts[0] if parts else None)
        if grade is None:
            if title:
                _bad_class_title(cells, title)
            return None
        record = ClassRecord(
            source=cells.place,
            external_id=cells.text("code"),
            grade=grade,
            letter=cells.text("letter") or (parts[1] if parts and parts[0] == grade else title),
            title=title,
            year_id=cells.value("year", parse_year_title) or self._only_year,
            form_teacher_id=self._reference(cells, Kind.STAFF, "form_teacher"),
            shift=cells.integer("shift", 1, 3),
            room_id=self._reference(cells, Kind.ROOMS, "room"),
        )
        self.references.add(Kind.CLASSES, record, (record.title,))
        self._names_of_class[record.external_id].add(class_key(record.title))
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
            external_id=cells.code(),
            name=cells.name(),
            born_on=cells.date("born_on"),
            gender=cells.optional("gender", parse_gender),
            document=cells.optional("document", parse_document),
            phone=cells.phone(),
            email=cells.email(),
            login=cells.text("login"),
            file_number=cells.text("file_number"),
        )
        self.references.add(Kind.STUDENTS, record, names_of(record.name))
        class_id = self._reference(cells, Kind.CLASSES, "class")
        if class_id:
            self._classes_of_student[record.external_id].add(class_id)
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
        children = [self._child_id(cells, text, class_id) for text in cells.items("children")]
        return GuardianRecord(
            source=cells.place,
            external_id=cells.code(),
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
        if class_id:
            self._classes_of_student[student_id].add(class_id)
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
            lambda found: bool(class_id) and class_id in self._classes_of_student.get(found, ()),
        )

    def _child_id(self, cells: Cells, text: str, class_id: str) -> str:
        """Whose child it is must be sure: the very code, or the name in full, in the class that the row names."""
        if self.references.has_code(Kind.STUDENTS, text):
            return text
        if _has_initials(text):
            cells.bad(
                "children",
                _("«%(text)s»: по инициалам ребёнка не узнать.") % {"text": text},
                _("Напишите фамилию и имя полностью или «Код» ученика."),
            )
            return ""
        ids = self._of_that_name(text, class_id)
        if len(ids) > 1:
            self.references.report_ambiguity(Kind.STUDENTS, text, ids, cells.place, "children", self.report)
        if class_id and not ids and any(self.references.named(Kind.STUDENTS, text)):
            cells.bad(
                "children",
                _("В классе «%(group)s» нет ученика «%(text)s»: он есть в другом.")
                % {"group": cells.text("class"), "text": text},
                _("Исправьте класс или имя ребёнка."),
            )
            return ""
        return ids[0] if ids else text

    def _of_that_name(self, text: str, class_id: str) -> list[str]:
        """Ids of that name that the row may mean; a pupil whose class nobody has named fits any."""
        in_files, in_school = self.references.named(Kind.STUDENTS, text)
        if class_id:
            wanted = self._names_of_class.get(class_id, {class_key(class_id)})
            fitting = [[one for one in ids if wanted & self._classes_of(one)] for ids in (in_files, in_school)]
            return fitting[0] or fitting[1] or [one for one in in_files or in_school if not self._classes_of(one)]
        if len(in_files) != 1:
            return in_files or in_school
        mine = self._classes_of(in_files[0])
        others = [one for one in in_school if mine and self._classes_of(one) and not mine & self._classes_of(one)]
        return list(dict.fromkeys([*in_files, *others]))

    def _classes_of(self, student_id: str) -> set[str]:
        """The names of the classes that the pupil is known to be in; a class may have one id here and another there."""
        ids = self._classes_of_student.get(student_id, ())
        return {name for one in ids for name in self._names_of_class.get(one, {class_key(one)})}

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
    if parts is None:
        return None
    return ClassRecord(source=place, grade=parts[0], letter=parts[1], title=text, year_id=year_id)


def _has_initials(text: str) -> bool:
    """«Иванов И.», «Иванов ИИ»: the second word is no first name."""
    words = text.replace(".", ". ").split()
    return len(words) > 1 and (len(words[1].strip(".")) < 2 or words[1].endswith("."))


def _bad_class_title(cells: Cells, title: str) -> None:
    cells.bad(
        "title",
        _("Из названия «%(title)s» не видно, какая это параллель.") % {"title": title},
        _("Начните его с числа от 1 до 12 или добавьте столбец «Параллель»."),
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
