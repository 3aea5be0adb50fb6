"""Rows of one table that are written together: new ones at once, changed ones with only the columns that changed."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)

NEW_AT_ONCE = 2_000
CHANGED_AT_ONCE = 400


class Batch(Generic[M]):
    """Collects rows of a model; `write` sends them."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._new: dict[int, M] = {}
        self._changed: dict[int, M] = {}
        self._columns: set[str] = set()

    def add(self, row: M) -> M:
        """A row that is not in the database yet."""
        self._new[id(row)] = row
        return row

    def change(self, row: M, **values: Any) -> bool:
        """Give the row these values; whether any of them is another than before. None means «leave as it is»."""
        other = {name: value for name, value in values.items() if value is not None and getattr(row, name) != value}
        return self.put(row, **other)

    def put(self, row: M, **values: Any) -> bool:
        """Like `change`, and None is a value."""
        other = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in other.items():
            setattr(row, name, value)
        if other and id(row) not in self._new:
            self._changed[id(row)] = row
            self._columns |= set(other)
        return bool(other)

    def write(self) -> None:
        """Send everything collected so far."""
        rows: Any = self._model._default_manager
        if self._new:
            rows.bulk_create(self._new.values(), batch_size=NEW_AT_ONCE)
        if self._changed:
            rows.bulk_update(self._changed.values(), sorted(self._columns), batch_size=CHANGED_AT_ONCE)
        self._new, self._changed, self._columns = {}, {}, set()
