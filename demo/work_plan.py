"""Which kind of work falls on which lesson of a course, and what each lesson is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from demo.homework_data import CHANCE, HOMEWORK, MINUTES, PREPARE, homework_key
from demo.subjects_data import SubjectSpec
from demo.topics_data import ASPECTS, topics_of
from diary.schoolwork.gradebook.rules import MARKLESS_PARALLEL

# works of the whole class that take a lesson: at most one a day for a class, 17 days apart in a subject (DOMAIN §9)
MAJOR_KINDS: dict[str, tuple[str, ...]] = {
    "rus": ("dictation", "control", "essay"),
    "lit": ("essay", "control"),
    "eng": ("control", "project"),
    "pe": ("credit",),
    "labour": ("project",),
    "art": ("project",),
    "music": ("credit",),
    "project": ("project",),
    "inf": ("control", "project"),
}
MINOR_KINDS: dict[str, tuple[str, ...]] = {
    "rus": ("check", "independent", "test"),
    "read": ("check",),
    "lit": ("check", "test"),
    "eng": ("test", "check"),
    "phys": ("independent", "lab", "test"),
    "chem": ("practice", "lab", "check"),
    "bio": ("lab", "test"),
    "geo": ("practice", "test"),
    "inf": ("practice", "test"),
    "hist": ("test", "check"),
    "soc": ("test", "check"),
    "pe": ("practice",),
    "labour": ("practice",),
    "art": ("practice",),
    "music": ("check",),
    "safe": ("test", "practice"),
    "project": ("practice",),
}
MAJORS = frozenset({"control", "dictation", "essay", "credit", "project"})
MIN_DAYS_BETWEEN = 17
USUAL_CHANCE = 0.8  # that a lesson ends with a task
SHARE_OF_HOURS = 0.07  # the law allows 0.1
MINOR_EVERY = {1: 3, 2: 4, 3: 5, 4: 6}
RUSSIAN_ESSAY = "Развитие речи. Сочинение-рассуждение № {number}"  # its topic is not a rule of grammar
_TITLES = {
    "control": "Контрольная работа № {number} по теме «{topic}»",
    "dictation": "Контрольный диктант № {number} с грамматическим заданием",
    "essay": "Сочинение по теме «{topic}»",
    "credit": "{topic}. Зачёт",
    "project": "Защита проектов по теме «{topic}»",
    "lab": "Лабораторная работа № {number} по теме «{topic}»",
    "practice": "Практическая работа № {number}. {topic}",
    "test": "{topic}. Тест",
    "check": "{topic}. Проверочная работа",
    "independent": "{topic}. Самостоятельная работа",
}


def plan_works(
    subject: SubjectSpec,
    parallel: int,
    lessons: Sequence[tuple[dt.date, int]],
    hours: int,
    busy_days: set[dt.date],
    random: Random,
) -> dict[int, str]:
    """Kind of work by place among the year's `lessons` (day, number). Days of major works join `busy_days`."""
    if parallel == MARKLESS_PARALLEL or subject.is_markless:
        return {}
    works: dict[int, str] = {}
    kinds = MAJOR_KINDS.get(subject.code, ("control",))
    how_many = max(1, int(len(lessons) * SHARE_OF_HOURS))
    last: dt.date | None = None
    for turn in range(how_many):
        target = int((turn + 1) * len(lessons) / how_many) - 2 - random.randrange(2)
        place = _free_place(target, lessons, busy_days, last)
        if place is not None and place not in works:
            works[place] = kinds[turn % len(kinds)]
            last = lessons[place][0]
            busy_days.add(last)
    minor = MINOR_KINDS.get(subject.code, ("independent", "check"))
    step, turn = MINOR_EVERY.get(hours, 7), 0
    place = 1 + random.randrange(step)
    while place < len(lessons):
        if place not in works:
            works[place] = minor[turn % len(minor)]
            turn += 1
        place += step + random.choice((-1, 0, 0, 1))
    return works


def _free_place(
    target: int, lessons: Sequence[tuple[dt.date, int]], busy_days: set[dt.date], last: dt.date | None
) -> int | None:
    """The nearest lesson whose day is free for the class, not the first of the day where that can be helped."""
    near = [target + step for step in (0, -1, 1, -2, 2, -3, 3, -4, -5)]
    fitting = [
        place
        for place in near
        if 0 <= place < len(lessons)
        and lessons[place][0] not in busy_days
        and (last is None or (lessons[place][0] - last).days >= MIN_DAYS_BETWEEN)
    ]
    return next((place for place in fitting if lessons[place][1] > 1), fitting[0] if fitting else None)


def plan_topics(subject: SubjectSpec, parallel: int, how_many: int, works: dict[int, str]) -> list[str]:
    """A topic for each of the year's lessons: the programme spread evenly, works named as such."""
    topics = topics_of(subject.code, parallel)
    aspects = ASPECTS.get(homework_key(subject.code) or subject.code, ASPECTS[""])
    numbers: dict[str, int] = {}
    planned = []
    before, step = "", 0
    for place in range(how_many):
        topic = topics[place * len(topics) // how_many]
        step = step + 1 if topic == before else 0
        before = topic
        kind = works.get(place, "")
        if kind:
            numbers[kind] = numbers.get(kind, 0) + 1
            title = RUSSIAN_ESSAY if (subject.code, kind) == ("rus", "essay") else _TITLES[kind]
            planned.append(title.format(number=numbers[kind], topic=_inside_quotes(topic, kind)))
            continue
        aspect = aspects[step % len(aspects)] if step else ""
        planned.append(f"{topic}. {aspect}" if aspect else topic)
    return planned


def _inside_quotes(topic: str, kind: str) -> str:
    """Quotes inside quotes are low ones: «„Ревизор“: сюжет и герои»."""
    return topic.replace("«", "„").replace("»", "“") if "«" in _TITLES[kind] else topic


def plan_homework(
    subject: SubjectSpec, parallel: int, how_many: int, works: dict[int, str], random: Random
) -> list[tuple[str, int]]:
    """(text, minutes) for each of the year's lessons, to be done by the next one; an empty text where none is given."""
    key = homework_key(subject.code)
    if not key or parallel == MARKLESS_PARALLEL:
        return [("", 0)] * how_many
    templates = HOMEWORK[key]
    usual = MINUTES.get(key, (15, 15, 15, 20))[0 if parallel < 5 else 1 if parallel < 7 else 2 if parallel < 10 else 3]
    planned = []
    for place in range(how_many):
        next_work = works.get(place + 1, "")
        text = _task(random.choice(templates), place / how_many, random)
        minutes = usual + random.choice((-5, 0, 0, 0, 5, 10))
        is_given = random.random() < CHANCE.get(subject.code, USUAL_CHANCE) and works.get(place, "") not in MAJORS
        if next_work in PREPARE:
            text, minutes, is_given = PREPARE[next_work], usual + 5, True
        planned.append((text, minutes) if is_given and place + 1 < how_many else ("", 0))
    return planned


def _task(template: str, progress: float, random: Random) -> str:
    exercise = 20 + int(progress * 560) + random.randrange(6)
    page = 8 + int(progress * 150)
    first = random.randint(1, 5)
    chapter = 1 + int(progress * 9)
    return template.format(
        p=1 + int(progress * 48),
        a=first,
        b=first + random.randint(2, 4),
        n=exercise,
        n2=exercise + random.randint(2, 4),
        n3=exercise + random.randint(6, 9),
        g=page,
        g2=page + random.randint(2, 5),
        e=first,
        e2=first + 2,
        c=chapter,
        c2=chapter + 1,
    )
