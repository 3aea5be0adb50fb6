"""A parent adds a child, the school answers, the child comes in by a QR (A10, A15, A16)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.test_accounts import code_for
from tests.people import PHONES

pytestmark = pytest.mark.browser

VANYA = {
    "Фамилия ребёнка": "Малышев",
    "Имя": "Иван",
    "Дата рождения": "2019-03-14",
    "Серия": "IV-ЯЯ",
    "Номер": "123456",
}
PETYA = VANYA | {"Фамилия ребёнка": "Ёлкин", "Имя": "Пётр", "Номер": "654321"}
PIN = "1357"


def fill(page: Page, values: dict[str, str]) -> None:
    for label, value in values.items():
        page.get_by_label(re.compile(rf"^{label}")).first.fill(value)


def choose_school(page: Page, words: str = "1") -> None:
    page.get_by_label("Номер, название или город школы").fill(words)
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("radio", name="Школа № 1")).to_be_checked()


def prove_phone(page: Page, login: str) -> None:
    page.get_by_role("button", name="Получить код").click()
    page.get_by_label("Код из SMS").fill(code_for(page, PHONES[login]))
    page.get_by_role("button", name="Сохранить").click()


def test_olga_adds_a_child_the_school_confirms_and_the_diary_opens(visit: SignIn) -> None:
    olga = visit("olga", "/family/", width=360)
    olga.get_by_role("link", name="Добавить ребёнка").click()
    fill(olga, VANYA)
    olga.get_by_label("Кем вы приходитесь ребёнку").select_option(label="Мать")
    choose_school(olga)
    expect(olga.get_by_label("Фамилия ребёнка")).to_have_value("Малышев")
    prove_phone(olga, "olga")
    expect(olga.get_by_text("ждёт ответа школы")).to_be_visible()

    gleb = visit("gleb", "/office/guardians/")
    gleb.get_by_role("link", name="Малышев Иван").click()
    expect(gleb.get_by_text("IV-ЯЯ 123456")).to_have_count(2)
    gleb.get_by_role("button", name="Подтвердить").click()
    expect(gleb.get_by_text("Сохранено")).to_be_visible()

    olga.goto("/family/")
    card = olga.locator(".card", has_text="Малышев Иван")
    expect(card).to_contain_text("1А, Школа № 1")
    card.get_by_role("link", name="Открыть дневник").click()
    expect(olga.locator(".child-switch a[aria-current]")).to_contain_text("Малышев Иван")
    olga.goto("/my-timetable/")
    expect(olga.locator(".child-switch")).to_contain_text("Малышев Иван")


def test_each_mistake_is_named_and_nothing_typed_is_lost(visit: SignIn) -> None:
    pavel = visit("pavel", "/family/add/", java_script_enabled=False)
    fill(pavel, PETYA | {"Серия": "АБ", "Номер": "12"})
    pavel.get_by_label("Кем вы приходитесь ребёнку").select_option(label="Отец")
    choose_school(pavel)
    pavel.get_by_role("button", name="Получить код").click()
    for sentence in ("римское число и две русские буквы", "Номер свидетельства – 6 цифр"):
        expect(pavel.locator(".field-error", has_text=sentence)).to_be_visible()
    expect(pavel.get_by_label("Фамилия ребёнка")).to_have_value("Ёлкин")
    pavel.get_by_label("Документ").select_option(label="Паспорт РФ")
    pavel.get_by_role("button", name="Получить код").click()
    expect(pavel.locator(".field-error", has_text="Серия паспорта – 4 цифры")).to_be_visible()

    pavel.get_by_label("Документ").select_option(label="Свидетельство о рождении")
    fill(pavel, PETYA | {"Дата рождения": "2019-03-15"})
    prove_phone(pavel, "pavel")
    expect(pavel.get_by_role("alert")).to_contain_text("не нашлось ученика с такими данными")
    expect(pavel.get_by_label("Дата рождения")).to_have_value("2019-03-15")
    fill(pavel, {"Дата рождения": "2019-03-14", "Номер": "654322"})
    pavel.get_by_role("button", name="Сохранить").click()
    expect(pavel.get_by_role("alert")).to_contain_text("не нашлось ученика с такими данными")
    expect(pavel.get_by_text("подтверждён")).to_be_visible()
    fill(pavel, {"Номер": "654321"})
    pavel.get_by_role("button", name="Сохранить").click()
    expect(pavel.get_by_text("ждёт ответа школы")).to_be_visible()

    pavel.goto("/family/add/")
    fill(pavel, PETYA)
    pavel.get_by_label("Кем вы приходитесь ребёнку").select_option(label="Отец")
    choose_school(pavel)
    pavel.get_by_role("button", name="Сохранить").click()
    expect(pavel.get_by_role("alert")).to_contain_text("уже ждёт ответа")

    gleb = visit("gleb", "/office/guardians/")
    gleb.get_by_role("link", name="Ёлкин Пётр").click()
    gleb.get_by_label("Причина").fill("В личном деле другой отец")
    gleb.get_by_role("button", name="Отказать").click()
    expect(gleb.get_by_text("Сохранено")).to_be_visible()
    pavel.get_by_role("button", name="Сохранить").click()
    expect(pavel.get_by_role("alert")).to_contain_text("Причина: В личном деле другой отец")
    pavel.goto("/family/")
    expect(pavel.get_by_text("В личном деле другой отец")).to_be_visible()


def test_administrator_changes_rights_and_everybody_sees_it(visit: SignIn) -> None:
    igor = visit("igor", "/family/")
    expect(igor.get_by_text("полный доступ").first).to_be_visible()
    gleb = visit("gleb", "/office/guardians/")
    gleb.get_by_label("Имя ребёнка или представителя").fill("Зимин")
    gleb.get_by_role("button", name="Найти").click()
    gleb.get_by_role("link", name="Зимин Николай").first.click()
    gleb.get_by_label("Права").select_option(label="Только чтение")
    gleb.get_by_label("Последний день доступа").fill("2026-12-31")
    gleb.get_by_label("Причина").fill("Соглашение родителей")
    gleb.get_by_role("button", name="Сохранить").click()
    expect(gleb.get_by_text("Сохранено")).to_be_visible()
    igor.reload()
    expect(igor.get_by_text("только чтение").first).to_be_visible()
    expect(igor.get_by_text("по 31 декабря 2026").first).to_be_visible()
    expect(igor.get_by_text("Соглашение родителей")).to_be_visible()
    expect(igor.get_by_role("button", name="Показать QR-код")).to_have_count(0)


def test_child_comes_in_by_a_qr_and_the_parent_takes_the_device_back(visit: SignIn) -> None:
    olga = visit("olga", "/family/")
    masha = olga.locator(".card", has_text="Иванова Мария")
    masha.get_by_role("button", name="Показать QR-код").click()
    assert olga.evaluate("() => document.querySelector('img.qr').naturalWidth") > 100
    olga.get_by_text("Нет камеры?").click()
    address = olga.locator("[data-address]").inner_text()

    tablet = visit(None, address, width=360)
    expect(tablet.get_by_role("heading", name="Это устройство ученика?")).to_be_visible()
    expect(tablet.get_by_text("Мария")).to_be_visible()
    tablet.get_by_label("Придумайте PIN").fill("1111")
    tablet.get_by_role("button", name="Да, это моё устройство").click()
    expect(tablet.get_by_role("alert")).to_contain_text("подбирают первым")
    tablet.get_by_label("Придумайте PIN").fill(PIN)
    tablet.get_by_role("button", name="Да, это моё устройство").click()
    expect(tablet).to_have_url(re.compile(r"/diary/"))

    thief = visit(None, address)
    expect(thief.get_by_text("уже использован")).to_be_visible()
    expect(thief.get_by_label("Придумайте PIN")).to_have_count(0)

    tablet.context.clear_cookies(name="session")
    tablet.goto("/diary/")
    expect(tablet.get_by_text("Здравствуйте, Мария!")).to_be_visible()
    tablet.get_by_label("PIN").fill("9753")
    tablet.get_by_role("button", name="Войти", exact=True).click()
    expect(tablet.get_by_role("alert")).to_contain_text("Осталось 4 попытки")
    tablet.get_by_label("PIN").fill(PIN)
    tablet.get_by_role("button", name="Войти", exact=True).click()
    expect(tablet).to_have_url(re.compile(r"/diary/"))

    olga.goto("/family/")
    olga.get_by_role("button", name=re.compile("^Отключить")).click()
    expect(olga.get_by_text("Устройство отключено")).to_be_visible()
    tablet.reload()
    expect(tablet.get_by_text("Это устройство отключено")).to_be_visible()
    tablet.get_by_role("link", name="Войти по логину и паролю").click()
    expect(tablet.get_by_label("Логин")).to_be_visible()


def test_page_of_the_qr_gives_another_one_each_time(visit: SignIn) -> None:
    pavel = visit("pavel", "/family/")
    addresses = []
    for _time in range(2):
        pavel.goto("/family/")
        card = pavel.locator(".card", has_text="Иванова Мария")
        card.get_by_role("button", name="Показать QR-код").click()
        pavel.get_by_text("Нет камеры?").click()
        addresses.append(pavel.locator("[data-address]").inner_text())
    first = visit(None, addresses[0])
    expect(first.get_by_text("живёт 10 минут")).to_be_visible()
    second = visit(None, addresses[1])
    expect(second.get_by_role("heading", name="Это устройство ученика?")).to_be_visible()
