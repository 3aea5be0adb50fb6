"""Stories of the own pages: password, factors, sessions, the lost phone, contacts, the service (A8, A9, A11, A12)."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.outbox import code_to
from tests.journeys.site import Site
from tests.people import PASSWORD, PHONES

pytestmark = pytest.mark.browser

NEW_PASSWORD = "Совсем-Другой-26"


def is_out(page: Page) -> None:
    """The next request of this browser ends at the sign-in page."""
    page.goto("/security/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/security/"))


def test_password_is_changed_with_a_code_and_without_javascript(visit: SignIn) -> None:
    elsewhere = visit("tikhon", "/security/")
    tikhon = visit("tikhon", "/security/", width=360, java_script_enabled=False)
    tikhon.get_by_role("link", name="Сменить пароль").click()
    tikhon.get_by_label("Текущий пароль").fill("не тот")
    tikhon.get_by_role("button", name="Получить код").click()
    expect(tikhon.get_by_role("alert")).to_contain_text("Текущий пароль не подошёл")
    tikhon.get_by_label("Текущий пароль").fill(PASSWORD)
    tikhon.get_by_role("button", name="Получить код").click()
    code = code_to(tikhon, PHONES["tikhon"])
    fill_new_password(tikhon, code, "password")
    for rule in ("заглавную", "цифру", "специальный", "украденных"):
        expect(tikhon.locator(".field-error")).to_contain_text(rule)
    expect(tikhon.get_by_label("Код из сообщения")).to_have_value(code)
    fill_new_password(tikhon, code, NEW_PASSWORD)
    expect(tikhon.get_by_text("Пароль изменён")).to_be_visible()
    is_out(elsewhere)
    again = visit(None, "/sign-in/")
    again.get_by_label("Логин").fill("tikhon")
    again.get_by_label("Пароль").fill(NEW_PASSWORD)
    again.get_by_role("button", name="Войти", exact=True).click()
    expect(again).to_have_url(re.compile("/sign-in/factor/"))


def fill_new_password(page: Page, code: str, password: str) -> None:
    page.get_by_label("Код из сообщения").fill(code)
    page.get_by_label("Новый пароль", exact=True).fill(password)
    page.get_by_label("Новый пароль ещё раз").fill(password)
    page.get_by_role("button", name="Сменить пароль").click()


def test_authenticator_app_is_added_named_and_removed(visit: SignIn, site: Site) -> None:
    vera = visit("vera", "/security/")
    vera.get_by_role("button", name="Приложение с кодами").click()
    vera.get_by_text("Нет камеры").click()
    secret = vera.locator(".secret").inner_text().replace(" ", "")
    vera.get_by_label("Код", exact=True).fill(pyotp.TOTP(secret).at(site.now))
    vera.get_by_role("button", name="Подключить").click()
    vera.get_by_role("button", name="Получить коды").click()
    with vera.expect_download() as saved:
        vera.get_by_role("link", name="Скачать").click()
    first = vera.locator(".paper-codes li").first.inner_text()
    assert saved.value.path().read_text(encoding="utf-8").splitlines()[0] == first
    vera.get_by_role("link", name="Готово").click()
    factor = vera.locator("#factors li", has_text="Приложение с кодами")
    factor.get_by_text("Изменить").click()
    factor.get_by_label("Название").fill("Рабочий телефон")
    factor.get_by_role("button", name="Сохранить").click()
    factor = vera.locator("#factors li", has_text="Рабочий телефон")
    expect(vera.locator("#factors")).to_contain_text("Осталось 10 кодов")
    factor.get_by_text("Изменить").click()
    factor.get_by_role("button", name="Удалить").click()
    expect(vera.locator("#factors li", has_text="Рабочий телефон")).to_have_count(0)
    sms = vera.locator("#factors li", has_text="Код по SMS")
    sms.locator("summary").click()
    sms.get_by_role("button", name="Удалить").click()
    expect(vera.get_by_text("Сотруднику нужен второй шаг входа")).to_be_visible()


def test_passkey_is_made_by_the_browser_and_stands_in_the_list(visit: SignIn, site: Site) -> None:
    page = visit("chuzhoy_admin", "/security/")
    named = site.address.replace("127.0.0.1", "localhost")  # browsers make no keys for an address of digits
    key = next(one["value"] for one in page.context.cookies() if one["name"] == "session")
    page.context.add_cookies([{"name": "session", "value": key, "url": named}])
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{named}/security/")
    page.get_by_role("link", name="Ключ доступа").click()
    page.get_by_label("Название").fill("Отпечаток")
    page.get_by_role("button", name="Создать ключ").click()
    page.get_by_role("link", name="Не сейчас").click()
    expect(page.locator("#factors li", has_text="Отпечаток")).to_be_visible()


def test_session_on_another_device_is_ended_and_dead_at_its_next_request(visit: SignIn) -> None:
    phone = visit("chuzhoy", "/security/")
    chuzhoy = visit("chuzhoy", "/security/", width=360)
    others = chuzhoy.locator("#sessions li", has=chuzhoy.get_by_role("button", name="Завершить"))
    expect(chuzhoy.locator("#sessions li").first).to_contain_text("это устройство")
    # other stories may have left browsers of this person
    for left in range(others.count() - 1, -1, -1):
        others.first.get_by_role("button", name="Завершить").click()
        expect(others).to_have_count(left)
    is_out(phone)
    chuzhoy.goto("/security/sign-ins/")
    expect(chuzhoy.get_by_role("heading", name="Журнал входов")).to_be_visible()


def test_lost_phone_is_disconnected_in_one_press(visit: SignIn) -> None:
    stolen = visit("chuzhaya_pupil", "/security/")
    owner = visit("chuzhaya_pupil", "/security/lost-phone/", java_script_enabled=False)
    # nothing but the phone proves who she is: there is no other way than to close the account
    expect(owner.get_by_role("button", name="Отключить телефон")).to_have_count(0)
    owner.get_by_role("button", name="Закрыть учётную запись").click()
    expect(owner.get_by_text("Учётная запись закрыта")).to_be_visible()
    is_out(stolen)


def test_new_mailbox_is_confirmed_by_its_own_code(visit: SignIn) -> None:
    vera = visit("vera", "/settings/contacts/", width=360, java_script_enabled=False)
    vera.get_by_role("link", name="Изменить почту").click()
    vera.get_by_label("Адрес почты").fill("vera@example.ru")
    vera.get_by_role("button", name="Получить код").click()
    code = code_to(vera, "vera@example.ru")
    vera.get_by_label("Код из сообщения").fill("000000" if code != "000000" else "111111")
    vera.get_by_role("button", name="Подтвердить").click()
    expect(vera.get_by_role("alert")).to_contain_text("осталось попыток: 4")
    vera.get_by_label("Код из сообщения").fill(code)
    vera.get_by_role("button", name="Подтвердить").click()
    expect(vera.get_by_text("Электронная почта подтверждена")).to_be_visible()
    expect(vera.get_by_text("vera@example.ru")).to_be_visible()


def test_pupil_switches_the_diary_off_and_on(visit: SignIn) -> None:
    kolya = visit("kolya", "/diary/")
    diary = kolya.url
    kolya.locator("summary.person-button").click()
    kolya.get_by_role("link", name="Услуги").click()
    menu = kolya.get_by_role("navigation", name="Разделы")
    expect(menu.get_by_role("link", name="Дневник")).to_be_visible()
    kolya.get_by_role("button", name="Выключить").click()
    expect(menu.get_by_role("link", name="Дневник")).to_have_count(0)
    answer = kolya.goto(diary)
    assert answer is not None
    assert answer.status == 403
    kolya.get_by_role("link", name="Открыть «Услуги»").click()
    kolya.get_by_role("button", name="Включить").click()
    menu.get_by_role("link", name="Дневник").click()
    expect(kolya.locator(".day").first).to_be_visible()


def test_sign_in_from_a_new_device_is_told_at_the_next_visit(visit: SignIn) -> None:
    home, strange = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
    )
    come_in(visit(None, "/sign-in/", user_agent=home))
    come_in(visit(None, "/sign-in/", user_agent=strange))
    pavel = visit(None, "/sign-in/", user_agent=home)
    come_in(pavel)
    note = pavel.locator(".alert", has_text="Вход с нового устройства")
    expect(note).to_contain_text("Firefox, Linux")
    note.get_by_role("button", name="Это я").click()
    expect(note).to_have_count(0)
    expect(pavel).to_have_url(re.compile("/diary/"))


def come_in(page: Page) -> None:
    page.get_by_label("Логин").fill("pavel")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page).to_have_url(re.compile("/diary/"))


def test_closed_account_opens_to_nobody(visit: SignIn) -> None:
    """Last: Коля cannot come in any more."""
    stolen = visit("kolya", "/diary/")
    kolya = visit("kolya", "/security/")
    kolya.get_by_role("link", name="Телефон потерян").click()
    kolya.get_by_role("button", name="Закрыть учётную запись").click()
    expect(kolya).to_have_url(re.compile("/sign-in/"))
    expect(kolya.get_by_text("Учётная запись закрыта")).to_be_visible()
    is_out(stolen)
    kolya.get_by_label("Логин").fill("kolya")
    kolya.get_by_label("Пароль").fill(PASSWORD)
    kolya.get_by_role("button", name="Войти", exact=True).click()
    expect(kolya.get_by_role("alert")).to_be_visible()
