"""Turns the bytes of one XLSX or CSV file into sheets: rows of text with their line numbers."""

import csv
import re
import warnings
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from math import log2
from pathlib import PurePosixPath
from typing import Any, TypeAlias

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from diary.foundation.tables.markup import refuse_dangerous_xml
from diary.foundation.tables.places import heading_key
from diary.foundation.tables.sources import UnreadableFileError, Upload

MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELLS = 3_000_000
_EXCEL_ROWS = 1_048_576
_LONGEST_CELL = 10_000
_DELIMITERS = (";", ",", "\t", "|")
_NO_DELIMITER = "\x1f"
_SAMPLE = 30

Line: TypeAlias = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range; rows and columns are counted from 1, the last ones belong to it."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """`file` is what the report calls it; `name` is the sheet's title or the file's stem, by which it is recognised."""

    file: str
    name: str
    lines: list[Line] = field(repr=False)
    has_letters: bool = False
    is_hidden: bool = False
    merged: tuple[Merged, ...] = ()


def sheet_of_csv(upload: Upload, known: Collection[str]) -> Sheet:
    """`known` holds the plain titles of columns we understand; they decide which delimiter is meant."""
    text = text_of(upload.data)
    delimiter, text, skipped = _delimiter(text, known)
    lines = list(_within_limits(_csv_lines(text, delimiter, skipped)))
    return Sheet(upload.name, PurePosixPath(upload.name).stem, lines)


def text_of(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM (Excel's «Текст Юникод»), else cp1251."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")


def _csv_lines(text: str, delimiter: str, skipped: int = 0) -> Iterator[Line]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(len(cell) > _LONGEST_CELL for cell in cells):
                raise _lost_quote(line + skipped)
            yield line + skipped, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise _lost_quote(line + skipped) from error


def _lost_quote(line: int) -> UnreadableFileError:
    return UnreadableFileError(
        _("В строке %(line)s слишком длинное значение: похоже, кавычка открыта и не закрыта.") % {"line": line},
        _("Закройте кавычку или сохраните таблицу в CSV заново."),
    )


def _delimiter(text: str, known: Collection[str]) -> tuple[str, str, int]:
    """The delimiter, the text without Excel's «sep=» line, and how many lines were taken away."""
    stated = re.match(r'"?sep=(.)"?\r?\n', text, flags=re.IGNORECASE)
    if stated:
        return stated[1], text[stated.end() :], 1
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE])
    present = [sign for sign in _DELIMITERS if sign in sample]
    best = max(present, key=lambda sign: _fitness(sample, sign, known), default=_NO_DELIMITER)
    return (best if _fitness(sample, best, known) > _fitness(sample, _NO_DELIMITER, known) else _NO_DELIMITER), text, 0


def _fitness(sample: str, delimiter: str, known: Collection[str]) -> tuple[int, float]:
    """(our titles in the title row, their share of it); without a title row, how even the widths of rows are.

    A title may hold the sign itself: «Фамилия, имя, отчество» gives as many titles, among them one that is none.
    """
    try:
        rows = [cells for cells in csv.reader(StringIO(sample, newline=""), delimiter=delimiter) if any(cells)]
    except csv.Error:
        return 0, 0.0
    titles, share = max(
        ((found, found / len(cells)) for cells in rows if (found := len(_recognised(cells, known)))), default=(0, 0.0)
    )
    if titles or not rows:
        return titles, share
    usual, times = Counter(map(len, rows)).most_common(1)[0]
    return 0, times / len(rows) * log2(usual)


def _recognised(cells: Iterable[str], known: Collection[str]) -> set[str]:
    return {key for cell in cells for key in heading_key(cell) if key in known}


def sheets_of_workbook(upload: Upload) -> Iterator[Sheet]:
    merged = refuse_dangerous_xml(upload.data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and validations that we do not need
        try:
            book = openpyxl.load_workbook(BytesIO(upload.data), read_only=True, data_only=True, keep_links=False)
            found = [
                _sheet(upload.name, sheet, len(book.worksheets) > 1, merged.get(_part(sheet), ()))
                for sheet in book.worksheets
            ]
        except UnreadableFileError:
            raise
        except Exception as error:  # a damaged workbook makes openpyxl raise anything at all
            raise UnreadableFileError(
                _("Книга повреждена: прочитать её не удалось."),
                _("Откройте её в табличном редакторе и сохраните заново как «Книга Excel (.xlsx)»."),
            ) from error
    if not found:
        raise UnreadableFileError(
            _("В книге нет листов, которые можно прочитать."),
            _("Сохраните её как обычную «Книгу Excel (.xlsx)», не «Strict Open XML»."),
        )
    yield from found


def _part(sheet: Any) -> str:
    return str(sheet._worksheet_path).lstrip("/")


def _sheet(file: str, sheet: Any, is_one_of_many: bool, merged: Iterable[str]) -> Sheet:
    sheet.reset_dimensions()  # the stated size is often wrong
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    shown = _("%(file)s, лист «%(sheet)s»") % {"file": file, "sheet": sheet.title} if is_one_of_many else file
    lines = list(_within_limits((line, [cell_text(value) for value in values]) for line, values in rows))
    ranges = tuple(Merged(*range_boundaries(one)) for one in merged)
    _fill_down(lines, ranges)
    return Sheet(shown, sheet.title, lines, True, sheet.sheet_state != "visible", ranges)


def _fill_down(lines: list[Line], ranges: Iterable[Merged]) -> None:
    """A cell merged over several rows says the same in each of them, as it looks."""
    by_number = dict(lines)
    numbers = sorted(by_number)
    for one in ranges:
        top, at = by_number.get(one.first_row, []), one.first_column - 1
        if one.last_row == one.first_row or at >= min(len(top), MAX_COLUMNS) or not top[at]:
            continue
        for number in numbers[bisect_right(numbers, one.first_row) : bisect_right(numbers, one.last_row)]:
            cells = by_number[number]
            cells.extend([""] * (at + 1 - len(cells)))
            cells[at] = cells[at] or top[at]


def _within_limits(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines that have something in them; raises UnreadableFileError past the limits."""
    rows = cells = 0
    for line, values in lines:
        if line > _EXCEL_ROWS:
            raise _too_many_rows()
        if not any(values):
            continue
        while not values[-1]:
            values.pop()
        rows, cells = rows + 1, cells + len(values)
        if rows > MAX_ROWS or cells > MAX_CELLS:
            raise _too_many_rows()
        if len(values) > MAX_COLUMNS:
            raise UnreadableFileError(
                _("В строке %(line)s больше %(limit)s столбцов.") % {"line": line, "limit": MAX_COLUMNS},
                _("Оставьте только нужные столбцы."),
            )
        yield line, values


def _too_many_rows() -> UnreadableFileError:
    return UnreadableFileError(
        _("В таблице больше %(limit)s строк или слишком много ячеек.") % {"limit": MAX_ROWS},
        _("Разделите её на несколько файлов."),
    )


def cell_text(value: object) -> str:
    """A workbook's value as a person would type it: «7», «2026-09-01», «08:30», «да»."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "").strip()
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        return _clock(value)
    return str(value)


def _clock(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
