"""Workbooks that want to hurt are refused early (A2, A10)."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest

from diary.foundation.tables.markup import refuse_dangerous_xml
from diary.foundation.tables.report import Report
from diary.foundation.tables.sources import UnreadableFileError, Upload
from diary.foundation.tables.tables import read_sheets
from diary.foundation.tables.tests.files import as_csv, as_workbook

ROWS = [["Фамилия", "Имя"], ["Иванов", "Олег"]]
DOCTYPE = b'<!DOCTYPE a [<!ENTITY x "y">]>'


def workbook_with(part: str, content: bytes) -> bytes:
    """A whole workbook with one part replaced."""
    packed = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(as_workbook({"Ученики": ROWS}))) as whole,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for member in whole.infolist():
            archive.writestr(member.filename, content if member.filename == part else whole.read(member))
    return packed.getvalue()


HURTFUL = {
    "declaration after a long comment": b"<?xml version='1.0'?><!--" + b" " * 200_000 + b"-->" + DOCTYPE + b"<a/>",
    "declaration in UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + DOCTYPE.decode() + "<a/>").encode("utf-16"),
    "three hundred thousand formats": b"<styleSheet><cellXfs>" + b"<xf/>" * 300_000 + b"</cellXfs></styleSheet>",
    "a thousand levels": b"<a>" * 1_000 + b"</a>" * 1_000,
}


@pytest.mark.parametrize("kind", HURTFUL)
@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "_rels/.rels"])
def test_hurtful_markup_is_refused_wherever_it_stands(kind: str, part: str) -> None:
    with pytest.raises(UnreadableFileError):
        refuse_dangerous_xml(workbook_with(part, HURTFUL[kind]))


def test_declaration_in_a_sheet_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="опасное"):
        refuse_dangerous_xml(workbook_with("xl/worksheets/sheet1.xml", HURTFUL["declaration after a long comment"]))


def test_honest_workbook_is_let_through() -> None:
    refuse_dangerous_xml(as_workbook({"Ученики": ROWS}))


def test_files_are_read_in_a_process_of_their_own(settings: Any) -> None:
    """A2: what comes back is what reading here gives, problems and their language included."""
    uploads = [
        Upload("школа.xlsx", as_workbook({"Ученики": ROWS})),
        Upload("Классы.csv", as_csv([["Класс"], ["7А"]])),
        Upload("плохая.xlsx", workbook_with("xl/styles.xml", DOCTYPE)),
    ]
    here, there = Report(), Report()
    expected = read_sheets(uploads, ["Класс"], here)
    settings.FOREIGN_FILES_APART = True
    assert read_sheets(uploads, ["Класс"], there) == expected
    assert list(there.lines()) == list(here.lines())
    assert len(expected) == 2
    assert not there.is_clean
