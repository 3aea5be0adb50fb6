"""Which row of the school a record of the files means: by code, by meaning, and where something is missing only when
one row fits. What stays in doubt is a question to the person, never a second row in silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain
from diary.people.intake.records import Kind, Record
from diary.people.intake.saving.run import Saving, has_own_code
from diary.people.roster.rules.names import PersonName

R = TypeVar("R", bound=Record)

NAMES_TOLD = 5


def _has_that_code(record: Record) -> Hashable:
    return record.external_id


def _row_code(row: Any) -> Hashable:
    code: str = row.external_id
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Generic[R]):
    """How records and rows of a kind are compared.

    `key` and `row_key` agree on what is the same beyond doubt. `near_key` and `near_row_key` agree on whatever may be
    the same; `nearest` chooses among such rows: it gives those that are, or raises Doubt. `is_other` says of a row with
    the record's own code that it is plainly something else.
    """

    key: Callable[[R], Hashable]
    row_key: Callable[[Any], Hashable]
    code: Callable[[R], Hashable] = _has_that_code
    row_code: Callable[[Any], Hashable] = _row_code
    may_be: Callable[[R, Any], bool] = lambda record, row: True
    is_other: Callable[[R, Any], bool] = lambda record, row: False
    near_key: Callable[[R], Hashable] | None = None
    near_row_key: Callable[[Any], Hashable] = _row_code
    nearest: Callable[[R, list[Any]], list[Any]] = lambda record, rows: rows
    describe: Callable[[Any], str] = lambda row: str(row.name)


class Doubt(Exception):
    """It may be one of these rows, and it may be none."""

    def __init__(self, rows: list[Any]) -> None:
        super().__init__()
        self.rows = rows


def pair(
    saving: Saving, kind: Kind, records: Iterable[R], rows: Iterable[Any], identity: Identity[R]
) -> Iterator[tuple[R, Any | None]]:
    """Each record with its row, or None when it is new. A record in doubt is an error of the file; it is not given."""
    yield from _Pairing(saving, kind, list(records), list(rows), identity).pairs()


class _Pairing(Generic[R]):
    def __init__(self, saving: Saving, kind: Kind, records: list[R], rows: list[Any], identity: Identity[R]) -> None:
        self.saving, self.kind, self.records, self.rows, self.identity = saving, kind, records, rows, identity
        self.found: dict[int, Any] = {}
        self.taken: set[int] = set()
        self.refused: set[int] = set()

    def pairs(self) -> Iterator[tuple[R, Any | None]]:
        self._by_code()
        self._by_key()
        if self.identity.near_key is not None:
            self._nearly(self.identity.near_key)
        for place, record in enumerate(self.records):
            if place not in self.refused:
                yield record, self.found.get(place)

    def _take(self, place: int, row: Any) -> None:
        self.found[place] = row
        self.taken.add(id(row))

    def _open(self) -> Iterator[tuple[int, R]]:
        for place, record in enumerate(self.records):
            if place not in self.found and place not in self.refused:
                yield place, record

    def _by_code(self) -> None:
        by_code = {self.identity.row_code(row): row for row in self.rows}
        for place, record in enumerate(self.records):
            row = by_code.get(self.identity.code(record))
            if row is not None and has_own_code(record) and self.identity.is_other(record, row):
                self._refuse_code(place, record, row)
            elif row is not None:
                self._take(place, row)

    def _by_key(self) -> None:
        by_key = self._free_by(self.identity.row_key)
        for place, record in self._open():
            here = by_key.get(self.identity.key(record), ())
            fitting = [row for row in here if id(row) not in self.taken and self.identity.may_be(record, row)]
            if len(fitting) > 1:
                self._refuse(place, record, fitting)
            elif fitting:
                self._take(place, fitting[0])

    def _nearly(self, near_key: Callable[[R], Hashable]) -> None:
        """A row that two records may mean is nobody's: each of them is asked."""
        by_key = self._free_by(self.identity.near_row_key)
        wishes: dict[int, list[Any]] = {}
        for place, record in self._open():
            here = by_key.get(near_key(record), [])
            try:
                wishes[place] = self.identity.nearest(record, here) if here else []
            except Doubt as doubt:
                self._refuse(place, record, doubt.rows)
        wanted = Counter(id(row) for rows in wishes.values() for row in rows)
        for place, rows in wishes.items():
            if len(rows) == 1 and wanted[id(rows[0])] == 1:
                self._take(place, rows[0])
            elif rows:
                self._refuse(place, self.records[place], rows)

    def _free_by(self, key: Callable[[Any], Hashable]) -> dict[Hashable, list[Any]]:
        found: dict[Hashable, list[Any]] = defaultdict(list)
        for row in self.rows:
            if id(row) not in self.taken:
                found[key(row)].append(row)
        return found

    def _refuse(self, place: int, record: R, rows: list[Any]) -> None:
        self.refused.add(place)
        names = ", ".join(self.identity.describe(row) for row in rows[:NAMES_TOLD])
        self.saving.refuse(
            record,
            self.kind,
            _("«%(label)s»: в школе уже есть %(names)s. Непонятно, об одном ли и том же речь.")
            % {"label": record.label, "names": names},
            _("Если это та же запись, допишите, чего не хватает (ученику – дату рождения, отчество, класс; кабинету – "
              "корпус), или её «Код». Если другая, дайте ей свой «Код»."),
            "code",
        )  # fmt: skip

    def _refuse_code(self, place: int, record: R, row: Any) -> None:
        self.refused.add(place)
        self.saving.refuse(
            record,
            self.kind,
            _("Код «%(code)s» в школе у другого человека: %(name)s.")
            % {"code": record.external_id, "name": self.identity.describe(row)},
            _("Коды должны быть постоянными и разными во всей школе, не номерами по порядку. Исправьте код."),
            "code",
        )


def is_somebody_else(name: PersonName, other: PersonName) -> bool:
    """Neither the last nor the first name agrees: no correction makes one of the other."""
    return plain(name.last) != plain(other.last) and plain(name.first) != plain(other.first)


def same_middle(one: PersonName, other: PersonName) -> bool:
    """Whether two names of one last and first name may be one person's: a patronymic may be missing."""
    return not one.middle or not other.middle or one.key == other.key


def short_key(name: PersonName) -> str:
    """Last and first name alone."""
    return PersonName(name.last, name.first).key
