"""Stories of the journal: marking from the keyboard, nothing lost, conflicts told, families seeing it at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
ALGEBRA_7A = re.compile(r"Алгебра, 7А")


def open_journal(page: Page, class_name: str) -> None:
    """From the list of journals to the grid of algebra in this class."""
    page.goto("/journal/")
    page.locator("a.journal-course", has_text=class_name).first.click()
    expect(page.locator("journal-grid.is-ready, .is-ready journal-grid, journal-grid")).to_be_visible()


def cell(page: Page, pupil: str, column: int):  # type: ignore[no-untyped-def]
    """The cell of a pupil in the column, counted from 0."""
    return page.locator("tbody tr", has_text=pupil).locator("td.cell").nth(column)


def test_anna_sets_five_and_olga_sees_it_without_reloading(visit: SignIn) -> None:
    anna = visit("anna")
    open_journal(anna, "7А")
    olga = visit("olga", "/diary/")
    olga.evaluate("window.isSamePage = true")
    open_pupil = visit("masha", "/diary/")
    colleague = visit("gleb")
    open_journal(colleague, "7А")
    cell(anna, "Иванова", 3).click()
    anna.keyboard.press("5")
    expect(cell(anna, "Иванова", 3)).to_have_text("5")
    monday = olga.locator(".day", has_text="12 октября")
    expect(monday.locator(".mark", has_text="5")).to_be_visible(timeout=10_000)
    assert olga.evaluate("window.isSamePage") is True
    expect(open_pupil.locator(".day", has_text="12 октября").locator(".mark")).to_contain_text("5", timeout=10_000)
    expect(cell(colleague, "Иванова", 3)).to_have_text("5", timeout=10_000)
    # attendance travels the same way
    cell(anna, "Иванова", 3).click()
    anna.keyboard.press("F2")
    anna.keyboard.type("/оп")
    anna.keyboard.press("Enter")
    expect(monday).to_contain_text("оп", timeout=10_000)


def test_thirty_pupils_are_marked_from_the_keyboard(visit: SignIn) -> None:
    anna = visit("anna")
    open_journal(anna, "7В")
    anna.locator("td.cell").first.click()
    anna.keyboard.type("543254325432543254325432543254")
    expect(anna.locator("td.cell.is-saving")).to_have_count(0, timeout=20_000)
    anna.wait_for_timeout(500)
    anna.reload()
    texts = anna.locator("td.cell").all_inner_texts()
    assert "".join(texts) == "543254325432543254325432543254"


def test_tab_killed_mid_typing_loses_nothing(visit: SignIn) -> None:
    anna = visit("anna")
    open_journal(anna, "7А")
    address = anna.url
    context = anna.context
    context.route("**/cells/", lambda route: route.abort())
    cell(anna, "Ёлкин", 0).click()
    anna.keyboard.type("4")
    anna.close(run_before_unload=False)
    context.unroute("**/cells/")
    again = context.new_page()
    again.goto(address)
    expect(cell(again, "Ёлкин", 0)).to_have_text("4", timeout=10_000)
    expect(again.locator(".journal-banner")).to_be_hidden()
    again.reload()
    expect(cell(again, "Ёлкин", 0)).to_have_text("4")


def test_server_killed_mid_save_and_the_page_recovers(visit: SignIn, site: Site) -> None:
    anna = visit("anna")
    open_journal(anna, "7А")
    site.kill_server()
    try:
        cell(anna, "Ёлкин", 1).click()
        anna.keyboard.type("3")
        expect(anna.locator(".journal-banner")).to_be_visible(timeout=10_000)
        expect(cell(anna, "Ёлкин", 1)).to_have_text("3")
    finally:
        site.start_server()
    expect(anna.locator(".journal-banner")).to_be_hidden(timeout=30_000)
    anna.reload()
    expect(cell(anna, "Ёлкин", 1)).to_have_text("3")


def test_stale_version_shows_the_conflict_and_both_ways_out(visit: SignIn) -> None:
    anna = visit("anna")
    open_journal(anna, "7А")
    gleb = visit("gleb")
    open_journal(gleb, "7А")
    # Глеб's page hears of nothing while he types
    gleb.context.route("**/events*", lambda route: route.abort())
    gleb.reload()
    gleb.evaluate("document.querySelector('journal-grid').refresh = async () => {}")
    cell(anna, "Ёлкин", 2).click()
    anna.keyboard.type("5")
    expect(anna.locator("td.is-saved, td.cell[data-v='1']").first).to_be_visible()
    anna.wait_for_timeout(800)
    cell(gleb, "Ёлкин", 2).click()
    gleb.keyboard.type("2")
    expect(gleb.locator("td.is-conflict")).to_be_visible(timeout=10_000)
    expect(gleb.locator("journal-grid")).to_contain_text("Соколова Анна Петровна")
    gleb.get_by_role("button", name="Оставить: 5").click()
    expect(cell(gleb, "Ёлкин", 2)).to_have_text("5")


def test_expired_session_keeps_what_was_typed(visit: SignIn) -> None:
    anna = visit("anna")
    open_journal(anna, "7А")
    anna.context.clear_cookies(name="session")
    cell(anna, "Ёлкин", 3).click()
    anna.keyboard.type("4")
    expect(anna.locator(".journal-banner")).to_contain_text("войдите", timeout=10_000)
    expect(cell(anna, "Ёлкин", 3)).to_have_text("4")


def test_phone_shows_one_lesson_with_big_buttons(visit: SignIn) -> None:
    anna = visit("anna", width=360)
    open_journal(anna, "7А")
    expect(anna.get_by_role("button", name="Поставить 5").first).to_be_visible()


def test_corrections_go_on_down_and_are_explained_at_once(visit: SignIn) -> None:
    """W3: questions wait in the corners, survive a reload, and one answer serves all."""
    anna = visit("anna")
    open_journal(anna, "7В")
    anna.locator("td.cell").nth(27).click()
    anna.keyboard.type("222")
    expect(anna.locator("td.cell", has_text="2").last).to_have_attribute("class", "cell", timeout=10_000)
    gleb = visit("gleb")
    open_journal(gleb, "7В")
    gleb.locator("td.cell").nth(27).click()
    gleb.keyboard.type("5")
    expect(gleb.locator("td.is-asked")).to_have_count(1, timeout=10_000)
    gleb.keyboard.type("43")
    expect(gleb.locator("td.is-asked")).to_have_count(3, timeout=10_000)
    gleb.keyboard.press("Escape")
    gleb.reload()
    expect(gleb.locator("td.is-asked")).to_have_count(3, timeout=10_000)
    assert gleb.locator("td.cell").all_inner_texts()[27:] == ["5", "4", "3"]
    gleb.get_by_role("button", name="Работа перепроверена").click()
    expect(gleb.locator(".journal-questions")).to_be_hidden()
    expect(anna.locator("td.cell").nth(27)).to_have_text("5", timeout=10_000)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_journal_opens_at_todays_lesson_on_every_width(visit: SignIn, width: int) -> None:
    """W1, W10: the list has it chosen, the grid has it in sight and chosen; one key leads back to it."""
    anna = visit("anna", width=width)
    open_journal(anna, "7А")
    grid = anna.locator("journal-grid.is-ready")
    grid.wait_for()
    if width < 700:
        expect(anna.locator(".phone-list select")).to_have_value("4")
        anna.get_by_role("button", name="Показать таблицей").click()
    expect(grid).to_have_attribute("data-view", "grid")
    assert anna.evaluate("document.querySelector('journal-grid').selection.at.column") == 4

    def is_in_sight() -> bool:
        today, left, right = (
            anna.locator(f"thead {css}").bounding_box() for css in ("[aria-current]", "th.pupil", "th.avg")
        )
        assert today
        assert left
        assert right
        return left["x"] + left["width"] <= today["x"] + 1 and today["x"] + today["width"] <= right["x"] + 1

    assert is_in_sight()
    cell(anna, "Ёлкин", 0).focus()
    anna.keyboard.press("F4")
    assert is_in_sight()
    expect(cell(anna, "Ёлкин", 4)).to_be_focused()
