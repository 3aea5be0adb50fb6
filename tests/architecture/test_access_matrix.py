"""The proof over all locks: every door × the cast, by real requests, compared with the table access_matrix.txt.

The rows come from the URLconf, so a new door without a row fails, and a change of rights is seen as a diff of the
table. `REGENERATE=1 make test ARGS="-k access_matrix"` writes the table anew: read its diff before committing it.
"""

from __future__ import annotations

import asyncio
import copy
import difflib
import os
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.signals import template_rendered

from diary.config.asgi import application
from diary.foundation.access.actor import ANONYMOUS
from diary.foundation.access.doors import all_doors
from diary.foundation.live.topics import live_token, topic
from tests.architecture.addresses import NoSample, address, body, samples
from tests.committed import committed_session, other_connections_closed, signed_in
from tests.people import Cast

TABLE = Path(__file__).with_name("access_matrix.txt")
VISITOR, SYSTEM = "visitor", "system"
PEOPLE = (
    "masha",
    "petya",
    "olga",
    "igor",
    "anna",
    "boris",
    "vera",
    "zoya",
    "gleb",
    "tikhon",
    "lena",
    "chuzhoy",
    "chuzhoy_admin",
)
COLUMNS = (VISITOR, SYSTEM, *PEOPLE)
READS = ("GET",)
HEAD = """\
# Who gets what at every door. Made from the URLconf by test_access_matrix.py; REGENERATE=1 writes it anew.
# Things of school № 1: Маша (7А), algebra of Анна. Ольга is Маша's mother, Игорь the father of a boy of 7Б, Борис
# teaches 7Б, Вера leads 7А, Зоя is methodist, Глеб administrator, Тихон security, Лена support; Чужой (teacher) and
# his administrator are of school № 2. visitor = nobody signed in, system = a script without a session.
# in = sent to the sign-in page; 302 = done, or sent on; 403 refused by role, 404 by row; 400/409/413/422 = let in, but
# what was sent could not be done.
"""

Row = tuple[str, str]  # (path, method)
Answers = dict[Row, dict[str, str]]


class Crowd:
    """One browser that acts as everybody in turn; nothing that it does stays."""

    def __init__(self, cast: Cast) -> None:
        self.browser = Client(raise_request_exception=False)
        self.cookies: dict[str, SimpleCookie] = {VISITOR: SimpleCookie(), SYSTEM: SimpleCookie()}
        for login in PEOPLE:
            self.browser.cookies = SimpleCookie()
            signed_in(self.browser, cast.users[login])
            self.cookies[login] = self.browser.cookies

    def ask(self, who: str, method: str, url: str, **content: Any) -> HttpResponse:
        """The answer that this person gets."""
        self.browser.cookies = copy.deepcopy(self.cookies[who])
        accept = "application/json" if who == SYSTEM else "text/html"
        with transaction.atomic():
            answer = self.browser.generic(method, url, headers={"accept": accept}, **content)
            transaction.set_rollback(True)
        return answer

    def methods(self, url: str) -> set[str]:
        """What the door takes, from the `Allow` of its refusal of an unheard-of method. Empty: it takes anything."""
        for who in COLUMNS:
            answer = self.ask(who, "BREW", url)
            if answer.status_code == 405:
                return set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"}
        return set()


@pytest.fixture
def crowd(cast: Cast, plain_static_files: None) -> Iterator[Crowd]:
    # the test client copies every template's context when it is rendered, for nothing here
    receivers, template_rendered.receivers = template_rendered.receivers, []
    yield Crowd(cast)
    template_rendered.receivers = receivers


def shown(answer: HttpResponse) -> str:
    """The status as the table has it."""
    to_sign_in = answer.headers.get("Location", "").startswith(settings.LOGIN_URL)
    return "in" if answer.status_code == 302 and to_sign_in else str(answer.status_code)


def answers_at_doors(crowd: Crowd, cast: Cast) -> tuple[Answers, list[str]]:
    """What everybody gets at every door of the URLconf, and a sentence for each door that could not be tried."""
    known = samples(cast)
    answers: Answers = {}
    problems: list[str] = []
    for pattern, door, _view in all_doors():
        try:
            url = address(pattern, known)
            methods = crowd.methods(url)
            if not methods:
                problems.append(f"/{pattern} takes every method: put @require_safe, @require_POST… under its door")
            for method in sorted(methods):
                content = {} if method in READS else body(door, method, known).request
                row = answers.setdefault((f"/{pattern}", method), {})
                for who in COLUMNS:
                    row[who] = shown(crowd.ask(who, method, url, **content))
        except NoSample as missing:
            problems.append(str(missing))
    return answers, problems


async def first_status(query: str, session: str = "") -> str:
    """The status with which `/events` opens; the page goes away at once."""
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/events",
        "query_string": query.encode(),
        "headers": [(b"cookie", f"session={session}".encode())],
    }
    await application(scope, receive, send)
    return str(sent[0]["status"])


def answers_of_the_stream(cast: Cast) -> Answers:
    """`/events` stands outside Django: without a pass, with a pass to Маша's diary or to the journal, as if a page had
    given it to everybody, and with that after one has left."""
    topics = {
        "/events?t=diary": topic("student", cast.school.id, cast.masha.id),
        "/events?t=journal": topic("course", cast.school.id, cast.algebra.id),
    }
    rows: Answers = {(path, "GET"): {} for path in ("/events", "/events?t=left", *topics)}
    for who in COLUMNS:
        is_person = who in PEOPLE
        actor = cast.actor(who) if is_person else ANONYMOUS
        rows["/events", "GET"][who] = asyncio.run(first_status(""))
        with committed_session(cast.users[who]) if is_person else nullcontext("") as key:
            for path, name in topics.items():
                query = f"t={live_token(actor, key, [name])}"
                rows[path, "GET"][who] = asyncio.run(first_status(query, key))
        rows["/events?t=left", "GET"][who] = asyncio.run(first_status(query, key))
    return rows


def as_table(answers: Answers) -> list[str]:
    """One line for each door and method, in columns."""
    path_width = max(len(path) for path, _method in answers) + 2
    lines = ["door".ljust(path_width) + "method  " + "  ".join(COLUMNS)]
    for (path, method), row in sorted(answers.items()):
        cells = "  ".join(row[who].ljust(len(who)) for who in COLUMNS)
        lines.append(f"{path.ljust(path_width)}{method.ljust(6)}  {cells}".rstrip())
    return lines


def test_everybody_gets_exactly_what_the_table_says(crowd: Crowd, cast: Cast) -> None:
    answers, problems = answers_at_doors(crowd, cast)
    assert not problems, "\n".join(problems)
    with other_connections_closed():
        answers |= answers_of_the_stream(cast)
    broken = [
        f"{method} {path} for {who}" for (path, method), row in answers.items() for who in row if row[who][0] == "5"
    ]
    assert not broken, f"No door may break, whoever comes: {broken}"
    table = as_table(answers)
    if os.environ.get("REGENERATE"):
        TABLE.write_text(HEAD + "\n".join(table) + "\n", encoding="utf-8")
    kept = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    kept = [line for line in kept if not line.startswith("#")]
    doors = [line.split()[:2] for line in kept]
    unknown = ["{1} {0}".format(*line.split()) for line in table if line.split()[:2] not in doors]
    difference = "\n".join(difflib.unified_diff(kept, table, "access_matrix.txt", "now", n=0, lineterm=""))
    assert kept == table, (
        f"Doors without a row: {', '.join(unknown) or 'none'}. Rights differ from the table:\n{difference}\n"
        "If this is meant, write the table anew with REGENERATE=1 and commit it with the change."
    )
