"""How many SQL statements a page takes: `python -m bench.statements` reads requests on stdin, prints the counts.

Counted in this process, as the application's role, by Django's own log of statements. BEGIN and COMMIT are not counted;
`SET LOCAL app.school_ids`, which opens the row scope, is.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

UNCOUNTED = ("BEGIN", "COMMIT")


def count(request: dict[str, Any]) -> int:
    """Statements of the request when it comes for the second time (the first fills caches)."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.cookies["session"] = request["session"]
    if "content" not in request:
        browser.get(request["path"])
    with CaptureQueriesContext(connection) as captured:
        if "content" in request:
            answer = browser.put(request["path"], request["content"], content_type="application/json")
        else:
            answer = browser.get(request["path"])
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code} {request['path']} {answer.content[:300]!r}")
    return sum(not query["sql"].startswith(UNCOUNTED) for query in captured.captured_queries)


def main() -> None:
    asked = json.load(sys.stdin)
    print(json.dumps({name: count(request) for name, request in asked.items()}))


if __name__ == "__main__":
    main()
