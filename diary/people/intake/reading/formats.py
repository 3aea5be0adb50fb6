"""Which reader a set of files needs: our own templates, or a format that a gate has handed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from diary.foundation.core.registry import Registry
from diary.foundation.tables.report import Report
from diary.foundation.tables.sources import Content, UnreadableFileError, Upload, content_of, open_zip
from diary.people.intake.checks import check_school
from diary.people.intake.reading.template_sheets import read_templates
from diary.people.intake.records import Known, SchoolData

AUTO, TEMPLATES = "auto", "templates"


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """`fits` judges by file names, those inside a ZIP too; `read` gets files, report, today, our school's id."""

    name: str
    fits: Callable[[Sequence[str]], bool]
    read: Callable[[Sequence[Upload], Report, date, str], SchoolData]


import_formats: Registry[ImportFormat] = Registry("import formats")


def format_names() -> list[str]:
    """What may be asked for by name."""
    return [AUTO, TEMPLATES, *(one.name for one in import_formats)]


def read_and_check(
    uploads: Sequence[Upload], report: Report, *, known: Known, today: date, school_id: str = "", form: str = AUTO
) -> SchoolData:
    """The school in the files, in whatever format; everything that is wrong goes to the report."""
    chosen = _format(uploads, form)
    data = chosen.read(uploads, report, today, school_id) if chosen else read_templates(uploads, report, known)
    if data.given:
        check_school(data, report, today=today, known=known)
    return data


def _format(uploads: Sequence[Upload], form: str) -> ImportFormat | None:
    if form == AUTO:
        names = names_in(uploads)
        return next((one for one in import_formats if one.fits(names)), None)
    return None if form == TEMPLATES else import_formats.get(form)


def names_in(uploads: Sequence[Upload]) -> list[str]:
    """Names of the files, and of the files inside archives; what cannot be opened has only its own name."""
    names: list[str] = []
    for upload in uploads:
        names.append(upload.name)
        try:
            if content_of(upload) is Content.ZIP:
                names += open_zip(upload.data).namelist()
        except UnreadableFileError:
            continue
    return names
