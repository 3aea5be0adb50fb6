"""Rows of the sheets that point to nothing: school, periods, bells, subjects, rooms, staff."""

from collections.abc import Iterable
from datetime import date, time

from diary.people.intake.reading.cells import Cells
from diary.people.intake.reading.values import (
    parse_grades,
    parse_marking,
    parse_period_kind,
    parse_roles,
    parse_weekdays,
    parse_year_title,
    roles_of_position,
)
from diary.people.intake.records import (
    BellRecord,
    Marking,
    PeriodKind,
    PeriodRecord,
    RoomRecord,
    SchoolRecord,
    StaffRecord,
    SubjectRecord,
    YearRecord,
)

USUAL_BELLS = "Обычное"


def school(cells: Cells) -> SchoolRecord:
    return SchoolRecord(
        source=cells.place,
        external_id=cells.text("code"),
        name=cells.required("name"),
        short_name=cells.text("short_name"),
        address=cells.text("address"),
        phone=cells.phone(),
        email=cells.email(),
        site=cells.text("site"),
        timezone=cells.text("timezone"),
        days_a_week=cells.integer("days_a_week", 5, 6),
    )


def period(cells: Cells) -> PeriodRecord:
    """A row «Учебный год» gives a record of kind YEAR, which `years_of` takes out."""
    title = cells.required("title")
    starts_on, ends_on = _needed_date(cells, "starts_on"), _needed_date(cells, "ends_on")
    return PeriodRecord(
        source=cells.place,
        external_id=cells.text("code"),
        year_id=cells.needed("year", parse_year_title) or "",
        title=title,
        kind=parse_period_kind(cells.text("kind") or title),
        grades=cells.value("grades", parse_grades) or (),
        starts_on=starts_on or ends_on or date.min,
        ends_on=ends_on or starts_on or date.max,
    )


def _needed_date(cells: Cells, field: str) -> date | None:
    return cells.date(field) if cells.required(field) else None


def years_of(periods: Iterable[PeriodRecord]) -> tuple[list[YearRecord], list[PeriodRecord]]:
    """School years (from their own rows, else from first and last day of their periods) and the other periods."""
    rows = list(periods)
    years: list[YearRecord] = []
    for title in dict.fromkeys(row.year_id for row in rows if row.year_id):
        mine = [row for row in rows if row.year_id == title]
        own = [row for row in mine if row.kind is PeriodKind.YEAR]
        years.append(
            YearRecord(
                source=(own or mine)[0].source,
                title=title,
                starts_on=min(row.starts_on for row in own or mine),
                ends_on=max(row.ends_on for row in own or mine),
                is_derived=not own,
            )
        )
    return years, [row for row in rows if row.kind is not PeriodKind.YEAR]


def bell(cells: Cells) -> BellRecord:
    return BellRecord(
        source=cells.place,
        external_id=cells.text("code"),
        schedule=cells.text("schedule") or USUAL_BELLS,
        shift=cells.integer("shift", 1, 3) or 1,
        weekdays=cells.value("weekdays", parse_weekdays) or (),
        number=cells.needed_integer("number", 0, 15) or 0,
        starts_at=cells.time("starts_at") or time.min,
        ends_at=cells.time("ends_at") or time.max,
    )


def subject(cells: Cells) -> SubjectRecord:
    return SubjectRecord(
        source=cells.place,
        external_id=cells.text("code"),
        title=cells.required("title"),
        short_title=cells.text("short_title"),
        area=cells.text("area"),
        marking=cells.value("marking", parse_marking) or Marking.FIGURES,
    )


def room(cells: Cells) -> RoomRecord:
    return RoomRecord(
        source=cells.place,
        external_id=cells.text("code"),
        title=cells.required("title"),
        kind=cells.text("kind"),
        building=cells.text("building"),
        capacity=cells.integer("capacity", 0, 5_000),
    )


def member_of_staff(cells: Cells) -> StaffRecord:
    position = cells.text("position")
    return StaffRecord(
        source=cells.place,
        external_id=cells.code(),
        name=cells.name(),
        position=position,
        roles=cells.value("roles", parse_roles) or roles_of_position(position),
        phone=cells.phone(),
        email=cells.email(),
        login=cells.text("login"),
        born_on=cells.date("born_on"),
    )
