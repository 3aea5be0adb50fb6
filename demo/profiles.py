"""What each demo school is like: its classes, shifts and how its teachers share the subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SECOND_SHIFT = frozenset({"2В", "3А", "3Б", "3В", "4Б", "4В", "6А", "6Б", "6В"})
FIVE_DAY_PARALLELS = frozenset({1, 2, 3, 4, 6})  # the second shift has no Saturdays


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class to be made."""

    parallel: int
    letter: str
    size: int
    shift: int = 1
    days: int = 6

    @property
    def name(self) -> str:
        """«7А»."""
        return f"{self.parallel}{self.letter}"


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """A school to be made. `areas` says which areas of subjects one teacher takes together."""

    external_id: str
    name: str
    short_name: str
    city: str
    timezone: str
    classes: tuple[ClassPlan, ...]
    has_splits: bool = True
    hours_of_teacher: int = 20
    areas: Mapping[str, str] = field(default_factory=dict)

    def area(self, area: str) -> str:
        """The area under which teachers of this one are hired here."""
        return self.areas.get(area, area)


def _class_plan(name: str, size: int) -> ClassPlan:
    parallel = int(name[:-1])
    return ClassPlan(
        parallel, name[-1], size, 2 if name in SECOND_SHIFT else 1, 5 if parallel in FIVE_DAY_PARALLELS else 6
    )


def first_school(*, is_small: bool = False) -> SchoolPlan:
    """School № 1: 33 classes in two shifts; small: three classes that hold the whole cast."""
    if is_small:
        classes = tuple(_class_plan(name, 8) for name in ("1А", "5Б", "7А"))
    else:
        names = [f"{parallel}{letter}" for parallel in range(1, 12) for letter in "АБВ"]
        # classes of 23–29, a little smaller in 10–11
        sizes = [23 + (3 * place + place // 5) % 7 - (3 if place >= 27 else 0) for place in range(33)]
        classes = tuple(_class_plan(name, size) for name, size in zip(names, sizes, strict=True))
    return SchoolPlan(
        external_id="demo-1",
        name="Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 1»",
        short_name="Школа № 1",
        city="Верхнереченск",
        timezone="Europe/Moscow",
        classes=classes,
    )


def second_school(*, is_small: bool = False) -> SchoolPlan:
    """School № 2 in another city and time zone: one class in each of 5–7, so that isolation can be seen."""
    parallels = (5,) if is_small else (5, 6, 7)
    return SchoolPlan(
        external_id="demo-2",
        name="Муниципальное общеобразовательное учреждение «Основная школа № 2»",
        short_name="Школа № 2",
        city="Нижнелесье",
        timezone="Europe/Samara",
        classes=tuple(ClassPlan(parallel, "А", 6 if is_small else 15) for parallel in parallels),
        has_splits=False,
        hours_of_teacher=24,
        areas={"geo": "bio", "inf": "phys", "music": "art", "pe": "labour", "safe": "labour", "chem": "bio"},
    )
