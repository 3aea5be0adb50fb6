"""Drawings that are made once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.template import engines
from django.utils import translation
from django.utils.safestring import SafeString

from diary.foundation.ui import remembered
from diary.foundation.ui.remembered import Drawings, draw


@dataclass(frozen=True)
class Sentence:
    text: str


@pytest.fixture(autouse=True)
def _empty_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "drawings", Drawings(100_000))
    template = engines.all()[0].from_string("{{ _('Выйти') }}: {{ text }}")
    monkeypatch.setattr(remembered, "render_to_string", lambda _name, context: template.render(context))


def drawn(text: str, times: list[str]) -> str:
    def understand(facts: Sentence) -> dict[str, object]:
        times.append(facts.text)
        return {"text": facts.text}

    return draw("sentence.html", Sentence(text), understand)


def test_same_facts_are_drawn_once_and_other_facts_anew() -> None:
    times: list[str] = []
    assert drawn("пять", times) == drawn("пять", times)
    assert drawn("два", times) != drawn("пять", times)
    assert times == ["пять", "два"]


def test_each_language_has_its_own_drawing() -> None:
    times: list[str] = []
    russian = drawn("пять", times)
    with translation.override("en"):
        assert drawn("пять", times) != russian
    assert times == ["пять", "пять"]


def test_what_is_drawn_is_escaped() -> None:
    assert "<script>" not in drawn("<script>alert(1)</script>", [])


def test_longest_unused_drawings_give_way() -> None:
    memory = Drawings(80)
    for name in (b"a", b"b", b"c"):
        memory.keep(name, SafeString("x" * 10))
    for _ in range(7):
        memory.get(b"a")
        memory.keep(bytes([_]), SafeString("y" * 10))
    assert memory.get(b"a") is not None
    assert memory.get(b"b") is None
    assert memory.size <= 80


def test_a_drawing_that_would_push_out_all_others_is_not_kept() -> None:
    memory = Drawings(80)
    memory.keep(b"a", SafeString("x" * 11))
    assert (memory.get(b"a"), memory.size) == (None, 0)
