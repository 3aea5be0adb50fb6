"""The launcher against real servers: an installed one and the wheel's, killed and started again."""

import contextlib
import dataclasses
import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from start import account, binaries, checkout, cluster, door, postgres, running, server
from start.binaries import Binaries
from start.checkout import Problem
from start.cluster import Cluster

FIFTEEN = Binaries(Path("/15/bin"), "15.18")
SIXTEEN = Binaries(Path("/16/bin"), "16.14")


def data_made_by(version: str, folder: Path) -> Path:
    (folder / "PG_VERSION").write_text(f"{version}\n")
    return folder


def test_new_data_takes_the_first_server_found(tmp_path: Path) -> None:
    assert binaries.choose([SIXTEEN, FIFTEEN], tmp_path / "data") == SIXTEEN


def test_old_data_keeps_the_server_that_made_it(tmp_path: Path) -> None:
    assert binaries.choose([SIXTEEN, FIFTEEN], data_made_by("15", tmp_path)) == FIFTEEN


def test_data_of_a_missing_version_is_left_alone_and_explained(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"PostgreSQL 14.*только 15, 16") as refusal:
        binaries.choose([SIXTEEN, FIFTEEN], data_made_by("14", tmp_path))
    assert "postgresql-14" in str(refusal.value)
    assert (tmp_path / "PG_VERSION").exists()


def test_no_server_at_all_is_explained(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="apt-get install postgresql"):
        binaries.choose([], tmp_path)


def test_given_database_is_used_and_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/diary")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/diary")
    assert postgres.ensure_running() == postgres.Urls("postgresql://app@db/diary", "postgresql://owner@db/diary")


def test_given_database_without_an_owner_warns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/diary")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    assert postgres.ensure_running().owner == "postgresql://app@db/diary"
    assert "DATABASE_OWNER_URL" in capsys.readouterr().err


def test_variables_of_libpq_do_not_reach_the_diary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    assert "PGPORT" not in postgres.Urls("a", "b").environment()


def test_private_folder_is_private(tmp_path: Path) -> None:
    made = checkout.private_folder(tmp_path / "s", os.geteuid(), os.getegid())
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_private_folder_refuses_a_link_put_there_by_another(tmp_path: Path) -> None:
    (tmp_path / "s").symlink_to("/tmp")
    with pytest.raises(Problem):
        checkout.private_folder(tmp_path / "s", os.geteuid(), os.getegid())


def test_open_folder_leaves_an_older_folder_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir(mode=0o700)
    assert stat.S_IMODE(checkout.open_folder(tmp_path / "old").stat().st_mode) == 0o700


def test_passwords_are_made_once_and_readable_by_us_alone(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    first = checkout.passwords(file, ("a", "b"))
    assert checkout.passwords(file, ("a", "b")) == first
    assert first["a"] != first["b"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_long_log_is_set_aside(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    for text in ("first", "second"):
        log.write_text(text + " " * 5_000_000)
        checkout.rotate(log)
    assert not log.exists()
    assert (tmp_path / "server.log.2").read_text().startswith("first")


def test_taken_port_is_explained_with_another_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem, match=f"PORT={port + 1} make run"):
            door.Door("127.0.0.1", port).must_be_free()


def test_pid_left_behind_by_a_killed_run_is_not_taken_for_a_running_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_FILE", tmp_path / "run.pid")
    (tmp_path / "run.pid").write_text(f'{{"pid": {os.getpid()}, "address": "http://x"}}')
    assert running.running() is None


def test_second_run_is_told_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_FILE", tmp_path / "run.pid")
    with running.only_here("http://127.0.0.1:8000"):
        with pytest.raises(running.AlreadyRunning), running.only_here("http://127.0.0.1:9"):
            pass
        assert running.running() == running.Running(os.getpid(), "http://127.0.0.1:8000")
    assert running.running() is None


@pytest.fixture(scope="module", params=["installed", "wheel"])
def throwaway(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A running server of each kind."""
    name = f"launcher-{request.param}-{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIARY_POSTGRES", request.param)
        made = cluster.throwaway_cluster(name)
        if not any(binaries.find(made.account, made.home)):
            server.remove(made)
            pytest.skip(f"no {request.param} PostgreSQL here")
        postgres.ensure_running(throwaway=name)
        yield made
        postgres.stop(throwaway=name)
    assert not made.home.exists()


def restart(throwaway: Cluster) -> None:
    postgres.ensure_running(throwaway=throwaway.home.name)


def connected(throwaway: Cluster, role: str, database: str = "diary") -> psycopg.Connection:
    return psycopg.connect(throwaway.url(role, database), autocommit=True)


def kill_outright(throwaway: Cluster) -> None:
    pid = server.postmaster(throwaway)
    assert pid
    os.kill(pid, signal.SIGKILL)


def test_server_listens_on_no_network(throwaway: Cluster) -> None:
    with connected(throwaway, "diary_owner") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)


def test_server_does_not_run_as_root(throwaway: Cluster) -> None:
    assert throwaway.data.stat().st_uid == throwaway.account.uid != 0


def test_wrong_password_is_refused(throwaway: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://diary_app:wrong@/diary?host={throwaway.sockets}").close()


def test_cyrillic_letters_change_case(throwaway: Cluster) -> None:
    with connected(throwaway, "diary_app") as connection:
        assert connection.execute("SELECT upper('ёж'), 'ЁЖ' ILIKE 'ёж'").fetchone() == ("ЁЖ", True)


@pytest.mark.parametrize("role", ["diary_app", "diary_owner"])
def test_no_role_of_the_diary_bypasses_row_security(throwaway: Cluster, role: str) -> None:
    with connected(throwaway, role) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert rights == (False, False, False, role == "diary_owner")


def test_application_role_owns_nothing_and_makes_nothing(throwaway: Cluster) -> None:
    with connected(throwaway, "diary_app") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (x int)")


def test_database_made_by_the_owner_is_born_with_a_closed_schema(throwaway: Cluster) -> None:
    with connected(throwaway, "diary_owner") as connection:
        connection.execute("CREATE DATABASE test_diary")
    with connected(throwaway, "diary_owner", "test_diary") as connection:
        connection.execute("CREATE TABLE ours (x int)")
    with connected(throwaway, "diary_app", "test_diary") as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM ours")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (x int)")


def test_data_survives_a_killed_server(throwaway: Cluster) -> None:
    server.stop(throwaway)
    durable = dataclasses.replace(throwaway, is_throwaway=False)
    server.start(durable)
    with connected(durable, "diary_owner") as connection:
        connection.execute("CREATE TABLE survivor AS SELECT 5 AS mark")
    kill_outright(durable)
    server.start(durable)
    with connected(durable, "diary_owner") as connection:
        assert connection.execute("SELECT mark FROM survivor").fetchone() == (5,)


def test_lock_files_that_name_another_living_program_do_not_stop_the_server(throwaway: Cluster) -> None:
    kill_outright(throwaway)
    with other_program(throwaway.account) as pid:
        lock = throwaway.data / "postmaster.pid"
        lock.write_text("\n".join([str(pid), *lock.read_text().split("\n")[1:]]))
        restart(throwaway)
        assert server.postmaster(throwaway) not in (None, pid)


@contextlib.contextmanager
def other_program(owner: account.Account) -> Iterator[int]:
    """Something alive under the server's own account: of another's process the server would not be afraid."""
    process = subprocess.Popen(["sleep", "30"], cwd="/", user=owner.uid if os.geteuid() == 0 else None)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def test_starting_twice_keeps_the_same_server(throwaway: Cluster) -> None:
    restart(throwaway)
    first = server.postmaster(throwaway)
    restart(throwaway)
    assert server.postmaster(throwaway) == first


def test_stopped_server_is_seen_as_stopped_and_starts_again(throwaway: Cluster) -> None:
    assert server.stop(throwaway)
    assert not server.is_answering(throwaway)
    assert not server.stop(throwaway)
    restart(throwaway)
    assert server.is_answering(throwaway)


def test_durable_server_is_never_removed(throwaway: Cluster) -> None:
    with pytest.raises(ValueError, match="never removed"):
        server.remove(dataclasses.replace(throwaway, is_throwaway=False))
