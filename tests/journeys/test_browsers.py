"""Stories of browsers that lack something: cookies, JavaScript, a recent version, the network (A13)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import SignIn
from tests.journeys.site import Site
from tests.people import PASSWORD

pytestmark = pytest.mark.browser

OLD_BROWSER_SCRIPT = Path(__file__).parents[2] / "diary/foundation/ui/static/ui/old-browser.js"


def test_without_cookies_the_refusal_says_so(site: Site, chromium: Browser) -> None:
    page = chromium.new_context(locale="ru-RU", base_url=site.address).new_page()
    page.goto("/sign-in/")
    page.get_by_label("Логин").fill("olga")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.context.clear_cookies()
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="В браузере отключены cookie")).to_be_visible()
    expect(page.locator("main").get_by_text("Разрешите cookie для этого сайта")).to_be_visible()
    page.context.close()


def test_browser_that_keeps_no_cookies_is_told_before_anything_is_typed(visit: SignIn) -> None:
    page = visit(None, "/sign-in/")
    expect(page.locator("#no-cookies")).to_be_hidden()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false })")
    page.reload()
    expect(page.locator("#no-cookies")).to_be_visible()


def test_old_browser_is_told_and_a_recent_one_is_not(visit: SignIn) -> None:
    page = visit("olga", "/diary/")
    expect(page.locator("#old-browser")).to_be_hidden()
    page.add_init_script("delete AbortSignal.timeout")
    page.reload()
    expect(page.locator("#old-browser")).to_be_visible()


def test_browser_without_modules_is_told(visit: SignIn) -> None:
    page = visit("olga", "/diary/")
    assert page.locator("script[nomodule][src*='old-browser']").count() == 1
    page.evaluate(OLD_BROWSER_SCRIPT.read_text(encoding="utf-8"))
    expect(page.locator("#old-browser")).to_be_visible()


def test_lost_connection_has_a_page_of_ours_that_goes_on_by_itself(visit: SignIn) -> None:
    page = visit("olga", "/diary/")
    # at once, not four seconds after the page has loaded
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    page.reload()
    page.context.set_offline(True)
    page.goto("/diary/")
    expect(page.get_by_role("heading", name="Нет связи")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".day").first).to_be_visible()


@pytest.mark.parametrize("path", ["/diary/", "/marks/", "/my-timetable/"])
def test_family_pages_read_without_javascript(visit: SignIn, path: str) -> None:
    page = visit("olga", path, java_script_enabled=False)
    expect(page.locator("main h1").first).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
