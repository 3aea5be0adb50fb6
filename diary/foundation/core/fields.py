"""Links between rows of one school: a relation and a database constraint over (school_id, id)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.backends.ddl_references import Statement
from django.db.models.fields.related import ForeignObject
from uuid6 import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    """A time-ordered UUID, so that new rows land at the end of an index."""
    return uuid.UUID(int=_uuid7().int)


class CompositeForeignKey(models.BaseConstraint):
    """FOREIGN KEY (fields) REFERENCES to (to_fields). Django itself makes none for several columns."""

    def __init__(
        self,
        *,
        fields: tuple[str, ...],
        to: str,
        to_fields: tuple[str, ...],
        name: str,
        on_update: str = "",
        is_immediate: bool = False,
    ) -> None:
        super().__init__(name=name)
        self.fields, self.to, self.to_fields = tuple(fields), to, tuple(to_fields)
        self.on_update, self.is_immediate = on_update, is_immediate

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """The clause for CREATE TABLE. Returning None here would silently lose the constraint."""
        quote = schema_editor.quote_name
        target = model._meta.apps.get_model(self.to)
        own = ", ".join(quote(model._meta.get_field(name).column) for name in self.fields)
        theirs = ", ".join(quote(target._meta.get_field(name).column) for name in self.to_fields)
        table = quote(target._meta.db_table)
        tail = f" ON UPDATE {self.on_update}" if self.on_update else ""
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({own}) REFERENCES {table} ({theirs})"
            f"{tail}{'' if self.is_immediate else ' DEFERRABLE INITIALLY DEFERRED'}"
        )

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """ALTER TABLE … ADD CONSTRAINT."""
        table = schema_editor.quote_name(model._meta.db_table)
        return Statement(f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}")

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """ALTER TABLE … DROP CONSTRAINT."""
        table = schema_editor.quote_name(model._meta.db_table)
        return Statement(f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}")

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone decides: it sees rows that this process does not."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    def deconstruct(self) -> Any:
        """For migrations."""
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "to": self.to, "to_fields": self.to_fields}
        if self.on_update:
            kwargs["on_update"] = self.on_update
        if self.is_immediate:
            kwargs["is_immediate"] = True
        return path, args, kwargs


class SchoolLinkColumn(models.UUIDField):  # type: ignore[type-arg]
    """The «…_id» half of a SchoolForeignKey. Made by it; in migrations it is listed too and must not double."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Join the model unless the relation has already brought this column."""
        if any(field.name == name for field in cls._meta.local_fields):
            return
        super().contribute_to_class(cls, name, private_only)


Set = TypeVar("Set", contravariant=True)
Get = TypeVar("Get", covariant=True)

if TYPE_CHECKING:
    # what may be set and what is read: django-stubs fills both in from the model that is linked to
    class _Link(ForeignObject[Set, Get]): ...

else:

    class _Link(ForeignObject):
        def __class_getitem__(cls, types: object) -> type:
            return cls


class SchoolForeignKey(_Link[Set, Get]):
    """A link to a row of the same school: (school_id, x_id) → (school_id, id), as relation and as constraint."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, *, null: bool = False, **kwargs: Any) -> None:
        for given in ("from_fields", "to_fields"):
            kwargs.pop(given, None)
        super().__init__(
            to, on_delete, from_fields=["school_id", "?"], to_fields=["school_id", "id"], null=null, **kwargs
        )

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **kwargs: Any) -> None:
        """Bring the column and, on a real table, the constraint."""
        self.from_fields = ["school_id", f"{name}_id"]
        column = SchoolLinkColumn(null=self.null, blank=self.null, editable=False, db_index=False)
        # the column follows the relation at once: a migration's field order must not depend on import order
        column.contribute_to_class(cls, f"{name}_id")
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        # models of past migrations ("__fake__") carry the constraint in their recorded options
        if cls._meta.abstract or cls.__module__ == "__fake__":
            return
        options = cls._meta
        constraint = CompositeForeignKey(
            fields=("school_id", f"{name}_id"),
            to=self._target_label(cls),
            to_fields=("school_id", "id"),
            name=f"{options.app_label}_{options.model_name}_{name}_fk",
        )
        if all(present.name != constraint.name for present in options.constraints):
            options.constraints = [*options.constraints, constraint]
            options.original_attrs.setdefault("constraints", options.constraints)

    def _target_label(self, cls: Any) -> str:
        target: Any = self.remote_field.model
        if target == "self":
            return f"{cls._meta.app_label}.{cls._meta.model_name}"
        if isinstance(target, str):
            return (target if "." in target else f"{cls._meta.app_label}.{target}").lower()
        return str(target._meta.label_lower)

    def deconstruct(self) -> Any:
        """The field lists are derived from the name and stay out of migrations."""
        name, path, args, kwargs = super().deconstruct()
        for derived in ("from_fields", "to_fields"):
            kwargs.pop(derived, None)
        return name, path, args, kwargs
