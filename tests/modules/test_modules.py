"""The modules of the pages are tested where they run: each tests/modules/test_*.js of a room in a page of Chromium.

A test imports the module by the address that it has on the site (/static/…), and /harness.js for its words. Nothing is
served: the browser's questions are answered from the files of the rooms.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from diary.foundation.ui.storage import APP_SCRIPT, SCRIPT_ENTRY, joined_script

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "diary"
ADDRESS = "http://localhost"  # what browsers trust like TLS: locks and keys are there
TESTS = sorted(ROOMS.glob("**/tests/modules/test_*.js"))
UNTESTED = {
    "ui/js/app.js": "only imports",
    "ui/old-browser.js": "one statement for browsers that know no modules",
    "ui/js/browser-notes.js": "two statements, seen by the journeys",
    "ui/js/kept-page.js": "one statement, seen by the journeys (offline)",
    "ui/sw.js": "a service worker: test_browsers.py loses the network under it",
    "ui/js/retry-page.js": "reloads its page: test_browsers.py",
    "office/job-progress.js": "reloads its page: the import's journey",
    "door/passkey-button.js": "needs an authenticator: test_security_page.py brings one",
}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all files; it does not outlive this one, as Django takes its thread for an async one."""
    if not os.environ.get("CHROMIUM"):
        pytest.skip("no Chromium: set CHROMIUM (make test finds or installs it)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


STATIC = {str(path).partition("/static/")[2]: path for path in ROOMS.glob("**/static/**/*") if path.is_file()}


def static_file(name: str) -> Path | None:
    """The file behind /static/<name>."""
    return STATIC.get(name)


def answer(route: Route) -> None:
    """What a page of the tests asks for: modules and tests from the tree, an empty page, else nothing."""
    path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
    if path == "/":
        route.fulfill(body="<!doctype html><html lang=ru><body>", content_type="text/html; charset=utf-8")
        return
    if path == f"/static/{APP_SCRIPT}":
        joined = joined_script(SCRIPT_ENTRY, lambda name: STATIC[name].read_text())
        route.fulfill(body=joined, content_type="text/javascript; charset=utf-8")
        return
    found = static_file(path.removeprefix("/static/")) if path.startswith("/static/") else ROOT / path.lstrip("/")
    if path == "/harness.js":
        found = Path(__file__).with_name("harness.js")
    if found is None or not found.is_file():
        route.fulfill(status=404)
        return
    kind = "application/json" if found.suffix == ".json" else "text/javascript"
    route.fulfill(body=found.read_bytes(), content_type=f"{kind}; charset=utf-8")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page whose questions are answered from the tree."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ru-RU")
    page = context.new_page()
    page.route("**/*", answer)
    page.goto(f"{ADDRESS}/")
    yield page
    context.close()


@pytest.mark.parametrize("path", TESTS, ids=lambda path: f"{path.parents[2].name}/{path.stem}")
def test_module_keeps_its_promises(page: Page, path: Path) -> None:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    result = page.evaluate(
        "async (address) => { await import(address); return (await import('/harness.js')).run(); }",
        f"/{path.relative_to(ROOT)}",
    )
    assert result["count"] > 0
    assert not result["failures"] + troubles, "\n".join(result["failures"] + troubles)


def test_every_script_has_its_test_or_says_why_not() -> None:
    """C12."""
    tested = {path.stem.removeprefix("test_").replace("_", "-") for path in TESTS}
    without = {name for name in STATIC if name.endswith(".js") and Path(name).stem not in tested}
    assert without == set(UNTESTED)
