"""One PostgreSQL cluster of this checkout: where its data, socket and passwords are, and whose they are."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from start import binaries
from start.account import Account, server_account
from start.binaries import Binaries
from start.checkout import MARK, RUN, Problem, locked, open_folder, passwords, private_folder

SUPERUSER, OWNER, APP = "postgres", "diary_owner", "diary_app"

# Short on purpose: a socket's path over 107 bytes fails.
# Not $XDG_RUNTIME_DIR: it goes away at log-out while the server stays.
_TEMPORARY = Path("/tmp")
_FAR_HOME = Path("/var/lib/elektronny-dnevnik")


@dataclass(frozen=True)
class Cluster:
    home: Path  # data, log and passwords of this server
    sockets: Path
    account: Account
    is_throwaway: bool

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log" / "server.log"

    def passwords(self) -> dict[str, str]:
        return passwords(self.home / "passwords.json", (SUPERUSER, OWNER, APP))

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.passwords()[role]}@/{database}?host={self.sockets}"

    def binaries(self) -> Binaries:
        return binaries.choose(binaries.find(self.account, self.home), self.data)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Only one process at a time starts or stops this server."""
        with locked(self.home / "launcher.lock"):
            yield


def durable_cluster() -> Cluster:
    """The server of `make run`."""
    home = _durable_home()
    account = server_account(home / "data")
    sockets = _TEMPORARY / f"elektronny-dnevnik-{account.uid}-{MARK}"
    return Cluster(home, private_folder(sockets, account.uid, account.gid), account, is_throwaway=False)


def throwaway_cluster(name: str) -> Cluster:
    """A fast server that may lose its data: for tests, checks and measurements."""
    home = private_or_open(throwaway_folder() / name)
    account = server_account(home / "data")
    sockets = private_folder(home / "s", account.uid, account.gid)
    return Cluster(home, sockets, account, is_throwaway=True)


def throwaway_folder() -> Path:
    """Where the throw-away servers of this checkout and account live."""
    return private_or_open(_TEMPORARY / f"elektronny-dnevnik-{os.geteuid()}-{MARK}-throwaway")


def private_or_open(path: Path) -> Path:
    """Ours alone; as root open to be passed, since another account's server lives inside. All in it is private."""
    if os.geteuid() != 0:
        return private_folder(path, os.geteuid(), os.getegid())
    if open_folder(path).lstat().st_uid != 0 or path.is_symlink():
        raise Problem(f"Папка {path} чужая, уберите её. / The folder {path} is somebody else's, move it away.")
    return path


def _durable_home() -> Path:
    """.run/postgres; as root, for a checkout that the server's account cannot enter, a folder under /var/lib."""
    near = open_folder(RUN) / "postgres"
    if server_account(near / "data").can_enter(RUN):
        return open_folder(near)
    return open_folder(open_folder(_FAR_HOME) / MARK)
