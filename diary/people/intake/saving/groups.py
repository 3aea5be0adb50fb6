"""Saves classes and subgroups."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain, tidy
from diary.people.intake.records import ClassRecord, Kind, Record, SubgroupRecord
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.identity import Identity, pair
from diary.people.intake.saving.run import Saving, own_code
from diary.people.roster.models import Group
from diary.people.roster.rules.class_names import class_key
from diary.people.schools.models import BellSchedule, SchoolYear

FIRST_SHIFT = 1
USUAL_DAYS = 5

Code = tuple[uuid.UUID, str]  # year, external_id


def save_groups(saving: Saving) -> None:
    """Classes and subgroups of the years that the files speak of, and of the current one."""
    years = [saving.current_year, *(year_of(saving, one) for one in saving.data.classes)]
    rows = list(
        Group.objects.filter(school_id=saving.school_id, year_id__in={year.id for year in years if year}).order_by(
            "name", "id"
        )
    )
    classes = [row for row in rows if row.kind == Group.Kind.CLASS]
    subgroups = [row for row in rows if row.kind == Group.Kind.SUBGROUP]
    _save_classes(saving, classes, taken=_codes(subgroups))
    _save_subgroups(saving, subgroups, taken=_codes(classes))


def _codes(rows: list[Group]) -> set[Code]:
    return {(row.year_id, row.external_id) for row in rows}


def _has_free_code(saving: Saving, record: Record, kind: Kind, year_id: uuid.UUID, taken: set[Code]) -> bool:
    """Classes and subgroups are rows of one table: a code is one thing's."""
    if (year_id, record.external_id) not in taken:
        return True
    saving.refuse(
        record,
        kind,
        _("Код «%(code)s» есть и у класса, и у подгруппы.") % {"code": record.external_id},
        _("Дайте одному из них другой код."),
        "code",
    )
    return False


def year_of(saving: Saving, record: ClassRecord) -> SchoolYear | None:
    """The year that the record names; the current one when it names none."""
    year: SchoolYear | None = saving.years.find(record.year_id) if record.year_id else saving.current_year
    return year


def _save_classes(saving: Saving, rows: list[Group], *, taken: set[Code]) -> None:
    saving.begin(Kind.CLASSES)
    batch = Batch(Group)
    years = {id(one): year.id for one in saving.data.classes if (year := year_of(saving, one))}
    placed = [one for one in saving.data.classes if id(one) in years]
    for record in saving.data.classes:
        if id(record) not in years:
            _refuse_yearless(saving, record)
    placed = [one for one in placed if _has_free_code(saving, one, Kind.CLASSES, years[id(one)], taken)]
    matched = pair(
        saving,
        Kind.CLASSES,
        placed,
        rows,
        Identity(
            key=lambda one: (years[id(one)], class_key(one.label)),
            row_key=lambda row: (row.year_id, class_key(row.name)),
            code=lambda one: (years[id(one)], one.external_id),
            row_code=lambda row: (row.year_id, row.external_id),
        ),
    )
    for record, row in list(matched):
        if row is None and record.is_ended:
            saving.skipped(record, Kind.CLASSES)
            continue
        if row is None:
            row = batch.add(_new_class(saving, record, years[id(record)]))
            rows.append(row)
            saving.created(record, Kind.CLASSES)
        else:
            saving.kept(record, Kind.CLASSES, is_changed=_change_class(saving, batch, row, record))
        saving.classes.put(record.external_id, row)
    batch.write()
    current = saving.current_year
    saving.classes.learn([row for row in rows if current and row.year_id == current.id])
    saving.step(len(saving.data.classes), Kind.CLASSES)


def _refuse_yearless(saving: Saving, record: ClassRecord) -> None:
    saving.refuse(
        record,
        Kind.CLASSES,
        _("Непонятно, какой это учебный год: в школе не заведено ни одного."),
        _("Заполните лист «Периоды»: учебный год с датами начала и конца."),
        "year",
    )


def _new_class(saving: Saving, record: ClassRecord, year_id: uuid.UUID) -> Group:
    bells = _bells(saving, record.shift or FIRST_SHIFT)
    teacher = saving.staff.find(record.form_teacher_id)
    return Group(
        school_id=saving.school_id,
        kind=Group.Kind.CLASS,
        year_id=year_id,
        name=_class_name(record),
        parallel=record.grade,
        letter=record.letter,
        form_teacher_id=teacher.id if teacher else None,
        bells_id=bells.id if bells else None,
        days_per_week=(saving.data.school.days_a_week if saving.data.school else None) or USUAL_DAYS,
        external_id=record.external_id,
    )


def _change_class(saving: Saving, batch: Batch[Group], row: Group, record: ClassRecord) -> bool:
    name = _class_name(record)
    teacher = saving.staff.find(record.form_teacher_id)
    is_same_name = class_key(name) == class_key(row.name)
    return batch.change(
        row,
        name=None if is_same_name else name,
        parallel=record.grade,
        letter=None if plain(record.letter) == plain(row.letter) else record.letter,
        form_teacher_id=teacher.id if teacher else None,
        bells_id=_bells_of_shift(saving, row, record.shift),
        external_id=own_code(record),
    )


def _class_name(record: ClassRecord) -> str:
    return tidy(record.title) or f"{record.grade}{record.letter}"


def _bells(saving: Saving, shift: int) -> BellSchedule | None:
    """The usual schedule of a shift: the one that rings on most days."""
    schedule: BellSchedule | None = saving.bells.find(str(shift))
    return schedule


def _bells_of_shift(saving: Saving, row: Group, shift: int | None) -> uuid.UUID | None:
    """Another schedule only when the class has none or goes to another shift."""
    own = next((one for one in saving.bells if one.id == row.bells_id), None)
    wanted = shift or (own.shift if own else FIRST_SHIFT)
    if own and own.shift == wanted:
        return None
    schedule = _bells(saving, wanted)
    return schedule.id if schedule else None


def _save_subgroups(saving: Saving, rows: list[Group], *, taken: set[Code]) -> None:
    saving.begin(Kind.SUBGROUPS)
    batch = Batch(Group)
    classes = {row.id: row for row in saving.classes}
    homes = {id(one): home for one in saving.data.subgroups if (home := _home(saving, one))}
    placed = [one for one in saving.data.subgroups if id(one) in homes]
    for record in saving.data.subgroups:
        if id(record) not in homes:
            _skip_homeless(saving, record)
    placed = [one for one in placed if _has_free_code(saving, one, Kind.SUBGROUPS, homes[id(one)].year_id, taken)]
    matched = pair(
        saving,
        Kind.SUBGROUPS,
        placed,
        rows,
        Identity(
            key=lambda one: (homes[id(one)].id, plain(one.split), subgroup_key(one.title, homes[id(one)].name)),
            row_key=lambda row: (row.home_class_id, plain(row.split), _row_subgroup_key(row, classes)),
            code=lambda one: (homes[id(one)].year_id, one.external_id),
            row_code=lambda row: (row.year_id, row.external_id),
        ),
    )
    for record, row in list(matched):
        if row is None and record.is_ended:
            saving.skipped(record, Kind.SUBGROUPS)
            continue
        if row is None:
            row = batch.add(_new_subgroup(saving, record, homes[id(record)]))
            rows.append(row)
            saving.created(record, Kind.SUBGROUPS)
        else:
            saving.kept(record, Kind.SUBGROUPS, is_changed=_change_subgroup(batch, row, record, homes[id(record)]))
        saving.subgroups.put(record.external_id, row)
    batch.write()
    saving.subgroups.learn(rows)
    saving.step(len(saving.data.subgroups), Kind.SUBGROUPS)


def _home(saving: Saving, record: SubgroupRecord) -> Group | None:
    found = (saving.classes.find(class_id) for class_id in record.class_ids)
    return next((one for one in found if one is not None), None)


def _skip_homeless(saving: Saving, record: SubgroupRecord) -> None:
    if record.is_ended:
        saving.skipped(record, Kind.SUBGROUPS)
        return
    saving.skipped(
        record,
        Kind.SUBGROUPS,
        _("Непонятно, какой класс делится на эту подгруппу: она и её курсы пропущены."),
        _("Укажите класс подгруппы."),
        "classes",
    )


def subgroup_title(name: str, class_name: str) -> str:
    """«7А англ. 1» of 7А → «англ. 1»."""
    if tidy(name).startswith(f"{class_name} "):
        return tidy(name)[len(class_name) + 1 :]
    words = tidy(name).split(" ", 1)
    if len(words) == 2 and class_key(words[0]) == class_key(class_name):
        return words[1]
    return tidy(name)


def subgroup_key(name: str, class_name: str) -> str:
    """How titles of subgroups of one class are compared."""
    return plain(subgroup_title(name, class_name))


def _row_subgroup_key(row: Group, classes: dict[uuid.UUID, Group]) -> str:
    home = classes.get(row.home_class_id) if row.home_class_id else None
    return subgroup_key(row.name, home.name if home else "")


def _subgroup_name(record: SubgroupRecord, home: Group) -> str:
    return f"{home.name} {subgroup_title(record.title, home.name)}"


def _new_subgroup(saving: Saving, record: SubgroupRecord, home: Group) -> Group:
    return Group(
        school_id=saving.school_id,
        kind=Group.Kind.SUBGROUP,
        year_id=home.year_id,
        name=_subgroup_name(record, home),
        parallel=home.parallel,
        home_class_id=home.id,
        split=record.split,
        bells_id=home.bells_id,
        days_per_week=home.days_per_week,
        external_id=record.external_id,
    )


def _change_subgroup(batch: Batch[Group], row: Group, record: SubgroupRecord, home: Group) -> bool:
    name = _subgroup_name(record, home)
    return batch.change(
        row,
        name=None if plain(name) == plain(row.name) else name,
        split=None if plain(record.split) == plain(row.split) else record.split,
        home_class_id=home.id,
        parallel=home.parallel,
        bells_id=home.bells_id,
        external_id=own_code(record),
    )
