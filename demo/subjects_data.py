"""Subjects and the curriculum of each parallel: hours a week inside the limits of DOMAIN §8."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectSpec:
    """A subject: who teaches it (`area`), where (`room`), how it is split and how hard it is for marks."""

    code: str
    name: str
    short: str
    area: str
    room: str = ""
    split: str = ""
    ease: float = 0.0
    is_light: bool = False
    is_markless: bool = False


SUBJECTS = {
    spec.code: spec
    for spec in (
        SubjectSpec("rus", "Русский язык", "Рус. яз.", "rus", ease=-0.1),
        SubjectSpec("read", "Литературное чтение", "Лит. чт.", "rus", ease=0.25),
        SubjectSpec("lit", "Литература", "Лит-ра", "rus", ease=0.2),
        SubjectSpec("eng", "Английский язык", "Англ. яз.", "eng", split="английский"),
        SubjectSpec("math", "Математика", "Матем.", "math", ease=-0.1),
        SubjectSpec("alg", "Алгебра", "Алгебра", "math", ease=-0.2),
        SubjectSpec("geom", "Геометрия", "Геом.", "math", ease=-0.2),
        SubjectSpec("prob", "Вероятность и статистика", "Вер. и ст.", "math"),
        SubjectSpec("inf", "Информатика", "Информ.", "inf", room="informatics", split="информатика", ease=0.2),
        SubjectSpec("hist", "История", "История", "hist"),
        SubjectSpec("soc", "Обществознание", "Общество", "hist", ease=0.1),
        SubjectSpec("geo", "География", "Геогр.", "geo", ease=0.05),
        SubjectSpec("bio", "Биология", "Биол.", "bio", room="biology", ease=0.05),
        SubjectSpec("phys", "Физика", "Физика", "phys", room="physics", ease=-0.2),
        SubjectSpec("chem", "Химия", "Химия", "chem", room="chemistry", ease=-0.15),
        SubjectSpec("world", "Окружающий мир", "Окр. мир", "primary", ease=0.2),
        SubjectSpec("orkse", "Основы религиозных культур и светской этики", "ОРКСЭ", "primary", is_markless=True),
        SubjectSpec("art", "Изобразительное искусство", "ИЗО", "art", ease=0.7, is_light=True),
        SubjectSpec("music", "Музыка", "Музыка", "music", room="music", ease=0.8, is_light=True),
        SubjectSpec("labour", "Труд (технология)", "Труд", "labour", "workshop", "труд", 0.6, is_light=True),
        SubjectSpec("pe", "Физическая культура", "Физ-ра", "pe", room="gym", ease=0.7, is_light=True),
        SubjectSpec("safe", "Основы безопасности и защиты Родины", "ОБЗР", "safe", ease=0.4),
        SubjectSpec("project", "Индивидуальный проект", "Инд. пр.", "hist", ease=0.4),
    )
}

# what a class teacher of grades 1–4 teaches alone; the rest comes from specialists
BY_CLASS_TEACHER = frozenset({"rus", "read", "math", "world", "orkse", "art", "labour"})
PRIMARY_PARALLELS = range(1, 5)


def _hours(text: str) -> dict[str, int]:
    """«rus 5, lit 3» as hours by code."""
    return {code: int(hours) for code, hours in (pair.split() for pair in text.split(","))}


_PRIMARY = _hours("rus 5, read 4, eng 2, math 4, world 2, art 1, music 1, labour 1, pe 3")
_SENIOR = _hours(
    "rus 2, lit 3, eng 3, alg 3, geom 2, prob 1, inf 2, hist 2, soc 2, geo 1, phys 3, chem 2, bio 2, pe 2, safe 1"
)
CURRICULUM: dict[int, dict[str, int]] = {
    1: {code: hours for code, hours in _PRIMARY.items() if code != "eng"},
    2: _PRIMARY,
    3: _PRIMARY,
    4: _PRIMARY | {"read": 3, "orkse": 1},
    5: _hours("rus 5, lit 3, eng 3, math 5, hist 3, geo 1, bio 1, inf 1, art 1, music 1, labour 2, pe 2"),
    6: _hours("rus 6, lit 3, eng 3, math 5, hist 2, soc 1, geo 1, bio 1, inf 1, art 1, music 1, labour 2, pe 2"),
    7: _hours(
        "rus 4, lit 2, eng 3, alg 3, geom 2, prob 1, hist 2, soc 1, geo 2, bio 1, phys 2, inf 1, art 1, music 1,"
        "labour 2, pe 2"
    ),
    8: _hours(
        "rus 3, lit 2, eng 3, alg 3, geom 2, prob 1, hist 2, soc 1, geo 2, bio 2, phys 2, chem 2, inf 1, music 1,"
        "labour 1, pe 2, safe 1"
    ),
    9: _hours(
        "rus 3, lit 3, eng 3, alg 3, geom 2, prob 1, hist 2, soc 1, geo 2, bio 2, phys 3, chem 2, inf 1, labour 1,"
        "pe 2, safe 1"
    ),
    10: _SENIOR | {"project": 1},
    11: _SENIOR,
}

# (5-day week, 6-day week) hours a week, and lessons a day: СанПиН 1.2.3685-21 (DOMAIN §8)
_FIVE_DAYS = (21, 23, 23, 23, 29, 30, 32, 33, 33, 34, 34)
_SIX_DAYS = (21, 26, 26, 26, 32, 33, 35, 36, 36, 37, 37)
WEEK_LIMIT = dict(enumerate(zip(_FIVE_DAYS, _SIX_DAYS, strict=True), start=1))
DAY_LIMIT = {1: 5, 2: 6, 3: 6, 4: 6, 5: 6, 6: 6, 7: 7, 8: 7, 9: 7, 10: 7, 11: 7}  # with the one longer day of 1–4
ONLY_FIRST_SHIFT = frozenset({1, 5, 9, 10, 11})

# subjects with 7 points of difficulty or more in grades 1–4 and 8 or more in 5–11 (DOMAIN §8)
HARD_PRIMARY = frozenset({"math", "rus", "eng"})
HARD = frozenset({"math", "rus", "eng", "alg", "geom", "prob", "phys", "chem", "bio", "hist"})

# informatics is taught to the whole class in 5–6, labour in 1–4 by the class teacher
SPLIT_PARALLELS = {"английский": range(2, 12), "информатика": range(7, 12), "труд": range(5, 10)}

POSTS = {
    "primary": "учитель начальных классов",
    "rus": "учитель русского языка и литературы",
    "eng": "учитель английского языка",
    "math": "учитель математики",
    "inf": "учитель информатики",
    "hist": "учитель истории и обществознания",
    "geo": "учитель географии",
    "bio": "учитель биологии",
    "phys": "учитель физики",
    "chem": "учитель химии",
    "art": "учитель изобразительного искусства",
    "music": "учитель музыки",
    "labour": "учитель труда (технологии)",
    "pe": "учитель физической культуры",
    "safe": "преподаватель-организатор ОБЗР",
}


@dataclass(frozen=True, slots=True)
class KindSpec:
    """A kind of work and the weight a school usually gives it."""

    code: str
    name: str
    short: str
    weight: int


KINDS = (
    KindSpec("answer", "Ответ на уроке", "Отв", 1),
    KindSpec("homework", "Домашняя работа", "ДЗ", 1),
    KindSpec("independent", "Самостоятельная работа", "СР", 2),
    KindSpec("check", "Проверочная работа", "ПР", 2),
    KindSpec("control", "Контрольная работа", "КР", 3),
    KindSpec("dictation", "Диктант", "Дикт", 3),
    KindSpec("lab", "Лабораторная работа", "ЛР", 2),
    KindSpec("practice", "Практическая работа", "Практ", 1),
    KindSpec("test", "Тест", "Тест", 2),
    KindSpec("project", "Проект", "Проект", 3),
    KindSpec("essay", "Сочинение", "Соч", 3),
    KindSpec("credit", "Зачёт", "Зач", 3),
)
