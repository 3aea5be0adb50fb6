"""A real site for browser journeys: its own database with the cast, granian and the worker as real processes."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.doubles.esia.playing import Playing, playing
from tests.people import NOW

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port nobody listens on, outside those that the system gives away: no connection of another site can take it
    before its server does."""
    while True:
        port = secrets.choice(range(10_000, 32_000))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Site:
    """Processes of one site; `address` is where its pages are."""

    database: str
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    clock_offset: dt.timedelta = field(default_factory=lambda: NOW - dt.datetime.now(dt.UTC))
    esia: Playing | None = None

    @property
    def address(self) -> str:
        """«http://127.0.0.1:41234»."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def now(self) -> dt.datetime:
        """What the clocks of its processes show; a process that starts again does not start the day again."""
        return dt.datetime.now(dt.UTC) + self.clock_offset

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """Variables of a process of this site."""
        urls = {
            name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{self.database}"))
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
        }
        return (
            os.environ
            | urls
            | {
                "DJANGO_SETTINGS_MODULE": "diary.config.settings.test",
                "DIARY_CLOCK_OFFSET": str(self.clock_offset.total_seconds()),
            }
            | ({"DIARY_DATABASE_ROLE": "owner"} if owner else {})
            | (self.esia.settings() if self.esia else {})
        )

    def manage(self, *arguments: str, owner: bool = False) -> None:
        """Run a management command to its end."""
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment(owner=owner), check=True, stdout=subprocess.DEVNULL)

    def start_server(self) -> None:
        """Start granian and wait until it answers."""
        granian = str(Path(sys.executable).with_name("granian"))
        options = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        self._start("server", [granian, *options, "--workers-kill-timeout", "3", "diary.config.asgi:application"])
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.address}/sign-in/", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError("the server did not answer")

    def start_worker(self) -> None:
        """Start the background worker."""
        self._start("worker", [sys.executable, "manage.py", "run_worker"])

    def kill_server(self) -> None:
        """SIGKILL to granian and its children, as a power cut would."""
        process = self.processes.pop("server")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything."""
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def _start(self, name: str, command: list[str]) -> None:
        self.processes[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.environment(), start_new_session=True, stdout=subprocess.DEVNULL
        )


@contextmanager
def running_site(database: str, folder: Path) -> Iterator[Site]:
    """The site over a prepared database, server and worker up, with a double of ESIA; all of it stopped afterwards.

    The double's keys lie in `folder`.
    """
    site = Site(database)
    with playing(folder, lambda: site.now, f"{site.address}/esia/return/") as site.esia:
        yield from _running(site)


def _running(site: Site) -> Iterator[Site]:
    try:
        site.start_server()
        site.start_worker()
        yield site
    finally:
        site.stop()
