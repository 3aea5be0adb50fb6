"""Makes one demo school: thinks everything out, then writes it in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from demo.cast import DEMO_PASSWORD
from demo.catalogue import write_catalogue
from demo.chance import Chance, Ids
from demo.characters import character_of
from demo.diary_rows import write_homework, write_lessons, write_slots
from demo.journal_rows import JournalWriter, plan_journals
from demo.lessons import lay_out_year
from demo.people import Logins, Pupil, give_logins, invent_pupils
from demo.profiles import SchoolPlan
from demo.rolls import write_rolls
from demo.school_year import DAY, YearCalendar, calendar_of
from demo.staffing import Staffing, staff_school
from demo.week import RoomPlan, Slot, build_week, rooms_of
from diary.foundation.access.scope import school_scope
from diary.people.accounts.models import User
from diary.people.schools.models import School

GLOWING_DAYS = 2
ONE_AT_A_TIME = 7_301_101  # advisory lock: two generators at once wait for each other

Report = Callable[[int, str], None]


def make_school(plan: SchoolPlan, *, seed: str, moment: dt.datetime, report: Report) -> School | None:
    """Write the whole school as it stands at `moment` (aware), all or nothing.

    The same plan, seed and day give the same school; a later hour of the day only adds to it.
    Returns None and writes nothing when the school is there already. `report` hears percent and what was done.
    """
    with transaction.atomic():
        _wait_for_turn()
        if School.objects.filter(external_id=plan.external_id).exists():
            return None
        school = School.objects.create(
            name=plan.name,
            short_name=plan.short_name,
            city=plan.city,
            timezone=plan.timezone,
            external_id=plan.external_id,
        )
        with school_scope([school.id]):
            _fill(plan, school, Chance(f"{seed}/{plan.external_id}"), moment, report)
    return school


def _wait_for_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


@dataclass(frozen=True, slots=True)
class Draft:
    """A school thought out but for its lessons: nothing here touches the database."""

    calendar: YearCalendar
    staffing: Staffing
    pupils: list[Pupil]
    rooms: list[RoomPlan]
    slots: list[Slot]


def draft_school(plan: SchoolPlan, chance: Chance, today: dt.date) -> Draft:
    """People, courses and the week of the school year that `today` belongs to."""
    calendar = calendar_of(today)
    staffing = staff_school(plan, chance.stream("staff"))
    rooms = rooms_of(plan)
    return Draft(
        calendar=calendar,
        staffing=staffing,
        pupils=invent_pupils(plan, chance.stream("pupils"), calendar.starts_on.year),
        rooms=rooms,
        slots=build_week(plan, staffing, rooms, chance.stream("week")),
    )


def _fill(plan: SchoolPlan, school: School, chance: Chance, moment: dt.datetime, report: Report) -> None:
    today = moment.astimezone(ZoneInfo(plan.timezone)).date()
    draft = draft_school(plan, chance, today)
    calendar, staffing, pupils, slots = draft.calendar, draft.staffing, draft.pupils, draft.slots
    ids = Ids(chance, calendar.starts_on)
    report(5, f"придуманы {len(pupils)} учеников и {len(staffing.staff)} сотрудников, расписание без накладок")
    catalogue = write_catalogue(plan, school, calendar, draft.rooms, ids)
    logins = Logins(User.objects.values_list("login", flat=True))
    give_logins(pupils, logins)
    password = make_password(DEMO_PASSWORD)
    rolls = write_rolls(catalogue, staffing, pupils, logins, ids, password=password, moment=moment)
    report(12, f"записаны люди, классы и предметы: {len(rolls.groups)} групп, {len(rolls.courses)} журналов")

    year = lay_out_year(staffing.courses, slots, calendar, plan.timezone, moment, chance)
    write_slots(catalogue, rolls, staffing, slots, calendar, ids)
    lessons = write_lessons(catalogue, rolls, staffing, year, ids)
    report(30, f"разложены уроки на год: {lessons}")
    tasks = write_homework(catalogue, rolls, staffing, pupils, year, ids, chance, moment)
    report(38, f"заданы уроки на дом: {tasks}")

    characters = [character_of(pupil, calendar, chance) for pupil in pupils]
    signs, marks = plan_journals(staffing, pupils, characters, year, moment, chance)
    report(45, f"заполнены журналы с 1 сентября: {len(marks)} отметок")
    writer = JournalWriter(catalogue, rolls, staffing, pupils, ids)
    written = writer.write_signs(signs)
    report(50, f"отмечена посещаемость: {written} знаков")

    def report_share(share: float) -> None:
        report(50 + int(share * 45), f"записано отметок: {share:.0%}")

    glowing = writer.write_marks(marks, glows_since=_glows_since(calendar, plan, today), report=report_share)
    report(95, f"новых отметок ещё не видели: {glowing} извещений; проверка связей…")


def _glows_since(calendar: YearCalendar, plan: SchoolPlan, today: dt.date) -> dt.datetime:
    """Midnight before the last two school days."""
    parallel = max(one.parallel for one in plan.classes)
    days = [day for day in calendar.school_days(parallel, 6) if day <= today][-GLOWING_DAYS:]
    first = days[0] if days else today - GLOWING_DAYS * DAY
    return dt.datetime.combine(first, dt.time(), tzinfo=ZoneInfo(plan.timezone))
