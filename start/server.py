"""Making, starting, finding again after a crash, and stopping the server of a cluster. It listens on no network."""

import contextlib
import os
import shlex
import shutil
import socket
import struct
import subprocess
import time
from pathlib import Path

from start.binaries import Binaries
from start.checkout import Problem, last_lines, private_folder, rotate
from start.cluster import SUPERUSER, Cluster, throwaway_folder

_SOCKET = ".s.PGSQL.5432"
_START_PATIENCE = 10.0
_REPLY_PATIENCE = 5.0
# The shortest question of PostgreSQL's protocol: the length, then the code of SSLRequest; the reply is one letter.
_ASK_FOR_TLS = struct.pack("!ii", 8, 80877103)

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "lc_messages": "C",
}
_DURABLE = {"shared_buffers": "256MB", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_THROWAWAY = {"shared_buffers": "128MB", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(cluster: Cluster) -> None:
    """Leave a server that answers, whatever state the last one was left in. Data is never removed."""
    if is_answering(cluster):
        return
    programs = cluster.binaries()
    if not cluster.data.exists():
        _create(cluster, programs)
    _check_owner(cluster)
    _end_a_mute_server(cluster, programs)
    give_up_at = time.monotonic() + _START_PATIENCE
    while (result := _pg_ctl_start(cluster, programs)).returncode != 0:
        # After a SIGKILL orphans may hold the shared memory for some seconds.
        if time.monotonic() > give_up_at:
            raise _could_not_start(cluster, result)
        time.sleep(0.5)
        if is_answering(cluster):
            return
        _clear_stale_locks(cluster)


def stop(cluster: Cluster) -> bool:
    """Stop the server if it runs; whether it did."""
    if postmaster(cluster) is None:
        return False
    programs = cluster.binaries()
    for mode in ("immediate",) if cluster.is_throwaway else ("fast", "immediate"):
        if _pg_ctl(cluster, programs, "stop", "-m", mode, "-w", "-t", "30").returncode == 0:
            break
    return True


def remove(cluster: Cluster) -> None:
    """Stop a throw-away server and remove all that it had."""
    if not cluster.is_throwaway:
        raise ValueError("the data of a durable server is never removed")
    stop(cluster)
    shutil.rmtree(cluster.home, ignore_errors=True)
    with contextlib.suppress(OSError):
        throwaway_folder().rmdir()


def is_answering(cluster: Cluster) -> bool:
    """Whether a living server replies. Connecting alone proves nothing: orphans of a killed server keep its socket."""
    with _caller() as caller, contextlib.suppress(OSError):
        caller.connect(str(cluster.sockets / _SOCKET))
        caller.sendall(_ASK_FOR_TLS)
        return caller.recv(1) in (b"N", b"S")
    return False


def _has_socket(cluster: Cluster) -> bool:
    with _caller() as caller:
        return caller.connect_ex(str(cluster.sockets / _SOCKET)) == 0


def _caller() -> socket.socket:
    caller = socket.socket(socket.AF_UNIX)
    caller.settimeout(_REPLY_PATIENCE)
    return caller


def postmaster(cluster: Cluster) -> int | None:
    """The process id of the running server. A number left by a killed one may belong to another program by now."""
    pid = _noted_pid(cluster)
    return pid if pid and str(cluster.data) in _command_line(pid) else None


def _noted_pid(cluster: Cluster) -> int | None:
    """The living process named in the server's lock file, whatever it is."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, 0)
    except PermissionError:
        return pid
    except (OSError, ValueError):
        return None
    return pid


def _command_line(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    with contextlib.suppress(OSError):  # no /proc outside Linux
        listing = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return listing.stdout
    return ""


def _create(cluster: Cluster, programs: Binaries) -> None:
    """Make the data folder aside and move it in when whole: a killed initdb then leaves nothing half done."""
    account = cluster.account
    aside = cluster.home / "initdb"
    shutil.rmtree(aside, ignore_errors=True)
    private_folder(aside, account.uid, account.gid)
    password = aside / "password"
    password.write_text(cluster.passwords()[SUPERUSER])
    os.chown(password, account.uid, account.gid)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=libc", "--locale=C.UTF-8"]
    options += ["--no-sync"] if cluster.is_throwaway else ["--data-checksums"]
    place = [f"--pgdata={aside / 'data'}", f"--username={SUPERUSER}", f"--pwfile={password}"]
    result = account.run([programs.program("initdb"), *place, *options])
    if result.returncode != 0:
        raise Problem(f"initdb не смог создать базу данных / initdb failed:\n{result.stdout}")
    (aside / "data" / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    (aside / "data").rename(cluster.data)
    shutil.rmtree(aside)


def _check_owner(cluster: Cluster) -> None:
    if cluster.data.stat().st_uid != cluster.account.uid:
        raise Problem(
            f"Данные {cluster.data} созданы от имени другой учётной записи (root?). Запускайте make от её имени.\n"
            f"The data in {cluster.data} was made by another account (root?). Start make as that account."
        )
    if not (cluster.home / "passwords.json").exists():
        raise Problem(
            f"Пропал файл с паролями {cluster.home}/passwords.json. Верните его или уберите папку {cluster.data}.\n"
            f"The file of passwords is gone. Put it back or move the data folder away."
        )


def _pg_ctl_start(cluster: Cluster, programs: Binaries) -> subprocess.CompletedProcess[str]:
    private_folder(cluster.log.parent, cluster.account.uid, cluster.account.gid)
    rotate(cluster.log)
    settings = _SETTINGS | (_THROWAWAY if cluster.is_throwaway else _DURABLE)
    settings["unix_socket_directories"] = str(cluster.sockets)
    options = shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
    return _pg_ctl(cluster, programs, "start", "-w", "-t", "60", "-l", str(cluster.log), "-o", options)


def _pg_ctl(cluster: Cluster, programs: Binaries, *words: str) -> subprocess.CompletedProcess[str]:
    return cluster.account.run([programs.program("pg_ctl"), "-D", cluster.data, *words])


def _end_a_mute_server(cluster: Cluster, programs: Binaries) -> None:
    """A server that runs but whose socket was swept out of /tmp can be reached by nobody: let a new one follow it."""
    if postmaster(cluster) is not None and not _has_socket(cluster):
        _pg_ctl(cluster, programs, "stop", "-m", "fast", "-w", "-t", "30")


def _clear_stale_locks(cluster: Cluster) -> None:
    """Drop lock files whose number now belongs to another living program: the server would believe them for ever.

    The data stays guarded: the server also looks for processes that still hold its shared memory.
    """
    if _noted_pid(cluster) and postmaster(cluster) is None:
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    if postmaster(cluster) is None:
        (cluster.sockets / f"{_SOCKET}.lock").unlink(missing_ok=True)


def _could_not_start(cluster: Cluster, result: subprocess.CompletedProcess[str]) -> Problem:
    return Problem(
        f"PostgreSQL не запустился. Данные целы: {cluster.data}\n"
        f"PostgreSQL did not start. The data is untouched. The end of {cluster.log}:\n"
        f"{last_lines(cluster.log, 15) or result.stdout}"
    )
