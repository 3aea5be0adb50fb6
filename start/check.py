"""`make check`: all that can be judged without running the tests, two at a time. Every check runs; one failure fails
the whole."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

from start.checkout import ROOT, Problem, say, warn
from start.postgres import throwaway_database
from start.steps import as_owner
from start.test import test_environment

_PROGRAMS = Path(sys.executable).parent
_MANAGE = (sys.executable, "manage.py")

# The longest first: the others pass beside it.
CHECKS: dict[str, tuple[str | Path, ...]] = {
    "mypy": (sys.executable, "-m", "mypy", "diary", "demo", "start", "tests/architecture/kept_types.py"),
    "ruff check": (sys.executable, "-m", "ruff", "check", "."),
    "ruff format": (sys.executable, "-m", "ruff", "format", "--check", "."),
    "import-linter": (_PROGRAMS / "lint-imports",),
    "manage.py check": (*_MANAGE, "check"),
    "makemigrations --check": (*_MANAGE, "makemigrations", "--check", "--dry-run"),
    "check_templates": (*_MANAGE, "check_templates"),
    "check_translations": (*_MANAGE, "check_translations"),
}


def check() -> int:
    """How many checks failed."""
    with throwaway_database("check") as urls:
        environment = as_owner(test_environment(urls))
        with ThreadPoolExecutor(2) as pool:
            passes = pool.map(_passes, CHECKS, CHECKS.values(), repeat(environment))
            return sum(not is_good for is_good in passes)


def _passes(title: str, command: tuple[str | Path, ...], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    result = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    is_good = result.returncode == 0
    verdict = f"{'ok  ' if is_good else 'FAIL'} {title} ({time.monotonic() - started:.1f} с)"
    say(verdict if is_good else f"{verdict}\n{result.stdout}")
    return is_good


def main() -> int:
    try:
        return 1 if check() else 0
    except (Problem, OSError, subprocess.SubprocessError) as problem:
        warn(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
