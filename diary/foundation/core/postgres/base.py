"""The backend that DATABASES names."""

from __future__ import annotations

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Many new rows are written as VALUES, by Django's common compiler.

    The backend's own compiler writes UNNEST, which becomes a COPY on Citus, and row security refuses that (S2).
    """

    compiler_module = "django.db.models.sql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how statements are written."""

    ops_class = DatabaseOperations
