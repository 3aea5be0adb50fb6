"""Recovery, sign-up and the support desk (A1–A3, A7)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.foundation.post.models import OutboxMessage
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.actions import lose_phone
from diary.people.door.guarding import guard
from diary.people.door.guarding.journal import Visit
from diary.people.door.models import Factor, Session, SignInRecord
from diary.people.door.rules.lockout import Standing
from diary.people.door.signing_in.password import check_password
from diary.people.door.signing_in.registering import forget_unfinished
from diary.people.door.tests.door import code_sent_to, deliver, give_password, letters_to
from tests.committed import open_session
from tests.people import NOW, PASSWORD, PHONES, Cast

RECOVERY, CODE, NEW = "/recovery/", "/recovery/code/", "/recovery/password/"
NEW_PASSWORD = "Fresh-Start-26"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def ask(browser: Client, who: str = "olga", last_name: str = "Иванова", kind: str = "sms"):  # type: ignore[no-untyped-def]
    return browser.post(RECOVERY, {"who": who, "last_name": last_name, "kind": kind})


def lock(login: str) -> None:
    for _try in range(5):
        check_password(login, "wrong", Visit("10.0.0.7"))


@pytest.mark.parametrize("by", ["login", "number"])
def test_locked_person_sets_a_new_password_and_comes_in(cast: Cast, client: Client, by: str) -> None:
    lock("olga")
    old_session = open_session(cast.users["olga"])
    who = "OLGA" if by == "login" else cast.users["olga"].shown_number
    assert ask(client, who, " иванова ")["Location"] == CODE
    assert client.post(CODE, {"typed": code_sent_to(PHONES["olga"])})["Location"] == NEW
    assert client.post(NEW, {"password": NEW_PASSWORD, "again": NEW_PASSWORD})["Location"] == "/sign-in/"
    assert not Session.objects.with_secret(old_session).exists()
    assert give_password(client, "olga").status_code == 422
    assert give_password(client, "olga", NEW_PASSWORD)["Location"] == "/"
    assert SignInRecord.objects.filter(result="recovered", factor="sms", user_id=cast.users["olga"].id).exists()
    assert client.get(NEW)["Location"] == RECOVERY


def test_recovery_does_not_replace_the_second_factor(cast: Cast, client: Client) -> None:
    ask(client, "anna", "Соколова")
    client.post(CODE, {"typed": code_sent_to(PHONES["anna"])})
    client.post(NEW, {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert give_password(client, "anna", NEW_PASSWORD)["Location"] == "/sign-in/factor/"


def test_answers_are_the_same_for_who_does_not_exist(cast: Cast) -> None:
    """Text, status and number of statements, at the request and at the code."""
    seen = set()
    User.objects.filter(login="pavel").update(is_active=False)
    for place, (who, last_name) in enumerate(
        [
            ("olga", "Иванова"),
            ("olga", "Чужая"),
            ("nobody", "Иванова"),
            ("123456789012", "Иванова"),
            ("pavel", "Иванов"),
        ]
    ):
        browser = Client(REMOTE_ADDR=f"10.1.0.{place}")
        with CaptureQueriesContext(connection) as caught:
            answer = ask(browser, who, last_name)
        statements = [one["sql"].split()[0] for one in caught.captured_queries if "core_datakey" not in one["sql"]]
        page = TOKEN.sub("", browser.get(CODE).content.decode())
        wrong = browser.post(CODE, {"typed": "000000"})
        text = TOKEN.sub("", wrong.content.decode())
        seen.add((answer.status_code, answer["Location"], page, wrong.status_code, text, statements.count("INSERT")))
    assert len(seen) == 1
    deliver()
    assert [letter.address for letter in OutboxMessage.objects.all()] == [PHONES["olga"]]


def test_code_goes_only_to_what_was_confirmed(cast: Cast) -> None:
    olga = cast.users["olga"]
    olga.email, olga.phone_confirmed_at = "olga@example.ru", None
    olga.save(update_fields=["email", "email_index", "phone_confirmed_at"])
    for kind in ("sms", "email"):
        ask(Client(), kind=kind)
    deliver()
    assert not OutboxMessage.objects.exists()


def test_new_password_keeps_the_rules_and_says_which_is_broken(cast: Cast, client: Client) -> None:
    ask(client)
    client.post(CODE, {"typed": code_sent_to(PHONES["olga"])})
    for password, rule in (
        ("Short1!", "не меньше 8"),
        ("nodigits-A", "цифру"),
        ("Olga-2026!", "логин"),
        ("Пароль 1!Я", "пробелы"),
    ):
        answer = client.post(NEW, {"password": password, "again": password})
        assert (answer.status_code, rule in answer.content.decode()) == (422, True), password
    assert client.post(NEW, {"password": NEW_PASSWORD, "again": "Other-2026!"}).status_code == 422
    with clock.fixed(NOW + dt.timedelta(minutes=16)):
        assert client.get(NEW)["Location"] == RECOVERY


def test_another_code_is_asked_for_without_typing_it_all_again(cast: Cast, client: Client) -> None:
    ask(client, "nobody_here", "Ёлкина", "email")
    page = client.get(RECOVERY).content.decode()
    assert 'value="nobody_here"' in page
    assert 'value="Ёлкина"' in page
    assert re.search(r'value="email"[^>]* checked', page)


def sign_up(browser: Client, **other: str):  # type: ignore[no-untyped-def]
    fields = {"last_name": "Новая", "first_name": "Нина", "login": "nina_2026", "phone": "9167778899"}
    return browser.post("/sign-up/", fields | {"password": NEW_PASSWORD, "again": NEW_PASSWORD} | other)


def test_new_account_is_made_confirmed_and_told_what_to_do_next(cast: Cast, client: Client) -> None:
    assert sign_up(client)["Location"] == "/sign-in/phone/"
    client.post("/sign-in/phone/", {"known": "1"})
    answer = client.post("/sign-in/code/", {"typed": code_sent_to("+79167778899")})
    assert answer["Location"] == "/welcome/"
    nina = User.objects.get(login="nina_2026")
    assert nina.shown_number in client.get("/welcome/").content.decode()
    assert client.get("/diary/").status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("login", "нина", "латинские"),
        ("login", "OLGA", "уже занят"),
        ("phone", "+79161234567", "без «+»"),
        ("phone", "916 1234567", "без пробелов"),
        ("password", "Password1!", "украденных"),
        ("again", "another", "не совпали"),
        ("last_name", "", "Обязательное"),
        ("last_name", "Н0вая 😀", "только буквы"),
    ],
)
def test_broken_rule_is_named_and_what_was_typed_stays(
    cast: Cast, client: Client, field: str, value: str, rule: str
) -> None:
    other = {field: value} | ({"again": value} if field == "password" else {})
    answer = sign_up(client, **other)
    page = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert rule in page
    assert 'value="Нина"' in page
    assert NEW_PASSWORD not in page
    focused = re.findall(r'<input[^>]* name="(\w+)"[^>]* autofocus', page)
    assert focused == ([field] if answer.status_code == 422 else ["last_name"])


def test_lock_of_a_login_that_nobody_had_does_not_wait_for_its_owner(cast: Cast, client: Client) -> None:
    lock("nina_2026")
    sign_up(client)
    assert guard.standing_of(User.objects.get(login="nina_2026")) is Standing.OPEN


def test_account_that_was_never_finished_frees_its_login(cast: Cast, client: Client) -> None:
    sign_up(client)
    forget_unfinished()
    assert User.objects.filter(login="nina_2026").exists()
    with clock.fixed(NOW + dt.timedelta(days=2)):
        forget_unfinished()
    assert not User.objects.filter(login="nina_2026").exists()
    assert User.objects.filter(login="masha").exists()


def test_support_finds_by_number_sees_the_checks_and_unlocks_with_a_reason(
    cast: Cast, client_of: Callable[[str], Client]
) -> None:
    lock("olga")
    lena, olga = client_of("lena"), cast.users["olga"]
    address = lena.post("/support/accounts/", {"number": olga.shown_number})["Location"]
    page = lena.get(address).content.decode()
    assert "закрыт на 30 минут" in page
    assert "10.0.0.7" not in page
    assert PHONES["olga"] not in page
    assert lena.post(address, {"reason": "коротко"}).status_code == 422
    assert lena.post(address, {"reason": "Назвала дату рождения ребёнка"})["Location"] == address
    assert guard.standing_of(olga) is Standing.OPEN
    assert check_password("olga", PASSWORD, Visit("10.0.0.8")).user == olga
    event = AuditEvent.objects.get(action="door.unlock_account")
    assert (event.user_id, event.object_id, event.details["reason"], event.details["was"]) == (
        cast.users["lena"].id,
        str(olga.id),
        "Назвала дату рождения ребёнка",
        "locked",
    )


def test_support_has_nothing_to_unlock_where_the_way_in_is_open(cast: Cast, client_of: Callable[[str], Client]) -> None:
    lena, address = client_of("lena"), f"/support/accounts/{cast.users['olga'].number}/"
    assert "разблокировать нечего" in lena.get(address).content.decode()
    answer = lena.post(address, {"reason": "Назвала дату рождения ребёнка"}, follow=True)
    assert "Вход и так открыт" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="door.unlock_account").exists()
    assert not letters_to(PHONES["olga"])


def test_recovery_tells_nothing_by_how_soon_it_may_be_asked_again(
    cast: Cast, client: Client, client_of: Callable[[str], Client]
) -> None:
    """A phone that has just got a code looks like one that has not: asked for by login, by number, or typed in."""
    assert ask(client)["Location"] == CODE
    by_number = ask(Client(REMOTE_ADDR="10.7.0.1"), cast.users["olga"].shown_number)
    nobody = ask(Client(REMOTE_ADDR="10.7.0.2"), "nobody_here")
    assert by_number["Location"] == nobody["Location"] == CODE
    curious = client_of("pavel")
    for phone in (PHONES["olga"], "+79995550011"):
        assert curious.post("/settings/contacts/phone/", {"address": phone[2:]}).status_code == 302, phone
    waits = [job.scheduled_at for job in ProcrastinateJob.objects.filter(task_name="post.send_message")]
    now = dt.datetime.now(dt.UTC)  # the queue keeps the clock of the machine
    assert [moment is not None and 50 < (moment - now).total_seconds() <= 60 for moment in waits] == [
        False,  # the first one goes at once
        True,  # the same phone again: in a minute, and nobody is told
        False,  # nobody's
        False,  # the phone a third time: never
        False,
    ]


def test_support_reaches_people_of_its_school_only_and_never_itself(
    cast: Cast, client_of: Callable[[str], Client]
) -> None:
    lena = client_of("lena")
    for login, status in (("chuzhoy", 404), ("lena", 404), ("anna", 200)):
        assert lena.get(f"/support/accounts/{cast.users[login].number}/").status_code == status, login
    assert lena.post("/support/accounts/", {"number": cast.users["chuzhoy"].number}).status_code == 422
    RoleGrant.objects.filter(user=cast.users["igor"]).delete()
    assert lena.get(f"/support/accounts/{cast.users['igor'].number}/").status_code == 200


def test_lost_phone_ends_a_recovery_that_is_under_way(cast: Cast, client: Client) -> None:
    """Whoever has found the phone may hold the page of the new password open already."""
    ask(client)
    client.post(CODE, {"typed": code_sent_to(PHONES["olga"])})
    assert client.get(NEW).status_code == 200
    lose_phone(cast.actor("olga"), cast.users["olga"], closes_account=True)
    assert client.get(NEW)["Location"] == RECOVERY
    assert client.post(NEW, {"password": NEW_PASSWORD, "again": NEW_PASSWORD})["Location"] == RECOVERY
    olga = User.objects.get(login="olga")
    assert olga.deactivated_at is not None
    assert olga.check_password(PASSWORD)


def test_code_to_a_phone_that_is_no_longer_the_persons_proves_nothing(cast: Cast, client: Client) -> None:
    ask(client)
    User.objects.filter(login="olga").update(phone_confirmed_at=None)
    answer = client.post(CODE, {"typed": code_sent_to(PHONES["olga"])})
    assert "больше не ваши" in answer.content.decode()
    assert client.get(NEW)["Location"] == RECOVERY


def test_account_is_unlocked_three_times_a_day(cast: Cast, client_of: Callable[[str], Client]) -> None:
    lena, address = client_of("lena"), f"/support/accounts/{cast.users['olga'].number}/"
    for expected in (302, 302, 302, 429):
        guard.unlock(cast.users["olga"])
        lock("olga")
        assert lena.post(address, {"reason": "Назвала дату рождения ребёнка"}).status_code == expected
    assert guard.standing_of(cast.users["olga"]) is Standing.LOCKED


def test_strange_number_finds_nobody(client_of: Callable[[str], Client]) -> None:
    assert client_of("lena").get("/support/accounts/%00/").status_code == 404


def test_lost_app_is_replaced_by_sms_after_a_check_with_a_reason(
    cast: Cast, client_of: Callable[[str], Client]
) -> None:
    """D1: app only, app lost, no paper codes: support helps, the reason stays, the owner hears of it."""
    olga = cast.users["olga"]
    Factor.objects.filter(user=olga).delete()
    Factor.objects.create(user=olga, kind="totp", secret="JBSWY3DPEHPK3PXP", confirmed_at=NOW)
    lena, address = client_of("lena"), f"/support/accounts/{olga.number}/"
    assert "Заменить на код из SMS" in lena.get(address).content.decode()
    assert lena.post(address, {"reason": "мало", "replace": "1"}).status_code == 422
    assert Factor.objects.get(user=olga).kind == "totp"
    assert lena.post(address, {"reason": "Назвала дату рождения ребёнка", "replace": "1"})["Location"] == address
    assert Factor.objects.get(user=olga).kind == "sms"
    assert "Поддержка удалила" in letters_to(PHONES["olga"])[0]
    event = AuditEvent.objects.get(action="door.replace_lost_factors")
    assert (event.details["reason"], event.details["removed"]) == ("Назвала дату рождения ребёнка", ["totp"])
    assert "Заменить на код из SMS" not in lena.get(address).content.decode()
