"""Invented people: names, families, logins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from demo.cast import (
    ANNA,
    BORN_ON,
    CAST_LOGINS,
    CAST_PUPILS,
    DASHA,
    IGOR,
    MASHA,
    MATVEY,
    OLGA,
    PAVEL,
    PETYA,
    TIMOFEY,
    Name,
)
from demo.names_data import BOYS, FATHERS, GIRLS, MOTHERS, PATRONYMICS, SURNAMES
from demo.profiles import ClassPlan, SchoolPlan

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)
SIBLING = 0.2  # share of pupils who have an elder one here
ONE_GUARDIAN = 0.15
OTHER_SURNAME = 0.1  # mothers who kept their own
ARRIVED = LEFT = 0.006  # pupils who came or went during the year


@dataclass(slots=True)
class Adult:
    """A guardian: one account, possibly of several pupils."""

    name: Name
    relation: str
    login: str = ""


@dataclass(slots=True)
class Pupil:
    """A pupil of a class; dates tell when they came and went, None for the whole year."""

    name: Name
    class_plan: ClassPlan
    born_on: dt.date
    guardians: list[Adult]
    login: str = ""
    arrived_on: dt.date | None = None
    left_on: dt.date | None = None


@dataclass(slots=True)
class _Family:
    surname: tuple[str, str]
    father_name: str
    guardians: list[Adult]
    parallels: list[int] = field(default_factory=list)


class Logins:
    """Gives out logins: surname and initial, and a number where that is taken."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *CAST_LOGINS}

    def give(self, name: Name) -> str:
        """«sokolova_a», «sokolova_a2»."""
        plain = f"{latin(name.last)}_{latin(name.first)[0]}"
        login, number = plain, 1
        while login in self._taken:
            number += 1
            login = f"{plain}{number}"
        self._taken.add(login)
        return login


def latin(word: str) -> str:
    """Lower-case latin letters: «Щукин» → «shchukin»."""
    return "".join(_LATIN.get(letter, letter) for letter in word.lower())


def invent_adult(random: Random, gender: str, surname: tuple[str, str] | None = None) -> Name:
    """A grown-up with a patronymic of their own."""
    while (name := _any_adult(random, gender, surname)) in CAST_LOGINS.values():
        pass
    return name


def _any_adult(random: Random, gender: str, surname: tuple[str, str] | None) -> Name:
    is_man = gender == "м"
    last = (surname or random.choice(SURNAMES))[0 if is_man else 1]
    first = random.choice(FATHERS if is_man else MOTHERS)
    return Name(last, first, PATRONYMICS[random.choice(FATHERS)][0 if is_man else 1], gender)


def invent_pupils(plan: SchoolPlan, random: Random, year: int) -> list[Pupil]:
    """All pupils of a school, class by class in the order of names; the cast stands in its classes."""
    pupils = _cast_pupils(plan)
    taken = {name.full for name in (*CAST_PUPILS, *CAST_LOGINS.values())}
    families: list[_Family] = []
    seats = [one for one in plan.classes for _seat in range(one.size)]
    for pupil in pupils:
        seats.remove(pupil.class_plan)
    random.shuffle(seats)
    for class_plan in seats:
        pupil = _invent_pupil(class_plan, families, taken, random, year)
        taken.add(pupil.name.full)
        pupils.append(pupil)
    return sorted(pupils, key=lambda one: (one.class_plan.parallel, one.class_plan.letter, _order(one.name)))


def give_logins(pupils: list[Pupil], logins: Logins) -> None:
    """A login for every pupil and guardian without one; the cast has its own."""
    own = {name.full: login for login, name in CAST_LOGINS.items()}
    for pupil in pupils:
        pupil.login = own.get(pupil.name.full) or logins.give(pupil.name)
        for adult in pupil.guardians:
            adult.login = adult.login or own.get(adult.name.full) or logins.give(adult.name)


def _order(name: Name) -> tuple[str, str]:
    return name.last.replace("ё", "е"), name.first


def _cast_pupils(plan: SchoolPlan) -> list[Pupil]:
    classes = {one.name: one for one in plan.classes}
    mother, father = Adult(OLGA, "мать"), Adult(PAVEL, "отец")
    if plan.external_id == "demo-1":
        petya = [
            Adult(Name("Воробьёва", "Наталья", "Юрьевна", "ж"), "мать"),
            Adult(Name("Воробьёв", "Илья", "Романович", "м"), "отец"),
        ]
        return [
            Pupil(MASHA, classes["7А"], BORN_ON[MASHA], [mother, father]),
            Pupil(PETYA, classes["7А"], BORN_ON[PETYA], petya),
            Pupil(DASHA, classes["5Б"], BORN_ON[DASHA], [Adult(IGOR, "отец")]),
        ]
    return [
        Pupil(TIMOFEY, classes["5А"], BORN_ON[TIMOFEY], [mother]),
        Pupil(MATVEY, classes["5А"], BORN_ON[MATVEY], [Adult(ANNA, "мать")]),
    ]


def _invent_pupil(class_plan: ClassPlan, families: list[_Family], taken: set[str], random: Random, year: int) -> Pupil:
    family = _family_for(class_plan, families, random)
    while True:
        is_boy = random.random() < 0.51
        first = random.choice(BOYS if is_boy else GIRLS)
        middle = PATRONYMICS[family.father_name][0 if is_boy else 1]
        name = Name(family.surname[0 if is_boy else 1], first, middle, "м" if is_boy else "ж")
        if name.full not in taken and name.first != family.father_name:
            break
    family.parallels.append(class_plan.parallel)
    born_on = dt.date(year - 7 - class_plan.parallel, 10, 1) + dt.timedelta(days=random.randrange(365))
    pupil = Pupil(name, class_plan, born_on, family.guardians)
    fate = random.random()
    if fate < ARRIVED:
        pupil.arrived_on = dt.date(year, 9, 14) + dt.timedelta(days=random.randrange(60))
    elif fate < ARRIVED + LEFT:
        pupil.left_on = dt.date(year, 9, 20) + dt.timedelta(days=random.randrange(60))
    return pupil


def _family_for(class_plan: ClassPlan, families: list[_Family], random: Random) -> _Family:
    """A family with an elder or younger child here, or a new one."""
    if families and random.random() < SIBLING:
        family = random.choice(families)
        if len(family.parallels) < 3 and class_plan.parallel not in family.parallels:
            return family
    surname = random.choice(SURNAMES)
    father = invent_adult(random, "м", surname)
    kept = None if random.random() < OTHER_SURNAME else surname
    guardians = [Adult(invent_adult(random, "ж", kept), "мать"), Adult(father, "отец")]
    if random.random() < ONE_GUARDIAN:
        guardians = guardians[1:] if random.random() < 0.1 else guardians[:1]
    if random.random() < 0.02:
        guardians.append(Adult(invent_adult(random, "ж"), "бабушка"))
    families.append(_Family(surname, father.first, guardians))
    return families[-1]
