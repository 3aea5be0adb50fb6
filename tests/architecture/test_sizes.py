"""How large a file, a function and a room may grow. What is larger stands here with its reason and a limit of its own,
which only comes down."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import DIARY, ROOT, tree

FILE, FUNCTION, ROOM = 400, 50, 3_500  # lines
LARGER_FILES = {
    "demo/topics_data.py": (548, "a list of topics"),
    "diary/people/intake/reading/linked_rows.py": (411, "to be split by kind of row"),
    "diary/people/intake/reading/template_columns.py": (552, "a list of columns"),
    "diary/people/intake/records.py": (466, "one record for each kind of row"),
    "diary/people/intake/tests/test_saving.py": (490, "to be split by kind of row"),
    "tests/architecture/test_database_locks.py": (482, "one lock of the database after another"),
}
LARGER_FUNCTIONS = {
    "diary/gates/integrations/oneroster/tests/made.py common": (58, "a set of rows"),
    "diary/people/intake/tests/made.py small_school": (53, "a set of rows"),
    "tests/people.py _fill": (183, "the cast, person after person"),
}
LARGER_ROOMS = {
    "diary/people/intake": (5_650, "reading, checking and saving eleven kinds of rows; to be split"),
    "diary/people/door": (3_800, "to be split by subject"),
}


def files() -> Iterator[Path]:
    for folder in ("bench", "demo", "diary", "start", "tests"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def judged(found: dict[str, int], most: int, larger: dict[str, tuple[int, str]]) -> list[str]:
    """A sentence for each thing that has grown over its limit, or stands in the list without need."""
    allowed = {name: larger.get(name, (most, ""))[0] for name in found}
    grown = [f"{name}: {size} lines, at most {allowed[name]}" for name, size in found.items() if size > allowed[name]]
    idle = [f"{name}: take it off the list" for name in larger if found.get(name, 0) <= most]
    return sorted(grown + idle)


def test_no_file_is_longer_than_one_can_read() -> None:
    assert not judged({str(path.relative_to(ROOT)): lines(path) for path in files()}, FILE, LARGER_FILES)


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        f"{path.relative_to(ROOT)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not judged(found, FUNCTION, LARGER_FUNCTIONS)


def test_no_room_is_larger_than_one_can_know() -> None:
    found: Counter[str] = Counter()
    rooms = [path.parent for path in DIARY.rglob("apps.py")]
    for path in files():
        room = next((room for room in rooms if room in path.parents), None)
        if room and "tests" not in path.parts:
            found[str(room.relative_to(ROOT))] += lines(path)
    assert not judged(found, ROOM, LARGER_ROOMS)


def test_what_has_grown_and_what_is_idle_is_named() -> None:
    assert judged({"new": 11, "old": 15, "less": 3}, 10, {"old": (14, "why"), "less": (12, "why")}) == [
        "less: take it off the list",
        "new: 11 lines, at most 10",
        "old: 15 lines, at most 14",
    ]


def test_every_migration_has_a_name_of_its_own() -> None:
    """C14"""
    kept = {  # applied in installations: their names cannot change
        "diary/people/notifications/migrations/0002_alter_notification_user.py",
        "diary/people/roster/migrations/0003_alter_guardian_user_alter_staff_user_and_more.py",
    }
    found = {
        str(path.relative_to(ROOT))
        for path in DIARY.rglob("migrations/0*.py")
        if any(part in path.stem for part in ("_alter_", "_auto_", "_and_more"))
    }
    assert found == kept
