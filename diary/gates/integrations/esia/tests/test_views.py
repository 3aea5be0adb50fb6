"""The doors of ESIA through the test client: first entry, linking, coming in again, refusals, lockout."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings, settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client, override_settings

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.gates.integrations.esia.tests.conftest import walk
from diary.gates.integrations.identities.models import ExternalIdentity, subject_index
from diary.people.accounts.models import User
from diary.people.door.guarding import guard
from diary.people.door.models import Session, SignInRecord
from diary.people.door.sessions.browsers import factor_at
from tests.committed import signed_in
from tests.doubles.esia.errors import ERRORS
from tests.doubles.esia.playing import Playing
from tests.people import NOW, PASSWORD, Cast

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
START = "/esia/start/"
OIDS = {"parent": "1000500001", "unconfirmed": "1000500002", "pupil": "1000500003", "teacher": "1000500004"}
Journey = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def plain_static_files() -> Iterator[None]:
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": PLAIN}):
        yield


@pytest.fixture
def journey(cast: Cast, double: Playing) -> Journey:
    """`journey(browser, "parent")`: out to ESIA, a button there, and back; the answer of our door."""

    def go(browser: Client, persona: str, next_page: str = "") -> HttpResponse:
        address = START + (f"?{urlencode({'next': next_page})}" if next_page else "")
        out = browser.get(address)
        assert out.status_code == 302
        back = walk(double, out["Location"], persona)
        return browser.get(back.raw_path.decode())

    return go


def linked(user: User, persona: str) -> ExternalIdentity:
    return ExternalIdentity.objects.create(
        user=user, provider="esia", subject_index=subject_index("esia", OIDS[persona])
    )


def who_is_in(browser: Client) -> str | None:
    key = browser.session.get(SESSION_KEY)
    return User.objects.get(id=key).login if key else None


def test_linked_teacher_comes_in_with_a_fresh_factor(cast: Cast, journey: Journey, client: Client) -> None:
    identity = linked(cast.users["anna"], "teacher")
    answer = journey(client, "teacher", "/journal/")
    assert (answer.status_code, answer["Location"]) == (302, "/journal/")
    assert who_is_in(client) == "anna"
    assert factor_at(client.session) == NOW
    assert client.get("/journal/").status_code == 200
    record = SignInRecord.objects.get()
    assert (record.result, record.factor, record.user_id) == ("signed_in", "esia", cast.users["anna"].id)
    identity.refresh_from_db()
    assert identity.last_used_at == NOW


def test_session_that_was_there_before_opens_nothing_afterwards(cast: Cast, journey: Journey, client: Client) -> None:
    linked(cast.users["anna"], "teacher")
    client.get(START)
    planted = client.session.session_key
    journey(client, "teacher")
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_first_entry_makes_an_account_of_what_esia_has_verified(journey: Journey, client: Client) -> None:
    answer = journey(client, "parent")
    assert answer["Location"] == "/identity/"
    shown = client.get("/identity/").content.decode()
    assert "Иванова Ольга Сергеевна" in shown
    assert 'value="ivanova_o"' in shown
    answer = client.post("/identity/", {"login": "ivanova_olga"})
    assert answer.status_code == 302
    assert who_is_in(client) == "ivanova_olga"
    user = User.objects.get(login="ivanova_olga")
    assert (user.full_name, user.phone, user.email) == (
        "Иванова Ольга Сергеевна",
        "+79001112233",
        "olga.ivanova@example.org",
    )
    assert user.phone_confirmed_at == user.email_confirmed_at == NOW
    assert not user.has_usable_password()
    assert factor_at(client.session) == NOW
    assert "door.sign_up" in AuditEvent.objects.values_list("action", flat=True)
    again = Client()
    journey(again, "parent")
    assert who_is_in(again) == "ivanova_olga"


def test_children_of_esia_fill_the_form_in(cast: Cast, journey: Journey, client: Client) -> None:
    def fields(page: str) -> dict[str, str]:
        return dict(re.findall(r'<input class="input"[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))

    journey(client, "parent")
    client.post("/identity/", {"login": "ivanova_olga"})
    page = client.get("/family/add/").content.decode()
    assert re.findall("Заполнить: ([^<]+)", page) == ["Иванова Мария", "Иванов Тимофей"]
    assert not any(fields(page).values())
    filled = fields(client.get("/family/add/?child=1").content.decode())
    assert (filled["last_name"], filled["birth_date"]) == ("Иванов", "2019-09-03")
    assert (filled["series"], filled["number"]) == ("II-БО", "734512")
    kept = str(client.session.items())
    assert "Тимофей" not in kept
    assert "734512" not in kept
    for strange in ("2", "-1", "x", "¹", "9" * 30):
        assert not any(fields(client.get("/family/add/", {"child": strange}).content.decode()).values())
    with clock.fixed(NOW + dt.timedelta(minutes=61)):
        assert "Заполнить" not in client.get("/family/add/").content.decode()
    linked(cast.users["anna"], "teacher")
    other = Client()
    journey(other, "teacher")
    assert "Заполнить" not in other.get("/family/add/").content.decode()


@pytest.mark.parametrize("login", ["", "ольга", "o o", "ANNA", "x" * 65])
def test_login_of_a_new_account_keeps_the_rules_and_stays_typed(journey: Journey, client: Client, login: str) -> None:
    journey(client, "parent")
    before = User.objects.count()
    answer = client.post("/identity/", {"login": login})
    assert answer.status_code == 422
    assert User.objects.count() == before
    assert who_is_in(client) is None
    assert f'value="{login}"' in answer.content.decode() or len(login) in (0, 65)


def test_account_by_hand_is_not_made_without_a_word_of_esia(cast: Cast, double: Playing, client: Client) -> None:
    for browser in (client, signed_in(Client(), cast.users["olga"])):
        for method in ("get", "post"):
            assert getattr(browser, method)("/identity/", {"login": "thief"}).status_code == 400
    assert not User.objects.filter(login="thief").exists()


def test_word_of_esia_waits_a_quarter_of_an_hour(journey: Journey, client: Client) -> None:
    journey(client, "parent")
    with clock.fixed(NOW + dt.timedelta(minutes=15, seconds=1)):
        assert client.post("/identity/", {"login": "ivanova_olga"}).status_code == 400


def test_session_in_the_database_names_nobody(journey: Journey, client: Client) -> None:
    journey(client, "parent")
    kept = str(client.session.items())
    for secret in ("Иванова", "9001112233", "1000500001", "olga.ivanova"):
        assert secret not in kept


def test_account_that_is_there_is_linked_after_its_own_sign_in(cast: Cast, journey: Journey) -> None:
    anna = signed_in(Client(), cast.users["anna"])
    answer = journey(anna, "teacher", "/journal/")
    assert answer["Location"] == "/identity/link/"
    shown = anna.get("/identity/link/").content.decode()
    assert "Соколова Анна Петровна" in shown
    assert "Имена не совпадают" not in shown
    assert not ExternalIdentity.objects.exists()
    answer = anna.post("/identity/link/")
    assert (answer.status_code, answer["Location"]) == (302, "/journal/")
    assert ExternalIdentity.objects.get().user_id == cast.users["anna"].id
    assert "identities.link_identity" in AuditEvent.objects.values_list("action", flat=True)
    assert anna.post("/identity/link/").status_code == 400
    stranger = Client()
    journey(stranger, "teacher")
    assert who_is_in(stranger) == "anna"


def test_linking_needs_a_fresh_factor(cast: Cast, journey: Journey) -> None:
    anna = signed_in(Client(), cast.users["anna"])
    journey(anna, "teacher")
    with clock.fixed(NOW + dt.timedelta(minutes=15)):
        answer = anna.post("/identity/link/")
    assert answer["Location"].startswith("/confirm/")
    assert not ExternalIdentity.objects.exists()


def test_who_has_no_factor_gives_the_password_to_link(cast: Cast, journey: Journey, client: Client) -> None:
    client.post("/sign-in/", {"login": "olga", "password": PASSWORD})
    journey(client, "parent")
    assert 'type="password"' in client.get("/identity/link/").content.decode()
    for wrong in ({}, {"password": "wrong-Password1!"}):
        assert client.post("/identity/link/", wrong).status_code == 422
    assert SignInRecord.objects.filter(result="wrong_password").count() == 2
    assert not ExternalIdentity.objects.exists()
    assert client.post("/identity/link/", {"password": PASSWORD})["Location"] == "/security/"
    assert ExternalIdentity.objects.get().user_id == cast.users["olga"].id


def test_way_from_the_form_to_the_portal_has_a_page_between(cast: Cast, journey: Journey, client: Client) -> None:
    journey(client, "parent")
    assert "/sign-in/?next=/identity/with/esia/" in client.get("/identity/").content.decode()
    olga = signed_in(Client(), cast.users["olga"])
    assert f'href="{START}"' in olga.get("/identity/with/esia/").content.decode()
    for unknown in ("openid", "other"):
        assert olga.get(f"/identity/with/{unknown}/").status_code == 404


def test_other_names_are_pointed_out(cast: Cast, journey: Journey) -> None:
    boris = signed_in(Client(), cast.users["boris"])
    journey(boris, "teacher")
    assert "Имена не совпадают" in boris.get("/identity/link/").content.decode()


def test_neither_side_of_a_link_is_linked_twice(cast: Cast, journey: Journey) -> None:
    linked(cast.users["anna"], "teacher")
    anna = signed_in(Client(), cast.users["anna"])
    journey(anna, "pupil")
    assert anna.post("/identity/link/").status_code == 409
    boris = signed_in(Client(), cast.users["boris"])
    answer = journey(boris, "teacher")
    assert answer.status_code == 409
    assert "выбран другой человек" in answer.content.decode()
    assert who_is_in(boris) == "boris"
    assert ExternalIdentity.objects.count() == 1


def test_who_is_in_already_steps_up(cast: Cast, journey: Journey) -> None:
    linked(cast.users["anna"], "teacher")
    anna = signed_in(Client(), cast.users["anna"])
    later = NOW + dt.timedelta(minutes=3)
    with clock.fixed(later):
        answer = journey(anna, "teacher", "/journal/")
    assert answer["Location"] == "/journal/"
    assert factor_at(anna.session) == later
    assert SignInRecord.objects.get().result == "stepped_up"


def test_link_is_taken_away_by_its_owner_only(cast: Cast, double: Playing) -> None:
    identity = linked(cast.users["anna"], "teacher")
    address = f"/identity/{identity.id}/unlink/"
    assert signed_in(Client(), cast.users["boris"]).post(address).status_code == 404
    assert signed_in(Client(), cast.users["anna"]).post(address).status_code == 302
    assert not ExternalIdentity.objects.exists()


def test_security_page_offers_the_link_and_its_end(cast: Cast, double: Playing) -> None:
    anna = signed_in(Client(), cast.users["anna"])
    assert 'href="/esia/start/?next=' in anna.get("/security/").content.decode()
    identity = linked(cast.users["anna"], "teacher")
    shown = anna.get("/security/").content.decode()
    assert f'action="/identity/{identity.id}/unlink/"' in shown
    assert 'href="/esia/start/' not in shown


def test_last_way_in_is_not_taken_away(cast: Cast, double: Playing) -> None:
    olga = User.objects.get(login="olga")
    olga.set_unusable_password()
    olga.save(update_fields=["password"])
    identity = linked(olga, "parent")
    answer = signed_in(Client(), olga).post(f"/identity/{identity.id}/unlink/")
    assert answer.status_code == 409
    assert "нет пароля" in answer.content.decode()


def test_unconfirmed_account_is_refused_with_what_to_do(journey: Journey, client: Client) -> None:
    answer = journey(client, "unconfirmed")
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "не подтверждена" in shown
    assert "центре обслуживания" in shown
    assert who_is_in(client) is None
    assert client.get("/identity/").status_code == 400


def test_deny_is_told_with_both_ways_on(journey: Journey, client: Client) -> None:
    answer = journey(client, "")
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert "вы не разрешили" in shown
    assert START in shown
    assert "/sign-in/" in shown


@pytest.mark.parametrize("code", [code for code in ERRORS if code != "ESIA-007004"])
def test_every_error_has_its_page(double: Playing, journey: Journey, client: Client, code: str) -> None:
    double.state.choose(error=code)
    answer = journey(client, "parent")
    assert code in answer.content.decode()
    assert 400 <= answer.status_code < 600
    assert who_is_in(client) is None


def test_error_without_this_browsers_state_is_not_repeated(double: Playing, cast: Cast, client: Client) -> None:
    made_up = urlencode({"error": "access_denied", "error_description": "ESIA-007004: позвоните", "state": "x"})
    answer = client.get(f"/esia/return/?{made_up}")
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "вход начат в другом браузере" in shown
    assert "вы не разрешили" not in shown
    assert "позвоните" not in shown


def test_return_works_once_and_in_its_own_browser(cast: Cast, double: Playing, client: Client) -> None:
    linked(cast.users["anna"], "teacher")
    thief = Client()
    back = walk(double, client.get(START)["Location"], "teacher").raw_path.decode()
    assert thief.get(back).status_code == 400
    assert who_is_in(thief) is None
    assert client.get(back).status_code == 302
    assert Client().get(back).status_code == 400
    assert client.get(back).status_code == 400


def test_return_after_ten_minutes_is_refused(cast: Cast, double: Playing, client: Client) -> None:
    linked(cast.users["anna"], "teacher")
    back = walk(double, client.get(START)["Location"], "teacher").raw_path.decode()
    with clock.fixed(NOW + dt.timedelta(minutes=10, seconds=1)):
        answer = client.get(back)
    assert answer.status_code == 400
    assert "больше 10 минут" in answer.content.decode()


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(cast: Cast, journey: Journey, client: Client, evil: str) -> None:
    linked(cast.users["anna"], "teacher")
    assert journey(client, "teacher", evil)["Location"] == "/"


def test_locked_account_does_not_come_in_until_recovery(cast: Cast, journey: Journey, client: Client) -> None:
    anna = cast.users["anna"]
    linked(anna, "teacher")
    for _try in range(5):
        client.post("/sign-in/", {"login": "anna", "password": "wrong-Password1!"})
    for moment in (NOW, NOW + dt.timedelta(minutes=31)):
        with clock.fixed(moment):
            answer = client.get("/sign-in/")
            assert answer.status_code == 200
    answer = journey(client, "teacher")
    assert answer.status_code == 403
    assert "Восстановите доступ" in answer.content.decode()
    assert who_is_in(client) is None
    assert SignInRecord.objects.latest("id").result == "locked"
    guard.unlock(anna)
    journey(client, "teacher")
    assert who_is_in(client) == "anna"


@pytest.mark.parametrize("change", [{"is_active": False}, {"deactivated_at": NOW}])
def test_closed_account_does_not_come_in(
    cast: Cast, journey: Journey, client: Client, change: dict[str, object]
) -> None:
    linked(cast.users["anna"], "teacher")
    User.objects.filter(login="anna").update(**change)
    answer = journey(client, "teacher")
    assert answer.status_code == 403
    assert cast.users["anna"].shown_number in answer.content.decode()
    assert who_is_in(client) is None
    assert SignInRecord.objects.latest("id").result == "closed"


def test_phone_that_is_not_confirmed_yet_is_asked_for(cast: Cast, journey: Journey, client: Client) -> None:
    linked(cast.users["olga"], "parent")
    User.objects.filter(login="olga").update(phone_confirmed_at=None)
    assert journey(client, "parent")["Location"] == "/sign-in/phone/"
    assert who_is_in(client) is None


def test_esia_that_is_down_is_told(double: Playing, cast: Cast, client: Client) -> None:
    back = walk(double, client.get(START)["Location"], "parent").raw_path.decode()
    double.state.choose(down=True)
    answer = client.get(back)
    assert answer.status_code == 504
    assert "не ответили вовремя" in answer.content.decode()


def test_without_settings_there_is_no_door(cast: Cast, client: Client, settings: LazySettings) -> None:
    settings.ESIA_CLIENT_ID = ""
    assert client.get(START).status_code == 404
    assert client.get("/esia/return/").status_code == 404


def test_password_still_works_after_linking(cast: Cast, journey: Journey, client: Client) -> None:
    linked(cast.users["olga"], "parent")
    client.post("/sign-in/", {"login": "olga", "password": PASSWORD})
    assert who_is_in(client) == "olga"
