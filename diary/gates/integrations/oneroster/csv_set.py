"""Opens a OneRoster CSV set and keeps to its manifest: which files are whole (bulk), absent or changes (delta)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report
from diary.foundation.tables.tables import Sheet, Table, Upload, read_sheets, table_of
from diary.gates.integrations.oneroster.csv_columns import (
    ALL_TITLES,
    FILES,
    MISSPELT,
    NEEDED_COLUMNS,
    NEEDED_FILES,
    SAME_COLUMN,
    VERSIONS,
)
from diary.people.intake.reading.cells import Cells

_BY_LOWER_NAME = {name.lower(): name for name in FILES}
_PROPERTY = "file."
BULK, DELTA, ABSENT = "bulk", "delta", "absent"


@dataclass(frozen=True)
class CsvSet:
    """Tables by file name without «.csv»; `rows` gives each row with its own place in the report."""

    tables: Mapping[str, Table]
    report: Report

    def rows(self, name: str) -> Iterator[Cells]:
        table = self.tables.get(name)
        if table is not None:
            for row in table:
                yield Cells(table, row, self.report)


def is_one_roster(names: Sequence[str]) -> bool:
    """By the names of files: a manifest, or users together with orgs."""
    stems = {PurePosixPath(name.replace("\\", "/")).name.lower() for name in names}
    return "manifest.csv" in stems or {"users.csv", "orgs.csv"} <= stems


def open_set(source: Path | Sequence[Upload], report: Report) -> CsvSet:
    sheets = {name: sheet for sheet in read_sheets(source, ALL_TITLES, report) if (name := _name(sheet, report))}
    modes = _manifest(sheets.pop("manifest", None), report)
    _compare(sheets, modes, report)
    tables = {
        name: table
        for name, sheet in sheets.items()
        if modes.get(name, BULK) != ABSENT and (table := _table(name, sheet, report))
    }
    return CsvSet(tables, report)


def _name(sheet: Sheet, report: Report) -> str | None:
    name = _BY_LOWER_NAME.get(sheet.name.lower())
    if name is None:
        report.note(_("Файл не читался: ростера в нём нет."), "", Place(sheet.file, 0))
    return name


def _manifest(sheet: Sheet | None, report: Report) -> dict[str, str]:
    """File name → bulk, delta or absent."""
    table = _table("manifest", sheet, report) if sheet else None
    if table is None:
        report.warning(
            _("Нет manifest.csv: все файлы считаются полными (bulk)."),
            _("Добавьте manifest.csv, как требует OneRoster, чтобы неполный набор не приняли за полный."),
        )
        return {}
    modes: dict[str, str] = {}
    for row in table:
        name, value = row.text("name"), row.text("value").lower()
        if name == "oneroster.version" and value not in VERSIONS:
            report.error(
                _("Версия OneRoster «%(version)s» не поддерживается.") % {"version": value},
                _("Выгрузите набор в версии 1.2 или 1.1."),
                table.place(row.line),
                "value",
            )
        if name.startswith(_PROPERTY):
            modes[name.removeprefix(_PROPERTY)] = value
            if value == DELTA and name.removeprefix(_PROPERTY) in FILES:
                report.error(
                    _("%(file)s.csv – частичная выгрузка (delta), она не принимается.")
                    % {"file": name.removeprefix(_PROPERTY)},
                    _("Выгрузите набор целиком: значение bulk в manifest.csv."),
                    table.place(row.line),
                    "value",
                )
    return modes


def _compare(sheets: Mapping[str, Sheet], modes: Mapping[str, str], report: Report) -> None:
    for name in NEEDED_FILES:
        if name not in sheets:
            report.error(
                _("В наборе нет файла %(file)s.csv.") % {"file": name}, _("Добавьте его и загрузите набор снова.")
            )
    for name, mode in modes.items():
        if name in sheets and mode == ABSENT:
            report.note(
                _("В manifest.csv сказано, что этого файла нет (absent): он не читался."),
                "",
                Place(sheets[name].file, 0),
            )
        if name in FILES and name not in sheets and name not in NEEDED_FILES and mode == BULK:
            report.error(
                _("По manifest.csv в наборе должен быть %(file)s.csv, а его нет.") % {"file": name},
                _("Добавьте файл или напишите в manifest.csv absent."),
            )


def _table(name: str, sheet: Sheet, report: Report) -> Table | None:
    columns = {name_of_field: (title, *MISSPELT.get(title, ())) for name_of_field, title in FILES[name].items()}
    table = table_of(sheet, columns, report)
    missing = [FILES[name][field] for field in NEEDED_COLUMNS[name] if table is None or field not in table.positions]
    if missing:
        report.error(
            _("В файле не хватает столбцов: %(missing)s.") % {"missing": ", ".join(missing)},
            _("Добавьте их: названия столбцов задаёт OneRoster."),
            Place(sheet.file, table.header_line if table else 1),
        )
        return None
    return _with_more_headings(name, table) if table else None


def _with_more_headings(name: str, table: Table) -> Table:
    same = SAME_COLUMN.get(name, {})
    more = {field: table.headings[other] for field, other in same.items() if other in table.headings}
    return replace(table, headings={**table.headings, **more})
