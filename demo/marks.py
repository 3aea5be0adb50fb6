"""What teachers write into the journal: attendance signs, marks and their later changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from demo.characters import ABSENT, LATE, Character
from demo.lessons import LessonPlan
from demo.subjects_data import SubjectSpec
from demo.work_plan import MAJORS

CHANGED = 0.028  # a five cannot become better, so about 2 % really change
DOUBLE_KINDS = frozenset({"dictation", "essay"})  # two marks in one cell: «4/3» (DOMAIN §1)
POINT, POINT_FOR_ABSENT = ".", 0.3
HARDER = {"control": -0.25, "dictation": -0.2, "test": -0.1, "homework": 0.15, "project": 0.4, "practice": 0.25}
SPREAD = 0.6
# share of the class asked at an ordinary lesson, whose homework is marked, by hours a week
ASKED = {1: 0.2, 2: 0.15, 3: 0.11, 4: 0.09}
HOMEWORK_MARKED = 0.06
COMMENTED = 0.015
REASONS = ("recheck", "mistake", "retake")
COMMENTS = {
    5: ("Отличный ответ!", "Молодец, очень аккуратно", "Полное решение, оригинальный способ"),
    4: ("Небольшая неточность в выводе", "Хорошо, но проверяйте вычисления", "Почти всё верно"),
    3: ("Нужно повторить правило", "Много исправлений", "Ответил с помощью класса"),
    2: ("Работа не сдана вовремя", "Подойдите на консультацию в четверг", "Тема не выучена"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A pupil in a course: `place` among the school's pupils, days of membership [since, until)."""

    place: int
    character: Character
    since: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class SignPlan:
    """An attendance sign at a lesson."""

    lesson: LessonPlan
    pupil: int
    sign: str
    set_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """A value a mark got, when and why."""

    value: str
    reason: str
    changed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class MarkPlan:
    """A mark with all its changes, the first one first."""

    lesson: LessonPlan
    pupil: int
    place: int
    kind: str
    comment: str
    changes: tuple[ChangePlan, ...]


@dataclass(slots=True)
class _Deed:
    """A mark while it is thought out."""

    pupil: int
    kind: str
    values: list[str]
    at: dt.datetime
    comment: str = ""


def journal_of(
    subject: SubjectSpec,
    hours: int,
    lessons: Sequence[LessonPlan],
    seats: Sequence[Seat],
    *,
    has_marks: bool,
    moment: dt.datetime,
    random: Random,
) -> Iterator[SignPlan | MarkPlan]:
    """Signs and marks of one course in the order of lessons, nothing later than `moment`."""
    waiting = {seat.place: random.random() * 3 for seat in seats}  # lessons since the last mark
    for count, lesson in enumerate(lessons):
        if not lesson.is_over or lesson.is_cancelled:
            continue
        present = []
        for seat in seats:
            if not seat.since <= lesson.held_on < seat.until:
                continue
            sign = _sign(seat.character, lesson, random)
            if sign:
                at = lesson.starts + dt.timedelta(seconds=random.randrange(120, 700))
                yield SignPlan(lesson, seat.place, sign, at)
            if sign in ("", LATE):
                present.append(seat)
            elif lesson.kind in MAJORS and has_marks and random.random() < POINT_FOR_ABSENT:
                yield from _point(lesson, seat, moment, random)
        if has_marks:
            for deed in _deeds(subject, hours, lesson, present, waiting, count / len(lessons), random):
                yield from _written(lesson, deed, moment, random)


def _sign(character: Character, lesson: LessonPlan, random: Random) -> str:
    away = character.days_away.get(lesson.held_on, "")
    if away:
        return away
    chance = random.random()
    if chance < character.truancy:
        return ABSENT
    return LATE if lesson.number == 1 and chance > 1 - character.lateness else ""


def _deeds(
    subject: SubjectSpec,
    hours: int,
    lesson: LessonPlan,
    present: Sequence[Seat],
    waiting: dict[int, float],
    progress: float,
    random: Random,
) -> Iterator[_Deed]:
    """Whom the teacher marks at the lesson, for what and how."""
    if lesson.kind:
        chosen = [(seat, lesson.kind) for seat in present if random.random() < 0.96]
        at = _after_lesson(lesson, random)
    else:
        wanted = max(1, round(len(present) * ASKED.get(hours, 0.08) + random.random() - 0.5))
        queue = sorted(present, key=lambda seat: -waiting[seat.place] - seat.character.eagerness - 4 * random.random())
        chosen = [(seat, "answer") for seat in queue[:wanted]]
        if random.random() < 0.5 and lesson.homework:
            checked = round(len(present) * HOMEWORK_MARKED * 2)
            chosen += [(seat, "homework") for seat in queue[wanted : wanted + checked]]
        at = lesson.starts
    for seat in present:
        waiting[seat.place] += 1
    for number, (seat, kind) in enumerate(chosen):
        waiting[seat.place] = 0
        level = seat.character.level(subject.area, progress) + subject.ease + HARDER.get(kind, 0.0)
        level += seat.character.diligence if kind == "homework" else 0.0
        values = [_value(level, random) for _mark in range(2 if kind in DOUBLE_KINDS else 1)]
        step = dt.timedelta(seconds=random.randrange(4, 11) * (number + 1))
        wait = step if lesson.kind else dt.timedelta(seconds=random.randrange(300, 2300))
        is_commented = random.random() < COMMENTED
        comment = random.choice(COMMENTS[max(2, int(values[0]))]) if is_commented else ""
        yield _Deed(seat.place, kind, values, at + wait, comment)


def _after_lesson(lesson: LessonPlan, random: Random) -> dt.datetime:
    """When the teacher sits down to enter a work: the same evening, big works after a day or two."""
    days = random.choice((1, 1, 2)) if lesson.kind in MAJORS else random.choice((0, 0, 1))
    wait = dt.timedelta(days=days, minutes=random.randrange(20, 240), microseconds=random.randrange(10**6))
    return lesson.ends + wait


def _value(level: float, random: Random) -> str:
    guess = random.gauss(level, SPREAD)
    if guess < 1.0:
        return "1"
    return str(min(5, max(2, int(guess + 0.5))))


def _written(lesson: LessonPlan, deed: _Deed, moment: dt.datetime, random: Random) -> Iterator[MarkPlan]:
    """The marks of a deed as far as `moment`; one in fifty is changed some days later."""
    for place, value in enumerate(deed.values, start=1):
        changes = [ChangePlan(value, "first", deed.at)]
        if random.random() < CHANGED:
            is_up = random.random() < 0.8
            better = str(min(5, int(value) + 1) if is_up else max(2, int(value) - 1))
            later = deed.at + dt.timedelta(days=random.randint(1, 6), minutes=random.randrange(-90, 90))
            if better != value:
                changes.append(ChangePlan(better, random.choice(REASONS), later))
        done = tuple(change for change in changes if change.changed_at <= moment)
        if done:
            yield MarkPlan(lesson, deed.pupil, place, deed.kind, deed.comment if place == 1 else "", done)


def _point(lesson: LessonPlan, seat: Seat, moment: dt.datetime, random: Random) -> Iterator[MarkPlan]:
    """«точка» for who missed a big work: it is to be written later, and mostly is."""
    at = lesson.ends + dt.timedelta(minutes=random.randrange(20, 240))
    changes = [ChangePlan(POINT, "first", at)]
    if random.random() < 0.9:
        later = at + dt.timedelta(days=random.randint(6, 14))
        changes.append(ChangePlan(_value(seat.character.ability - 0.2, random), "first", later))
    done = tuple(change for change in changes if change.changed_at <= moment)
    if done:
        yield MarkPlan(lesson, seat.place, 1, lesson.kind, "", done)
