"""The template set for download: a workbook with a sheet of each kind, or a ZIP of CSV files; and its description."""

import csv
import zipfile
from datetime import date, time
from io import BytesIO, StringIO
from typing import Any, Literal

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from diary.people.intake.reading.template_columns import ALL_TITLES, EXAMPLE_CODE, SHEETS, Column, Entry, SheetSpec
from diary.people.intake.reading.values import parse_date, parse_time

__all__ = ["ALL_TITLES", "EXAMPLE_CODE", "SHEETS", "Column", "SheetSpec", "column_table", "write_template"]

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
}
_GUIDE = "Как заполнять"
_ROWS_TO_CHECK = 5_000


def write_template(form: Literal["xlsx", "csv"]) -> bytes:
    """The empty set with one example row per sheet: an XLSX workbook, or a ZIP of CSV files for «csv»."""
    return _workbook() if form == "xlsx" else _zip_of_csv()


def guide() -> list[str]:
    """How to fill the set in, line by line, in the reader's language."""
    return [
        _("Заполняйте любые листы: чего нет в файле, то в дневнике не меняется."),
        _("Порядок столбцов любой, лишние столбцы не читаются. Жирные столбцы обязательны."),
        _("Строка с кодом «пример» не загружается: её можно оставить, заменить или удалить."),
        _("«Код» – постоянный номер строки из вашей системы. Без него строку узнают по содержанию: ученика – по ФИО и "
          "дате рождения, сотрудника – по ФИО, представителя – по ФИО и телефону, класс – по названию."),
        _("Ссылаться можно и кодом, и названием: класс – «7А», учителя и ученики – ФИО."),
        _("Даты пишите 01.09.2026, время – 08:30, телефон – 10 цифр или +7…"),
        _("Перед загрузкой сделайте проверку: она ничего не меняет и показывает все ошибки по строкам."),
        _("СНИЛС, паспорта и диагнозы не нужны: такие столбцы не читаются."),
    ]  # fmt: skip


def example_row(sheet: SheetSpec) -> list[str]:
    return [EXAMPLE_CODE if column.field == "code" else column.example for column in sheet.columns]


def column_table() -> str:
    """The whole set as Markdown, for the README."""
    lines: list[str] = []
    for sheet in SHEETS:
        lines += [
            f"### {sheet.title}",
            "",
            str(sheet.note),
            "",
            "| столбец | пример | как заполнять |",
            "|---|---|---|",
        ]
        lines += [f"| {_marked(column)} | {column.example} | {column.note} |" for column in sheet.columns]
        lines.append("")
    return "\n".join(lines)


def _marked(column: Column) -> str:
    return f"**{column.title}**" if column.is_required else column.title


def _zip_of_csv() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{_GUIDE}.txt", "\ufeff" + "\r\n".join(guide()))
        for number, sheet in enumerate(SHEETS, start=1):
            text = StringIO()
            writer = csv.writer(text, delimiter=";")
            writer.writerow([column.title for column in sheet.columns])
            writer.writerow(example_row(sheet))
            archive.writestr(f"{number:02d} {sheet.title}.csv", "\ufeff" + text.getvalue())
    return packed.getvalue()


def _workbook() -> bytes:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        _write_guide(book)
        for sheet in SHEETS:
            _write_sheet(book, sheet)
    return packed.getvalue()


def _write_guide(book: Any) -> None:
    page = book.add_worksheet(_GUIDE)
    page.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, line in enumerate(guide()):
        page.write_string(number, 0, line)
    for number, sheet in enumerate(SHEETS, start=len(guide()) + 1):
        page.write_string(number, 0, f"{sheet.title}: {sheet.note}")


def _write_sheet(book: Any, sheet: SheetSpec) -> None:
    page = book.add_worksheet(sheet.title)
    page.freeze_panes(1, 0)
    for position, column in enumerate(sheet.columns):
        form = book.add_format({"num_format": _number_format(column.entry)})
        title_form = book.add_format({"bold": column.is_required, "bg_color": "#E8EEF7", "bottom": 1})
        page.set_column(position, position, max(14, len(column.title) + 4, len(column.example) + 2), form)
        page.write_string(0, position, column.title, title_form)
        page.write_comment(0, position, str(column.note), {"author": "", "x_scale": 2})
        _write_example(page, position, column)
        if column.choices:
            page.data_validation(
                1,
                position,
                _ROWS_TO_CHECK,
                position,
                {"validate": "list", "source": list(column.choices), "error_type": "warning"},
            )


def _number_format(entry: Entry) -> str:
    return {Entry.DATE: "dd.mm.yyyy", Entry.TIME: "hh:mm", Entry.NUMBER: "General"}.get(entry, "@")


def _write_example(page: Any, position: int, column: Column) -> None:
    text = EXAMPLE_CODE if column.field == "code" else column.example
    value = _native(column.entry, text)
    if isinstance(value, date | time):
        page.write_datetime(1, position, value)
    elif isinstance(value, float):
        page.write_number(1, position, value)
    elif value:
        page.write_string(1, position, value)


def _native(entry: Entry, text: str) -> date | time | float | str:
    if not text or entry is Entry.TEXT:
        return text
    if entry is Entry.DATE:
        return parse_date(text)
    return parse_time(text) if entry is Entry.TIME else float(text)
