"""`python -m tests.doubles.sms --port 9002 --api-id …`; the page is at /control/."""

from __future__ import annotations

import argparse

from tests.doubles.sms.gateway import Gateway
from tests.doubles.web import serve


def main() -> None:
    """Run until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9002)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--api-id", default="test-api-id")
    options = parser.parse_args()
    serve(Gateway(options.api_id).app(), options.port, options.host)


if __name__ == "__main__":
    main()
