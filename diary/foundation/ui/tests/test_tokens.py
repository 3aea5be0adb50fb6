"""Contrast of every pair of colours that meet, in each theme (WCAG 2.2: 4.5 for text, 3 for outlines)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diary.foundation.ui import storage

TOKENS = (Path(storage.__file__).parent / "static/ui/css/tokens.css").read_text("utf-8")
GROUNDS = ["page", "card", "sunk", "raised"]
TEXT_PAIRS = [
    *[(ink, ground) for ink in ["ink", "ink-soft", "action", "good", "teal", "amber", "red"] for ground in GROUNDS],
    *[(name, f"{name}-soft") for name in ["action", "good", "teal", "amber", "red"]],
    *[("ink", f"{name}-soft") for name in ["action", "good", "amber", "red", "warm"]],
    ("action-strong", "action-soft"),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("page", "ink"),
    ("page", "red"),
]
OUTLINE_PAIRS = [("line-strong", "card"), ("focus", "page"), ("focus", "card"), ("action", "sunk")]


def block(selector: str) -> str:
    start = TOKENS.index(selector)
    return TOKENS[start : TOKENS.index("}", start)]


def colours(theme: str) -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block(":root {")))
    if theme != "light":
        found.update(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block(f':root[data-theme="{theme}"] {{')))
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_colours_that_meet_can_be_told_apart(theme: str) -> None:
    palette = colours(theme)
    least = 7.0 if theme == "contrast" else 4.5
    weak = [
        (ink, ground, round(contrast(palette[ink], palette[ground]), 2))
        for pairs, limit in [(TEXT_PAIRS, least), (OUTLINE_PAIRS, 3.0)]
        for ink, ground in pairs
        if contrast(palette[ink], palette[ground]) < limit
    ]
    assert weak == []


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    chosen = block(':root[data-theme="dark"] {').split("{")[1].split()
    assert block(':root[data-theme="auto"] {').split("{")[1].split() == chosen
