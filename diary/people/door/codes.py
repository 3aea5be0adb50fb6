"""One-time codes (A4): six digits, five minutes, one use, one session, five tries; kept as a keyed hash."""

from __future__ import annotations

import datetime as dt
import math
import secrets
import uuid
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.foundation.core import clock
from diary.foundation.core.encryption import blind_index
from diary.foundation.core.errors import BadInput
from diary.foundation.core.lasting import lasting
from diary.foundation.post.jobs import send_later
from diary.people.accounts.models import User
from diary.people.door.guarding.limits import Limit, TooMany, place_of
from diary.people.door.models import OneTimeCode

DIGITS = 6
LIVES = dt.timedelta(minutes=5)
TRIES = 5
RESEND_AFTER = dt.timedelta(seconds=60)
AN_HOUR = dt.timedelta(hours=1)
CODES_AN_HOUR = 5
STRANGERS_SHARE = 3  # of those five: nobody can use up the codes of somebody else who knows the password
# Whoever has shown no password gets five codes an hour from one address; behind a school's address many people come in
# with their passwords at once (docs/decisions/0010).
CODES_FOR_STRANGERS = Limit("codes for strangers", most=5, seconds=720)
CODES_FOR_PEOPLE = Limit("codes for people", most=100, seconds=36)
# What is limited aloud where the address may be somebody else's: what was typed, not whom it belongs to.
TYPED_AGAIN = Limit("code typed again", most=1, seconds=RESEND_AFTER.total_seconds())
TYPED_AN_HOUR = Limit("codes typed in an hour", most=CODES_AN_HOUR, seconds=AN_HOUR.total_seconds() / CODES_AN_HOUR)


# What an account may send to addresses that are not proved to be its own.
CODES_TO_NEW_ADDRESSES = Limit("codes to new addresses", most=10, seconds=360)


class WrongCode(BadInput):
    """The typed code does not fit; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a code: the key of the session that may use it, the network address, and whether a password (or
    more) has been shown in that session.

    `typed` is what was typed where the code would go to an address that is not proved to be the asker's. Such an asker
    meets limits of what was typed; those of the address itself work in silence, or they would tell whose it is.
    """

    session_key: str
    ip: str | None
    is_known: bool = False
    typed: str = ""


def send_code(asker: Asker, purpose: str, kind: str, address: str, *, user: User | None, text: str = "") -> OneTimeCode:
    """Make a code and queue it; earlier ones of this session and purpose die. Raises TooMany with the seconds to wait.

    Without a user it is a decoy: limits and answers are the same, nothing is sent and no code fits.
    """
    index = blind_index("code address", f"{kind} {address.lower()}")
    with transaction.atomic():
        _one_at_a_time(index)
        may_be_sent, wait = _takes_a_code(asker, purpose, kind, index)
        is_true = may_be_sent and user is not None
        (CODES_FOR_PEOPLE if asker.is_known else CODES_FOR_STRANGERS).must_take(place_of(asker.ip))
        bound = session_index(asker.session_key)
        _open_codes(bound, purpose).update(expires_at=clock.now())
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        code = OneTimeCode(
            session_index=bound,
            purpose=purpose,
            user=user,
            kind=kind,
            address=address,
            address_index=index if is_true else secrets.token_bytes(len(index)),
            is_typed=bool(asker.typed),
            created_at=clock.now(),
            due_at=clock.now() + dt.timedelta(seconds=wait),
            expires_at=clock.now() + LIVES,
        )
        code.code_hash = _hash(code, digits) if is_true else secrets.token_bytes(16)
        code.save()
        # a decoy costs as much as a true code: its message goes nowhere
        send_later(
            kind,
            address if is_true else "",
            code_text(digits, text),
            subject=_("Код для дневника"),
            lives=LIVES,
            wait=wait,
        )
    return code


def use_code(session_key: str, purpose: str, typed: str) -> OneTimeCode:
    """The code that was sent to this session, now used up. Raises WrongCode."""
    digits = "".join(sign for sign in typed if sign in "0123456789")
    if len(digits) != DIGITS:
        raise WrongCode(_("В коде шесть цифр. Проверьте последнее сообщение и введите код целиком."))
    code = waiting_code(session_key, purpose)
    # a try is taken before the code is compared: many guesses at once cannot be more than five
    if code is None or not lasting(partial(_take_try, code.id)):
        raise WrongCode(_("Код больше не действует: прошло 5 минут или попытки кончились. Запросите новый код."))
    code.refresh_from_db(fields=["tries", "used_at"])
    if not secrets.compare_digest(bytes(code.code_hash), _hash(code, digits)):
        raise WrongCode(_wrong_sentence(max(0, TRIES - code.tries)))
    code.used_at = clock.now()
    if not OneTimeCode.objects.filter(id=code.id, used_at=None).update(used_at=code.used_at):
        raise WrongCode(_("Этот код уже использован. Запросите новый код."))
    return code


def waiting_code(session_key: str, purpose: str) -> OneTimeCode | None:
    """The code that this session may use now."""
    return _open_codes(session_index(session_key), purpose).order_by("-created_at").first()


def seconds_to_resend(code: OneTimeCode | None) -> int:
    """How long until another code may be asked for."""
    if code is None:
        return 0
    return max(0, math.ceil((code.created_at + RESEND_AFTER - clock.now()).total_seconds()))


def session_index(session_key: str) -> bytes:
    """What a code is bound to."""
    return blind_index("session", session_key)


def code_text(digits: str, text: str = "") -> str:
    """What the message says."""
    said = text or _("Код для входа в дневник: %(code)s. Никому его не говорите.")
    return said % {"code": digits}


def forget_codes() -> None:
    """Drop codes that count in no limit any more."""
    OneTimeCode.objects.filter(created_at__lt=clock.now() - 2 * AN_HOUR).delete()


def _take_try(code_id: uuid.UUID) -> int:
    return OneTimeCode.objects.filter(id=code_id, tries__lt=TRIES).update(tries=F("tries") + 1)


def _one_at_a_time(address_index: bytes) -> None:
    """Two requests for one address at once: the second waits and then comes too early."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(address_index[:8], "big", signed=True)])


def _takes_a_code(asker: Asker, purpose: str, kind: str, address_index: bytes) -> tuple[bool, int]:
    """Whether the address may get a code, and in how many seconds. Raises TooMany: of the address or of what was typed.

    Whoever typed the address is not told to wait: the message comes when the minute is over.
    """
    sent = list(
        OneTimeCode.objects.filter(address_index=address_index, created_at__gt=clock.now() - AN_HOUR)
        .order_by("-due_at")
        .values_list("due_at", "is_typed")[:CODES_AN_HOUR]
    )
    wait = _seconds_to_wait([due_at for due_at, _is_typed in sent])
    if asker.typed:
        whose = f"{purpose} {kind} {asker.typed.lower()}"
        told = TYPED_AGAIN.take(whose) or TYPED_AN_HOUR.take(whose)
    else:
        told = wait
    if told:
        raise TooMany(_too_soon_sentence(told), told)
    strangers = sum(is_typed for _due_at, is_typed in sent)
    is_free = not asker.typed or (strangers < STRANGERS_SHARE and wait <= RESEND_AFTER.total_seconds())
    return is_free, wait if is_free else 0


def _seconds_to_wait(due: list[dt.datetime]) -> int:
    """Until an address that gets codes at these moments, the latest first, may get another."""
    free_at = [due[0] + RESEND_AFTER] if due else []
    if len(due) == CODES_AN_HOUR:
        free_at.append(due[-1] + AN_HOUR)
    return max([0, *(math.ceil((moment - clock.now()).total_seconds()) for moment in free_at)])


def _too_soon_sentence(seconds: int) -> str:
    if seconds <= 2 * RESEND_AFTER.total_seconds():  # one may be on its way still
        said = ngettext(
            "Код только что отправлен. Новый можно запросить через %(n)s секунду.",
            "Код только что отправлен. Новый можно запросить через %(n)s секунд.",
            seconds,
        )
        return said % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    said = ngettext(
        "За час отправлено уже несколько кодов, больше пока нельзя. Новый можно запросить через %(n)s минуту.",
        "За час отправлено уже несколько кодов, больше пока нельзя. Новый можно запросить через %(n)s минут.",
        minutes,
    )
    return said % {"n": minutes}


def _open_codes(bound: bytes, purpose: str) -> QuerySet[OneTimeCode]:
    return OneTimeCode.objects.filter(session_index=bound, purpose=purpose, used_at=None, expires_at__gt=clock.now())


def _hash(code: OneTimeCode, digits: str) -> bytes:
    return blind_index("one-time code", f"{code.id} {digits}")


def _wrong_sentence(left: int) -> str:
    if left == 0:
        return _("Код не подошёл, и попытки кончились. Запросите новый код.")
    return _("Код не подошёл. Проверьте последнее сообщение; осталось попыток: %(left)s.") % {"left": left}
