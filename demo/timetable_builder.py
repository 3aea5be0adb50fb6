"""A weekly timetable without conflicts: fill every class's week at random, then repair by swaps inside a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

CONFLICT = 1000  # a teacher or a kind of room wanted twice at one hour
TWICE_A_DAY = 60
LIGHT_FIRST = 6  # physical education, music, drawing, labour at the first lesson
HARD_AT_EDGE = 2  # hard subjects belong to lessons 2–4 (DOMAIN §8)
NEXT_DAY = 1
PATIENCE = 60_000

# days of a week in the order in which they take the odd lessons; the last ones stay light
DAY_ORDER = (2, 3, 1, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Load:
    """One hour a week of one or several courses of a class at once (halves); `needs` are teachers and rooms."""

    class_name: str
    shift: int
    days: int
    subject: str
    courses: tuple[int, ...]
    needs: tuple[str, ...]
    is_light: bool = False
    is_hard: bool = False


@dataclass(frozen=True, slots=True)
class Hour:
    """A place in the week of a shift."""

    shift: int
    weekday: int
    number: int


class TimetableImpossible(Exception):
    """No timetable without conflicts was found."""


def hours_of_week(shift: int, days: int, lessons: int) -> list[Hour]:
    """Lessons 1, 2, 3… of each day without gaps; days differ by one lesson at most."""
    base, odd = divmod(lessons, days)
    longer = [day for day in DAY_ORDER if day <= days][:odd]
    return [Hour(shift, day, number) for day in range(1, days + 1) for number in range(1, base + (day in longer) + 1)]


def build_timetable(loads: Sequence[Load], capacity: Mapping[str, int], random: Random) -> list[tuple[Load, Hour]]:
    """Place every load. `capacity` names needs that exist more than once (3 gyms); others exist once."""
    week = _Week(loads, capacity, random)
    week.repair()
    week.polish()
    return week.placed()


class _Week:
    """Loads of every class on its hours, and who is wanted when."""

    def __init__(self, loads: Sequence[Load], capacity: Mapping[str, int], random: Random) -> None:
        self._capacity = capacity
        self._random = random
        self._loads: dict[str, list[Load]] = {}
        for load in loads:
            self._loads.setdefault(load.class_name, []).append(load)
        self._hours: dict[str, list[Hour]] = {}
        self._wanted: dict[tuple[str, Hour], int] = {}
        self._at: dict[tuple[str, int], dict[str, int]] = {}  # (class, weekday) → subject → times
        for name, own in self._loads.items():
            random.shuffle(own)
            self._hours[name] = hours_of_week(own[0].shift, own[0].days, len(own))
            for load, hour in zip(own, self._hours[name], strict=True):
                self._put(load, hour)

    def repair(self) -> None:
        """Swap until nobody is wanted twice."""
        for _turn in range(PATIENCE):
            broken = [
                (name, place)
                for name, own in self._loads.items()
                for place, load in enumerate(own)
                if self._conflicts(load, self._hours[name][place], counted=True)
            ]
            if not broken:
                return
            for name, place in self._random.sample(broken, min(len(broken), 12)):
                self._best_swap(name, place, may_worsen=True)
        raise TimetableImpossible(f"{len(broken)} conflicts are left")

    def polish(self) -> None:
        """Two rounds of swaps that only improve: hard subjects to the middle, light ones away from the start."""
        for _round in range(2):
            for name, own in self._loads.items():
                for place in range(len(own)):
                    self._best_swap(name, place, may_worsen=False)

    def placed(self) -> list[tuple[Load, Hour]]:
        """Every load with its hour."""
        return [pair for name, own in self._loads.items() for pair in zip(own, self._hours[name], strict=True)]

    def _best_swap(self, name: str, place: int, *, may_worsen: bool) -> None:
        own, hours = self._loads[name], self._hours[name]
        best, best_gain = place, (-CONFLICT * 2.0 if may_worsen else 0.0)
        for other in range(len(own)):
            if own[other].courses == own[place].courses:
                continue
            gain = self._gain(own[place], hours[place], own[other], hours[other])
            gain += self._random.random() if may_worsen else 0
            if gain > best_gain:
                best, best_gain = other, gain
        if best != place:
            self._swap(name, place, best)

    def _gain(self, first: Load, first_hour: Hour, second: Load, second_hour: Hour) -> float:
        self._take(first, first_hour)
        self._take(second, second_hour)
        before = self._pair_cost(first, first_hour, second, second_hour)
        after = self._pair_cost(first, second_hour, second, first_hour)
        self._put(first, first_hour)
        self._put(second, second_hour)
        return before - after

    def _pair_cost(self, first: Load, first_hour: Hour, second: Load, second_hour: Hour) -> float:
        return self._cost(first, first_hour) + self._cost(second, second_hour)

    def _cost(self, load: Load, hour: Hour) -> float:
        cost = CONFLICT * self._conflicts(load, hour)
        cost += TWICE_A_DAY * self._at.get((load.class_name, hour.weekday), {}).get(load.subject, 0)
        for near in (hour.weekday - 1, hour.weekday + 1):
            cost += NEXT_DAY * self._at.get((load.class_name, near), {}).get(load.subject, 0)
        if load.is_light and hour.number == 1:
            cost += LIGHT_FIRST
        if load.is_hard and not 2 <= hour.number <= 4:
            cost += HARD_AT_EDGE
        return cost

    def _conflicts(self, load: Load, hour: Hour, *, counted: bool = False) -> int:
        """Needs of the load that are exhausted at the hour; `counted`: the load itself already stands there."""
        own = 1 if counted else 0
        return sum(self._wanted.get((need, hour), 0) - own >= self._capacity.get(need, 1) for need in load.needs)

    def _swap(self, name: str, place: int, other: int) -> None:
        own, hours = self._loads[name], self._hours[name]
        self._take(own[place], hours[place])
        self._take(own[other], hours[other])
        own[place], own[other] = own[other], own[place]
        self._put(own[place], hours[place])
        self._put(own[other], hours[other])

    def _put(self, load: Load, hour: Hour) -> None:
        for need in load.needs:
            self._wanted[need, hour] = self._wanted.get((need, hour), 0) + 1
        day = self._at.setdefault((load.class_name, hour.weekday), {})
        day[load.subject] = day.get(load.subject, 0) + 1

    def _take(self, load: Load, hour: Hour) -> None:
        for need in load.needs:
            self._wanted[need, hour] -= 1
        self._at[load.class_name, hour.weekday][load.subject] -= 1
