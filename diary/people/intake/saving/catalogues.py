"""Saves subjects and rooms."""

from __future__ import annotations

from diary.foundation.core.text import plain
from diary.people.intake.records import Kind, Marking, RoomRecord, SubjectRecord
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.identity import Identity, pair
from diary.people.intake.saving.run import Saving, has_own_code, own_code
from diary.people.schools.models import Room, Subject


def save_subjects(saving: Saving) -> None:
    """Subjects by name. «Без отметок» is changed only by a file that has the column."""
    saving.begin(Kind.SUBJECTS)
    rows = list(Subject.objects.filter(school_id=saving.school_id).order_by("name", "id"))
    batch = Batch(Subject)
    pairs = pair(
        saving,
        Kind.SUBJECTS,
        saving.data.subjects,
        rows,
        Identity(
            key=lambda one: plain(one.title),
            row_key=lambda row: plain(row.name),
        ),
    )
    for record, row in list(pairs):
        if row is None:
            row = batch.add(_new_subject(saving, record))
            saving.created(record, Kind.SUBJECTS)
        else:
            saving.kept(record, Kind.SUBJECTS, is_changed=_change_subject(batch, row, record))
        saving.subjects.put(record.external_id, row)
    batch.write()
    saving.subjects.learn(rows)
    saving.step(len(saving.data.subjects), Kind.SUBJECTS)


def _new_subject(saving: Saving, record: SubjectRecord) -> Subject:
    return Subject(
        school_id=saving.school_id,
        name=record.title,
        short_name=record.short_title or record.title,
        is_markless=record.marking is Marking.NONE,
        external_id=record.external_id,
    )


def _change_subject(batch: Batch[Subject], row: Subject, record: SubjectRecord) -> bool:
    says_marking = bool(record.source.heading("marking").title)
    return batch.change(
        row,
        name=record.title if plain(record.title) != plain(row.name) else None,
        short_name=record.short_title or None,
        is_markless=record.marking is Marking.NONE if says_marking else None,
        external_id=own_code(record),
    )


def save_rooms(saving: Saving) -> None:
    """Rooms by building and name."""
    saving.begin(Kind.ROOMS)
    rows = list(Room.objects.filter(school_id=saving.school_id).order_by("name", "id"))
    batch = Batch(Room)
    pairs = pair(
        saving,
        Kind.ROOMS,
        saving.data.rooms,
        rows,
        Identity(
            key=lambda one: plain(_room_name(one)),
            row_key=lambda row: plain(row.name),
            near_key=lambda one: plain(one.title),
            near_row_key=lambda row: row.external_id.rsplit("|", 1)[-1],
            nearest=_nearest_rooms,
        ),
    )
    for record, row in list(pairs):
        if row is None:
            row = batch.add(Room(school_id=saving.school_id, name=_room_name(record), external_id=record.external_id))
            batch.change(row, kind=record.kind, capacity=record.capacity)
            saving.created(record, Kind.ROOMS)
        else:
            saving.kept(record, Kind.ROOMS, is_changed=_change_room(batch, row, record))
        saving.rooms.put(record.external_id, row)
    batch.write()
    saving.rooms.learn(rows)
    saving.step(len(saving.data.rooms), Kind.ROOMS)


def _nearest_rooms(record: RoomRecord, rows: list[Room]) -> list[Room]:
    """A file that names no building means the only room of that number; one that names it, a room that had none."""
    if record.building:
        return [row for row in rows if "|" not in row.external_id]
    return [row for row in rows if "|" in row.external_id]


def _room_name(record: RoomRecord) -> str:
    return f"{record.building}, {record.title}" if record.building else record.title


def _change_room(batch: Batch[Room], row: Room, record: RoomRecord) -> bool:
    name = _room_name(record)
    is_short = not record.building and not has_own_code(record) and row.external_id != record.external_id
    return batch.change(
        row,
        name=name if plain(name) != plain(row.name) and not is_short else None,
        kind=record.kind or None,
        capacity=record.capacity,
        external_id=own_code(record),
    )
