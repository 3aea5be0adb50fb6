"""Госуслуги in the browser: out to the double of ESIA, a button there, and back (G4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.doubles.esia.errors import ERRORS
from tests.doubles.esia.playing import Playing
from tests.journeys.conftest import SignIn
from tests.journeys.site import Site
from tests.people import PASSWORD

pytestmark = pytest.mark.browser

PARENT, UNCONFIRMED = "Войти: Иванова Ольга Сергеевна", "Войти: Зимин Игорь Олегович"
PUPIL, TEACHER = "Войти: Ветрова Алиса Денисовна", "Войти: Соколова Анна Петровна"


@pytest.fixture
def esia(site: Site) -> Iterator[Playing]:
    """The double, with nothing wrong before and after."""
    assert site.esia is not None
    yield site.esia
    site.esia.state.choose()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def through_esia(page: Page, who: str) -> None:
    """From the sign-in page to the portal, and a button there."""
    page.goto("/sign-in/")
    page.get_by_role("link", name="Войти через Госуслуги").click()
    expect(page.get_by_role("heading", name="Вход через Госуслуги")).to_be_visible()
    press(page, who)


def test_parent_makes_an_account_and_comes_back_by_one_button(visit: SignIn, esia: Playing) -> None:
    page = visit(None, "/", width=360)
    through_esia(page, PARENT)
    expect(page.get_by_role("heading", name="Первый вход")).to_be_visible()
    expect(page.get_by_text("Здравствуйте, Иванова Ольга Сергеевна!")).to_be_visible()
    login = page.get_by_label("Логин")
    expect(login).to_have_value("ivanova_o")
    login.fill("anna")
    press(page, "Создать учётную запись")
    expect(page.get_by_text("уже занят")).to_be_visible()
    expect(login).to_have_value("anna")
    login.fill("olga_portal")
    press(page, "Создать учётную запись")
    expect(page.get_by_text("Иванова О. С.")).to_be_visible()
    page.goto("/family/add/")
    page.get_by_role("link", name="Заполнить: Иванова Мария").click()
    expect(page.get_by_label("Номер", exact=True)).to_have_value("501234")
    page.context.clear_cookies()
    through_esia(page, PARENT)
    page.goto("/security/")
    expect(page.get_by_role("heading", name="Безопасность", exact=True)).to_be_visible()


def test_unconfirmed_parent_is_told_how_to_confirm(visit: SignIn, esia: Playing) -> None:
    page = visit(None, "/", width=360)
    through_esia(page, UNCONFIRMED)
    expect(page.get_by_role("alert")).to_contain_text("учётная запись на Госуслугах не подтверждена")
    expect(page.get_by_role("alert")).to_contain_text("центре обслуживания")
    page.get_by_role("link", name="Войти по логину и паролю").click()
    expect(page.get_by_label("Пароль")).to_be_visible()


def test_pupil_links_the_login_of_the_school_with_the_password(visit: SignIn, esia: Playing) -> None:
    page = visit(None, "/")
    through_esia(page, PUPIL)
    page.get_by_role("link", name="Войти и связать").click()
    page.get_by_label("Логин").fill("petya")
    page.get_by_label("Пароль").fill(PASSWORD)
    press(page, "Войти")
    page.get_by_role("link", name="Продолжить").click()
    press(page, PUPIL)
    expect(page.get_by_text("Имена не совпадают")).to_be_visible()
    page.get_by_label("Пароль от дневника").fill(PASSWORD)
    press(page, "Связать")
    page.context.clear_cookies()
    through_esia(page, PUPIL)
    page.goto("/diary/")
    expect(page.get_by_role("heading", name="Дневник")).to_be_visible()


def test_teacher_links_and_comes_in_without_password_and_code(visit: SignIn, esia: Playing) -> None:
    page = visit("anna", "/esia/start/?next=/journal/")
    press(page, TEACHER)
    expect(page.get_by_role("heading", name="Связать учётные записи?")).to_be_visible()
    press(page, "Связать")
    expect(page).to_have_url(re.compile("/journal/$"))
    page.goto("/security/")
    expect(page.locator("#services")).to_contain_text("связан")
    page.context.clear_cookies()
    page.goto("/journal/")
    page.get_by_role("link", name="Войти через Госуслуги").click()
    press(page, TEACHER)
    expect(page).to_have_url(re.compile("/journal/$"))


def test_who_says_no_is_asked_again_or_gives_the_password(visit: SignIn, esia: Playing) -> None:
    page = visit(None, "/")
    through_esia(page, "Запретить")
    expect(page.get_by_role("alert")).to_contain_text("вы не разрешили передать данные")
    page.get_by_role("link", name="Попробовать снова").click()
    expect(page.get_by_role("heading", name="Вход через Госуслуги")).to_be_visible()


def test_slow_portal_is_not_waited_for_longer_than_ten_seconds(visit: SignIn, esia: Playing) -> None:
    page = visit(None, "/")
    page.goto("/esia/start/")
    esia.state.choose(slow=30)
    press(page, PARENT)
    expect(page.get_by_role("alert")).to_contain_text("Госуслуги не ответили вовремя", timeout=15_000)


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_of_the_portal_is_a_sentence(visit: SignIn, esia: Playing, code: str) -> None:
    page = visit(None, "/")
    page.goto("/esia/start/")
    esia.state.choose(error=code)
    press(page, PARENT)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Войти через Госуслуги не получилось: ")
    expect(alert).to_contain_text(code)
    expect(page.get_by_role("link", name="Войти по логину и паролю")).to_be_visible()
