"""What a person does with an account: effect, refusal, audit row, and who is told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pyotp
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.audit.models import AuditEvent
from diary.foundation.core.errors import Conflict
from diary.people.accounts.models import User
from diary.people.door.actions import (
    LastFactor,
    NotConfirmed,
    ReasonNeeded,
    add_message_factor,
    add_passkey,
    begin_totp,
    change_password,
    confirm_email,
    confirm_phone,
    confirm_totp,
    end_all_sessions,
    end_session,
    issue_recovery_codes,
    lose_phone,
    remove_email,
    remove_factor,
    switch_diary,
    unlock_account,
)
from diary.people.door.codes import Asker, send_code, use_code
from diary.people.door.guarding.hashing import hash_password
from diary.people.door.guarding.journal import Visit
from diary.people.door.guarding.passwords import BadPassword, hash_new_password
from diary.people.door.models import Factor, OneTimeCode, RecoveryCode, Session, stored_key
from diary.people.door.sessions.revocation import revocations
from diary.people.door.signing_in.password import check_password
from diary.people.door.tests.door import code_sent_to, letters_to
from tests.committed import open_session
from tests.people import NOW, PASSWORD, PHONES, Cast

KEY = "k" * 32
NEW_PASSWORD = "Fresh-Start-26"


@pytest.fixture
def olga(cast: Cast) -> User:
    """Ольга, who has a confirmed mailbox too."""
    user = User.objects.get(login="olga")
    user.email, user.email_confirmed_at = "olga@example.ru", NOW
    user.save(update_fields=["email", "email_index", "email_confirmed_at"])
    return user


def used(user: User, purpose: str, address: str, kind: str = "sms") -> OneTimeCode:
    send_code(Asker(KEY, "10.0.0.1", is_known=True), purpose, kind, address, user=user)
    return use_code(KEY, purpose, code_sent_to(address))


def test_new_password_ends_every_other_session_and_is_told(cast: Cast, olga: User) -> None:
    mine, other = open_session(olga), open_session(olga)
    code = used(olga, "password", olga.phone)
    change_password(cast.actor("olga"), olga, encoded=hash_password(NEW_PASSWORD), code=code, session_key=mine)
    assert list(Session.objects.filter(user=olga).values_list("session_key", flat=True)) == [stored_key(mine)]
    assert other != mine
    assert check_password("olga", NEW_PASSWORD, Visit("10.0.0.1")).user == olga
    assert "изменён" in letters_to("olga@example.ru")[0]
    event = AuditEvent.objects.get(action="door.change_password")
    assert event.details == {"sessions_ended": 1}


def test_password_is_not_changed_by_a_code_for_something_else(cast: Cast, olga: User) -> None:
    for code in (used(olga, "factor", olga.phone), used(cast.users["anna"], "password", PHONES["anna"])):
        with pytest.raises(PermissionDenied), transaction.atomic():
            change_password(cast.actor("olga"), olga, encoded=hash_password(NEW_PASSWORD), code=code, session_key="")


def test_bad_password_is_refused_with_its_rules() -> None:
    with pytest.raises(BadPassword, match="цифру"):
        hash_new_password("Without-digits", "olga")


def test_nobody_touches_the_account_of_another(cast: Cast, olga: User) -> None:
    anna = cast.actor("anna")
    deeds = [
        lambda: end_all_sessions(anna, olga),
        lambda: lose_phone(anna, olga, closes_account=True),
        lambda: switch_diary(anna, olga, is_on=False),
        lambda: issue_recovery_codes(anna, olga),
        lambda: begin_totp(anna, olga),
        lambda: remove_email(anna, olga),
        lambda: unlock_account(anna, olga, reason="потому что так хочется"),
        lambda: unlock_account(cast.actor("olga"), olga, reason="потому что так хочется"),
        lambda: remove_factor(anna, Factor.objects.get(user__login="boris")),
    ]
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()


def test_new_phone_and_mailbox_are_told_to_the_old_ones(cast: Cast, olga: User) -> None:
    actor, old = cast.actor("olga"), olga.phone
    confirm_phone(actor, olga, code=used(olga, "phone", "+79160000099"))
    confirm_email(actor, olga, code=used(olga, "email", "new@example.ru", "email"))
    olga.refresh_from_db()
    assert (olga.phone, olga.email) == ("+79160000099", "new@example.ru")
    assert "заменён на другой" in letters_to(old)[0]
    assert "заменена на другую" in letters_to("olga@example.ru")[0]
    assert User.objects.get(phone_index=olga.phone_index) == olga
    details = " ".join(str(one.details) for one in AuditEvent.objects.all())
    assert "+7916" not in details
    assert "example" not in details


def test_mailbox_that_goes_takes_its_factor_along(cast: Cast, olga: User) -> None:
    actor = cast.actor("olga")
    add_message_factor(actor, olga, kind="email")
    remove_email(actor, olga)
    assert not Factor.objects.filter(user=olga).exists()


def test_factor_by_message_needs_a_confirmed_address(cast: Cast) -> None:
    masha = User.objects.get(login="masha")
    with pytest.raises(NotConfirmed), transaction.atomic():
        add_message_factor(cast.actor("masha"), masha, kind="email")
    assert add_message_factor(cast.actor("masha"), masha, kind="sms") == add_message_factor(
        cast.actor("masha"), masha, kind="sms"
    )


def test_app_counts_after_its_first_code_only(cast: Cast, olga: User) -> None:
    actor = cast.actor("olga")
    first, factor = begin_totp(actor, olga), begin_totp(actor, olga)
    assert not Factor.objects.filter(id=first.id).exists()
    assert not Factor.objects.ready().filter(user=olga).exists()
    confirm_totp(actor, factor, typed=pyotp.TOTP(factor.secret).at(NOW), name=" Телефон ")
    assert [one.name for one in Factor.objects.ready().filter(user=olga)] == ["Телефон"]
    assert "Добавлен" not in str(AuditEvent.objects.get(action="door.confirm_totp").details)


def test_last_factor_of_staff_stays_and_that_of_a_parent_goes_with_its_paper(cast: Cast, olga: User) -> None:
    anna = cast.actor("anna")
    with pytest.raises(LastFactor), transaction.atomic():
        remove_factor(anna, Factor.objects.get(user__login="anna"))
    add_passkey(anna, cast.users["anna"], credential_id=b"1", secret="x", name="Ключ")
    remove_factor(anna, Factor.objects.get(user__login="anna", kind="sms"))
    factor = add_message_factor(cast.actor("olga"), olga, kind="sms")
    assert len(issue_recovery_codes(cast.actor("olga"), olga)) == 10
    remove_factor(cast.actor("olga"), factor)
    assert not RecoveryCode.objects.filter(user=olga).exists()


def test_same_passkey_is_not_added_twice(cast: Cast, olga: User) -> None:
    add_passkey(cast.actor("olga"), olga, credential_id=b"1", secret="x", name="")
    with pytest.raises(Conflict), transaction.atomic():
        add_passkey(cast.actor("olga"), olga, credential_id=b"1", secret="x", name="")


@pytest.fixture
def tokens() -> Iterator[list[tuple[int, uuid.UUID | None]]]:
    """A room that gives out tokens: what it was told to take away."""
    taken: list[tuple[int, uuid.UUID | None]] = []

    def take(user_id: int, session: uuid.UUID | None, /) -> int:
        taken.append((user_id, session))
        return 3

    revocations.add("tests.tokens", take)
    yield taken
    revocations._things.pop("tests.tokens")


def test_lost_phone_closes_everything_at_once(cast: Cast, olga: User, tokens: list[object]) -> None:
    actor = cast.actor("olga")
    add_message_factor(actor, olga, kind="sms")
    keys = [open_session(olga), open_session(olga)]
    send_code(Asker(KEY, "10.0.0.1", is_known=True), "factor", "sms", olga.phone, user=olga)
    lose_phone(actor, olga, closes_account=True, but=keys[0])
    assert not Session.objects.filter(user=olga).exists()
    assert not Factor.objects.filter(user=olga).exists()
    assert not OneTimeCode.objects.filter(user=olga).exists()
    assert tokens == [(olga.id, None)]
    assert check_password("olga", PASSWORD, Visit("10.0.0.1")).user is None
    assert AuditEvent.objects.get(action="door.lose_phone").details["taken"]["tests.tokens"] == 3
    unlock_account(cast.actor("lena"), olga, reason="Назвала класс и дату рождения")
    assert check_password("olga", PASSWORD, Visit("10.0.0.1")).user == olga


def test_lost_phone_may_leave_this_browser_open(cast: Cast, olga: User) -> None:
    keys = [open_session(olga), open_session(olga)]
    lose_phone(cast.actor("olga"), olga, closes_account=False, but=keys[0])
    assert [one.session_key for one in Session.objects.filter(user=olga)] == [stored_key(keys[0])]
    olga.refresh_from_db()
    assert (olga.phone_confirmed_at, olga.deactivated_at) == (None, None)


def test_one_session_is_ended_with_what_was_given_to_its_browser(cast: Cast, olga: User, tokens: list[object]) -> None:
    keys = [open_session(olga), open_session(olga)]
    session = Session.objects.select_related("user").with_secret(keys[1]).get()
    end_session(cast.actor("olga"), session)
    assert tokens == [(olga.id, session.handle)]
    assert [one.session_key for one in Session.objects.filter(user=olga)] == [stored_key(keys[0])]
    with pytest.raises(PermissionDenied):
        end_session(cast.actor("anna"), Session.objects.with_secret(keys[0]).get())


def test_support_gives_a_reason(cast: Cast, olga: User) -> None:
    with pytest.raises(ReasonNeeded), transaction.atomic():
        unlock_account(cast.actor("lena"), olga, reason="  да   ну ")
    with pytest.raises(PermissionDenied):
        unlock_account(cast.actor("lena"), cast.users["chuzhoy"], reason="Назвал класс и дату")
