"""The weekly timetable: a bell for every lesson, and nobody wanted in two places."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import Known, SchoolData, SlotRecord, Week


def check_timetable(data: SchoolData, known: Known, report: Report) -> None:
    """Lessons without a bell are errors; one class, teacher or room wanted twice at one time are warnings."""
    _Timetable(data, known, report).check()


class _Timetable:
    def __init__(self, data: SchoolData, known: Known, report: Report) -> None:
        self.data, self.report = data, report
        self.courses = {course.external_id: course for course in data.courses}
        self.classes_of_subgroup = {one.external_id: one.class_ids for one in data.subgroups}
        self.shifts = dict(known.shifts) | {one.external_id: one.shift or 1 for one in data.classes}
        self.bells: dict[int, set[int]] = defaultdict(set)
        for shift, numbers in known.bells.items():
            self.bells[shift] |= numbers
        for bell in data.bells:
            self.bells[bell.shift].add(bell.number)

    def check(self) -> None:
        for slot in self.data.slots:
            self._check_bell(slot)
        self._check_taken(lambda slot: [f"{slot.room_id}"] if slot.room_id else [], "room")
        self._check_taken(self._teachers, "subject")
        self._check_taken(self._classes, "class")

    def _check_bell(self, slot: SlotRecord) -> None:
        shift = self._shift(slot)
        if any(self.bells.values()) and slot.number not in self.bells[shift]:
            self.report.error(
                _("Для урока %(number)s (смена %(shift)s) нет звонка.") % {"number": slot.number, "shift": shift},
                _("Добавьте его на лист «Звонки» или исправьте номер урока."),
                slot.source,
                "number",
            )

    def _shift(self, slot: SlotRecord) -> int:
        course = self.courses.get(slot.course_id)
        if course is None:
            return 1
        class_ids = (course.class_id,) if course.class_id else self.classes_of_subgroup.get(course.subgroup_id, ())
        return next((self.shifts[one] for one in class_ids if one in self.shifts), 1)

    def _teachers(self, slot: SlotRecord) -> Iterable[str]:
        course = self.courses.get(slot.course_id)
        return course.teacher_ids[:1] if course else ()

    def _classes(self, slot: SlotRecord) -> Iterable[str]:
        """Only whole classes: subgroups of one class do meet at one time."""
        course = self.courses.get(slot.course_id)
        return (course.class_id,) if course and course.class_id else ()

    def _check_taken(self, wanted: Callable[[SlotRecord], Iterable[str]], field: str) -> None:
        taken: dict[tuple[str, int, int, int], list[SlotRecord]] = defaultdict(list)
        for slot in self.data.slots:
            for name in wanted(slot):
                others = taken[name, self._shift(slot), slot.weekday, slot.number]
                clash = next((other for other in others if _meet(other, slot)), None)
                if clash:
                    self.report.warning(
                        _taken(field) % {"line": clash.source.line}, _("Проверьте расписание."), slot.source, field
                    )
                others.append(slot)


def _meet(one: SlotRecord, other: SlotRecord) -> bool:
    is_same_week = Week.EVERY in (one.week, other.week) or one.week is other.week
    begins_in_time = (one.starts_on or date.min) <= (other.ends_on or date.max)
    ends_in_time = (other.starts_on or date.min) <= (one.ends_on or date.max)
    return is_same_week and begins_in_time and ends_in_time and one.external_id != other.external_id


def _taken(field: str) -> str:
    messages = {
        "room": _("Кабинет в это время уже занят: строка %(line)s."),
        "subject": _("Учитель в это время ведёт другой урок: строка %(line)s."),
        "class": _("У класса в это время уже есть урок: строка %(line)s."),
    }
    return messages[field]
