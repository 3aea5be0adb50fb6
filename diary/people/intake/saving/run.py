"""One import while it is being saved: whose school, which row each id of the files means, what was done so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.people.intake.records import Kind, Record, SchoolData
from diary.people.intake.saving.outcome import Counts, ImportOutcome
from diary.people.intake.saving.wording import kind_title
from diary.people.roster.models import Course, Group, Staff, Student
from diary.people.schools.models import BellSchedule, Room, School, SchoolYear, Subject

Tell = Callable[[int, int, str], None]

ONE_DAY = dt.timedelta(days=1)


def silent(done: int, total: int, message: str) -> None:
    """For imports that nobody watches."""


F = TypeVar("F", SchoolYear, BellSchedule, Subject, Room, Staff, Group, Student, Course)


class Found(Generic[F]):
    """Rows of one kind by what the files call them."""

    def __init__(self) -> None:
        self._rows: dict[str, F] = {}

    def put(self, external_id: str, row: F | None) -> None:
        """From now on this id of the files means that row."""
        if row is not None:
            self._rows[external_id] = row

    def also(self, name: str, row: F) -> None:
        """Another name of the row, where it is free."""
        self._rows.setdefault(name, row)

    def learn(self, rows: Iterable[F]) -> None:
        """Rows of the database, findable by their external_id until the files say otherwise."""
        for row in rows:
            self.also(row.external_id, row)

    def find(self, external_id: str) -> F | None:
        """The row that this id of the files means; None when the record was passed over."""
        return self._rows.get(external_id) if external_id else None

    def get(self, external_id: str) -> F:
        """The row of an id that is known to have one."""
        return self._rows[external_id]

    def __iter__(self) -> Iterator[F]:
        """Every row once for each of its names."""
        return iter(self._rows.values())


class Saving:
    """The state that the parts of an import share. Parts run in the order of `Kind`."""

    def __init__(self, school: School, data: SchoolData, report: Report, today: dt.date, tell: Tell = silent) -> None:
        self.school, self.data, self.report, self.today = school, data, report, today
        self.years: Found[SchoolYear] = Found()
        self.bells: Found[BellSchedule] = Found()
        self.subjects: Found[Subject] = Found()
        self.rooms: Found[Room] = Found()
        self.staff: Found[Staff] = Found()
        self.classes: Found[Group] = Found()
        self.subgroups: Found[Group] = Found()
        self.students: Found[Student] = Found()
        self.courses: Found[Course] = Found()
        self.current_year: SchoolYear | None = None
        self.accounts_made = 0
        self.replaces_timetable = False
        self.unnamed_slots = 0
        self._counts: dict[Kind, Counts] = {}
        self._tell = tell
        self._done = 0
        self._total = sum(data.counts.values())

    @property
    def school_id(self) -> int:
        return self.school.id

    def created(self, record: Record, kind: Kind) -> None:
        self._count(kind).created += 1

    def kept(self, record: Record, kind: Kind, *, is_changed: bool) -> None:
        counts = self._count(kind)
        if is_changed:
            counts.changed += 1
        else:
            counts.unchanged += 1

    def skipped(self, record: Record, kind: Kind, what: str = "", fix: str = "", field: str = "") -> None:
        """The record cannot be saved, and the import goes on; without `what` it needs no word."""
        self._count(kind).skipped += 1
        if what:
            self.report.warning(what, fix, record.source, field)

    def refuse(self, record: Record, kind: Kind, what: str, fix: str, field: str = "") -> None:
        """The record cannot be saved, and the import must not go on."""
        self._count(kind).skipped += 1
        self.report.error(what, fix, record.source, field)

    def begin(self, kind: Kind) -> None:
        """Tell that this kind is being written; raises Stopped when nobody wants it any more."""
        self._tell(self._done, self._total, _("Записываю: %(what)s") % {"what": kind_title(kind)})

    def step(self, count: int, kind: Kind) -> None:
        """So many more records are through."""
        self._done += count
        self.begin(kind)

    def finish(self) -> None:
        """Tell that everything is written and is being compared with the rest of the school."""
        self._tell(self._total, self._total, _("Сверяю связи"))

    @property
    def outcome(self) -> ImportOutcome:
        return ImportOutcome(
            {kind: self._counts[kind] for kind in Kind if kind in self._counts}, self.accounts_made, self.unnamed_slots
        )

    def _count(self, kind: Kind) -> Counts:
        return self._counts.setdefault(kind, Counts())


def has_own_code(record: Record) -> bool:
    """Whether the file gave the record a code of its own."""
    return record.external_id != record.natural_key


def own_code(record: Record) -> str | None:
    """The code, or None when the file has none: then the row keeps what it has."""
    return record.external_id if has_own_code(record) else None
