"""A browser in words, from what it says of itself: enough for a person to recognise their own device."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 500  # signs of a User-Agent that are looked at
# In order: many browsers also call themselves by the names of others.
BROWSERS = (
    ("YaBrowser/", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
TABLET = re.compile(r"iPad|Tablet|Android(?!.*Mobile)")
PHONE = re.compile(r"Mobi|iPhone|Android")


@dataclass(frozen=True, slots=True)
class Device:
    """«Chrome, Windows» and «computer», «phone», «tablet» or «other»."""

    name: str
    kind: str


def device_of(user_agent: str) -> Device:
    """The device as far as it can be told; an unknown one has an empty name."""
    said = user_agent[:LONGEST]
    browser = next((name for sign, name in BROWSERS if sign in said), "")
    system = next((name for sign, name in SYSTEMS if sign in said), "")
    return Device(", ".join(part for part in (browser, system) if part), _kind(said, system))


def _kind(said: str, system: str) -> str:
    if TABLET.search(said):
        return "tablet"
    if PHONE.search(said):
        return "phone"
    return "computer" if system else "other"
