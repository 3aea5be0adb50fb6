"""axe finds nothing on any page, in light, dark and contrast, on a phone and on a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.browser

# who looks at what; «*» follows the first link of that class on the page
PAGES = {
    "sign-in": (None, "/sign-in/"),
    "not found": (None, "/no-such-page/"),
    "offline": (None, "/offline/"),
    "diary": ("olga", "/diary/"),
    "empty diary week": ("olga", "/diary/?week=2026-07-06"),
    "marks": ("olga", "/marks/"),
    "family timetable": ("olga", "/my-timetable/"),
    "journals": ("anna", "/journal/"),
    "journal": ("anna", "/journal/*journal-course"),
    "new lesson": ("anna", "/journal/*journal-course>Добавить урок"),
    "lesson": ("anna", "/journal/*journal-course>#lesson"),
    "staff timetable": ("zoya", "/timetable/"),
    "office": ("gleb", "/office/"),
    "people": ("gleb", "/office/people/"),
    "import": ("gleb", "/office/import/"),
    "guardians": ("gleb", "/office/guardians/?q=Иванова"),
    "family": ("olga", "/family/"),
    "new child": ("olga", "/family/add/"),
    "who sees me": ("masha", "/family/"),
    "settings": ("olga", "/settings/"),
    "services": ("olga", "/settings/services/"),
    "contacts": ("olga", "/settings/contacts/"),
    "new phone": ("olga", "/settings/contacts/phone/"),
    "security": ("anna", "/security/"),
    "sign-ins": ("anna", "/security/sign-ins/"),
    "new password": ("anna", "/security/password/"),
    "lost phone": ("anna", "/security/lost-phone/"),
    "forbidden": ("masha", "/journal/"),
}

REFUSED = {"not found", "forbidden"}


def follow(page: Page, name: str, address: str) -> None:
    """Open the address; walk `*class` and `>text` links."""
    start, _, rest = address.partition("*")
    answer = page.goto(start)
    assert answer is not None
    assert (answer.status == 200) is (name not in REFUSED)
    if rest:
        css, _, text = rest.partition(">")
        page.locator(f"a.{css}").first.click()
        if text == "#lesson":
            # a phone hides the grid once the script is ready, and with it the lessons' links
            page.locator("journal-grid.is-ready").wait_for()
            page.locator("thead th a:visible, a.phone-lesson:visible").first.click()
        elif text:
            page.locator("a:visible", has_text=text).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit: SignIn, name: str) -> None:
    login, address = PAGES[name]
    page = visit(login, "/sign-in/" if login is None else "/")
    found = []
    for theme, width in (("light", 360), ("light", 1280), ("dark", 1280), ("contrast", 360)):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
        page.set_viewport_size({"width": width, "height": 900})
        follow(page, name, address)
        page.wait_for_timeout(200)
        result = Axe().run(page)
        found += [
            f"{theme} {width}: {one['id']} {[node['target'] for node in one['nodes'][:3]]}"
            for one in result.response["violations"]
        ]
    assert found == []
