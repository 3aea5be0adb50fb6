"""Finds Chromium for the browser tests, or installs Debian's; prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from start.checkout import Problem, warn

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = ("chromium", "fonts-dejavu-core")


def ensure() -> Path:
    """The browser's path; installs it where that can be done without asking anything."""
    if browser := find():
        return browser
    _install()
    if browser := find():
        return browser
    raise _missing("Установка не помогла. / Installing did not help.")


def find() -> Path | None:
    given = os.environ.get("CHROMIUM")
    if given:
        if not Path(given).exists():
            raise _missing(f"CHROMIUM={given}: такого файла нет. / There is no such file.")
        return Path(given)
    for name in _NAMES:
        if path := shutil.which(name):
            return Path(path)
    downloaded = Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome")
    return next(iter(sorted(downloaded, reverse=True)), None)


def _install() -> None:
    apt = shutil.which("apt-get")
    if not apt:
        raise _missing("Здесь нет apt-get. / There is no apt-get here.")
    warn("Ставлю Chromium для проверок в браузере / installing Chromium for the browser tests …")
    as_root = _words_for_root()
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *_PACKAGES]):
        command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", apt, *words]
        # Progress goes to stderr: stdout carries the path alone.
        if subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode != 0:
            raise _missing(f"Не удалось / failed: {' '.join(command)}")


def _words_for_root() -> list[str]:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    raise _missing("Нет прав root, а sudo требует пароль. / No root rights, and sudo wants a password.")


def _missing(reason: str) -> Problem:
    return Problem(
        f"Нет браузера для проверок. {reason}\n"
        f"Поставьте его: sudo apt-get install {' '.join(_PACKAGES)} — или укажите свой: CHROMIUM=/путь make test\n"
        f"No browser for the tests. Install one as above or name yours: CHROMIUM=/path make test"
    )


def main() -> int:
    try:
        print(ensure())
    except Problem as problem:
        warn(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
