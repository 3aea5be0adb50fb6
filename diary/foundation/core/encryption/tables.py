"""The tables that have sealed columns, found by their fields, and their rows by the key that has sealed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import F, Func, Q, Value

from diary.foundation.core.encryption.fields import EncryptedTextField
from diary.foundation.core.encryption.keys import COUNTRY
from diary.foundation.core.encryption.values import HEAD, head_of


@dataclass(frozen=True)
class Table:
    """A table with sealed columns."""

    model: type[models.Model]
    columns: tuple[EncryptedTextField, ...]

    @property
    def name(self) -> str:
        """As the database calls it."""
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        """The field that tells the rows of one school apart, in order."""
        return "id" if self._is_of_schools else "pk"

    @property
    def key_names(self) -> list[str]:
        """The columns of the primary key."""
        return [field.attname for field in self.model._meta.pk_fields]

    @property
    def update(self) -> str:
        """The statement that writes the sealed columns of one row, by its primary key."""
        quote = connection.ops.quote_name
        values = ", ".join(f"{quote(str(column.column))} = %s" for column in self.columns)
        key = " AND ".join(f"{quote(name)} = %s" for name in self.key_names)
        return f"UPDATE {quote(self.name)} SET {values} WHERE {key}"  # noqa: S608 (names of columns)

    @property
    def _is_of_schools(self) -> bool:
        return self.columns[0].is_of_school()

    def rows(self, school_number: int) -> models.QuerySet[Any]:
        """The rows that are sealed with the keys of this school."""
        rows = self.model._base_manager.order_by(self.key)
        if self._is_of_schools:
            return rows.filter(school_id=school_number)
        return rows if school_number == COUNTRY else rows.none()

    def rows_of_other_keys(self, school_number: int, key_id: int) -> models.QuerySet[Any]:
        """Those with a value that another key than this one has sealed."""
        return self._with_head(school_number, lambda head: ~Q(**{f"{head}__in": [b"", head_of(key_id)]}))

    def rows_of_key(self, school_number: int, key_id: int) -> models.QuerySet[Any]:
        """Those with a value that this key has sealed."""
        return self._with_head(school_number, lambda head: Q(**{head: head_of(key_id)}))

    def _with_head(self, school_number: int, asked: Any) -> models.QuerySet[Any]:
        rows, wanted = self.rows(school_number), Q()
        for column in self.columns:
            name = f"head_of_{column.name}"
            head = Func(F(column.name), Value(1), Value(HEAD), function="substring", output_field=models.BinaryField())
            rows = rows.alias(**{name: head})
            wanted |= asked(name) & Q(**{f"{name}__isnull": False})
        return rows.filter(wanted)


def sealed_tables(all_models: Iterable[type[models.Model]]) -> list[Table]:
    """Those of the models that have sealed columns."""
    found = []
    for model in all_models:
        columns = tuple(one for one in model._meta.local_fields if isinstance(one, EncryptedTextField))
        if columns and not model._meta.proxy:
            found.append(Table(model, columns))
    return found
