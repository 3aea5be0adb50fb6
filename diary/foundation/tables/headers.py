"""The row, or the two rows, of a sheet that hold the titles of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diary.foundation.core.text import tidy
from diary.foundation.tables.places import heading_key
from diary.foundation.tables.sheets import Sheet

_TITLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Header:
    """`last` = index of its last line in the sheet; doubtful when a row beside it holds titles that it lacks."""

    last: int
    titles: list[str]
    is_doubtful: bool = False


def header_of(sheet: Sheet, fields: Mapping[str, str]) -> Header | None:
    """The top rows that name the most of our columns; a list's own title may stand above them.

    Two rows are read together where that names more columns, or where a cell is merged over both.
    """
    top = [titles for _line, titles in sheet.lines[:_TITLE_ROWS]]
    counts = [len(_named(titles, fields)) for titles in top]
    best = max(counts, default=0)
    if not best:
        return None
    pairs = [(index, _together(sheet, index, fields)) for index in range(len(top) - 1) if _is_pair(sheet, index)]
    wide = max(pairs, key=lambda pair: len(_named(pair[1], fields)), default=None)
    single = counts.index(best)
    if wide is not None:
        count = len(_named(wide[1], fields))
        if count > best or (count == best and wide[0] == single and _is_merged_over(sheet, single)):
            return Header(wide[0] + 1, wide[1], _lacks(top, wide[0] + 1, wide[1], fields, rows_of_header=2))
    return Header(single, top[single], _lacks(top, single, top[single], fields, rows_of_header=1))


def field_of(title: str, fields: Mapping[str, str]) -> str | None:
    """The field that a column of this title holds."""
    return next((fields[key] for key in heading_key(title) if key in fields), None)


def _named(titles: Iterable[str], fields: Mapping[str, str]) -> set[str]:
    return {name for title in titles if (name := field_of(title, fields))}


def _is_pair(sheet: Sheet, index: int) -> bool:
    return sheet.lines[index + 1][0] == sheet.lines[index][0] + 1


def _is_merged_over(sheet: Sheet, index: int) -> bool:
    line = sheet.lines[index][0]
    return any(one.first_row <= line < one.last_row for one in sheet.merged)


def _lacks(
    top: list[list[str]], last: int, titles: list[str], fields: Mapping[str, str], *, rows_of_header: int
) -> bool:
    """Whether a neighbouring row names columns of ours in places where the header has none."""
    for index in (last - rows_of_header, last + 1):
        if 0 <= index < len(top):
            beside = [
                cell for at, cell in enumerate(top[index]) if at >= len(titles) or not field_of(titles[at], fields)
            ]
            if _named(beside, fields) - _named(titles, fields):
                return True
    return False


def _together(sheet: Sheet, index: int, fields: Mapping[str, str]) -> list[str]:
    upper, lower = _spread(sheet, index), sheet.lines[index + 1][1]
    width = max(len(upper), len(lower))
    both = zip(upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower)), strict=True)
    return [_title(above, below, fields) for above, below in both]


def _spread(sheet: Sheet, index: int) -> list[str]:
    """The cells of a line, a merged one in each of its columns."""
    line, cells = sheet.lines[index]
    found = list(cells)
    for one in sheet.merged:
        at = one.first_column - 1
        if one.first_row == line and one.last_column > one.first_column and at < len(cells):
            last = min(one.last_column, len(found) + _TITLE_ROWS)
            found += [""] * (last - len(found))
            found[at:last] = [cells[at]] * (last - at)
    return found


def _title(above: str, below: str, fields: Mapping[str, str]) -> str:
    """«Дата» over «рождения»; else whichever of the two is a title of ours."""
    whole = tidy(f"{above} {below}") if above != below else above
    return next((one for one in _ways(whole, above, below) if field_of(one, fields)), whole)


def _ways(whole: str, above: str, below: str) -> Iterator[str]:
    yield from (one for one in (whole, below, above) if one)
