"""What the tests of these pages share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL", "BEGIN", "COMMIT")
Statements = Callable[[Client, str], int]


@pytest.fixture
def statements() -> Statements:
    """How many statements a page takes."""

    def count(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        # which key opens sealed columns is asked anew every two seconds
        mine = [one["sql"] for one in captured.captured_queries if "core_datakey" not in one["sql"]]
        return len([sql for sql in mine if not sql.startswith(AROUND)])

    return count
