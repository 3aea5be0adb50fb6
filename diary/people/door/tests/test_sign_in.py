"""Login and password: who is let through, who is not, and that nobody can tell why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, override_settings

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.guarding import guard, limits
from diary.people.door.guarding.journal import Visit
from diary.people.door.guarding.limits import TooMany
from diary.people.door.models import SignInRecord
from diary.people.door.rules.lockout import LOCKED_FOR, Standing
from diary.people.door.signing_in.password import LoginBackend, check_password
from tests.people import NOW, PASSWORD, Cast

ARGON = "diary.people.door.guarding.hashing.TunedArgon2"
MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"
HERE = Visit("10.1.2.3")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords that were hashed, in order."""
    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        made.append(password)
        return str(encode(hasher, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return made


@pytest.mark.parametrize("login", ["anna", "ANNA", "Anna"])
def test_right_pair_gives_the_user(cast: Cast, login: str) -> None:
    assert check_password(login, PASSWORD, HERE).user == cast.users["anna"]


@pytest.mark.parametrize(
    ("login", "password"),
    [("anna", ""), ("anna", "x"), ("nobody", PASSWORD), ("a\0nna", PASSWORD), ("ann_", PASSWORD), ("%", PASSWORD)],
)
def test_wrong_pair_gives_nobody(cast: Cast, login: str, password: str) -> None:
    assert check_password(login, password, HERE).user is None


def test_closed_account_is_nobody_even_with_the_right_password(cast: Cast) -> None:
    User.objects.filter(login="anna").update(is_active=False)
    User.objects.filter(login="boris").update(deactivated_at=NOW)
    for login in ("anna", "boris"):
        assert check_password(login, PASSWORD, HERE).user is None
    assert [row.result for row in SignInRecord.objects.order_by("id")] == ["closed", "closed"]


def test_every_wrong_try_costs_one_hash_whoever_it_is_for(cast: Cast, hashes: list[str]) -> None:
    """The time of the answer does not tell which logins exist."""
    User.objects.filter(login="boris").update(is_active=False)
    User.objects.filter(login="vera").update(password="!")
    for login in ("anna", "nobody", "boris", "vera"):
        hashes.clear()
        check_password(login, "wrong", HERE)
        assert hashes == ["wrong"], login


def test_locked_login_costs_no_hash_whether_it_exists_or_not(cast: Cast, hashes: list[str]) -> None:
    for login in ("anna", "nobody"):
        answers = [check_password(login, "wrong", HERE) for _try in range(5)]
        hashes.clear()
        assert check_password(login, PASSWORD, HERE).standing is Standing.LOCKED
        assert hashes == []
        assert [one.standing for one in answers] == [Standing.OPEN] * 4 + [Standing.LOCKED]


def test_five_wrong_passwords_lock_then_only_recovery_helps(cast: Cast) -> None:
    for _try in range(5):
        check_password("anna", "wrong", HERE)
    outcome = check_password("anna", PASSWORD, HERE)
    assert (outcome.user, outcome.standing, outcome.minutes_left) == (None, Standing.LOCKED, 30)
    with clock.fixed(NOW + LOCKED_FOR - dt.timedelta(minutes=1)):
        assert check_password("anna", PASSWORD, HERE).minutes_left == 1
    with clock.fixed(NOW + LOCKED_FOR):
        assert check_password("anna", PASSWORD, HERE).standing is Standing.RECOVERY
    with clock.fixed(NOW + dt.timedelta(days=400)):
        assert check_password("anna", PASSWORD, HERE).user is None
        guard.unlock(cast.users["anna"])
        assert check_password("anna", PASSWORD, HERE).user == cast.users["anna"]


def test_right_password_begins_the_count_anew(cast: Cast) -> None:
    for _round in range(3):
        for _try in range(4):
            assert check_password("anna", "wrong", HERE).standing is Standing.OPEN
        assert check_password("anna", PASSWORD, HERE).user == cast.users["anna"]


def test_case_of_the_login_does_not_give_more_tries(cast: Cast) -> None:
    for login in ("anna", "ANNA", "Anna", "aNNa", "annA"):
        check_password(login, "wrong", HERE)
    assert check_password("anna", PASSWORD, HERE).standing is Standing.LOCKED


def test_one_persons_failures_do_not_touch_another_with_the_same_phone_and_address(cast: Cast) -> None:
    User.objects.filter(login="boris").update(phone_index=User.objects.get(login="anna").phone_index)
    for _try in range(5):
        check_password("anna", "wrong", HERE)
    assert check_password("boris", PASSWORD, HERE).user == cast.users["boris"]


def test_address_that_guesses_is_stopped_before_any_hash(cast: Cast, hashes: list[str]) -> None:
    for number in range(limits.WRONG_PASSWORDS.most):
        check_password(f"nobody{number}", "wrong", HERE)
    hashes.clear()
    with pytest.raises(TooMany) as refused:
        check_password("anna", PASSWORD, HERE)
    assert (refused.value.retry_after, hashes) == (3, [])
    assert check_password("anna", PASSWORD, Visit("10.9.9.9")).user == cast.users["anna"]
    with clock.fixed(NOW + dt.timedelta(seconds=3)):
        assert check_password("anna", PASSWORD, HERE).user == cast.users["anna"]


def test_honest_sign_ins_do_not_use_up_the_address(cast: Cast) -> None:
    for _time in range(limits.SIGN_INS.most):
        assert check_password("anna", PASSWORD, HERE).user is not None
    place = limits.place_of(HERE.ip)
    assert [limits.WRONG_PASSWORDS.take(place) for _time in range(limits.WRONG_PASSWORDS.most)][-1] == 0


def test_person_who_signs_in_again_and_again_waits_alone(cast: Cast) -> None:
    """A4: the right password costs a hash too; others behind the same address come in as ever."""
    for _time in range(limits.SIGN_INS.most):
        check_password("anna", PASSWORD, HERE)
    with pytest.raises(limits.TooMany) as raised:
        check_password("Anna", PASSWORD, HERE)
    assert raised.value.is_of_account
    assert check_password("boris", PASSWORD, HERE).user is not None
    with clock.fixed(NOW + dt.timedelta(seconds=limits.SIGN_INS.seconds)):
        assert check_password("anna", PASSWORD, HERE).user is not None


def test_journal_and_audit_tell_of_every_try_and_never_of_the_unknown_login(cast: Cast) -> None:
    check_password("nobody", "wrong", HERE)
    check_password("anna", "wrong", HERE)
    anna = cast.users["anna"].id
    lines = SignInRecord.objects.order_by("id").values_list("user_id", "ip", "result")
    assert list(lines) == [(None, "10.1.2.3", "wrong_password"), (anna, "10.1.2.3", "wrong_password")]
    events = AuditEvent.objects.order_by("id").values_list("action", "user_id", "object_id", "details", "ip")
    assert list(events) == [
        ("door.sign_in_refused", None, "", {"result": "wrong_password"}, "10.1.2.3"),
        ("door.sign_in_refused", None, str(anna), {"result": "wrong_password"}, "10.1.2.3"),
    ]


def test_password_hashed_in_an_old_way_is_hashed_anew_at_sign_in(cast: Cast) -> None:
    with override_settings(PASSWORD_HASHERS=[ARGON, MD5]):
        assert check_password("anna", PASSWORD, HERE).user is not None
    assert User.objects.get(login="anna").password.startswith("argon2")


def test_switched_off_or_missing_user_has_no_session(cast: Cast) -> None:
    backend = LoginBackend()
    assert backend.get_user(cast.users["anna"].id) == cast.users["anna"]
    User.objects.filter(login="anna").update(is_active=False)
    assert backend.get_user(cast.users["anna"].id) is None
    assert backend.get_user(0) is None


def test_nobody_comes_in_past_the_guard(cast: Cast) -> None:
    assert LoginBackend().authenticate(None, login="anna", password=PASSWORD) is None


SECRET = "Typed-In-26!"


def test_old_tab_keeps_what_was_typed(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in/")
    answer = browser.post("/sign-in/", {"login": "olga", "password": SECRET, "csrfmiddlewaretoken": "old"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "открыта слишком долго" in page
    assert 'value="olga"' in page
    assert SECRET not in page
    typed = {"login": "nina_2026", "last_name": "Орлова", "phone": "9990001122", "password": SECRET}
    page = browser.post("/sign-up/", typed).content.decode()
    assert all(f'value="{typed[name]}"' in page for name in ("login", "last_name", "phone"))
    assert SECRET not in page
    assert "Форма устарела" in browser.post("/recovery/", {"who": "olga"}).content.decode()


def test_closed_account_is_told_so_with_the_right_password_alone(cast: Cast) -> None:
    browser = Client()
    User.objects.filter(login="olga").update(deactivated_at=NOW)
    wrong = browser.post("/sign-in/", {"login": "olga", "password": "wrong"}).content.decode()
    assert "Логин или пароль не подошли" in wrong
    right = browser.post("/sign-in/", {"login": "olga", "password": PASSWORD}).content.decode()
    assert "вы сообщили о потере телефона" in right
    User.objects.filter(login="olga").update(deactivated_at=None, is_active=False)
    assert "закрыла школа" in browser.post("/sign-in/", {"login": "olga", "password": PASSWORD}).content.decode()
