"""Every command of the README does what it says, typed as printed after `make run` (F13)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGET = re.compile(r"(?<![\w/-])make ([a-z]+)")
COMMAND = re.compile(r"\.venv/bin/python manage\.py [a-z_]+[^`\n]*")
READMES = ("README.md", "README.ru.md")
GIVEN = ("DATABASE", "DIARY_", "DJANGO_", "SECRET_KEY", "PG")


def printed(pattern: re.Pattern[str]) -> list[str]:
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in READMES)
    return sorted(set(pattern.findall(text)))


def environment() -> dict[str, str]:
    """A person's terminal: nothing of the diary is set."""
    return {name: value for name, value in os.environ.items() if not name.startswith(GIVEN)}


def run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=folder, env=environment(), check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """Another checkout with the database of `make run` and two small schools in it."""
    folder = Path(tempfile.mkdtemp(prefix="diary-readme-"))
    folder.chmod(0o755)
    skipped = shutil.ignore_patterns("__pycache__", "tests")
    for package in ("diary", "demo", "start"):
        shutil.copytree(ROOT / package, folder / package, ignore=skipped)
    shutil.copy(ROOT / "manage.py", folder)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    try:
        for words in (
            ("-m", "start.postgres", "start"),
            ("manage.py", "migrate", "-v0"),
            ("manage.py", "make_demo_school", "--small", "--date", "2026-10-14"),
        ):
            done = run(folder, sys.executable, *words)
            assert done.returncode == 0, done.stdout
        yield folder
    finally:
        run(folder, sys.executable, "-m", "start.postgres", "stop")
        shutil.rmtree(folder)


@pytest.mark.parametrize("command", printed(COMMAND))
def test_command_of_the_readme_works_as_printed(checkout: Path, command: str) -> None:
    words = command.split()
    done = run(checkout, sys.executable, *words[1:])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("target", printed(TARGET))
def test_make_has_every_target_of_the_readme(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
