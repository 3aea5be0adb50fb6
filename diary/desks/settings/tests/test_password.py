"""Changing the password: the present one, the code, the new one; every wrong try counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from diary.desks.settings.tests.sending import code_to, messages_to, wrong
from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.codes import LIVES, TRIES
from diary.people.door.guarding.hashing import Busy
from diary.people.door.models import OneTimeCode, SignInRecord
from tests.committed import signed_in
from tests.people import NOW, PASSWORD, PHONES, Cast

ClientOf = Callable[[str], Client]
PAGE = "/security/password/"
NEW = "Другой-Пароль-27"
PHONE = PHONES["anna"]


def send(browser: Client, **fields: str):  # type: ignore[no-untyped-def]
    return browser.post(PAGE, fields)


def shown(browser: Client) -> str:
    return browser.get(PAGE).content.decode()


@pytest.fixture
def anna(client_of: ClientOf) -> Client:
    return client_of("anna")


def begun(browser: Client) -> str:
    """The code that came after the present password was shown."""
    assert send(browser, current=PASSWORD).status_code == 302
    return code_to(PHONE)


def change(browser: Client, code: str, password: str = NEW, again: str | None = None):  # type: ignore[no-untyped-def]
    return send(browser, code=code, password=password, again=password if again is None else again)


def test_password_is_changed_and_other_browsers_are_out(anna: Client, cast: Cast) -> None:
    phone = signed_in(Client(), cast.users["anna"])
    before = anna.cookies[settings.SESSION_COOKIE_NAME].value
    answer = change(anna, begun(anna))
    assert (answer.status_code, answer["Location"]) == (302, "/security/")
    assert User.objects.get(login="anna").check_password(NEW)
    assert anna.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert anna.get("/security/").status_code == 200
    assert phone.get("/security/").status_code == 302
    assert AuditEvent.objects.filter(action="door.change_password").count() == 1


def test_page_leads_from_the_present_password_to_the_new_one(anna: Client) -> None:
    assert 'name="current"' in shown(anna)
    begun(anna)
    page = shown(anna)
    assert 'name="current"' not in page
    assert 'name="password"' in page
    assert "···-" in page
    assert PHONE not in page


def test_wrong_present_password_is_told_counted_and_never_shown(anna: Client) -> None:
    answer = send(anna, current="not-my-password")
    assert answer.status_code == 422
    assert "Текущий пароль не подошёл" in answer.content.decode()
    assert "not-my-password" not in answer.content.decode()
    assert SignInRecord.objects.filter(result="wrong_password").count() == 1
    assert messages_to(PHONE) == []


def test_five_wrong_passwords_lock_the_account_here_too(anna: Client) -> None:
    for _try in range(4):
        assert "не подошёл" in send(anna, current="wrong").content.decode()
    assert "заблокирован на 30 мин" in send(anna, current="wrong").content.decode()
    assert "заблокирован" in send(anna, current=PASSWORD).content.decode()
    assert messages_to(PHONE) == []


def test_nothing_changes_without_the_present_password(anna: Client) -> None:
    answer = change(anna, "000000")
    assert answer.status_code == 422
    assert 'name="current"' in answer.content.decode()
    assert User.objects.get(login="anna").check_password(PASSWORD)


def test_shown_password_is_forgotten_after_a_while(anna: Client) -> None:
    code = begun(anna)
    with clock.fixed(NOW + dt.timedelta(minutes=15)):
        assert 'name="current"' in change(anna, code).content.decode()
    assert User.objects.get(login="anna").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Aa1!", "Нужно не меньше 8 знаков"),
        ("строчные-12", "Добавьте заглавную"),
        ("ЗАГЛАВНЫЕ-12", "Добавьте строчную"),
        ("Без-цифр-совсем", "Добавьте цифру"),
        ("БезЗнаков12", "Добавьте специальный"),
        ("С пробелом-12", "Уберите пробелы"),
        ("Anna-2026-год", "не должен содержать логин"),
        ("Qwerty123!", "украденных паролей"),
        ("Дл1-" * 40, "не больше 128"),
    ],
)
def test_broken_rule_is_named_and_the_code_stays_good(anna: Client, password: str, said: str) -> None:
    code = begun(anna)
    answer = change(anna, code, password)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert f'value="{code}"' in page, "what was typed is kept"
    assert password not in page, "but no password"
    assert change(anna, code).status_code == 302


def test_two_different_passwords_are_refused(anna: Client) -> None:
    code = begun(anna)
    assert "Пароли не совпали" in change(anna, code, NEW, "Другой-Пароль-28").content.decode()
    assert change(anna, code).status_code == 302


def test_wrong_codes_are_counted_to_five(anna: Client) -> None:
    code = begun(anna)
    for _try in range(TRIES):
        answer = change(anna, wrong(code))
        assert (answer.status_code, "Код не подошёл" in answer.content.decode()) == (422, True)
    assert "больше не действует" in change(anna, code).content.decode()
    assert User.objects.get(login="anna").check_password(PASSWORD)


def test_expired_code_is_told_and_a_new_one_helps(anna: Client) -> None:
    code = begun(anna)
    with clock.fixed(NOW + LIVES):
        assert "больше не действует" in change(anna, code).content.decode()
        assert "Текущий пароль подошёл" in shown(anna)
        assert send(anna).status_code == 302
        assert change(anna, code_to(PHONE)).status_code == 302


def test_doubled_press_of_the_first_step_sends_one_code(anna: Client) -> None:
    begun(anna)
    answer = send(anna, current=PASSWORD)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 60
    assert 'name="password"' in answer.content.decode(), "the first code still waits"
    assert len(messages_to(PHONE)) == 1


def test_doubled_press_of_the_second_step_changes_once(anna: Client) -> None:
    code = begun(anna)
    assert change(anna, code).status_code == 302
    assert change(anna, code, "Третий-Пароль-27").status_code == 422
    assert User.objects.get(login="anna").check_password(NEW)


def test_code_of_another_browser_or_purpose_does_not_fit(anna: Client, cast: Cast) -> None:
    code = begun(anna)
    other = signed_in(Client(), cast.users["anna"])
    with clock.fixed(NOW + dt.timedelta(seconds=61)):
        begun(other)
        assert change(other, code).status_code == 422
    OneTimeCode.objects.update(purpose="phone")
    assert change(anna, code).status_code == 422


def test_without_a_confirmed_phone_the_page_says_what_to_do(anna: Client) -> None:
    User.objects.filter(login="anna").update(phone_confirmed_at=None)
    page = shown(anna)
    assert "Некуда прислать код" in page
    assert "/settings/contacts/phone/" in page
    assert send(anna, current=PASSWORD).status_code == 422
    assert messages_to(PHONE) == []


def test_no_password_stands_in_the_session_or_the_audit_log(anna: Client) -> None:
    change(anna, begun(anna))
    kept = str(dict(anna.session)) + str(list(AuditEvent.objects.values_list("details", flat=True)))
    assert NEW not in kept
    assert PASSWORD not in kept


def test_page_that_fails_gives_no_try_back(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes the page fail after a wrong code, and not after the right one, may not guess for ever."""
    code = begun(anna)
    anna.raise_request_exception = False

    def fail(*_given: object, **_named: object) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    with monkeypatch.context() as patched:
        patched.setattr("diary.desks.settings.views.password.own_page", fail)
        for _try in range(TRIES):
            assert change(anna, wrong(code)).status_code == 500
    assert OneTimeCode.objects.get(user__login="anna").tries == TRIES
    assert "больше не действует" in change(anna, code).content.decode()
    assert User.objects.get(login="anna").check_password(PASSWORD)


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "idna", "rot13", "utf-16"])
def test_form_in_a_strange_charset_is_read_as_utf8(anna: Client, charset: str) -> None:
    fields = {"code": wrong(begun(anna)), "login": "\\ud800", "password": NEW, "again": NEW}
    head = '--X\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = "".join(head.format(name, value) for name, value in fields.items())
    answer = anna.generic(
        "POST", PAGE, (body + "--X--\r\n").encode(), f"multipart/form-data; boundary=X; charset={charset}"
    )
    assert answer.status_code == 422
    assert OneTimeCode.objects.get(user__login="anna").tries == 1


def test_code_is_kept_where_nobody_has_time_to_hash(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    code = begun(anna)

    def busy(_password: str) -> str:
        raise Busy

    with monkeypatch.context() as patched:
        patched.setattr("diary.people.door.guarding.passwords.hash_password", busy)
        answer = change(anna, code)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert change(anna, code)["Location"] == "/security/"
