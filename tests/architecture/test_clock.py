"""Nothing but `core.clock` reads the time, and a day is always some school's (C2); migrations and models give every
constraint and index a name."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from zoneinfo import available_timezones

import pytest
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from diary.foundation.core import clock
from diary.foundation.core.models import SchoolOwned
from tests.architecture.source import DIARY, ROOT, code_files, dotted, place, tree

CLOCK = DIARY / "foundation" / "core" / "clock.py"
READS_THE_TIME = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|timezone\.now|time\.(time|time_ns|localtime|gmtime))$|^(now|today)$"
)
OF_NO_SCHOOL = re.compile(r"(^|\.)(localtime|localdate|get_current_timezone|get_default_timezone)$")
SQL_TIME = re.compile(r"\b(now\(\)|current_date|current_timestamp|clock_timestamp|statement_timestamp)", re.IGNORECASE)
OF_THE_CLOCK = ("clock.now", "clock.today")
ZONES = available_timezones() - {"UTC"}
# Files of the product that name a zone, and why.
NAME_A_ZONE = {
    "clock.py": "the country's clock, for whoever is in no school",
    "signing.py": "the partner's own clock",
    "template_columns.py": "an example in the head of a column",
    "profiles.py": "the invented schools of the demo",
}
AUTOMATIC = {"auto_now", "auto_now_add"}
# Places that read the time past the clock, and why.
EXCEPTIONS = {
    ("diary/foundation/jobs/rescue.py", "now()"): "compared with the queue's own times, which the database writes",
    ("diary/foundation/jobs/management/commands/check_jobs.py", "now()"): "the same times of the queue",
    ("diary/foundation/core/models.py", "auto_now_add"): "DoneOnce: the row is written by SQL with clock.now()",
    (
        "diary/people/accounts/models/people.py",
        "auto_now_add",
    ): "when a user or a role was made: shown to nobody, no rule reads it",
}


def readings(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Where the time is read past the clock: (what, where)."""
    docstrings = {
        node.body[0].value
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _reads_the_time(node):
            yield dotted(node.func), node
        elif isinstance(node, ast.keyword) and node.arg in AUTOMATIC:
            yield str(node.arg), node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            found = SQL_TIME.search(node.value)
            if found:
                yield found[1], node


def _reads_the_time(call: ast.Call) -> bool:
    name = dotted(call.func)
    if OF_NO_SCHOOL.search(name):
        return True
    if isinstance(call.func, ast.Attribute) and (_is_now(call.func) or _is_bare(call)):
        return True
    return bool(READS_THE_TIME.search(name)) and not name.endswith(OF_THE_CLOCK)


def _is_now(part: ast.Attribute) -> bool:
    """`clock.now().date()`: the machine's day, which is no school's."""
    return (
        part.attr in {"date", "time", "timetz"}
        and isinstance(part.value, ast.Call)
        and dotted(part.value.func) == "clock.now"
    )


def _is_bare(call: ast.Call) -> bool:
    """`at.astimezone()`: the machine's zone."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "astimezone" and not call.args


def zones_named(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Time zones that stand in the code: (name, where)."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and node.value in ZONES:
            yield node.value, node


def test_a_day_has_no_usual_time_zone() -> None:
    """C2: `clock.today()` and `clock.local()` ask for the school's zone; no zone is written into the code."""
    for ask in (clock.today, clock.local):
        assert inspect.signature(ask).parameters["zone"].default is inspect.Parameter.empty
    found = [
        f"{place(path, node)}: {name}"
        for path in code_files()
        if path.name not in NAME_A_ZONE
        for name, node in zones_named(tree(path))
    ]
    assert not found, "take School.timezone:\n" + "\n".join(found)


def test_nothing_but_the_clock_reads_the_time() -> None:
    found = [
        f"{place(path, node)}: {what}"
        for path in code_files()
        if path != CLOCK
        for what, node in readings(tree(path))
        if (str(path.relative_to(ROOT)), what) not in EXCEPTIONS
    ]
    assert not found, "take core.clock:\n" + "\n".join(found)


def test_exceptions_are_still_needed() -> None:
    for file, what in EXCEPTIONS:
        assert what in {name for name, _node in readings(tree(ROOT / file))}, f"{file} no longer has {what}"


@pytest.mark.parametrize(
    "line",
    [
        "dt.datetime.now(dt.UTC)",
        "datetime.datetime.utcnow()",
        "datetime.today()",
        "dt.date.today()",
        "timezone.now()",
        "time.time()",
        "timezone.localtime()",
        "timezone.localtime(at)",
        "at.astimezone()",
        "clock.now().date()",
        "models.DateTimeField(auto_now=True)",
        "cursor.execute('SELECT now()')",
        "cursor.execute('… WHERE held_on > CURRENT_DATE')",
    ],
)
def test_reading_past_the_clock_is_found(line: str) -> None:
    assert list(readings(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["clock.now()", "clock.today(school.timezone)", "clock.local(at, school.timezone)", "time.sleep(1)"]
)
def test_reading_the_clock_passes(line: str) -> None:
    assert not list(readings(ast.parse(line)))


def test_constraints_and_indexes_are_named_by_people() -> None:
    made_by_django = re.compile(r"_[0-9a-f]{6,8}(_idx|_uniq)?$")
    for model in apps.get_models():
        if not model.__module__.startswith("diary."):
            continue
        options = model._meta
        assert not options.unique_together, model
        for thing in (*options.constraints, *options.indexes):
            assert thing.name, model
            assert not made_by_django.search(thing.name), thing.name
            assert thing.name.startswith(options.app_label), f"{thing.name} does not begin with its room"
        if issubclass(model, SchoolOwned):
            unnamed = [field.name for field in options.local_fields if field.unique and not field.primary_key]
            assert not unnamed, f"{model.__name__}.{unnamed}: a named constraint beginning with school"


def test_migrations_say_how_to_go_back_and_name_what_they_add() -> None:
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if not migration.__module__.startswith("diary."):
            continue
        for operation in migration.operations:
            where = f"{app}.{name}: {operation.describe()}"
            assert operation.reversible, where
            if isinstance(operation, migrations.AddIndex):
                assert operation.index.name, where
            if isinstance(operation, migrations.AddConstraint):
                assert operation.constraint.name, where
