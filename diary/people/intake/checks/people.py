"""Days of birth, and pupils whom no class has."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import Kind, SchoolData, StaffRecord, StudentRecord
from diary.people.roster.rules.names import PersonName

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
    _check_namesakes(data, report)


def _check_namesakes(data: SchoolData, report: Report) -> None:
    """Two rows of one class that nothing but an empty cell tells apart are asked, never made two pupils in silence."""
    classes = {one.student_id: one.class_id for one in data.enrollments if one.class_id and not one.is_ended}
    seen: dict[tuple[str, str], list[StudentRecord]] = defaultdict(list)
    for student in data.students:
        place = (classes.get(student.external_id, ""), PersonName(student.name.last, student.name.first).key)
        twin = next((one for one in seen[place] if place[0] and _may_be_one(one, student)), None)
        if twin is not None:
            report.error(
                _("Похоже, это тот же ученик, что в строке %(line)s: %(name)s.")
                % {"line": twin.source.line, "name": twin.label},
                _("Удалите повтор. Если это разные дети, дайте каждому дату рождения или «Код»."),
                student.source,
                "last_name" if student.source.heading("last_name").title else "full_name",
            )
        seen[place].append(student)


def _may_be_one(one: StudentRecord, other: StudentRecord) -> bool:
    have_codes = one.external_id != one.natural_key and other.external_id != other.natural_key
    is_one_name = not one.name.middle or not other.name.middle or one.name.key == other.name.key
    is_one_day = not one.born_on or not other.born_on or one.born_on == other.born_on
    return not have_codes and is_one_name and is_one_day and one.external_id != other.external_id
