"""Which reader a set needs; files kept and taken out again."""

from __future__ import annotations

import pytest

from diary.foundation.tables.packing import pack, unpack
from diary.foundation.tables.report import Report
from diary.foundation.tables.sources import Upload
from diary.foundation.tables.tests.files import as_zip
from diary.people.intake.reading.formats import format_names, names_in, read_and_check
from diary.people.intake.records import NOTHING_KNOWN, Kind
from diary.people.intake.tests.made import TODAY, small_school


def test_names_inside_archives_count() -> None:
    upload = Upload("school.zip", as_zip({"users": [["a"]], "orgs": [["b"]]}))
    assert names_in([upload, Upload("broken.zip", b"PK\x03\x04")]) == [
        "school.zip",
        "users.csv",
        "orgs.csv",
        "broken.zip",
    ]


@pytest.mark.parametrize("form", ["auto", "templates"])
def test_our_templates_are_read_by_default(form: str) -> None:
    report = Report()
    upload = Upload("school.zip", as_zip(small_school()))
    data = read_and_check([upload], report, known=NOTHING_KNOWN, today=TODAY, form=form)
    assert report.is_clean
    assert data.counts[Kind.STUDENTS] == 4


def test_gates_hand_in_their_formats() -> None:
    assert "oneroster" in format_names()


def test_packed_files_come_back_with_names_and_bytes() -> None:
    files = [Upload("Ученики.csv", b"1"), Upload("Ученики.csv", b"2"), Upload("a/b.csv", b"")]
    assert unpack(pack(files)) == files
