"""Pages while strangers guess: p50 of the diary with and without 200 wrong sign-ins a second (A6, issue «Accounts»).

`python -m bench.door` reads what to do on stdin. Strangers come from one address, then from two hundred: every address
of 127.0.0.0/8 is this machine.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench import pages
from bench.client import CSRF, Client
from bench.figures import Figure, at_most
from bench.site import Site

WRONG_A_SECOND = 200
PAGES_A_SECOND = 20  # a school at work, not a server at its limit: there every load slows every other
STRANGERS = 50  # who guess at the same time
TURNS = 3


def measure(site: Site, facts: dict[str, Any], seconds: float) -> Iterator[Figure]:
    """Quiet and loud in turns."""
    visits = pages.diary_visits(facts, "week")
    given = {"visits": visits, "seconds": seconds / TURNS, "wrong": 0, "addresses": 1}
    site.load("door", **given)
    for what, addresses in (("с одного адреса", 1), ("с двухсот адресов", WRONG_A_SECOND)):
        quiet, loud = [], []
        answers: Counter[str] = Counter()
        for _turn in range(TURNS):
            quiet.append(site.load("door", **given)["p50"])
            found = site.load("door", **(given | {"wrong": WRONG_A_SECOND, "addresses": addresses}))
            loud.append(found["p50"])
            answers.update(found["answers"])
        before, after = statistics.median(quiet), statistics.median(loud)
        said = ", ".join(f"{status}: {count}" for status, count in sorted(answers.items()))
        note = f"p50 недели {before * 1000:.1f} → {after * 1000:.1f} мс при {WRONG_A_SECOND} входах/с; ответы {said}"
        yield at_most(f"подбор паролей {what}: страница, раз", after / before, 1.2, digits=2, note=note)


async def mixed(port: int, visits: list[dict[str, str]], seconds: float, wrong: int, addresses: int) -> dict[str, Any]:
    """Pages at an even pace, and so many wrong sign-ins a second beside them."""
    until = time.monotonic() + seconds
    times: list[float] = []
    answers: Counter[str] = Counter()
    work = [_reader(port, visit, until, len(visits) / PAGES_A_SECOND, times) for visit in visits]
    work += [_guesser(port, number, until, addresses, answers) for number in range(STRANGERS if wrong else 0)]
    await asyncio.gather(*work)
    return {"p50": statistics.median(times), "answers": answers}


async def _reader(port: int, visit: dict[str, str], until: float, pause: float, times: list[float]) -> None:
    client = Client(port, visit["session"])
    while (started := time.monotonic()) < until:
        await client.get(visit["path"])
        times.append(time.monotonic() - started)
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - started)))
    client.close()


async def _guesser(port: int, number: int, until: float, addresses: int, answers: Counter[str]) -> None:
    """One of the strangers: another login and another wrong password each time, on a connection of its own."""
    pause = STRANGERS / WRONG_A_SECOND
    turn = 0
    await asyncio.sleep(number * pause / STRANGERS)
    while (started := time.monotonic()) < until:
        turn += 1
        host = f"127.0.{1 + turn % (addresses // STRANGERS)}.{1 + number}" if addresses > 1 else "127.0.0.1"
        answers[await _wrong_sign_in(port, host, f"guess_{number}_{turn}")] += 1
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - started)))


async def _wrong_sign_in(port: int, host: str, login: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(host, 0))
    body = f"csrfmiddlewaretoken={CSRF}&login={login}&password=Wrong-2026!".encode()
    writer.write(
        f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: csrftoken={CSRF}\r\nAccept: text/html\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"Connection: close\r\n\r\n".encode()
        + body
    )
    try:
        head = await reader.readuntil(b"\r\n")
        await reader.read()
    finally:
        writer.close()
    return head[9:12].decode()


def main() -> None:
    print(json.dumps(asyncio.run(mixed(**json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
