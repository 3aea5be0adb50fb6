"""How heavy a page is for a phone that opens it for the first time: bytes on the wire and requests, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import pages
from bench.figures import Figure, at_most
from bench.site import Site
from start import chromium
from start.checkout import Problem

ARGUMENTS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
QUIET = 1500  # milliseconds after the page has loaded, for what its scripts ask for


def measure(site: Site, facts: dict[str, Any]) -> Iterator[Figure]:
    """The diary's week and the journal, with an empty cache."""
    try:
        program = str(chromium.ensure())
    except Problem as problem:
        yield Figure("вес страниц", "не измерен", note=str(problem).splitlines()[0])
        return
    for what, visit, most, requests in (
        ("дневник", pages.diary_visits(facts, "week")[0], 60, 8),
        ("журнал", pages.journal_visits(facts)[0], 100, 0),
    ):
        size, count = cold_load(program, site.port, visit)
        yield at_most(f"{what}: холодная загрузка", size / 1000, most, unit="кБ", digits=1, note="Chromium, пустой кэш")
        if requests:
            yield at_most(f"{what}: запросов", count, requests, note="без потока событий")


def cold_load(program: str, port: int, visit: dict[str, str]) -> tuple[int, int]:
    """Bytes received with their headers, and requests. The event stream stays open and is not counted."""
    from playwright.sync_api import sync_playwright

    received: dict[str, int] = {}
    streams: set[str] = set()
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=ARGUMENTS) as browser,
    ):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "session", "value": visit["session"], "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", lambda event: _note_stream(event, streams))
        wire.on(
            "Network.loadingFinished", lambda event: received.update({event["requestId"]: event["encodedDataLength"]})
        )
        page.goto(f"http://127.0.0.1:{port}{visit['path']}", wait_until="load")
        page.wait_for_timeout(QUIET)
    counted = {request: size for request, size in received.items() if request not in streams}
    return int(sum(counted.values())), len(counted)


def _note_stream(event: dict[str, Any], streams: set[str]) -> None:
    if "/events" in event["request"]["url"]:
        streams.add(event["requestId"])
