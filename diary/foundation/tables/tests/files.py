"""Makes table files for tests: plain rows as CSV, ZIP or workbook."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

import xlsxwriter  # type: ignore[import-untyped]

Rows = Sequence[Sequence[object]]


def as_csv(rows: Rows, *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_zip(sheets: Mapping[str, Rows], *, encoding: str = "utf-8-sig") -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in sheets.items():
            archive.writestr(f"{name}.csv", as_csv(rows, encoding=encoding))
    return packed.getvalue()


def as_workbook(sheets: Mapping[str, Rows]) -> bytes:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, value in enumerate(row):
                    page.write(number, position, value)
    return packed.getvalue()
