"""Kinds of work for a school that has none yet, so that its journal can be used on the first day."""

from __future__ import annotations

from diary.people.intake.saving.run import Saving
from diary.schoolwork.gradebook.models import WorkKind

FIRST_KINDS = (
    ("answer", "Ответ на уроке", "Отв", 1),
    ("homework", "Домашняя работа", "ДЗ", 1),
    ("independent", "Самостоятельная работа", "СР", 2),
    ("check", "Проверочная работа", "ПР", 2),
    ("control", "Контрольная работа", "КР", 3),
    ("dictation", "Диктант", "Дикт", 3),
    ("lab", "Лабораторная работа", "ЛР", 2),
    ("practice", "Практическая работа", "Практ", 1),
    ("test", "Тест", "Тест", 2),
    ("project", "Проект", "Проект", 3),
    ("essay", "Сочинение", "Соч", 3),
    ("credit", "Зачёт", "Зач", 3),
)


def give_first_kinds(saving: Saving) -> None:
    """Part of a school import; a school that has kinds of its own keeps them."""
    if WorkKind.objects.filter(school_id=saving.school_id).exists():
        return
    WorkKind.objects.bulk_create(
        WorkKind(
            school_id=saving.school_id,
            name=name,
            short_name=short_name,
            weight=weight,
            position=position,
            external_id=code,
        )
        for position, (code, name, short_name, weight) in enumerate(FIRST_KINDS, start=1)
    )
