"""Stories of families: two schools, one account; and the stranger for whom nothing exists."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.browser


def test_parent_of_two_schools_switches_children(visit: SignIn) -> None:
    olga = visit("olga", "/diary/")
    expect(olga.locator(".child-switch")).to_contain_text("Иванова")
    olga.locator(".child-switch a", has_text="Дальняя").click()
    expect(olga.locator(".child-switch a[aria-current]")).to_contain_text("Дальняя")
    address = olga.url
    olga.goto("/diary/")
    olga.goto(address)
    expect(olga.locator(".child-switch a[aria-current]")).to_contain_text("Дальняя")


def test_stranger_gets_404_everywhere(visit: SignIn) -> None:
    anna = visit("anna", "/journal/")
    journal = anna.locator("a.journal-course", has_text="7А").first.get_attribute("href") or ""
    masha = visit("masha", "/diary/")
    diary = re.sub(r"^https?://[^/]+", "", masha.url)
    for login, address in (("chuzhoy", journal), ("boris", journal), ("chuzhaya_pupil", diary), ("igor", diary)):
        page = visit(login)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404, (login, address)


def test_page_reads_without_javascript(visit: SignIn) -> None:
    olga = visit("olga", "/diary/", java_script_enabled=False)
    expect(olga.locator(".day").first).to_be_visible()


def test_broken_stream_reconnects_and_catches_up(visit: SignIn) -> None:
    petya = visit("petya", "/diary/")
    petya.context.set_offline(True)
    anna = visit("anna", "/journal/")
    anna.locator("a.journal-course", has_text="7А").first.click()
    cell = anna.locator("tbody tr", has_text="Ёлкин").locator("td.cell").nth(4)
    cell.click()
    anna.keyboard.type("5")
    anna.wait_for_timeout(1500)
    wednesday = petya.locator(".day", has_text="14 октября")
    expect(wednesday.locator(".mark")).to_have_count(0)
    petya.context.set_offline(False)
    expect(wednesday.locator(".mark", has_text="5")).to_be_visible(timeout=20_000)
