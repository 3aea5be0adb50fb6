"""How long a proved phone counts, how old a pupil may be, and a QR as an image."""

from __future__ import annotations

import datetime as dt

import segno

PROVED_FOR = dt.timedelta(minutes=15)
OLDEST = 25


def is_birth_date(day: dt.date, today: dt.date) -> bool:
    """Whether a pupil can have been born then."""
    return today.replace(year=today.year - OLDEST, day=1) <= day < today


def is_proved(kept: str, now: dt.datetime) -> bool:
    """Whether the phone was proved not long ago; `kept` is when, in ISO form, or empty."""
    return bool(kept) and now - dt.datetime.fromisoformat(kept) < PROVED_FOR


def qr_image(text: str) -> str:
    """A QR as the address of an image: dark on light whatever the theme, with the quiet zone that scanners need."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=6, border=4, dark="#000", light="#fff"))
