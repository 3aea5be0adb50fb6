"""The operating system's account that the database server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from start.checkout import Problem


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def run(self, command: Sequence[str | Path], *, timeout: int = 120) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, from a folder that it can read, and collect what it prints."""
        is_other = self.uid != os.geteuid()
        return subprocess.run(
            list(command),
            check=False,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            user=self.uid if is_other else None,
            group=self.gid if is_other else None,
            extra_groups=[] if is_other else None,
        )

    def can_enter(self, path: Path) -> bool:
        """Whether this account can reach the path through all folders above it."""
        return self.run(["test", "-x", path]).returncode == 0


def _environment() -> dict[str, str]:
    """Without the caller's PG… variables: they would send the server's tools to another database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def account_of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # a container may run under a number without a name
        return Account(str(uid), uid, os.getegid())
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_account(data: Path) -> Account:
    """Whoever owns the data already; else ourselves; as root an account without rights."""
    if os.geteuid() != 0:
        return account_of(os.geteuid())
    if data.exists() and data.stat().st_uid != 0:
        return account_of(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return account_of(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise Problem(
        "PostgreSQL не работает от root, а пользователей postgres и nobody нет. Запустите make не от root.\n"
        "PostgreSQL refuses to run as root and there is no user postgres or nobody. Start make as another user."
    )
