"""The line-by-line report of a reading: file, line, column, what is wrong, what to do."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.foundation.tables.places import NOWHERE, Place

LIMIT = 1_000


class Level(StrEnum):
    """An error stops the import; a warning asks to look; a note only tells what was done."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the report. `cell` is the address in a workbook («C15»), where there is one."""

    level: Level
    what: str
    fix: str
    file: str = ""
    line: int = 0
    column: str = ""
    cell: str = ""

    @property
    def where(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(_("строка %(line)s") % {"line": self.line})
        if self.column:
            parts.append(_("столбец «%(column)s»") % {"column": self.column})
        if self.cell:
            parts.append(self.cell)
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.where}:" if self.where else "", self.what, self.fix) if part)


class Report:
    """Collects everything that was found; keeps the first 1,000 of each level and counts the rest."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.counts: Counter[Level] = Counter()
        self._kept: dict[Level, list[Problem]] = {level: [] for level in Level}

    def error(self, what: str, fix: str, place: Place = NOWHERE, field: str = "") -> None:
        self._add(Level.ERROR, what, fix, place, field)

    def warning(self, what: str, fix: str, place: Place = NOWHERE, field: str = "") -> None:
        self._add(Level.WARNING, what, fix, place, field)

    def note(self, what: str, fix: str = "", place: Place = NOWHERE, field: str = "") -> None:
        self._add(Level.NOTE, what, fix, place, field)

    def take(self, other: "Report") -> None:
        """Add what another report has found."""
        self.counts += other.counts
        for level, problems in other._kept.items():
            self._kept[level] += problems[: max(0, self.limit - len(self._kept[level]))]

    @property
    def is_clean(self) -> bool:
        """True when nothing stops the import."""
        return not self.counts[Level.ERROR]

    @property
    def problems(self) -> list[Problem]:
        """Errors first, then warnings and notes, each by file and line; never more than the limit."""
        ordered = [problem for level in Level for problem in sorted(self._kept[level], key=_by_place)]
        return ordered[: self.limit]

    @property
    def rest(self) -> int:
        """How many problems were found but are not listed."""
        return self.counts.total() - len(self.problems)

    @property
    def summary(self) -> str:
        errors, warnings = self.counts[Level.ERROR], self.counts[Level.WARNING]
        found = ", ".join(
            (
                ngettext("%(n)s ошибка", "%(n)s ошибки", errors) % {"n": errors},
                ngettext("%(n)s предупреждение", "%(n)s предупреждения", warnings) % {"n": warnings},
            )
        )
        return f"{found}. {self._rest_in_words()}".strip()

    def _rest_in_words(self) -> str:
        if not self.rest:
            return ""
        return _("Показаны первые %(shown)s, ещё %(rest)s: исправьте показанные и проверьте файл снова.") % {
            "shown": len(self.problems),
            "rest": self.rest,
        }

    def lines(self) -> Iterator[str]:
        for problem in self.problems:
            yield str(problem)
        if self.rest:
            yield self._rest_in_words()

    def as_json(self) -> dict[str, object]:
        """For the page of the run and for the job that made it."""
        return {
            "counts": {level.value: self.counts[level] for level in Level},
            "problems": [asdict(problem) for problem in self.problems],
            "rest": self.rest,
        }

    def _add(self, level: Level, what: str, fix: str, place: Place, field: str) -> None:
        self.counts[level] += 1
        if len(self._kept[level]) >= self.limit:
            return
        heading = place.heading(field)
        cell = f"{heading.letter}{place.line}" if heading.letter and place.line else ""
        self._kept[level].append(Problem(level, what, fix, place.file, place.line, heading.title, cell))


def _by_place(problem: Problem) -> tuple[str, int]:
    return problem.file, problem.line
