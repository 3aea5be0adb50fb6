"""Names that came with the product and stand in rows of schools: translated when shown (W15).

A school's own name is shown as it was typed; one that reads exactly like the product's means the same.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAMES: dict[str, Promise] = {
    "1 четверть": _("1 четверть"),
    "2 четверть": _("2 четверть"),
    "3 четверть": _("3 четверть"),
    "4 четверть": _("4 четверть"),
    "1 триместр": _("1 триместр"),
    "2 триместр": _("2 триместр"),
    "3 триместр": _("3 триместр"),
    "1 полугодие": _("1 полугодие"),
    "2 полугодие": _("2 полугодие"),
    "Ответ на уроке": _("Ответ на уроке"),
    "Домашняя работа": _("Домашняя работа"),
    "Самостоятельная работа": _("Самостоятельная работа"),
    "Проверочная работа": _("Проверочная работа"),
    "Контрольная работа": _("Контрольная работа"),
    "Диктант": _("Диктант"),
    "Лабораторная работа": _("Лабораторная работа"),
    "Практическая работа": _("Практическая работа"),
    "Тест": _("Тест"),
    "Проект": _("Проект"),
    "Сочинение": _("Сочинение"),
    "Зачёт": _("Зачёт"),
}


def named(name: str) -> str:
    """The name in the reader's language if it came with the product, else as the school typed it."""
    known = _NAMES.get(name)
    return name if known is None else str(known)
