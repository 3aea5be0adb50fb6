"""Reads our own template set: files → recognised sheets → records, with everything that is wrong in the report."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain, tidy
from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report
from diary.foundation.tables.tables import Row, Sheet, Table, Upload, read_sheets, table_of
from diary.people.intake.reading import rows
from diary.people.intake.reading.cells import Cells
from diary.people.intake.reading.linked_rows import LinkedRows, merged
from diary.people.intake.reading.references import names_of
from diary.people.intake.reading.template_columns import ALL_TITLES, EXAMPLE_CODE, SHEETS, SheetSpec
from diary.people.intake.records import (
    NOTHING_KNOWN,
    ClassRecord,
    EnrollmentRecord,
    Kind,
    Known,
    RoomRecord,
    SchoolData,
    StudentRecord,
    SubjectRecord,
)
from diary.people.roster.rules.class_names import class_parts

T = TypeVar("T")

_LEAST_COLUMNS = 2
_GUIDE = plain("Как заполнять")


def read_templates(source: Path | Sequence[Upload], report: Report, known: Known = NOTHING_KNOWN) -> SchoolData:
    """The school in the files; the data may be saved only when `check_school` has run and the report is clean."""
    return school_in(read_sheets(source, ALL_TITLES, report), report, known)


def school_in(sheets: Sequence[Sheet], report: Report, known: Known = NOTHING_KNOWN) -> SchoolData:
    tables = recognised(sheets, report)
    if not tables and report.is_clean:
        report.error(
            _("Ни одного знакомого листа не нашлось."),
            _("Скачайте шаблон и назовите листы и столбцы так же."),
        )
    data = _Reading(tables, known, report).school_data()
    if tables and not data.given:
        report.error(_("В файле нет строк с данными: только заголовки и примеры."), _("Заполните хотя бы один лист."))
    return data


def recognised(sheets: Sequence[Sheet], report: Report) -> dict[Kind, list[Table]]:
    """Tables by kind: by the sheet's name, else by the titles of its columns."""
    found: dict[Kind, list[Table]] = defaultdict(list)
    for sheet in sheets:
        if not sheet.lines or plain(sheet.name) == _GUIDE:
            continue
        spec = _spec_of(sheet)
        if spec is None:
            if not sheet.is_hidden:
                _tell_unread(sheet, report)
            continue
        table = table_of(sheet, spec.titles, report)
        if table is not None and "class" in spec.titles and (group := _class_of(sheet)):
            table = replace(table, usual={"class": group})
        if table is not None and _has_needed_columns(spec, table, report):
            found[spec.kind].append(table)
    return found


def _tell_unread(sheet: Sheet, report: Report) -> None:
    """A sheet of our columns must not be left out with a word; anybody's notes may."""
    what, place = _("Лист не распознан и не прочитан."), Place(sheet.file, 0)
    fix = _("Если он нужен, назовите его как в шаблоне: Ученики, Классы, Сотрудники и так далее.")
    tables = [table_of(sheet, spec.titles, Report()) for spec in SHEETS]
    if any(table is not None and len(table.positions) >= _LEAST_COLUMNS for table in tables):
        report.error(what, _("%(fix)s Если не нужен, удалите его или скройте.") % {"fix": fix}, place)
    else:
        report.warning(what, fix, place)


def _class_of(sheet: Sheet) -> str:
    """The class that the sheet is named by: «7А», «10-1», «11 класс»; a bare number may be anything."""
    parts = class_parts(sheet.name)
    is_class = parts is not None and (len(plain(parts[1])) == 1 or "класс" in sheet.name.lower())
    return tidy(sheet.name) if is_class else ""


def _spec_of(sheet: Sheet) -> SheetSpec | None:
    name = plain(sheet.name)
    exact = next((spec for spec in SHEETS if name in spec.names), None)
    if exact is not None:
        return exact
    by_columns = [(spec, len(table.positions)) for spec in SHEETS if (table := _silent_table(sheet, spec))]
    if _class_of(sheet) and any(spec.kind is Kind.STUDENTS for spec, _width in by_columns):
        widest_of_all = max(width for _spec, width in by_columns)
        if (pupils := next(pair for pair in by_columns if pair[0].kind is Kind.STUDENTS))[1] == widest_of_all:
            return pupils[0]
    complete = [(spec, width) for spec, width in by_columns if width >= _LEAST_COLUMNS]
    named = _named_within(name, [spec for spec, _width in complete]) or _named_within(name, list(SHEETS))
    if named is not None:
        return named
    widest = sorted(complete, key=lambda pair: -pair[1])
    if len(widest) == 1 or (len(widest) > 1 and widest[0][1] > widest[1][1]):
        return widest[0][0]
    return None


def _silent_table(sheet: Sheet, spec: SheetSpec) -> Table | None:
    table = table_of(sheet, spec.titles, Report())
    return table if table is not None and not _missing(spec, table) else None


def _named_within(name: str, specs: Sequence[SheetSpec]) -> SheetSpec | None:
    inside = [(len(word), spec) for spec in specs for word in spec.names if word in name]
    return max(inside, key=lambda pair: pair[0])[1] if inside else None


def _missing(spec: SheetSpec, table: Table) -> list[str]:
    present = set(table.positions)
    if "full_name" in present:
        present |= {"last_name", "first_name"}
    missing = [column.title for column in spec.columns if column.is_required and column.field not in present]
    if "subgroup" in spec.titles and not present & {"class", "subgroup"}:
        missing.append("Класс")
    return missing


def _has_needed_columns(spec: SheetSpec, table: Table, report: Report) -> bool:
    missing = _missing(spec, table)
    if missing:
        report.error(
            _("На листе «%(sheet)s» не хватает столбцов: %(missing)s.")
            % {"sheet": spec.title, "missing": ", ".join(missing)},
            _("Добавьте их или назовите столбцы как в шаблоне."),
            table.place(table.header_line),
        )
    if table.extra:
        report.note(
            _("Столбцы не читались: %(extra)s.") % {"extra": ", ".join(table.extra[:20])},
            "",
            table.place(table.header_line),
        )
    return not missing


@dataclass
class _Reading:
    tables: dict[Kind, list[Table]]
    known: Known
    report: Report
    linked: LinkedRows = field(init=False)

    def __post_init__(self) -> None:
        self.linked = LinkedRows(self.known, self.report)

    def school_data(self) -> SchoolData:
        schools = self._all(Kind.SCHOOL, rows.school)
        for other in schools[1:]:
            self.report.error(_("Школа в файле может быть одна."), _("Удалите лишние строки."), other.source)
        years, periods = rows.years_of(self._all(Kind.PERIODS, rows.period))
        subjects = self._all(Kind.SUBJECTS, rows.subject)
        rooms = self._all(Kind.ROOMS, rows.room)
        staff = self._all(Kind.STAFF, rows.member_of_staff)
        for member in staff:
            self.linked.references.add(Kind.STAFF, member, names_of(member.name))
        self.linked.learn(self._given(), years, subjects, rooms)
        bells = self._all(Kind.BELLS, rows.bell)
        classes = [one for one in self._all(Kind.CLASSES, self.linked.school_class) if one]
        subgroups = self._all(Kind.SUBGROUPS, self.linked.subgroup)
        students, enrollments = self._students_and_enrollments()
        guardians = merged(self._all(Kind.GUARDIANS, self.linked.guardian), self.report)
        courses = self._all(Kind.COURSES, self.linked.course)
        slots = self._all(Kind.SLOTS, self.linked.slot)
        implied = self.linked.implied
        return SchoolData(
            school=schools[0] if schools else None,
            years=tuple(years),
            periods=tuple(periods),
            bells=tuple(bells),
            subjects=(*subjects, *_of_type(implied[Kind.SUBJECTS], SubjectRecord)),
            rooms=(*rooms, *_of_type(implied[Kind.ROOMS], RoomRecord)),
            staff=tuple(staff),
            classes=(*classes, *_of_type(implied[Kind.CLASSES], ClassRecord)),
            subgroups=tuple(subgroups),
            students=tuple(students),
            guardians=tuple(guardians),
            courses=tuple(courses),
            enrollments=tuple(enrollments),
            slots=tuple(slots),
            asks_for_classes=True,
            given=frozenset(self._given()) | {kind for kind, found in implied.items() if found},
        )

    def _students_and_enrollments(self) -> tuple[list[StudentRecord], list[EnrollmentRecord]]:
        pairs = self._all(Kind.STUDENTS, self.linked.student)
        moves = self._all(Kind.ENROLLMENTS, self.linked.enrollment)
        return [student for student, _own in pairs], _joined(
            [one for _s, own in pairs for one in own], moves, self.report
        )

    def _given(self) -> set[Kind]:
        given = {kind for kind in self.tables if any(True for _pair in self._rows(kind))}
        if Kind.PERIODS in given:
            given.add(Kind.YEARS)
        if Kind.STUDENTS in given:
            given.add(Kind.ENROLLMENTS)
        return given

    def _all(self, kind: Kind, read: Callable[[Cells], T]) -> list[T]:
        return [read(Cells(table, row, self.report)) for table, row in self._rows(kind)]

    def _rows(self, kind: Kind) -> Iterator[tuple[Table, Row]]:
        for table in self.tables.get(kind, ()):
            for row in table:
                if not plain(row.text("code")).startswith(EXAMPLE_CODE):
                    yield table, row


def _of_type(records: Sequence[object], wanted: type[T]) -> list[T]:
    return [record for record in records if isinstance(record, wanted)]


def _joined(
    own: Sequence[EnrollmentRecord], moves: Sequence[EnrollmentRecord], report: Report
) -> list[EnrollmentRecord]:
    """«Зачисления» is the fuller source: «Ученики» counts only for pupils (and subgroups) it does not name."""
    in_classes: dict[str, list[EnrollmentRecord]] = defaultdict(list)
    for move in moves:
        if move.class_id:
            in_classes[move.student_id].append(move)
    in_subgroups = {(move.student_id, move.subgroup_id) for move in moves if move.subgroup_id}
    kept = [
        one
        for one in own
        if (one.student_id not in in_classes if one.class_id else (one.student_id, one.subgroup_id) not in in_subgroups)
    ]
    for one in own:
        history = in_classes.get(one.student_id, [])
        if one.class_id and history and all(one.class_id != move.class_id for move in history):
            report.warning(
                _("Класс ученика здесь и на листе «Зачисления» (строка %(line)s) разный.")
                % {"line": history[-1].source.line},
                _("Взят лист «Зачисления»; исправьте, если верно здесь."),
                one.source,
                "class",
            )
    return [*kept, *moves]
