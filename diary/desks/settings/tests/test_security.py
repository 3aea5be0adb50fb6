"""«Безопасность»: what is shown, factors, sessions, the journal, the lost phone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from diary.desks.settings.tests.conftest import Statements
from diary.foundation.access.doors import FRESH_FOR
from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.factors.paper_codes import new_codes
from diary.people.door.models import Factor, RecoveryCode, Session, SignInRecord
from diary.people.door.sessions.revocation import revocations
from tests.committed import open_session, signed_in
from tests.people import NOW, Cast

ClientOf = Callable[[str], Client]
PAGE, JOURNAL, LOST = "/security/", "/security/sign-ins/", "/security/lost-phone/"
LATER = NOW + FRESH_FOR + dt.timedelta(minutes=1)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def new_factor(user: User, kind: str = "totp", name: str = "Мой телефон", **values: object) -> Factor:
    return Factor.objects.create(user=user, kind=kind, name=name, secret="S", **({"confirmed_at": NOW} | values))


def recorded(user: User, result: str, at: dt.datetime = NOW, **values: object) -> SignInRecord:
    return SignInRecord.objects.create(user_id=user.id, at=at, result=result, **values)


def other_browser(user: User, **columns: object) -> Client:
    """Another browser in which the person is in."""
    browser = signed_in(Client(), user)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    Session.objects.with_secret(key).update(**columns)
    return browser


def handle_of(browser: Client) -> uuid.UUID:
    return Session.objects.with_secret(browser.cookies[settings.SESSION_COOKIE_NAME].value).get().handle


def test_page_shows_the_account_at_a_glance(client_of: ClientOf, cast: Cast) -> None:
    anna = cast.users["anna"]
    new_factor(anna)
    other_browser(anna, device="Firefox, Linux", device_kind="computer", ip="10.1.1.1")
    recorded(anna, "wrong_password", device="Opera, Windows", ip="10.2.2.2")
    page = text(client_of("anna"), PAGE)
    for said in (anna.shown_number, "Код по SMS", anna.masked_phone, "Мой телефон", "Firefox, Linux · компьютер"):
        assert said in page, said
    for said in ("10.1.1.1", "это устройство", "Opera, Windows", "неверный пароль", "Телефон потерян"):
        assert said in page, said


def test_nothing_of_another_person_is_shown(client_of: ClientOf, cast: Cast) -> None:
    boris = cast.users["boris"]
    new_factor(boris, name="Борисов ключ")
    other_browser(boris, device="Firefox, Linux")
    recorded(boris, "signed_in", device="Opera, Windows")
    for address in (PAGE, JOURNAL):
        page = text(client_of("anna"), address)
        for said in ("Борисов ключ", "Firefox, Linux", "Opera"):
            assert said not in page, said


def test_factor_that_was_never_proved_is_not_shown(client_of: ClientOf, cast: Cast) -> None:
    new_factor(cast.users["olga"], name="Недоделанный", confirmed_at=None)
    assert "Недоделанный" not in text(client_of("olga"), PAGE)


@pytest.mark.parametrize(
    ("login", "said", "missing"),
    [("olga", 'value="sms"', 'value="email"'), ("anna", "Код по SMS", 'value="sms"')],
)
def test_only_what_can_be_added_is_offered(client_of: ClientOf, login: str, said: str, missing: str) -> None:
    page = text(client_of(login), PAGE)
    assert said in page
    assert missing not in page


def test_person_without_a_confirmed_phone_gets_the_way_to_it(client_of: ClientOf, cast: Cast) -> None:
    assert "Телефон не подтверждён" not in text(client_of("olga"), PAGE)
    User.objects.filter(login="olga").update(phone_confirmed_at=None)
    page = text(client_of("olga"), PAGE)
    assert "Телефон не подтверждён" in page
    assert 'href="/settings/contacts/phone/"' in page


def test_paper_codes_are_counted(client_of: ClientOf, cast: Cast) -> None:
    anna = cast.users["anna"]
    assert "Не получены" in text(client_of("anna"), PAGE)
    new_codes(anna)
    RecoveryCode.objects.filter(user=anna).order_by("id")[:1].get().delete()
    assert "Осталось 9 кодов" in text(client_of("anna"), PAGE)


@pytest.mark.parametrize("address", [PAGE, JOURNAL])
def test_statements_do_not_grow(client_of: ClientOf, cast: Cast, statements: Statements, address: str) -> None:
    anna, browser = cast.users["anna"], client_of("anna")
    before = statements(browser, address)
    for number in range(30):
        new_factor(anna, name=f"Ключ {number}")
        open_session(anna)
        recorded(anna, "signed_in", NOW - dt.timedelta(hours=number))
    assert statements(browser, address) == before <= 5


# factors


def test_factor_gets_a_name(client_of: ClientOf, cast: Cast) -> None:
    factor = new_factor(cast.users["anna"])
    answer = client_of("anna").post(f"/security/factors/{factor.id}/rename/", {"name": "  Рабочий <b>ключ "})
    assert answer.status_code == 302
    assert "Рабочий &lt;b&gt;ключ" in text(client_of("anna"), PAGE)


@pytest.mark.parametrize("name", ["x" * 61, "a\0b"])
def test_impossible_name_is_refused(client_of: ClientOf, cast: Cast, name: str) -> None:
    factor = new_factor(cast.users["anna"])
    assert client_of("anna").post(f"/security/factors/{factor.id}/rename/", {"name": name}).status_code == 422
    factor.refresh_from_db()
    assert factor.name == "Мой телефон"


def test_factor_goes_once(client_of: ClientOf, cast: Cast) -> None:
    factor, anna = new_factor(cast.users["anna"]), client_of("anna")
    address = f"/security/factors/{factor.id}/remove/"
    assert [anna.post(address).status_code for _press in range(2)] == [302, 404]
    assert not Factor.objects.filter(id=factor.id).exists()
    assert AuditEvent.objects.filter(action="door.remove_factor").count() == 1


def test_last_factor_of_staff_stays_and_of_a_parent_goes(client_of: ClientOf, cast: Cast) -> None:
    own = Factor.objects.get(user=cast.users["anna"])
    answer = client_of("anna").post(f"/security/factors/{own.id}/remove/")
    assert answer.status_code == 409
    assert "Сотруднику нужен второй шаг" in answer.content.decode()
    assert Factor.objects.filter(id=own.id).exists()
    of_olga = new_factor(cast.users["olga"])
    new_codes(cast.users["olga"])
    assert client_of("olga").post(f"/security/factors/{of_olga.id}/remove/").status_code == 302
    assert not RecoveryCode.objects.filter(user=cast.users["olga"]).exists()


@pytest.mark.parametrize("deed", ["rename", "remove"])
def test_factor_of_another_person_does_not_exist(client_of: ClientOf, cast: Cast, deed: str) -> None:
    for factor_id in (new_factor(cast.users["boris"]).id, uuid.uuid4()):
        assert client_of("anna").post(f"/security/factors/{factor_id}/{deed}/", {"name": "x"}).status_code == 404
    assert Factor.objects.filter(user=cast.users["boris"], name="Мой телефон").exists()


def test_factor_is_not_removed_by_who_has_proved_none_lately(client_of: ClientOf, cast: Cast) -> None:
    factor, anna = new_factor(cast.users["anna"]), client_of("anna")
    with clock.fixed(LATER):
        answer = anna.post(f"/security/factors/{factor.id}/remove/")
    assert answer.status_code == 307
    assert answer["Location"].startswith(settings.SECOND_FACTOR_URL)
    assert Factor.objects.filter(id=factor.id).exists()


# sessions


def test_ended_session_is_dead_at_its_next_request(client_of: ClientOf, cast: Cast) -> None:
    anna, phone = client_of("anna"), other_browser(cast.users["anna"])
    address = f"/security/sessions/{handle_of(phone)}/end/"
    assert phone.get(PAGE).status_code == 200
    assert [anna.post(address).status_code for _press in range(2)] == [302, 404]
    assert phone.get(PAGE)["Location"].startswith(settings.LOGIN_URL)
    assert anna.get(PAGE).status_code == 200


def test_session_of_another_person_does_not_exist(client_of: ClientOf, cast: Cast) -> None:
    boris = other_browser(cast.users["boris"])
    for handle in (handle_of(boris), uuid.uuid4()):
        assert client_of("anna").post(f"/security/sessions/{handle}/end/").status_code == 404
    assert boris.get(PAGE).status_code == 200


def test_own_session_ends_at_the_door(client_of: ClientOf) -> None:
    anna = client_of("anna")
    assert anna.post(f"/security/sessions/{handle_of(anna)}/end/")["Location"] == settings.LOGIN_URL
    assert anna.get(PAGE).status_code == 302


def test_all_others_end_and_this_one_stays(client_of: ClientOf, cast: Cast) -> None:
    anna = client_of("anna")
    others = [other_browser(cast.users["anna"]) for _number in range(3)]
    boris = other_browser(cast.users["boris"])
    assert [anna.post("/security/sessions/end-others/").status_code for _press in range(2)] == [302, 302]
    assert [browser.get(PAGE).status_code for browser in (*others, anna, boris)] == [302, 302, 302, 200, 200]


def test_sessions_can_be_ended_without_a_fresh_factor(client_of: ClientOf, cast: Cast) -> None:
    """They protect: who finds a stranger must not look for the phone first."""
    anna = client_of("anna")
    with clock.fixed(LATER):
        assert anna.post("/security/sessions/end-others/")["Location"] == "/security/#sessions"


# the journal


def test_journal_has_thirty_lines_on_a_page_and_a_filter(client_of: ClientOf, cast: Cast) -> None:
    anna, browser = cast.users["anna"], client_of("anna")
    for number in range(31):
        recorded(anna, "signed_in", NOW - dt.timedelta(minutes=number), ip=f"10.0.0.{number}", factor="totp")
    recorded(anna, "locked", NOW - dt.timedelta(days=1), device="Opera, Windows")
    first, second = text(browser, JOURNAL), text(browser, f"{JOURNAL}?page=2")
    assert "10.0.0.29" in first
    assert "10.0.0.30" not in first
    assert "код из приложения" in first
    assert "10.0.0.30" in second
    assert "?result=&amp;page=2" in first
    locked = text(browser, f"{JOURNAL}?result=locked")
    assert "Opera, Windows" in locked
    assert "10.0.0.1" not in locked
    assert "10.0.0.0" in text(browser, f"{JOURNAL}?result=nonsense&page=x")
    assert "Таких записей нет" in text(browser, f"{JOURNAL}?result=closed")
    assert "Таких записей нет" in text(browser, f"{JOURNAL}?page=99")


def test_every_result_has_words(client_of: ClientOf, cast: Cast) -> None:
    for result in SignInRecord.Result:
        recorded(cast.users["anna"], result)
    text(client_of("anna"), JOURNAL)


# the lost phone


@pytest.fixture
def taken() -> list[int]:
    """Whose tokens and subscriptions were taken."""
    gone: list[int] = []
    revocations.add("tests of settings", take := lambda user_id, _session: gone.append(user_id) or 1)
    yield gone  # type: ignore[misc]
    assert revocations._things.pop("tests of settings") is take


def test_lost_phone_confirms_nothing_any_more_and_this_browser_stays(
    client_of: ClientOf, cast: Cast, taken: list[int]
) -> None:
    User.objects.filter(login="anna").update(email_confirmed_at=NOW)
    anna, stolen = client_of("anna"), other_browser(cast.users["anna"])
    assert "Отключить телефон" in text(anna, LOST)
    with clock.fixed(LATER):
        assert anna.post(LOST, {"what": "phone"})["Location"] == PAGE
    user = User.objects.get(login="anna")
    assert (user.phone_confirmed_at, user.deactivated_at, taken) == (None, None, [user.id])
    assert [one.kind for one in Factor.objects.filter(user=user)] == [Factor.Kind.EMAIL], "a thief must prove something"
    assert stolen.get(PAGE).status_code == 302
    assert "Телефон не подтверждён" in text(anna, PAGE)


def test_without_anything_but_the_phone_one_can_only_close(client_of: ClientOf, cast: Cast, taken: list[int]) -> None:
    User.objects.filter(login="olga").update(email_confirmed_at=None)
    Factor.objects.filter(user=cast.users["olga"]).delete()
    olga = client_of("olga")
    assert "Отключить телефон" not in text(olga, LOST)
    assert olga.post(LOST, {"what": "phone"}).status_code == 409
    assert taken == []


def test_closed_account_opens_to_nobody(client_of: ClientOf, cast: Cast, taken: list[int]) -> None:
    anna, stolen = client_of("anna"), other_browser(cast.users["anna"])
    answer = anna.post(LOST, {"what": "account"})
    assert answer["Location"] == settings.LOGIN_URL
    user = User.objects.get(login="anna")
    assert (user.may_sign_in, user.deactivated_why, taken) == (False, User.Closed.LOST_PHONE, [user.id])
    assert user.shown_number in anna.get(settings.LOGIN_URL).content.decode()
    for browser in (anna, stolen):
        assert browser.get(PAGE).status_code == 302
    assert not Session.objects.filter(user=user).exists()


@pytest.mark.parametrize("what", [{}, {"what": ""}, {"what": "everything"}])
def test_unclear_press_loses_nothing(client_of: ClientOf, cast: Cast, what: dict[str, str]) -> None:
    assert client_of("anna").post(LOST, what).status_code == 422
    assert User.objects.get(login="anna").phone_confirmed_at is not None


# devices never seen before


def test_new_devices_are_told_on_the_first_page_until_the_owner_has_seen_them(client_of: ClientOf, cast: Cast) -> None:
    olga = client_of("olga")
    session = olga.session
    session["new_devices"] = [["Opera, <i>Windows</i>", NOW.isoformat()]]
    session.save()
    page = text(olga, "/settings/")
    assert "Opera, &lt;i&gt;Windows&lt;/i&gt;, 14 октября 12:00" in page
    answer = olga.post("/security/new-devices/seen/", {"next": "/settings/"})
    assert answer["Location"] == "/settings/"
    assert "Opera" not in text(olga, "/settings/")


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", ""])
def test_way_back_never_leaves_the_site(client_of: ClientOf, address: str) -> None:
    assert client_of("olga").post("/security/new-devices/seen/", {"next": address})["Location"] == PAGE


@pytest.mark.parametrize("address", [PAGE, JOURNAL, "/settings/contacts/"])
def test_own_pages_open_after_a_fresh_proof_and_the_lost_phone_always(client_of: ClientOf, address: str) -> None:
    anna, olga = client_of("anna"), client_of("olga")
    Factor.objects.filter(user__login="olga").delete()
    with clock.fixed(NOW + dt.timedelta(minutes=16)):
        assert anna.get(address)["Location"].startswith("/confirm/?next=")
        assert anna.get(LOST).status_code == 200
        assert 'href="/security/lost-phone/"' in anna.get("/settings/").content.decode()
        assert olga.get(address).status_code == 200, "who has no factor cannot prove one"
