"""Birth dates, the proved phone, the QR."""

from __future__ import annotations

import datetime as dt
from base64 import b64decode
from urllib.parse import unquote

import pytest

from diary.desks.family.rules import PROVED_FOR, is_birth_date, is_proved, qr_image
from tests.people import NOW, TODAY


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (dt.date(2019, 3, 14), True),
        (TODAY, False),
        (TODAY + dt.timedelta(days=1), False),
        (dt.date(2000, 1, 1), False),
        (dt.date(2005, 1, 1), True),
    ],
)
def test_pupil_was_born_in_the_last_25_years(day: dt.date, fits: bool) -> None:
    assert is_birth_date(day, TODAY) is fits


def test_birth_date_is_judged_on_a_leap_day_too() -> None:
    assert is_birth_date(dt.date(2019, 3, 14), dt.date(2028, 2, 29))


def test_phone_stays_proved_for_a_quarter_of_an_hour() -> None:
    assert is_proved(NOW.isoformat(), NOW + PROVED_FOR - dt.timedelta(seconds=1))
    assert not is_proved(NOW.isoformat(), NOW + PROVED_FOR)
    assert not is_proved("", NOW)


def test_qr_is_an_image_without_scripts_or_styles() -> None:
    image = qr_image("https://diary.example.ru/child/" + "x" * 43 + "/")
    head, _, body = image.partition(",")
    assert head.startswith("data:image/svg+xml")
    svg = b64decode(body).decode() if "base64" in head else unquote(body)
    assert "<svg" in svg
    assert "script" not in svg
    assert "style" not in svg
