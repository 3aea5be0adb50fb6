"""Days of birth, and pupils whom no class has."""

from datetime import date

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import Kind, SchoolData, StaffRecord, StudentRecord

_YOUNGEST, _OLDEST = 5, 25


def check_people(data: SchoolData, report: Report, today: date) -> None:
    people: tuple[StaffRecord | StudentRecord, ...] = (*data.staff, *data.students)
    for person in people:
        if person.born_on and person.born_on > today:
            report.error(_("День рождения в будущем."), _("Проверьте год."), person.source, "born_on")
    for student in data.students:
        age = (today - student.born_on).days // 365 if student.born_on and student.born_on <= today else None
        if age is not None and not _YOUNGEST <= age <= _OLDEST:
            report.warning(
                _("Возраст ученика – %(age)s.") % {"age": age}, _("Проверьте дату рождения."), student.source, "born_on"
            )
    placed = {one.student_id for one in data.enrollments if one.class_id}
    for student in data.students:
        if Kind.ENROLLMENTS in data.given and student.external_id not in placed and not student.is_ended:
            report.warning(
                _("У ученика нет класса."),
                _("Заполните столбец «Класс» или лист «Зачисления»."),
                student.source,
                "class",
            )
