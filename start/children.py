"""Long-running processes under watch: started with a log, revived after a crash, stopped as whole families."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from start.checkout import ROOT, last_lines, log_file, warn

_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 60.0
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """One process. It leads a session of its own, so that Ctrl+C reaches it only through us."""

    def __init__(self, name: str, title: str, command: list[str | Path], environment: Mapping[str, str]) -> None:
        self.title = title
        self._name = name
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = 1.0
        self._revive_at = 0.0

    def start(self) -> None:
        self.log = log_file(self._name)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        self._started_at = time.monotonic()

    def watch(self) -> None:
        """Say when the process has ended, and start it again after a pause that grows from 1 to 30 seconds."""
        if self._process is not None and self._process.poll() is not None:
            self._mourn(self._process)
        if self._process is None and time.monotonic() >= self._revive_at:
            self.start()

    def ask_to_stop(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGTERM)

    def stop(self, patience: float) -> None:
        """Wait for a graceful end, then end what is left of the family."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self._end_family(self._process)

    def _mourn(self, process: subprocess.Popen[bytes]) -> None:
        self._end_family(process)
        if time.monotonic() - self._started_at > _STEADY_AFTER:
            self._pause = 1.0
        warn(
            f"{self.title}: остановка с кодом {process.returncode}, новый запуск через {self._pause:.0f} с. "
            f"Конец журнала / stopped, end of {self.log}:\n{last_lines(self.log, 12)}"
        )
        self._process = None
        self._revive_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _end_family(self, process: subprocess.Popen[bytes]) -> None:
        """Workers of a dead server would go on holding its port."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_with_parent() -> None:
    """If we are killed outright, Linux asks the child to stop: nothing is left holding the port."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
