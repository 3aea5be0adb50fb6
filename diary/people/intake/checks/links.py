"""Every field that points somewhere must point at a record of the files or at one the school already has."""

from difflib import get_close_matches

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import Kind, Known, Record, SchoolData


def check_links(data: SchoolData, known: Known, report: Report) -> None:
    _Links(data, known, report).check()


class _Links:
    def __init__(self, data: SchoolData, known: Known, report: Report) -> None:
        self.data, self.report = data, report
        self.ids = {kind: {record.external_id for record in data.of_kind(kind)} | known.ids(kind) for kind in Kind}

    def check(self) -> None:
        data = self.data
        for period in data.periods:
            self._must_exist(period, Kind.YEARS, period.year_id, "year")
        for one in data.classes:
            self._must_exist(one, Kind.STAFF, one.form_teacher_id, "form_teacher")
            self._must_exist(one, Kind.ROOMS, one.room_id, "room")
            if one.year_id and self.ids[Kind.YEARS]:
                self._must_exist(one, Kind.YEARS, one.year_id, "year")
        for subgroup in data.subgroups:
            for class_id in subgroup.class_ids:
                self._must_exist(subgroup, Kind.CLASSES, class_id, "classes")
        for guardian in data.guardians:
            for child in guardian.children:
                self._must_exist(guardian, Kind.STUDENTS, child.student_id, "children")
        for course in data.courses:
            self._must_exist(course, Kind.SUBJECTS, course.subject_id, "subject")
            self._must_exist(course, Kind.CLASSES, course.class_id, "class")
            self._must_exist(course, Kind.SUBGROUPS, course.subgroup_id, "subgroup")
            self._must_exist(course, Kind.ROOMS, course.room_id, "room")
            for teacher_id in course.teacher_ids:
                self._must_exist(course, Kind.STAFF, teacher_id, "teachers")
        for enrollment in data.enrollments:
            self._must_exist(enrollment, Kind.STUDENTS, enrollment.student_id, "student")
            self._must_exist(enrollment, Kind.CLASSES, enrollment.class_id, "class")
            subgroup_field = "subgroup" if enrollment.source.heading("subgroup").title else "subgroups"
            self._must_exist(enrollment, Kind.SUBGROUPS, enrollment.subgroup_id, subgroup_field)
        for slot in data.slots:
            self._must_exist(slot, Kind.ROOMS, slot.room_id, "room")

    def _must_exist(self, record: Record, kind: Kind, external_id: str, field: str) -> None:
        if external_id and external_id not in self.ids[kind]:
            self.report.error(
                _unknown(kind) % {"text": external_id}, self._advice(kind, external_id), record.source, field
            )

    def _advice(self, kind: Kind, text: str) -> str:
        if self.report.counts.total() < self.report.limit:
            labels = {record.label for record in self.data.of_kind(kind)}
            close = get_close_matches(text, labels, n=1, cutoff=0.75)
            if close:
                return _("Возможно, имелось в виду «%(close)s»: исправьте здесь.") % {"close": close[0]}
        return _("Исправьте здесь или добавьте недостающую строку на лист «%(sheet)s».") % {"sheet": _sheet(kind)}


def _unknown(kind: Kind) -> str:
    messages = {
        Kind.YEARS: _("Учебный год «%(text)s» не описан."),
        Kind.STAFF: _("Сотрудник «%(text)s» не найден."),
        Kind.ROOMS: _("Кабинет «%(text)s» не найден."),
        Kind.CLASSES: _("Класс «%(text)s» не найден."),
        Kind.SUBGROUPS: _("Подгруппа «%(text)s» не найдена."),
        Kind.SUBJECTS: _("Предмет «%(text)s» не найден."),
        Kind.STUDENTS: _("Ученик «%(text)s» не найден."),
    }
    return messages[kind]


def _sheet(kind: Kind) -> str:
    """The sheet as the template names it, in every language."""
    titles = {
        Kind.YEARS: "Периоды",
        Kind.STAFF: "Сотрудники",
        Kind.ROOMS: "Кабинеты",
        Kind.CLASSES: "Классы",
        Kind.SUBGROUPS: "Подгруппы",
        Kind.SUBJECTS: "Предметы",
        Kind.STUDENTS: "Ученики",
    }
    return titles[kind]
