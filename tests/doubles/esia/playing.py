"""The double in a thread of a test, with a client registered and its settings ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.doubles.esia.keys import SigningKeys, write_pair
from tests.doubles.esia.protocol import make_app
from tests.doubles.esia.state import State
from tests.doubles.web import Clock, serving

MNEMONIC = "DIARY"


@dataclass(frozen=True)
class Playing:
    """The double at its address; `state` is for looking inside and choosing troubles."""

    address: str
    state: State
    folder: Path

    def settings(self) -> dict[str, str]:
        """Django's settings, and variables of the environment, of a diary that is this double's client."""
        return {
            "ESIA_ADDRESS": self.address,
            "ESIA_CLIENT_ID": MNEMONIC,
            "ESIA_KEY_FILE": str(self.folder / f"{MNEMONIC}.key"),
            "ESIA_CERTIFICATE_FILE": str(self.folder / f"{MNEMONIC}.pem"),
            "ESIA_TRUSTED_FOLDER": str(self.folder / "esia"),
        }


@contextmanager
def playing(folder: Path, now: Clock, *addresses: str) -> Iterator[Playing]:
    """The double, whose client may be answered at these addresses."""
    state = State(SigningKeys(folder / "esia"), now)
    state.read_personas()
    _key, certificate = write_pair(folder, MNEMONIC)
    state.add_client(MNEMONIC, certificate.read_bytes(), *addresses)
    with serving(make_app(state)) as address:
        yield Playing(address, state, folder)
