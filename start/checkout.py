"""Where this checkout keeps its own files, and how these scripts speak to the person at the terminal."""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
LOGS = RUN / "log"
MARK = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]

_LARGEST_LOG = 5_000_000
_OLD_LOGS_KEPT = 3


class Problem(Exception):
    """Something the person can mend; the text says in Russian and English what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def open_folder(path: Path) -> Path:
    """A folder that others may enter, as the server's account must pass. Rights of an older folder stay as they are."""
    with contextlib.suppress(FileExistsError):
        path.mkdir()
        path.chmod(0o755)
    return path


def private_folder(path: Path, uid: int, gid: int) -> Path:
    """A 0700 folder of that account; refuses one that somebody else put there."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        os.chown(path, uid, gid)
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != uid:
        raise Problem(
            f"Папка {path} принадлежит другой учётной записи. Запустите от её имени или уберите папку.\n"
            f"The folder {path} belongs to another account. Start as that account or move the folder away."
        )
    path.chmod(0o700)
    return path


def keep_secret(path: Path, text: str) -> str:
    """Write text to a 0600 file unless the file exists; the answer is what the file holds."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def secret_key() -> str:
    """The demo's signing key, made once per checkout."""
    return keep_secret(open_folder(RUN) / "secret_key", secrets.token_urlsafe(50))


def master_key_file(folder: Path) -> str:
    """The demo's key of encryption, made once and kept beside the data that cannot be read without it."""
    path = folder / "master_key"
    keep_secret(path, new_master_key())
    return str(path)


def new_master_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def passwords(path: Path, names: tuple[str, ...]) -> dict[str, str]:
    """A random password for each name, the same ones at every call."""
    made = {name: secrets.token_urlsafe(24) for name in names}
    return dict(json.loads(keep_secret(path, json.dumps(made))))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process holds this file."""
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def log_file(name: str) -> Path:
    """The path of a log under .run/log; a long one is set aside first."""
    open_folder(RUN)
    path = private_folder(LOGS, os.geteuid(), os.getegid()) / f"{name}.log"
    rotate(path)
    return path


def rotate(path: Path) -> None:
    """Set a long log aside as .1, the older ones as .2 and .3."""
    if not path.exists() or path.stat().st_size < _LARGEST_LOG:
        return
    for number in range(_OLD_LOGS_KEPT, 0, -1):
        newer = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if newer.exists():
            newer.replace(path.with_name(f"{path.name}.{number}"))


def last_lines(path: Path, count: int) -> str:
    """The end of a log, indented, for showing beside an error."""
    if not path.exists():
        return ""
    lines = path.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines)
