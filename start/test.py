"""`make test`: all tests against a throw-away PostgreSQL of their own, on all cores. ARGS goes to pytest."""

import os
import secrets
import shlex
import subprocess
import sys

from start import chromium
from start.checkout import ROOT, Problem, new_master_key, warn
from start.postgres import Urls, throwaway_database
from start.steps import Steps, prepare_pages

SETTINGS = "diary.config.settings.test"


def test(arguments: list[str]) -> int:
    """Pytest's exit code."""
    steps = Steps(3)
    with steps.step("Браузер"):
        browser = _browser()
    with throwaway_database("test") as urls:
        environment = test_environment(urls) | browser
        with steps.step("Переводы и файлы страниц"):
            prepare_pages(environment)
        with steps.step("Тесты"):
            result = _pytest(arguments, environment)
    if not browser:
        warn("ВНИМАНИЕ: браузера нет, проверки в браузере не выполнялись. / No browser: its tests did not run.")
    return result


def test_environment(urls: Urls) -> dict[str, str]:
    """Variables of a process that works on a throw-away database."""
    secret = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DIARY_MASTER_KEY": new_master_key(),
        "DIARY_MASTER_KEY_FILE": "",
    }
    return urls.environment() | {"DJANGO_SETTINGS_MODULE": SETTINGS} | secret


def _browser() -> dict[str, str]:
    """On a person's machine the other tests are worth running without a browser; CI must not pass without it."""
    try:
        return {"CHROMIUM": str(chromium.ensure())}
    except Problem as problem:
        if os.environ.get("CI"):
            raise
        warn(str(problem))
        return {}


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    """On all cores (`-n0`: on one). Waits for pytest's own end after Ctrl+C, while the database is still there."""
    process = subprocess.Popen([sys.executable, "-m", "pytest", "-n", "auto", *arguments], cwd=ROOT, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        try:
            process.wait(10)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            process.kill()
        raise


def main() -> int:
    try:
        return test(shlex.split(os.environ.get("ARGS", "")) + sys.argv[1:])
    except (Problem, OSError, subprocess.SubprocessError) as problem:
        warn(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
