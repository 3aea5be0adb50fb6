"""The diary's PostgreSQL: DATABASE_URL where it is given, else a server of our own.

python -m start.postgres start|stop|status|url|owner-url|psql|with [--throwaway NAME] [-- words for psql or with]
"""

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from start import server
from start.checkout import RUN, Problem, master_key_file, open_folder, say, warn
from start.cluster import APP, OWNER, Cluster, durable_cluster, throwaway_cluster, throwaway_folder
from start.roles import DATABASE, prepare
from start.signals import finish_undisturbed, stop_in_order


@dataclass(frozen=True)
class Urls:
    app: str
    owner: str

    def environment(self) -> dict[str, str]:
        """Variables for the diary's processes. PG… variables are left out: libpq would mix them into the address."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {"DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner}


def is_given() -> bool:
    """Whether the person brings a database; then we start and stop nothing."""
    return bool(os.environ.get("DATABASE_URL"))


def ensure_running(*, throwaway: str | None = None) -> Urls:
    """A database that answers, with its roles. A throw-away one never touches DATABASE_URL."""
    if throwaway is None and is_given():
        return _given_urls()
    cluster = _cluster(throwaway)
    with cluster.locked():
        server.start(cluster)
        prepare(cluster)
    return Urls(cluster.url(APP, DATABASE), cluster.url(OWNER, DATABASE))


def is_answering() -> bool:
    """Whether the server of `make run` accepts connections."""
    return server.is_answering(_cluster(None))


def master_key() -> dict[str, str]:
    """The variable that names our key of encryption; nothing where the person gives one."""
    if os.environ.get("DIARY_MASTER_KEY_FILE") or os.environ.get("DIARY_MASTER_KEY"):
        return {}
    return {"DIARY_MASTER_KEY_FILE": master_key_file(open_folder(RUN) if is_given() else _cluster(None).home)}


def stop(*, throwaway: str | None = None) -> bool:
    """Stop our server (a throw-away one is removed as well); whether it ran."""
    cluster = _cluster(throwaway)
    with cluster.locked():
        was_running = server.stop(cluster)
        if cluster.is_throwaway:
            server.remove(cluster)
    return was_running


@contextlib.contextmanager
def throwaway_database(purpose: str) -> Iterator[Urls]:
    """A fresh server for the length of a block, gone after it, on Ctrl+C and SIGTERM too."""
    _remove_left_behind()
    name = f"{purpose}-{os.getpid()}"
    stop_in_order()
    try:
        yield ensure_running(throwaway=name)
    finally:
        finish_undisturbed()
        stop(throwaway=name)


def _remove_left_behind() -> None:
    """Servers whose `make test` was killed outright: the number in the name is no living process."""
    for home in throwaway_folder().iterdir():
        pid = home.name.rpartition("-")[2]
        if pid.isdigit() and not _is_alive(int(pid)):
            stop(throwaway=home.name)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _cluster(throwaway: str | None) -> Cluster:
    return throwaway_cluster(throwaway) if throwaway else durable_cluster()


def _given_urls() -> Urls:
    app = os.environ["DATABASE_URL"]
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        warn(
            "ВНИМАНИЕ: DATABASE_OWNER_URL не задан: миграции пойдут от роли приложения, а владельца таблиц защита\n"
            "строк не ограничивает. Для настоящей школы нужны две роли.\n"
            "WARNING: DATABASE_OWNER_URL is not set: migrations will run as the application's role, and row security\n"
            "does not bind the owner of tables. A real school needs two roles."
        )
    return Urls(app, owner or app)


def _status(throwaway: str | None) -> int:
    if throwaway is None and is_given():
        say("DATABASE_URL задан, свой сервер не нужен / DATABASE_URL is given, no server of our own")
        return 0
    cluster = _cluster(throwaway)
    pid = server.postmaster(cluster)
    say(f"работает / running, pid {pid}, {cluster.home}" if pid else f"не работает / not running, {cluster.home}")
    return 0 if pid else 3


def _psql(throwaway: str | None, words: list[str]) -> int:
    urls = ensure_running(throwaway=throwaway)
    folder = "" if throwaway is None and is_given() else f"{_cluster(throwaway).binaries().folder}/"
    address = conninfo_to_dict(urls.owner)
    secret = {"PGPASSWORD": str(address.pop("password", ""))}  # a command line can be read by all on the machine
    command = [f"{folder}psql", make_conninfo("", **address), *words]
    return subprocess.run(command, env=urls.environment() | secret, check=False).returncode


def _with(throwaway: str | None, words: list[str]) -> int:
    """Run a command with the addresses in its environment."""
    with throwaway_database(throwaway) if throwaway else contextlib.nullcontext(ensure_running()) as urls:
        return subprocess.run(words, env=urls.environment(), check=False).returncode


def _obey(command: str, throwaway: str | None, words: list[str]) -> int:
    match command:
        case "start":
            ensure_running(throwaway=throwaway)
            return _status(throwaway)
        case "stop":
            stop(throwaway=throwaway)
        case "status":
            return _status(throwaway)
        case "url":
            say(ensure_running(throwaway=throwaway).app)
        case "owner-url":
            say(ensure_running(throwaway=throwaway).owner)
        case "psql":
            return _psql(throwaway, words)
        case "with":
            return _with(throwaway, words)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m start.postgres", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status", "url", "owner-url", "psql", "with"))
    parser.add_argument("--throwaway", metavar="NAME")
    border = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    asked = parser.parse_args(sys.argv[1:border])
    try:
        return _obey(asked.command, asked.throwaway, sys.argv[border + 1 :])
    except (Problem, OSError, subprocess.TimeoutExpired) as problem:
        warn(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
