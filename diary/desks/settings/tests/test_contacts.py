"""«Контактные данные»: a phone or mailbox becomes one's own by a code sent there, and the old one hears of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from diary.desks.settings.rules import RECHECK_AFTER, shown_phone
from diary.desks.settings.tests.conftest import Statements
from diary.desks.settings.tests.sending import code_to, messages_to, wrong
from diary.foundation.access.doors import FRESH_FOR
from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.codes import LIVES, TRIES
from diary.people.door.models import Factor
from tests.people import NOW, PHONES, Cast

ClientOf = Callable[[str], Client]
PAGE = "/settings/contacts/"
PHONE, EMAIL, ADDRESS = f"{PAGE}phone/", f"{PAGE}email/", f"{PAGE}address/"
NEW_PHONE, NEW_EMAIL = "+79261112233", "olga@example.ru"


@pytest.fixture
def olga(client_of: ClientOf) -> Client:
    return client_of("olga")


def now_of(login: str = "olga") -> User:
    return User.objects.get(login=login)


def with_email(email: str = "old@example.ru") -> None:
    user = now_of()
    user.email, user.email_confirmed_at = email, NOW
    user.save(update_fields=["email", "email_index", "email_confirmed_at"])


def test_page_shows_what_is_known(olga: Client) -> None:
    with_email()
    User.objects.filter(login="olga").update(phone_confirmed_at=None)
    page = olga.get(PAGE).content.decode()
    for said in (shown_phone(PHONES["olga"]), "не подтверждён", "old@example.ru", "Пока нет", "14 сентября 2026"):
        assert said in page, said


def test_new_phone_is_confirmed_by_its_own_code_and_the_old_one_is_told(olga: Client) -> None:
    assert olga.post(PHONE, {"address": NEW_PHONE[2:]})["Location"] == PHONE
    assert now_of().phone == PHONES["olga"], "not yet"
    assert shown_phone(NEW_PHONE) in olga.get(PHONE).content.decode()
    assert olga.post(PHONE, {"code": code_to(NEW_PHONE)})["Location"] == PAGE
    user = now_of()
    assert (user.phone, user.phone_confirmed_at, user.contacts_checked_at) == (NEW_PHONE, NOW, NOW)
    assert "заменён на другой" in messages_to(PHONES["olga"])[0]


def test_new_mailbox_is_confirmed_by_its_own_code_and_the_old_one_is_told(olga: Client) -> None:
    with_email()
    assert olga.post(EMAIL, {"address": f" {NEW_EMAIL} "})["Location"] == EMAIL
    assert olga.post(EMAIL, {"code": code_to(NEW_EMAIL)})["Location"] == PAGE
    assert (now_of().email, now_of().email_confirmed_at) == (NEW_EMAIL, NOW)
    assert "заменена на другую" in messages_to("old@example.ru")[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+79161234567", "без «+»"),
        ("916 123 45 67", "без пробелов"),
        ("916123456", "10 цифр"),
        ("89161234567", "10 цифр"),
        ("91612345ab", "только цифры"),
        ("", "Обязательное поле"),
    ],
)
def test_broken_rule_of_a_phone_is_named_and_what_was_typed_stays(olga: Client, typed: str, said: str) -> None:
    answer = olga.post(PHONE, {"address": typed})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert f'value="{typed}"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["olga", "olga@", "@example.ru", "a b@example.ru", "о\0@example.ru", "x" * 300])
def test_broken_mailbox_is_refused(olga: Client, typed: str) -> None:
    assert olga.post(EMAIL, {"address": typed}).status_code == 422


def test_present_contact_needs_no_code(olga: Client) -> None:
    with_email()
    for address, typed in ((PHONE, PHONES["olga"][2:]), (EMAIL, "OLD@example.ru")):
        answer = olga.post(address, {"address": typed})
        assert (answer.status_code, "уже ваш" in answer.content.decode()) == (422, True)


def test_unconfirmed_phone_is_typed_already_and_can_be_confirmed(olga: Client) -> None:
    User.objects.filter(login="olga").update(phone_confirmed_at=None)
    assert f'value="{PHONES["olga"][2:]}"' in olga.get(PHONE).content.decode()
    olga.post(PHONE, {"address": PHONES["olga"][2:]})
    olga.post(PHONE, {"code": code_to(PHONES["olga"])})
    assert now_of().phone_confirmed_at == NOW


def test_wrong_codes_are_counted_to_five(olga: Client) -> None:
    olga.post(PHONE, {"address": NEW_PHONE[2:]})
    code = code_to(NEW_PHONE)
    for _try in range(TRIES):
        answer = olga.post(PHONE, {"code": wrong(code)})
        assert (answer.status_code, "Код не подошёл" in answer.content.decode()) == (422, True)
    assert olga.post(PHONE, {"code": code}).status_code == 422
    assert now_of().phone == PHONES["olga"]


def test_expired_code_changes_nothing(olga: Client) -> None:
    olga.post(PHONE, {"address": NEW_PHONE[2:]})
    with clock.fixed(NOW + LIVES):
        answer = olga.post(PHONE, {"code": code_to(NEW_PHONE)})
    assert (answer.status_code, "больше не действует" in answer.content.decode()) == (422, True)
    assert now_of().phone == PHONES["olga"]


def test_code_of_the_mailbox_does_not_confirm_a_phone(olga: Client) -> None:
    olga.post(EMAIL, {"address": NEW_EMAIL})
    assert olga.post(PHONE, {"code": code_to(NEW_EMAIL)}).status_code == 422
    assert now_of().phone == PHONES["olga"]


def test_doubled_press_sends_one_code_and_confirms_once(olga: Client) -> None:
    olga.post(PHONE, {"address": NEW_PHONE[2:]})
    again = olga.post(PHONE, {"address": NEW_PHONE[2:]})
    assert (again.status_code, again["Retry-After"]) == (429, "60")
    code = code_to(NEW_PHONE)
    assert olga.post(PHONE, {"code": code}).status_code == 302
    assert olga.post(PHONE, {"code": code}).status_code == 422
    assert len(messages_to(PHONES["olga"])) == 1


def test_code_can_be_sent_once_more_after_a_minute(olga: Client) -> None:
    olga.post(PHONE, {"address": NEW_PHONE[2:]})
    assert olga.post(PHONE, {"again": "1"}).status_code == 429
    with clock.fixed(NOW + dt.timedelta(seconds=60)):
        assert olga.post(PHONE, {"again": "1"}).status_code == 302
        assert olga.post(PHONE, {"code": code_to(NEW_PHONE)}).status_code == 302
    assert now_of().phone == NEW_PHONE


def test_account_writes_to_ten_strange_addresses_and_no_more(olga: Client) -> None:
    """Nobody fills mailboxes, or spends the school's SMS, through the page of contacts."""
    for number in range(10):
        assert olga.post(EMAIL, {"address": f"victim{number}@example.ru"}).status_code == 302
    answer = olga.post(EMAIL, {"address": "victim10@example.ru"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "360")
    assert not messages_to("victim10@example.ru")


def test_typing_slip_can_be_corrected(olga: Client) -> None:
    olga.post(PHONE, {"address": NEW_PHONE[2:]})
    assert 'name="address"' not in olga.get(PHONE).content.decode()
    assert 'name="address"' in olga.get(f"{PHONE}?other=1").content.decode()


def test_mailbox_goes_with_its_factor(olga: Client, cast: Cast) -> None:
    with_email()
    Factor.objects.create(user=cast.users["olga"], kind="email", confirmed_at=NOW)
    assert olga.post(f"{EMAIL}remove/").status_code == 302
    assert (now_of().email, now_of().email_confirmed_at) == ("", None)
    assert not Factor.objects.filter(user=cast.users["olga"]).exists()


def test_address_is_kept_and_can_be_taken_away(olga: Client) -> None:
    olga.post(ADDRESS, {"address": "  101000, Москва,\nМясницкая, 1 "})
    assert now_of().address == "101000, Москва,\nМясницкая, 1"
    assert "Мясницкая" in olga.get(PAGE).content.decode()
    olga.post(ADDRESS, {"address": ""})
    assert now_of().address == ""
    assert olga.post(ADDRESS, {"address": "x" * 501}).status_code == 422


@pytest.mark.parametrize("address", [PHONE, EMAIL, ADDRESS, f"{EMAIL}remove/"])
def test_nothing_is_changed_without_a_fresh_factor(olga: Client, address: str) -> None:
    with clock.fixed(NOW + FRESH_FOR):
        answer = olga.post(address, {"address": NEW_PHONE[2:]})
    assert answer.status_code == 307
    assert answer["Location"].startswith(settings.SECOND_FACTOR_URL)
    assert messages_to(NEW_PHONE) == []


def test_reminder_comes_after_half_a_year_and_goes_with_a_press(olga: Client) -> None:
    front = olga.get("/diary/")["Location"]
    assert front.endswith("#today")
    assert "Проверьте контактные данные" not in olga.get(front).content.decode()
    User.objects.filter(login="olga").update(contacts_checked_at=NOW - RECHECK_AFTER)
    assert "Проверьте контактные данные" in olga.get(front).content.decode()
    assert not olga.get("/diary/")["Location"].endswith("#today"), "a phone would scroll past it"
    marks = olga.get("/marks/")["Location"]
    assert "Проверьте контактные данные" not in olga.get(marks).content.decode(), "on the first page alone"
    assert olga.post(f"{PAGE}right/", {"next": front})["Location"] == front
    assert "Проверьте контактные данные" not in olga.get(front).content.decode()


def test_reminder_costs_no_statement(olga: Client, statements: Statements) -> None:
    front = olga.get("/diary/")["Location"]
    before = statements(olga, front)
    User.objects.filter(login="olga").update(contacts_checked_at=NOW - RECHECK_AFTER)
    assert statements(olga, front) == before


@pytest.mark.parametrize("address", [PAGE, PHONE, EMAIL, ADDRESS, "/settings/"])
def test_statements_are_few(olga: Client, statements: Statements, address: str) -> None:
    assert statements(olga, address) <= 2
