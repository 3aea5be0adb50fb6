"""Browser journeys: a real Chromium against a real site."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from conftest import create_database, drop_database
from diary.foundation.core import clock
from diary.people.accounts.models import User
from tests.committed import elsewhere, in_database, open_session
from tests.journeys.site import ROOT, Site, running_site

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
DATABASE = f"test_journeys_{os.getpid()}"

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """This process's site with the cast in it. Journeys leave their marks there, so each works in its own cells."""
    if not os.environ.get("CHROMIUM"):
        pytest.skip("no Chromium: set CHROMIUM (make test finds or installs it)")
    create_database(DATABASE, template=request.getfixturevalue("migrated"))
    prepared = Site(DATABASE)
    subprocess.run([sys.executable, "-m", "tests.journeys.seed"], cwd=ROOT, env=prepared.environment(), check=True)
    with running_site(DATABASE, tmp_path_factory.mktemp("esia")) as running:
        yield running
    drop_database(DATABASE)


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    """One browser for a file's journeys; each person gets a context of their own.

    It does not outlive the file: while playwright runs, Django takes the thread for an async one.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(site: Site, chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[SignIn]:
    """`visit("anna", "/journal/")`: a fresh browser in which this person has signed in, on that page.

    They have proved a second factor just now; the way through the door itself is a story of test_accounts. A script
    error or a broken CSP on any page fails the test.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def go(login: str | None, path: str = "/", *, width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="ru-RU", base_url=site.address, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None,
        )
        if login is not None:
            with django_db_blocker.unblock():
                key = elsewhere(lambda: session_of(site, login))
            context.add_cookies([{"name": "session", "value": key, "url": site.address}])
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert troubles == []


def session_of(site: Site, login: str) -> str:
    """The key of a session in which this person of the site has signed in."""
    with in_database(site.database), clock.fixed(site.now):
        return open_session(User.objects.get(login=login))
