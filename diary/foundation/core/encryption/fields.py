"""A column whose text only this application can read."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from diary.foundation.core.encryption.values import SHORTEST, Place, Sealed, seal, unseal


class EncryptedAttribute(DeferredAttribute):
    """Opens the value when it is first read. Bytes in the instance are sealed, a string is clear."""

    field: EncryptedTextField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, bytes):
            value = unseal(value, self.field.place_of(instance))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        if value is not None and not isinstance(value, str | bytes):
            raise TypeError(f"{self.field} is encrypted and takes text only, not {type(value).__name__}")
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text in Python, AES-256-GCM in the database (`bytea`). Bound to table, column, school and row.

    `row` names the field by which a value knows its row: unique, never changed, and known before INSERT. School tables
    need none (their `id` is a UUID made in Python); a table numbered by the database must name one.

    Written through instances: `save`, `create`, `bulk_create`. `QuerySet.update` and `bulk_update` do not know the row
    and are refused, as is filtering: keep a `blind_index` beside the column. `values()` and `values_list()` give the
    sealed bytes. A renamed table or column needs its values written anew; a clear column cannot be altered into a
    sealed one: add a new one and copy.
    """

    descriptor_class = EncryptedAttribute
    description = "Encrypted text"

    def __init__(self, *args: Any, row: str = "", **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)

    def place_of(self, instance: models.Model) -> Place:
        """Where the value of this instance stands."""
        school_number = getattr(instance, "school_id") if self.is_of_school() else 0  # noqa: B009
        row = getattr(instance, self._row_field().attname)
        if row is None or school_number is None:
            raise ValueError(f"{self} is sealed for its row: set {self._row_field().name} (and the school) first")
        return Place(self.model._meta.db_table, str(self.column), school_number, str(row))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """What is written."""
        text = getattr(model_instance, self.attname)
        return None if text is None else seal(text, self.place_of(model_instance))

    def get_db_prep_save(self, value: Any, connection: Any) -> bytes | None:
        """Lets pass what `seal` has made, and nothing else: clear text never reaches the database."""
        if value is None or isinstance(value, Sealed):
            return value
        if value in ("", b""):
            return b""
        raise FieldError(f"{self} is encrypted and is bound to its row: set it on the instance and save that")

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Refuses expressions, and the UPDATE half of an upsert: the row there may be another."""
        if hasattr(value, "as_sql") or self in (getattr(compiler.query, "update_fields", None) or ()):
            raise FieldError(f"{self} is encrypted and is bound to its row: set it on the instance and save that")
        return "%s"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value can be asked."""
        if lookup_name != "isnull":
            raise FieldError(f"{self} is encrypted and cannot be searched: filter by its blind index")
        return super().get_lookup(lookup_name)

    def get_internal_type(self) -> str:
        """The column is made like one of bytes."""
        return "BinaryField"

    def db_check(self, connection: Any) -> str:
        """The database refuses clear text too, whoever brings it."""
        column = connection.ops.quote_name(self.column)
        return f"octet_length({column}) = 0 OR octet_length({column}) >= {SHORTEST} AND get_byte({column}, 0) = 1"

    def deconstruct(self) -> Any:
        """For migrations, which read and write values too."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"row": self.row} if self.row else {})

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Found before the first value is lost."""
        return [*super().check(**kwargs), *self._check_row(), *self._check_options()]

    def is_of_school(self) -> bool:
        """Whether the school's own key seals it; the country's key otherwise."""
        return "school_id" in getattr(self.model._meta.pk, "field_names", ())

    def _row_field(self) -> Any:
        if self.row:
            return self.model._meta.get_field(self.row)
        return self.model._meta.get_field("id") if self.is_of_school() else self.model._meta.pk

    def _check_row(self) -> list[checks.CheckMessage]:
        try:
            row = self._row_field()
        except FieldDoesNotExist:
            return [checks.Error(f"row={self.row!r} is no field of the model", obj=self, id="core.E001")]
        if isinstance(row, models.AutoField | models.BigAutoField | models.SmallAutoField):
            hint = "name a unique field that is set in Python and never changes"
            return [checks.Error("the row is not known before INSERT", hint=hint, obj=self, id="core.E002")]
        if self.row and (row.editable or row.null or not row.unique):
            hint = "unique=True, editable=False, no null"
            problem = f"row={self.row!r} does not name one row for ever"
            return [checks.Error(problem, hint=hint, obj=self, id="core.E003")]
        return []

    def _check_options(self) -> list[checks.CheckMessage]:
        if self.unique or getattr(self, "db_index"):  # noqa: B009
            return [checks.Error("every sealing of a text differs: index a blind index", obj=self, id="core.E004")]
        return []
