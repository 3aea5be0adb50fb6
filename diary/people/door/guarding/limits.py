"""Limits of addresses, phones and accounts: buckets in the database that empty with each try and fill slowly."""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.core.encryption import blind_index
from diary.foundation.core.errors import Refusal
from diary.foundation.core.lasting import lasting
from diary.people.door.models import Allowance

# One statement takes a try or finds that there is none left; a refusal writes nothing.
_REFILLED = """least(%(most)s, a."left" + %(rate)s * greatest(0, extract(epoch FROM %(now)s - a.counted_at)))"""
_TAKE = f"""
INSERT INTO door_allowance AS a (key, "left", counted_at) VALUES (%(key)s, %(most)s - 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET "left" = {_REFILLED} - 1, counted_at = %(now)s WHERE {_REFILLED} >= 1
RETURNING a."left"
"""  # noqa: S608 (built of constants)
_LEFT = f"SELECT {_REFILLED} FROM door_allowance a WHERE key = %(key)s"  # noqa: S608
_GIVE_BACK = 'UPDATE door_allowance SET "left" = least(%(most)s, "left" + 1) WHERE key = %(key)s'


KEPT_FOR = dt.timedelta(days=2)  # the slowest bucket is full again in a day


class TooMany(Refusal):
    """The limit is used up; `retry_after` seconds until the next try."""

    status = 429

    def __init__(self, sentence: str, retry_after: int, *, is_of_account: bool = False) -> None:
        super().__init__(sentence, retry_after=retry_after)
        self.retry_after = retry_after
        self.is_of_account = is_of_account  # and not of an address, behind which others stand


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries at once, then one more every `seconds`."""

    name: str
    most: int
    seconds: float

    def take(self, whose: str) -> int:
        """Take a try of this address, phone or account: 0, or how many seconds to wait for one."""
        given = self._given(whose)
        if lasting(partial(_taken, given)):
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_LEFT, given)
            found = cursor.fetchone()
        return max(1, math.ceil((1 - (float(found[0]) if found else 0.0)) * self.seconds))

    def must_take(self, whose: str) -> None:
        """Take a try. Raises TooMany."""
        wait = self.take(whose)
        if wait:
            raise TooMany(too_many_sentence(wait), wait)

    def give_back(self, whose: str) -> None:
        """The try was an honest one and does not count."""
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, self._given(whose))

    def _given(self, whose: str) -> dict[str, Any]:
        key = blind_index("limit", f"{self.name} {whose}")
        return {"key": key, "most": float(self.most), "rate": 1 / self.seconds, "now": clock.now()}


def _taken(given: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, given)
        return cursor.fetchone() is not None


def forget_limits() -> None:
    """Drop buckets that have been full for long."""
    Allowance.objects.filter(counted_at__lt=clock.now() - KEPT_FOR).delete()


def place_of(ip: str | None) -> str:
    """What counts as one address: an IPv6 customer has a whole /64 of them."""
    if not ip:
        return "unknown"
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def too_many_sentence(seconds: int) -> str:
    """«Слишком много попыток…» with how long to wait."""
    if seconds < 60:
        return _("Слишком много попыток. Подождите %(seconds)s с и попробуйте ещё раз.") % {"seconds": seconds}
    return _("Слишком много попыток. Подождите %(minutes)s мин и попробуйте ещё раз.") % {
        "minutes": math.ceil(seconds / 60)
    }


# A school of a thousand may stand behind one address, and half of it mistypes on the first of September; honest
# sign-ins give their try back. Behind a lockout of five per account this leaves sprayers twenty guesses a minute.
WRONG_PASSWORDS = Limit("wrong passwords", most=100, seconds=3)
# Each sign-in costs a hash, a right password too: one person has twenty at once, then one in six seconds. That is less
# than an address gets back, so nobody uses up the tries of a whole school with one login.
SIGN_INS = Limit("sign-ins", most=20, seconds=6)
# A wrong second factor is a wrong password of six digits: ten tries, then one in six minutes.
WRONG_FACTORS = Limit("wrong factors", most=10, seconds=360)
RECOVERIES = Limit("recoveries", most=10, seconds=360)
SIGN_UPS = Limit("sign-ups", most=40, seconds=60)
