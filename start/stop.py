"""`make stop`: ends a running `make run` of this checkout, wherever it was started, and our database server."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from start import postgres
from start.checkout import Problem, say, warn
from start.running import running

_PATIENCE = 40.0


def stop_run() -> bool:
    """Ask the running `make run` to end and wait for it; whether there was one."""
    found = running()
    if found is None or not found.pid:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(found.pid, signal.SIGTERM)
    give_up_at = time.monotonic() + _PATIENCE
    while running() is not None:
        if time.monotonic() > give_up_at:
            raise Problem(f"Процесс {found.pid} не останавливается. / The process {found.pid} does not stop.")
        time.sleep(0.1)
    return True


def main() -> int:
    try:
        say("Дневник остановлен." if stop_run() else "Дневник не был запущен.")
        say("База данных остановлена." if postgres.stop() else "База данных не была запущена.")
    except (Problem, OSError, subprocess.SubprocessError) as problem:
        warn(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
