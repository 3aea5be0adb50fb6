"""Russian text: how names are ordered and shortened."""

from __future__ import annotations


def name_key(name: str) -> tuple[str, str]:
    """Sort key of a Russian name: ё stands with е, case does not matter."""
    lowered = name.lower()
    return lowered.replace("ё", "е"), lowered


def full_name(last: str, first: str, middle: str = "") -> str:
    """«Соколова Анна Петровна»."""
    return " ".join(part for part in (last, first, middle) if part)


def short_name(last: str, first: str, middle: str = "") -> str:
    """«Соколова А. П.»."""
    initials = [f"{part[0]}." for part in (first, middle) if part]
    return " ".join(part for part in (last, *initials) if part)
