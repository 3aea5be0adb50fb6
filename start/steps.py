"""Numbered steps with their seconds, and manage.py commands run quietly inside them."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from start.checkout import ROOT, Problem, last_lines, log_file, say


class Steps:
    """Prints «[2/6] Миграции» and, when the step is done, its seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._number = 0

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        self._number += 1
        say(f"[{self._number}/{self._total}] {title}")
        started = time.monotonic()
        yield
        say(f"      {time.monotonic() - started:.1f} с")


def as_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """For commands that change tables: settings then connect as the owner."""
    return {**environment, "DIARY_DATABASE_ROLE": "owner"}


def manage(*words: str, environment: Mapping[str, str]) -> None:
    """A manage.py command that speaks for itself at the terminal."""
    if subprocess.run(_command(words), cwd=ROOT, env=environment, check=False).returncode != 0:
        raise _failed(words, "")


def manage_quietly(*words: str, environment: Mapping[str, str]) -> None:
    """A manage.py command whose output goes to a log and is shown only if it fails."""
    path = log_file(words[0])
    with path.open("w") as log:
        result = subprocess.run(
            _command(words), cwd=ROOT, env=environment, check=False, stdout=log, stderr=subprocess.STDOUT
        )
    if result.returncode != 0:
        raise _failed(words, f"{last_lines(path, 40)}\n{path}")


def prepare_pages(environment: Mapping[str, str]) -> None:
    """What pages need beside the database: compiled translations and collected static files."""
    manage_quietly("compile_translations", environment=environment)
    manage_quietly("collectstatic", "--noinput", "-v0", environment=environment)


def _command(words: tuple[str, ...]) -> list[str | Path]:
    return [sys.executable, ROOT / "manage.py", *words]


def _failed(words: tuple[str, ...], shown: str) -> Problem:
    return Problem(f"Не получилось / failed: manage.py {' '.join(words)}\n{shown}".rstrip())
