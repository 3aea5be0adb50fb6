"""The double of Госуслуги (ЕСИА) beside the demo, so that signing in through the portal can be tried."""

import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from start.checkout import ROOT, RUN, Problem, last_lines
from start.children import Child
from start.door import Door

_FOLDER = RUN / "esia"
_PEOPLE = ROOT / "tests" / "doubles" / "esia" / "demo_personas.json"
_CLIENT = "DIARY"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PATIENCE = 15.0


class Portal:
    """The double under watch, and what a diary must know to be its client."""

    def __init__(self, entrance: Door, environment: Mapping[str, str]) -> None:
        self._door = Door("127.0.0.1", _free_port())
        redirects = [f"--redirect=http://{host}:{entrance.port}/esia/return/" for host in ("127.0.0.1", "localhost")]
        where = [f"--port={self._door.port}", f"--folder={_FOLDER}", f"--client={_CLIENT}", f"--personas={_PEOPLE}"]
        command: list[str | Path] = [sys.executable, "-m", "tests.doubles.esia", *where, *redirects]
        self.child = Child("esia", "Учебные Госуслуги", command, {**environment, "PYTHONPATH": str(ROOT)})
        self.address = f"{self._door.address}/control/"
        self.environment = {
            "ESIA_ADDRESS": self._door.address,
            "ESIA_CLIENT_ID": _CLIENT,
            "ESIA_KEY_FILE": str(_FOLDER / f"{_CLIENT}.key"),
            "ESIA_CERTIFICATE_FILE": str(_FOLDER / f"{_CLIENT}.pem"),
            "ESIA_TRUSTED_FOLDER": str(_FOLDER / "esia"),
        }

    def open(self) -> None:
        """Start it and wait until it answers: by then its keys lie in the folder."""
        self.child.start()
        give_up_at = time.monotonic() + _PATIENCE
        while not self._door.answers():
            if time.monotonic() > give_up_at:
                raise Problem(
                    "Учебные Госуслуги не отвечают / the double of the portal does not answer."
                    f" {self.child.log}:\n{last_lines(self.child.log, 20)}"
                )
            time.sleep(0.1)


def portal(entrance: Door, environment: Mapping[str, str]) -> Portal | None:
    """None where a real ESIA is given, and where the diary is seen from outside: the double asks for no password."""
    is_demo = environment["DJANGO_SETTINGS_MODULE"].endswith(".dev")
    if os.environ.get("ESIA_CLIENT_ID") or not is_demo or entrance.host not in _LOOPBACK:
        return None
    return Portal(entrance, environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
