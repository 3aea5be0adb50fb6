"""A page never streams: what is long leaves by the file door, which holds no thread for a slow reader (C5)."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2] / "diary"
FILE_DOOR = ROOT / "foundation" / "files"
STREAMING = {"StreamingHttpResponse", "FileResponse"}


def streaming_names(source: str) -> set[str]:
    """Names of streaming answers that a module takes from Django."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            found |= {alias.name.rpartition(".")[2] for alias in node.names} & STREAMING
        if isinstance(node, ast.Attribute):
            found |= {node.attr} & STREAMING
    return found


def test_a_streaming_answer_is_seen() -> None:
    assert streaming_names("from django.http import FileResponse") == {"FileResponse"}
    assert streaming_names("import django.http\ndjango.http.StreamingHttpResponse([])") == {"StreamingHttpResponse"}


def test_no_room_gives_a_streaming_answer() -> None:
    breaking = [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.rglob("*.py"))
        if FILE_DOOR not in path.parents and streaming_names(path.read_text(encoding="utf-8"))
    ]
    assert breaking == [], "give back foundation.files.answers.FileAnswer instead"
