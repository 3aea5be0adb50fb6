"""The measured databases: on a PostgreSQL server of their own under .run/bench, durable, kept between runs."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from psycopg import sql

from bench.clones import clone_schools
from bench.shapes import Shape
from start import server
from start.account import server_account
from start.checkout import MARK, ROOT, RUN, Problem, master_key_file, open_folder, private_folder, say, secret_key
from start.cluster import APP, OWNER, SUPERUSER, Cluster
from start.postgres import Urls
from start.roles import prepare
from start.steps import as_owner

_FILLERS = 2


def bench_cluster() -> Cluster:
    """The server with real durability; its folder may be removed when nobody measures any more."""
    home = open_folder(open_folder(RUN) / "bench")
    account = server_account(home / "data")
    if not account.can_enter(home):
        raise Problem(f"{account.name} не может войти в {home} / cannot enter {home}")
    sockets = private_folder(Path(f"/tmp/elektronny-dnevnik-{account.uid}-{MARK}-bench"), account.uid, account.gid)
    return Cluster(home, sockets, account, is_throwaway=False)


def ready(cluster: Cluster, shape: Shape) -> dict[str, str]:
    """The environment of the diary's processes on this database, which is made and filled when it is not there."""
    with cluster.locked():
        server.start(cluster)
        prepare(cluster)
    environment = environment_of(cluster, shape)
    if not _exists(cluster, shape.database):
        _make(cluster, shape)
    else:
        _manage("migrate", environment=environment)
    return environment


SWEEP = (
    "DELETE FROM gradebook_mark WHERE place > 1",
    "DELETE FROM gradebook_markchange c WHERE NOT EXISTS"
    " (SELECT 1 FROM gradebook_mark m WHERE m.school_id = c.school_id AND m.id = c.mark_id)",
    "TRUNCATE audit_unsealedevent, audit_auditseal, audit_auditevent, core_doneonce, notifications_notification",
    "TRUNCATE procrastinate_jobs, procrastinate_periodic_defers, procrastinate_events, door_session",
)


def sweep(cluster: Cluster, shape: Shape) -> None:
    """Take away what earlier measurements wrote, so that every run starts from the same school."""
    with _superuser(cluster, shape.database) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in SWEEP:
            connection.execute(statement)
        connection.execute("VACUUM (ANALYZE)")


def environment_of(cluster: Cluster, shape: Shape) -> dict[str, str]:
    urls = Urls(cluster.url(APP, shape.database), cluster.url(OWNER, shape.database))
    return urls.environment() | {
        "DJANGO_SETTINGS_MODULE": "diary.config.settings.dev",
        "SECRET_KEY": secret_key(),
        "DIARY_MASTER_KEY_FILE": master_key_file(cluster.home),
        "PYTHONUNBUFFERED": "1",
    }


def _exists(cluster: Cluster, database: str) -> bool:
    with _superuser(cluster, "template1") as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is not None


def _make(cluster: Cluster, shape: Shape) -> None:
    """Fill under another name and rename at the end: an interrupted filling leaves nothing that looks whole."""
    started = time.monotonic()
    say(f"  заполняю {shape.database}: {shape.pupils:,} учеников, {shape.marks:,} отметок; один раз")
    draft = Shape(f"{shape.database}_draft", shape.schools, shape.classes, shape.subjects)
    with _superuser(cluster, "template1") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft.database)))
        make = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(make.format(sql.Identifier(draft.database), sql.Identifier(OWNER)))
    _manage("migrate", environment=environment_of(cluster, draft))
    filling = environment_of(cluster, draft) | {"DATABASE_OWNER_URL": cluster.url(SUPERUSER, draft.database)}
    _first_school(shape, filling)
    with ThreadPoolExecutor(_FILLERS) as fillers:
        shares = [range(2 + one, shape.schools + 1, _FILLERS) for one in range(_FILLERS)]
        list(fillers.map(lambda share: _clone(cluster, draft.database, share), shares))
    with _superuser(cluster, draft.database) as connection:
        connection.execute(
            "SELECT setval(pg_get_serial_sequence('accounts_rolegrant', 'id'), max(id)) FROM accounts_rolegrant"
        )
        connection.execute("SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), max(id)) FROM accounts_user")
        connection.execute("VACUUM (ANALYZE)")
    with _superuser(cluster, "template1") as connection:
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(draft.database), sql.Identifier(shape.database)))
        connection.execute("CHECKPOINT")
    say(f"  заполнено за {time.monotonic() - started:.0f} с")


def _clone(cluster: Cluster, database: str, numbers: range) -> None:
    with _superuser(cluster, database) as connection:
        clone_schools(connection, numbers)


def _first_school(shape: Shape, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bench.school", str(shape.classes), str(shape.subjects)]
    _run(command, environment)


def _manage(*words: str, environment: dict[str, str]) -> None:
    _run([sys.executable, "manage.py", *words, "-v0"], environment)


def _run(command: list[str], environment: dict[str, str]) -> None:
    if subprocess.run(command, cwd=ROOT, env=as_owner(environment), check=False).returncode != 0:
        raise Problem(
            "База для измерений не обновилась. Её можно создать заново: остановите сервер и уберите папку .run/bench.\n"
            "The database of the measurements could not be brought up to date: remove .run/bench to make it anew."
        )


def _superuser(cluster: Cluster, database: str) -> psycopg.Connection:
    return psycopg.connect(cluster.url(SUPERUSER, database), autocommit=True)
