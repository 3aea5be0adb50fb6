"""One-time codes (A4): limits, life, and every way to use one that is not one's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from diary.foundation.core import clock
from diary.foundation.post.models import OutboxMessage
from diary.people.door.codes import (
    RESEND_AFTER,
    STRANGERS_SHARE,
    Asker,
    WrongCode,
    forget_codes,
    send_code,
    use_code,
)
from diary.people.door.guarding.limits import TooMany
from diary.people.door.models import OneTimeCode
from diary.people.door.tests.door import code_sent_to, deliver
from tests.people import NOW, Cast

PHONE = "+79161112233"
MINE = Asker("a" * 32, "10.0.0.1", is_known=True)
OTHER = Asker("b" * 32, "10.0.0.1", is_known=True)
ZERO = dt.timedelta(0)
STRANGER = Asker("c" * 32, "10.0.0.2", typed="olga иванова")


def send(cast: Cast, asker: Asker = MINE, address: str = PHONE, purpose: str = "factor") -> OneTimeCode:
    return send_code(asker, purpose, "sms", address, user=cast.users["anna"])


def at(**kwargs: float):  # type: ignore[no-untyped-def]
    return clock.fixed(NOW + dt.timedelta(**kwargs))


def test_code_fits_once(cast: Cast) -> None:
    send(cast)
    code = code_sent_to(PHONE)
    assert len(code) == 6
    assert use_code(MINE.session_key, "factor", f" {code[:3]} {code[3:]} ").address == PHONE
    with pytest.raises(WrongCode):
        use_code(MINE.session_key, "factor", code)


def test_code_lives_five_minutes(cast: Cast) -> None:
    send(cast)
    code = code_sent_to(PHONE)
    with at(minutes=5), pytest.raises(WrongCode):
        use_code(MINE.session_key, "factor", code)
    with at(minutes=4, seconds=59):
        assert use_code(MINE.session_key, "factor", code)


def test_code_of_another_session_or_purpose_does_not_fit(cast: Cast) -> None:
    send(cast)
    code = code_sent_to(PHONE)
    for key, purpose in ((OTHER.session_key, "factor"), (MINE.session_key, "password"), ("", "factor")):
        with pytest.raises(WrongCode):
            use_code(key, purpose, code)
    assert use_code(MINE.session_key, "factor", code)


def test_sixth_try_does_not_fit_even_with_the_right_code(cast: Cast) -> None:
    send(cast)
    code = code_sent_to(PHONE)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode, match=f"попыток: {left}"):
            use_code(MINE.session_key, "factor", wrong)
    with pytest.raises(WrongCode, match="попытки кончились"):
        use_code(MINE.session_key, "factor", wrong)
    with pytest.raises(WrongCode, match="больше не действует"):
        use_code(MINE.session_key, "factor", code)


def test_new_code_kills_the_one_before(cast: Cast) -> None:
    send(cast)
    old = code_sent_to(PHONE)
    with at(seconds=61):
        send(cast)
        new = code_sent_to(PHONE)
        if new != old:
            with pytest.raises(WrongCode):
                use_code(MINE.session_key, "factor", old)
        assert use_code(MINE.session_key, "factor", new)


def test_next_code_waits_a_minute_whoever_asks(cast: Cast) -> None:
    send(cast)
    for asker in (MINE, OTHER):
        with at(seconds=59), pytest.raises(TooMany) as refused:
            send(cast, asker)
        assert refused.value.retry_after == 1
    with at(seconds=60):
        send(cast, OTHER)


def test_five_codes_an_hour_for_one_phone(cast: Cast) -> None:
    for number in range(5):
        with at(minutes=2 * number):
            send(cast)
    with at(minutes=10), pytest.raises(TooMany) as refused:
        send(cast, OTHER)
    assert refused.value.retry_after == 50 * 60
    with at(minutes=60):
        send(cast, OTHER)


def test_five_codes_an_hour_for_a_stranger_at_one_address(cast: Cast) -> None:
    for number in range(5):
        send(cast, replace(STRANGER, typed=f"person {number}"), f"+7916111000{number}")
    with pytest.raises(TooMany):
        send(cast, replace(STRANGER, typed="person 9"), "+79161110009")
    send(cast, replace(STRANGER, ip="10.0.0.3", typed="person 9"), "+79161110009")


def test_limits_tell_a_stranger_nothing_of_whose_the_phone_is(cast: Cast) -> None:
    """A code that was sent a second ago, and one that was not, look alike to whoever typed another name for it."""
    send(cast)
    quiet = [send(cast, replace(STRANGER, typed=f"olga {number}"), purpose="recovery") for number in range(3)]
    deliver()
    assert OutboxMessage.objects.count() == 2  # the second when its minute is over; more would come too often
    assert [code.due_at - NOW for code in quiet] == [RESEND_AFTER, ZERO, ZERO]
    assert {code.user_id for code in quiet} == {cast.users["anna"].id}
    with pytest.raises(WrongCode):
        use_code(STRANGER.session_key, "recovery", "000000")
    with pytest.raises(TooMany) as refused:
        send(cast, replace(STRANGER, typed="olga 2"), purpose="recovery")
    assert refused.value.retry_after == 60


def test_strangers_cannot_use_up_the_codes_of_a_person(cast: Cast) -> None:
    """Whatever they ask for: three of the five in an hour, and two are left to whoever knows the password."""
    for number in range(8):
        with at(minutes=2 * number):
            asker = replace(STRANGER, ip=f"10.0.1.{number}", typed=f"person {number}")
            send(cast, asker, purpose=("recovery", "phone")[number % 2])
    deliver()
    assert OutboxMessage.objects.count() == STRANGERS_SHARE
    for number in (8, 9):
        with at(minutes=2 * number):
            send(cast)
    with at(minutes=20), pytest.raises(TooMany):
        send(cast)


def test_school_behind_one_address_can_come_in_on_the_first_of_september(cast: Cast) -> None:
    for number in range(60):
        send(cast, MINE, f"+791611100{number:02}")


def test_decoy_looks_the_same_and_never_fits(cast: Cast) -> None:
    row = send_code(STRANGER, "recovery", "sms", "nobody", user=None)
    assert row.user_id is None
    with pytest.raises(WrongCode, match="попыток: 4"):
        use_code(STRANGER.session_key, "recovery", "000000")
    with pytest.raises(TooMany):
        send_code(STRANGER, "recovery", "sms", "nobody", user=None)


def test_old_codes_are_forgotten(cast: Cast) -> None:
    send(cast)
    with at(hours=1):
        forget_codes()
        assert OneTimeCode.objects.count() == 1
    with at(hours=3):
        forget_codes()
        assert OneTimeCode.objects.count() == 0
