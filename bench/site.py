"""The diary under measurement: the web server and the worker as `make run` starts them, on a port of their own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from start import run
from start.checkout import ROOT, Problem, last_lines, log_file
from start.children import Child
from start.door import Door
from start.steps import as_owner

_PATIENCE = 60.0


@dataclass(frozen=True)
class Site:
    """A running diary on one database."""

    port: int
    environment: Mapping[str, str]
    server: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None

    def facts(self, schools: int, each: int = 16, streams: int = 0) -> dict[str, Any]:
        """Pages to open and the sessions to open them with."""
        return ask("facts", schools, each, streams, environment=as_owner(self.environment))

    def load(self, module: str = "load", **asked: object) -> dict[str, Any]:
        """Clients in a process of their own."""
        return ask(module, environment=self.environment, given={"port": self.port, **asked})

    @contextlib.contextmanager
    def worker_resting(self) -> Iterator[None]:
        """The background worker stands still meanwhile; the jobs wait for it."""
        if self.worker is None:
            yield
            return
        self.worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.worker.send_signal(signal.SIGCONT)

    def memory(self) -> dict[str, list[int]]:
        """RSS and PSS of each server worker, MiB. PSS counts a page shared by n processes as one n-th."""
        found: dict[str, list[int]] = {"Rss:": [], "Pss:": []}
        for child in _children(self.server.pid):
            for line in Path(f"/proc/{child}/smaps_rollup").read_text().splitlines():
                name, *words = line.split()
                if name in found:
                    found[name].append(int(words[0]) // 1024)
        return found


@contextlib.contextmanager
def site(environment: Mapping[str, str], *, with_worker: bool = False) -> Iterator[Site]:
    """Two server workers, and the background worker when it is asked for."""
    door = Door("127.0.0.1", free_port())
    with contextlib.ExitStack() as running:
        server = running.enter_context(
            _process("bench-server", _command(run._web_server(door, environment)), environment)
        )
        worker = None
        if with_worker:
            worker = running.enter_context(_process("bench-worker", _command(run._worker(environment)), environment))
        _wait(server, door)
        yield Site(door.port, environment, server, worker)


def ask(module: str, *words: object, environment: Mapping[str, str], given: object = None) -> dict[str, Any]:
    """Run a module of this folder as a process and read the JSON that it prints."""
    with started(module, *words, environment=environment, given=given) as process:
        return answer_of(process)


@contextlib.contextmanager
def started(
    module: str, *words: object, environment: Mapping[str, str], given: object = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The process of such a module, told what to do and already at work."""
    command = [sys.executable, "-m", f"bench.{module}", *(str(word) for word in words)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(given).encode())
        process.stdin.close()
        yield process


def answer_of(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What a started module printed at its end."""
    assert process.stdout is not None
    text = process.stdout.read()
    if process.wait() != 0:
        raise Problem(f"измерение сорвалось / the measurement failed: {process.args!r}")
    return dict(json.loads(text))


@contextlib.contextmanager
def _process(name: str, command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log_file(name).open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _command(child: Child) -> list[str]:
    """The very words with which `make run` starts it."""
    return [str(word) for word in child._command]


def _wait(server: subprocess.Popen[bytes], door: Door) -> None:
    give_up_at = time.monotonic() + _PATIENCE
    while not door.answers():
        if server.poll() is not None or time.monotonic() > give_up_at:
            raise Problem(f"сервер не поднялся / no server:\n{last_lines(log_file('bench-server'), 30)}")
        time.sleep(0.2)


def _children(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listing.split()]


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
