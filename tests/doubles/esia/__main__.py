"""`python -m tests.doubles.esia --port 9001 --folder … --redirect http://127.0.0.1:8000/esia/return/`.

The folder receives `DIARY.key` and `DIARY.pem` (the client's pair, made when missing) and `esia/*.pem` (certificates by
which ESIA's signatures are checked).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.doubles.esia.keys import SigningKeys, write_pair
from tests.doubles.esia.protocol import make_app
from tests.doubles.esia.state import PERSONAS, State
from tests.doubles.web import clock_moved_by, serve


def main() -> None:
    """Run until stopped."""
    options = _options()
    state = State(SigningKeys(options.folder / "esia"), clock_moved_by(options.clock_offset), options.issuer)
    state.read_personas(options.personas)
    _key, certificate = write_pair(options.folder, options.client)
    state.add_client(options.client, certificate.read_bytes(), *options.redirect)
    serve(make_app(state), options.port, options.host)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9001)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--folder", type=Path, required=True, help="where keys and certificates lie")
    parser.add_argument("--client", default="DIARY", help="mnemonic of the information system")
    parser.add_argument("--redirect", action="append", default=[], help="address that the client may be answered at")
    parser.add_argument("--personas", type=Path, default=PERSONAS, help="JSON of the same shape as personas.json")
    parser.add_argument("--issuer", default="http://esia.gosuslugi.ru/")
    parser.add_argument("--clock-offset", type=float, default=0, help="seconds from the real time to the time shown")
    return parser.parse_args()


if __name__ == "__main__":
    main()
