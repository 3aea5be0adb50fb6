"""What each pupil is like: ability, leanings, diligence, trend, illnesses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from demo.cast import MASHA, PETYA
from demo.chance import Chance
from demo.people import Pupil
from demo.school_year import DAY, YearCalendar
from demo.subjects_data import SUBJECTS

AREAS = tuple(dict.fromkeys(subject.area for subject in SUBJECTS.values()))
ILL, EXCUSED, ABSENT, LATE = "б", "у", "н", "оп"


@dataclass(frozen=True, slots=True)
class Character:
    """Numbers on the scale of marks; eagerness in lessons of waiting; `days_away` are days missed with their sign."""

    ability: float
    leaning: dict[str, float]
    diligence: float
    eagerness: float
    trend: float
    lateness: float
    truancy: float
    days_away: dict[dt.date, str]

    def level(self, area: str, progress: float) -> float:
        """The mark one would expect on average, `progress` of the year gone."""
        return self.ability + self.leaning[area] + self.trend * (progress - 0.5)


def character_of(pupil: Pupil, calendar: YearCalendar, chance: Chance) -> Character:
    """Drawn once for each pupil; Маша and Петя are always the same two."""
    random = chance.stream("character", pupil.class_plan.name, pupil.name.full)
    elder = 0.02 * pupil.class_plan.parallel
    character = Character(
        ability=min(max(random.gauss(4.12 - elder, 0.5), 2.9), 4.95),
        leaning={area: random.gauss(0, 0.28) for area in AREAS},
        diligence=random.gauss(0.15, 0.3),
        eagerness=random.uniform(-1, 1),
        trend=random.gauss(0, 0.3),
        lateness=0.25 if random.random() < 0.03 else 0.008,
        truancy=0.04 if random.random() < 0.02 else 0.0015,
        days_away=_days_away(random, calendar),
    )
    # the two whom every visitor meets: nearly all fives but for physics; an uneven one who is getting better
    if pupil.name == MASHA:
        return _told(character, ability=4.5, leaning={"phys": -0.8, "rus": 0.3}, trend=0.2)
    if pupil.name == PETYA:
        return _told(character, ability=3.65, leaning={"inf": 0.9, "pe": 0.4, "rus": -0.4}, trend=0.6)
    return character


def _told(character: Character, *, ability: float, leaning: dict[str, float], trend: float) -> Character:
    plain = dict.fromkeys(AREAS, 0.0)
    return Character(ability, plain | leaning, 0.2, 3.0, trend, 0.01, 0.0, character.days_away)


def _days_away(random: Random, calendar: YearCalendar) -> dict[dt.date, str]:
    """None to three illnesses of 3–9 days, more of them in winter, and a day or two with leave."""
    length = (calendar.ends_until - calendar.starts_on).days
    away: dict[dt.date, str] = {}
    for _spell in range(random.choices((0, 1, 2, 3), (25, 40, 25, 10))[0]):
        start = int(random.triangular(5, length, length * 0.45))
        for offset in range(random.choice((3, 4, 5, 5, 6, 7, 9))):
            away[calendar.starts_on + (start + offset) * DAY] = ILL
    for _leave in range(random.choices((0, 1, 2), (50, 35, 15))[0]):
        away.setdefault(calendar.starts_on + random.randrange(length) * DAY, EXCUSED)
    if random.random() < 0.04:
        away.setdefault(calendar.starts_on + random.randrange(length) * DAY, ABSENT)
    return away
