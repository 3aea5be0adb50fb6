"""Saves bell schedules and their bells."""

from __future__ import annotations

from collections.abc import Iterable

from diary.foundation.core.text import plain
from diary.people.intake.records import BellRecord, Kind
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.run import Saving
from diary.people.schools.models import Bell, BellSchedule

WORKING_DAYS = (1, 2, 3, 4, 5, 6)


def save_bells(saving: Saving) -> None:
    """Schedules are known by name, shift and weekdays; a bell by its number in a schedule."""
    saving.begin(Kind.BELLS)
    schedules = list(BellSchedule.objects.filter(school_id=saving.school_id).order_by("shift", "name", "id"))
    by_key = {_schedule_key(one.name, one.shift, one.weekdays): one for one in reversed(schedules)}
    bells = Bell.objects.filter(school_id=saving.school_id).order_by("number", "id")
    by_code = {one.external_id: one for one in schedules}
    by_number = {(one.schedule_id, one.number): one for one in bells}
    new_schedules, batch = Batch(BellSchedule), Batch(Bell)
    for record in saving.data.bells:
        key = _schedule_key(record.schedule, record.shift, record.weekdays)
        if key not in by_key:
            made = _new_schedule(saving, record)
            by_key[key] = by_code.get(made.external_id) or new_schedules.add(made)
            schedules += [made] if by_key[key] is made else []
        bell = by_number.get((by_key[key].id, record.number))
        if bell is None:
            by_number[by_key[key].id, record.number] = batch.add(_new_bell(saving, by_key[key], record))
            saving.created(record, Kind.BELLS)
        else:
            is_changed = batch.change(bell, starts_at=record.starts_at, ends_at=record.ends_at)
            saving.kept(record, Kind.BELLS, is_changed=is_changed)
    new_schedules.write()
    batch.write()
    usual = sorted(schedules, key=lambda one: -len(one.weekdays or WORKING_DAYS))
    for one in usual:
        saving.bells.also(str(one.shift), one)
    saving.bells.learn(schedules)
    saving.step(len(saving.data.bells), Kind.BELLS)


def _schedule_key(name: str, shift: int, weekdays: Iterable[int]) -> tuple[str, int, tuple[int, ...]]:
    """No weekdays means all of them; Sunday is nobody's working day."""
    return plain(name), shift, tuple(sorted(set(weekdays or WORKING_DAYS) - {7}))


def _new_schedule(saving: Saving, record: BellRecord) -> BellSchedule:
    name, shift, days = _schedule_key(record.schedule, record.shift, record.weekdays)
    return BellSchedule(
        school_id=saving.school_id,
        name=record.schedule,
        shift=shift,
        weekdays=list(days),
        external_id=f"{name}|{shift}|{''.join(map(str, days))}",
    )


def _new_bell(saving: Saving, schedule: BellSchedule, record: BellRecord) -> Bell:
    return Bell(
        school_id=saving.school_id,
        schedule_id=schedule.id,
        number=record.number,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
    )
