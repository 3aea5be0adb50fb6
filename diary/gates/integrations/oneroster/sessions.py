"""academicSessions.csv → school years and periods; a period learns its parallels from the classes that name it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report
from diary.gates.integrations.oneroster.csv_set import CsvSet
from diary.people.intake.reading.cells import Cells
from diary.people.intake.reading.values import parse_date, parse_period_kind
from diary.people.intake.records import PeriodKind, PeriodRecord, YearRecord

_YEAR = "schoolyear"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Session:
    place: Place
    code: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    parent: str
    is_ended: bool


class Sessions:
    """Only the lowest sessions become periods: a term cut into grading periods is not a period itself."""

    def __init__(self, csv_set: CsvSet, report: Report) -> None:
        self.report = report
        found = [_session(row) for row in csv_set.rows("academicSessions")]
        self._all = {one.code: one for one in found if one}
        self._children: dict[str, list[str]] = defaultdict(list)
        for one in self._all.values():
            self._children[one.parent].append(one.code)
        self.years = [_year(one) for one in self._all.values() if one.kind == _YEAR]

    def year_of_class(self, row: Cells) -> str:
        named = [year for code in row.items("sessions") if (year := self._year_id(code))]
        return named[0] if named else self._only_year()

    def _only_year(self) -> str:
        return self.years[0].external_id if len(self.years) == 1 else ""

    def _year_id(self, code: str) -> str:
        """The school year above the session; without one, the year whose days hold it."""
        seen: set[str] = set()
        at = code
        while at in self._all and at not in seen:
            if self._all[at].kind == _YEAR:
                return at
            seen.add(at)
            at = self._all[at].parent
        one = self._all.get(code)
        around = [
            year for year in self.years if one and year.starts_on <= one.starts_on and one.ends_on <= year.ends_on
        ]
        return around[0].external_id if around else self._only_year()

    def periods(self, uses: Iterable[tuple[tuple[str, ...], set[int]]]) -> list[PeriodRecord]:
        grades = self._grades(uses)
        everything = set().union(*grades.values()) if grades else set()
        leaves = [one for one in self._all.values() if one.kind != _YEAR and not self._children[one.code]]
        return [
            PeriodRecord(
                source=one.place,
                external_id=one.code,
                is_ended=one.is_ended,
                year_id=self._year_id(one.code),
                title=one.title,
                kind=_kind(one),
                grades=() if grades[one.code] == everything else tuple(sorted(grades[one.code])),
                starts_on=one.starts_on,
                ends_on=one.ends_on,
            )
            for one in leaves
        ]

    def _grades(self, uses: Iterable[tuple[tuple[str, ...], set[int]]]) -> dict[str, set[int]]:
        """Parallels of each lowest session: of the classes that name it or one above it (but not the whole year)."""
        found: dict[str, set[int]] = defaultdict(set)
        for codes, grades in uses:
            for code in codes:
                if code in self._all and self._all[code].kind != _YEAR:
                    for leaf in self._leaves(code):
                        found[leaf] |= grades
        return found

    def _leaves(self, code: str, depth: int = 0) -> list[str]:
        below = self._children.get(code, [])
        if not below or depth > len(self._all):
            return [code]
        return [leaf for child in below for leaf in self._leaves(child, depth + 1)]


def _session(row: Cells) -> _Session | None:
    starts_on, ends_before = row.needed("starts_on", parse_date), row.needed("ends_on", parse_date)
    code = row.required("code")
    if not (code and starts_on and ends_before):
        return None
    return _Session(
        place=row.place,
        code=code,
        title=row.required("title"),
        kind=row.text("kind").lower(),
        starts_on=starts_on,
        ends_on=ends_before - _ONE_DAY,
        parent=row.text("parent"),
        is_ended=row.text("status").lower() == "tobedeleted",
    )


def _year(one: _Session) -> YearRecord:
    first = one.starts_on.year
    return YearRecord(
        source=one.place,
        external_id=one.code,
        is_ended=one.is_ended,
        title=f"{first}/{first + 1}",
        starts_on=one.starts_on,
        ends_on=one.ends_on,
    )


def _kind(one: _Session) -> PeriodKind:
    named = parse_period_kind(one.title)
    if named is PeriodKind.OTHER and one.kind == "semester":
        return PeriodKind.HALF_YEAR
    return named
