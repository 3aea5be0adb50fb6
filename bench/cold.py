"""From nothing to the open page: `make run` in a fresh copy of the checkout, with an empty HOME."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, at_most
from bench.site import free_port
from start.checkout import ROOT, Problem
from start.door import Door

LONGEST = 300.0


def measure() -> Iterator[Figure]:
    """Seconds until the first page; the copy and all that it installed are removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="diary-cold-") as folder:
        copy = Path(folder) / "checkout"
        Path(folder).chmod(0o755)
        files = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        for name in files.stdout.splitlines():
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        yield at_most(
            "make run с нуля до открытой страницы",
            _seconds(copy, Path(folder)),
            120,
            unit="с",
            note="копия, пустой HOME",
        )


def _seconds(copy: Path, home: Path) -> float:
    door = Door("127.0.0.1", free_port())
    # how this machine reaches the package registry is its own business
    ours = ("PATH", "LANG", "PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_")
    kept = {name: value for name, value in os.environ.items() if name.startswith(ours)}
    environment = kept | {"HOME": str(home), "PORT": str(door.port)}
    started = time.monotonic()
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run"], cwd=copy, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        while not door.answers():
            if process.poll() is not None or time.monotonic() - started > LONGEST:
                raise Problem((home / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.2)
        return time.monotonic() - started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)
        subprocess.run(["make", "stop"], cwd=copy, env=environment, check=False, stdout=subprocess.DEVNULL)
