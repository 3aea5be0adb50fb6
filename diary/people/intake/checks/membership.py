"""Who is where and when: one class at a time, one subgroup of a split at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import TypeVar

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import EnrollmentRecord, SchoolData

T = TypeVar("T")


def check_enrollments(data: SchoolData, report: Report) -> None:
    for one in data.enrollments:
        if one.starts_on and one.ends_on and one.starts_on > one.ends_on:
            report.error(_("Конец раньше начала."), _("Проверьте обе даты."), one.source, _field_of_end(one))
    classes = {one.external_id: one.label for one in data.classes}
    years = {one.external_id: one.year_id for one in data.classes}
    in_classes = [one for one in data.enrollments if one.class_id and not one.is_ended]
    for pair in _grouped(in_classes, lambda one: (one.student_id, years.get(one.class_id, ""))):
        for first, second in _overlapping(pair):
            report.error(
                _("Ученик в одно время в классе %(one)s (строка %(line)s) и в классе %(other)s.")
                % {
                    "one": classes.get(first.class_id, first.class_id),
                    "line": first.source.line,
                    "other": classes.get(second.class_id, second.class_id),
                },
                _("Поставьте последний день в прежнем классе или удалите лишнюю строку."),
                second.source,
                _field_of_start(second),
            )


def check_subgroups(data: SchoolData, report: Report) -> None:
    subgroups = {one.external_id: one for one in data.subgroups}
    mine = [one for one in data.enrollments if one.subgroup_id in subgroups and not one.is_ended]
    for group in _grouped(mine, lambda one: (one.student_id, subgroups[one.subgroup_id].split)):
        for first, second in _overlapping(group):
            ours = set(subgroups[first.subgroup_id].class_ids) & set(subgroups[second.subgroup_id].class_ids)
            if ours:
                report.error(
                    _("Ученик сразу в двух подгруппах одного деления: «%(one)s» и «%(other)s».")
                    % {
                        "one": subgroups[first.subgroup_id].label,
                        "other": subgroups[second.subgroup_id].label,
                    },
                    _("Оставьте одну или разведите их по датам."),
                    second.source,
                    "subgroup" if second.source.heading("subgroup").title else "subgroups",
                )
    class_ids: dict[str, set[str]] = defaultdict(set)
    for one in data.enrollments:
        if one.class_id:
            class_ids[one.student_id].add(one.class_id)
    for one in mine:
        theirs = class_ids.get(one.student_id)
        if theirs and not theirs & set(subgroups[one.subgroup_id].class_ids):
            report.warning(
                _("Ученик учится не в том классе, который делится на подгруппу «%(label)s».")
                % {"label": subgroups[one.subgroup_id].label},
                _("Проверьте класс ученика и классы подгруппы."),
                one.source,
                "subgroup" if one.source.heading("subgroup").title else "subgroups",
            )


def _grouped(records: Iterable[T], key: Callable[[T], object]) -> Iterator[list[T]]:
    groups: dict[object, list[T]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return (group for group in groups.values() if len(group) > 1)


def _overlapping(records: list[EnrollmentRecord]) -> Iterator[tuple[EnrollmentRecord, EnrollmentRecord]]:
    ordered = sorted(records, key=lambda one: one.starts_on or date.min)
    for first, second in pairwise(ordered):
        is_twin = first.external_id == second.external_id  # told as a repeat
        if not is_twin and (second.starts_on or date.min) <= (first.ends_on or date.max):
            yield first, second


def _field_of_end(record: EnrollmentRecord) -> str:
    return "ends_on" if record.source.heading("ends_on").title else "left_on"


def _field_of_start(record: EnrollmentRecord) -> str:
    return next((name for name in ("starts_on", "enrolled_on", "class") if record.source.heading(name).title), "class")
