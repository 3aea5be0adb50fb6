"""The school's week: loads from courses, a timetable for them, a room for every lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from demo.profiles import SchoolPlan
from demo.staffing import CoursePlan, Staffing
from demo.subjects_data import HARD, HARD_PRIMARY, PRIMARY_PARALLELS
from demo.timetable_builder import Hour, Load, build_timetable

# kinds of rooms that cannot be replaced by an ordinary one: a timetable must not want more than there are
SCARCE = ("gym", "informatics", "workshop")


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room; kind «» is an ordinary classroom."""

    name: str
    kind: str = ""
    capacity: int = 30


@dataclass(frozen=True, slots=True)
class Slot:
    """A course stands at this hour in this room; both are places in lists."""

    course: int
    hour: Hour
    room: int


def rooms_of(plan: SchoolPlan) -> list[RoomPlan]:
    """The building, as large as the school."""
    is_big = len(plan.classes) > 10
    ordinary = [f"{floor}{number:02d}" for floor in (1, 2, 3) for number in range(1, 14 if is_big else 5)]
    special = [
        *(RoomPlan(name, "gym", 60) for name in ("Спортзал большой", "Спортзал малый", "Гимнастический зал")),
        *(RoomPlan(name, "informatics", 16) for name in ("Информатика 1", "Информатика 2", "Информатика 3")),
        *(RoomPlan(name, "workshop", 16) for name in ("Мастерская", "Кабинет технологии")),
        RoomPlan("Кабинет музыки", "music"),
        *(RoomPlan(name, "physics") for name in ("Физика 1", "Физика 2")),
        *(RoomPlan(name, "chemistry") for name in ("Химия 1", "Химия 2")),
        *(RoomPlan(name, "biology") for name in ("Биология 1", "Биология 2")),
    ]
    return [*(RoomPlan(name) for name in ordinary), *special]


def build_week(plan: SchoolPlan, staffing: Staffing, rooms: Sequence[RoomPlan], random: Random) -> list[Slot]:
    """Every hour of every course with its room, in the order of the week; no teacher, class or room twice."""
    capacity = {f"room {kind}": sum(room.kind == kind for room in rooms) for kind in SCARCE}
    placed = build_timetable(_loads(staffing.courses), capacity, random)
    by_hour: dict[Hour, list[int]] = {}
    for load, hour in placed:
        by_hour.setdefault(hour, []).extend(load.courses)
    homes = _home_rooms(staffing, rooms)
    slots: list[Slot] = []
    for hour in sorted(by_hour, key=lambda one: (one.shift, one.weekday, one.number)):
        slots += _give_rooms(hour, by_hour[hour], staffing.courses, homes, rooms)
    return slots


def _loads(courses: Sequence[CoursePlan]) -> list[Load]:
    together: dict[tuple[str, str], list[int]] = {}
    for place, course in enumerate(courses):
        together.setdefault((course.group.class_plan.name, course.subject.code), []).append(place)
    loads = []
    for places in together.values():
        first = courses[places[0]]
        class_plan, subject = first.group.class_plan, first.subject
        scarce = [f"room {subject.room}"] if subject.room in SCARCE and _needs_room(first) else []
        load = Load(
            class_name=class_plan.name,
            shift=class_plan.shift,
            days=class_plan.days,
            subject=subject.code,
            courses=tuple(places),
            needs=(*(f"teacher {courses[place].teacher}" for place in places), *scarce * len(places)),
            is_light=subject.is_light,
            is_hard=subject.code in (HARD_PRIMARY if class_plan.parallel in PRIMARY_PARALLELS else HARD),
        )
        loads += [load] * first.hours
    return loads


def _needs_room(course: CoursePlan) -> bool:
    """Pupils of 1–4 make things at their own desks."""
    return course.subject.room != "workshop" or course.group.class_plan.parallel not in PRIMARY_PARALLELS


def _home_rooms(staffing: Staffing, rooms: Sequence[RoomPlan]) -> dict[int, int]:
    """Ordinary rooms go round among the teachers, class teachers of the two shifts share one."""
    ordinary = [place for place, room in enumerate(rooms) if not room.kind]
    teachers = dict.fromkeys(course.teacher for course in staffing.courses)
    return {teacher: ordinary[turn % len(ordinary)] for turn, teacher in enumerate(teachers)}


def _give_rooms(
    hour: Hour, places: Sequence[int], courses: Sequence[CoursePlan], homes: dict[int, int], rooms: Sequence[RoomPlan]
) -> list[Slot]:
    """Special rooms first, then teachers' own, then whatever is free."""
    free = dict.fromkeys(range(len(rooms)))
    slots = []
    scarce_first = sorted(places, key=lambda place: (courses[place].subject.room not in SCARCE, place))
    for place in scarce_first:
        course = courses[place]
        kind = course.subject.room if _needs_room(course) else ""
        home = homes[course.teacher]
        special = [room for room in free if kind and rooms[room].kind == kind]
        ordinary = [home] if home in free else [room for room in free if not rooms[room].kind]
        room = (special or ordinary)[0]
        del free[room]
        slots.append(Slot(place, hour, room))
    return slots
