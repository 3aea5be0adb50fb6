"""The project's own code as files and syntax trees, for the tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIARY = ROOT / "diary"
NOT_CODE = {"tests", "migrations"}


def code_files(*, without: frozenset[str] = frozenset(NOT_CODE)) -> Iterator[Path]:
    """Python files of the product, in order."""
    for path in sorted(DIARY.rglob("*.py")):
        if not without & set(path.relative_to(DIARY).parts):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST) -> str:
    """«diary/desks/home/views.py:17»."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def module_name(path: Path) -> str:
    """«diary.desks.home.views»."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def dotted(node: ast.AST) -> str:
    """«dt.datetime.now» of a name or a chain of attributes; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""
