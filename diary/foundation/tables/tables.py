"""Any accepted set of files → tables whose columns are found by their titles, in whatever order they stand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from diary.foundation.core.text import plain, tidy
from diary.foundation.jobs.apart import Limits, TooComplex, run_apart
from diary.foundation.tables.headers import field_of, header_of
from diary.foundation.tables.places import Heading, Place, heading_key
from diary.foundation.tables.report import Report
from diary.foundation.tables.sheets import Line, Sheet, sheet_of_csv, sheets_of_workbook
from diary.foundation.tables.sources import Content, UnreadableFileError, Upload, unpacked, uploads_from

__all__ = ["Columns", "Row", "Sheet", "Table", "Upload", "read_sheets", "table_of", "uploads_from"]

LIMITS = Limits(memory_mib=1024, cpu_seconds=60)

Columns: TypeAlias = Mapping[str, Collection[str]]
"""Field name → the titles its column may have."""


def read_sheets(source: Path | Sequence[Upload], known: Collection[str], report: Report) -> list[Sheet]:
    """Every sheet of the files, the ZIP or the folder; what cannot be read is told in the report, the rest is read.

    Foreign bytes are read in a process with limits (A2); what goes beyond them is an error of the report.
    """
    uploads = uploads_from(source, report) if isinstance(source, Path) else list(source)
    keys = {plain(title) for title in known}
    try:
        found, told = (
            run_apart(open_sheets, uploads, keys, limits=LIMITS)
            if settings.FOREIGN_FILES_APART
            else open_sheets(uploads, keys)
        )
    except TooComplex as refusal:
        report.error(refusal.sentence, _("Скопируйте только нужные листы со значениями в новую книгу и загрузите её."))
        return []
    report.take(told)
    return found


def open_sheets(uploads: Sequence[Upload], keys: Collection[str]) -> tuple[list[Sheet], Report]:
    """The sheets, and what could not be read. Needs no database: it runs in a process of its own."""
    report = Report()
    found: list[Sheet] = []
    for upload, content in unpacked(uploads, report):
        try:
            found += sheets_of_workbook(upload) if content is Content.XLSX else [sheet_of_csv(upload, keys)]
        except UnreadableFileError as refusal:
            report.error(refusal.what, refusal.fix, Place(upload.name, 0))
    return found, report


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `text` gives a cell by field name, "" when the column or the cell is absent."""

    line: int
    cells: list[str]
    positions: Mapping[str, int]
    usual: Mapping[str, str] = field(default_factory=dict)

    def raw(self, field_name: str) -> str:
        position = self.positions.get(field_name)
        cell = "" if position is None or position >= len(self.cells) else self.cells[position]
        return cell or self.usual.get(field_name, "")

    def text(self, field_name: str) -> str:
        return tidy(self.raw(field_name))


@dataclass(frozen=True)
class Table:
    """A sheet whose title row was found: `positions` and `headings` by field name, `extra` = other titles.

    `usual` = what an empty cell of a field means in this sheet.
    """

    sheet: Sheet
    header_line: int
    positions: Mapping[str, int]
    headings: Mapping[str, Heading]
    extra: tuple[str, ...] = ()
    _body: list[Line] = field(default_factory=list, repr=False)
    usual: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return self.sheet.file

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(line, cells, self.positions, self.usual) for line, cells in self._body]

    def place(self, line: int) -> Place:
        return Place(self.file, line, self.headings)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def table_of(sheet: Sheet, columns: Columns, report: Report) -> Table | None:
    """The table in this sheet, or None when no row of it looks like column titles."""
    fields = {key: name for name, titles in columns.items() for title in titles for key in heading_key(title)}
    header = header_of(sheet, fields)
    if header is None:
        return None
    at, titles = header.last, header.titles
    line = sheet.lines[at][0]
    if header.is_doubtful:
        report.error(
            _("Заголовок таблицы занимает несколько строк, и не все столбцы понятны."),
            _("Оставьте одну строку заголовков с названиями как в шаблоне, без объединённых ячеек."),
            Place(sheet.file, line),
        )
    positions: dict[str, int] = {}
    extra: list[str] = []
    for position, title in enumerate(titles):
        name = field_of(title, fields)
        if name is None:
            extra += [tidy(title)] if title else []
        elif name in positions:
            _warn_of_twins(report, sheet, line, title)
        else:
            positions[name] = position
    headings = {
        name: Heading(tidy(titles[position]), get_column_letter(position + 1) if sheet.has_letters else "")
        for name, position in positions.items()
    }
    return Table(sheet, line, positions, headings, tuple(extra), sheet.lines[at + 1 :])


def _warn_of_twins(report: Report, sheet: Sheet, line: int, title: str) -> None:
    report.warning(
        _("Столбец «%(title)s» встречается дважды; взят первый.") % {"title": tidy(title)},
        _("Удалите или переименуйте лишний."),
        Place(sheet.file, line),
    )
