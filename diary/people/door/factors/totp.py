"""An authenticator app's codes (RFC 6238): six digits every thirty seconds, each taken once."""

from __future__ import annotations

import io
import uuid

import pyotp
import segno

from diary.foundation.core import clock
from diary.people.accounts.models import User
from diary.people.door.models import Factor

STEP = 30  # seconds
DRIFT = 1  # steps to either side that a phone's clock may be off
ISSUER = "Дневник"


def new_secret() -> str:
    """A secret to share with the app: 160 bits in base32."""
    return pyotp.random_base32()


def app_address(user: User, secret: str) -> str:
    """What the QR says to the app."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=user.login, issuer_name=ISSUER)


def qr_picture(address: str) -> bytes:
    """The address as a QR picture: SVG of its own, dark on white so that any camera reads it."""
    made = io.BytesIO()
    segno.make(address, error="m").save(made, kind="svg", scale=5, dark="#000", light="#fff", xmldecl=False)
    return made.getvalue()


def take_code(factor: Factor, typed: str) -> bool:
    """Whether the code fits now and was not used before; then it is used up.

    The row must be locked by the caller, or two at once may use one code.
    """
    digits = "".join(sign for sign in typed if sign in "0123456789")
    app = pyotp.TOTP(factor.secret, interval=STEP)
    now = int(clock.now().timestamp()) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > factor.used_up_to and pyotp.utils.strings_equal(app.generate_otp(step), digits):
            factor.used_up_to = step
            return True
    return False


def fits(factor: Factor, typed: str) -> bool:
    """Whether the code fits now; nothing is used up."""
    return take_code(Factor(secret=factor.secret, used_up_to=factor.used_up_to), typed)


def pending_of(user: User, factor_id: uuid.UUID) -> Factor | None:
    """The person's app that has not shown its first code yet."""
    return Factor.objects.filter(user=user, id=factor_id, kind=Factor.Kind.TOTP, confirmed_at=None).first()
