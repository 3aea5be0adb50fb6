"""The manifest is honoured: bulk is read, absent is not, delta is refused."""

from pathlib import Path

import pytest

from diary.foundation.tables.report import Level, Report
from diary.foundation.tables.tables import Upload
from diary.gates.integrations.oneroster.csv_set import open_set
from diary.gates.integrations.oneroster.tests.made import Files, manifest, zipped


def opened(files: Files) -> tuple[set[str], Report]:
    report = Report()
    return set(open_set([Upload("a.zip", zipped(files))], report).tables), report


def texts(report: Report) -> str:
    return " ".join(report.lines())


def test_a_delta_is_refused_with_its_line(version_1_2: Files) -> None:
    version_1_2["manifest"] = manifest("1.2", users="delta")
    _tables, report = opened(version_1_2)
    assert not report.is_clean
    assert "users.csv – частичная выгрузка (delta)" in texts(report)
    assert "строка 4, столбец «value»" in texts(report)


def test_a_file_said_to_be_absent_is_not_read(version_1_2: Files) -> None:
    version_1_2["manifest"] = manifest("1.2", demographics="absent")
    tables, report = opened(version_1_2)
    assert report.is_clean
    assert "demographics" not in tables


def test_a_promised_file_must_be_there(version_1_2: Files) -> None:
    del version_1_2["roles"]
    assert "должен быть roles.csv" in texts(opened(version_1_2)[1])


@pytest.mark.parametrize("name", ["orgs", "users", "classes", "courses", "enrollments", "academicSessions"])
def test_the_six_files_are_needed(version_1_1: Files, name: str) -> None:
    del version_1_1[name]
    assert f"нет файла {name}.csv" in texts(opened(version_1_1)[1])


def test_without_a_manifest_everything_is_bulk_with_a_warning(version_1_1: Files) -> None:
    del version_1_1["manifest"]
    tables, report = opened(version_1_1)
    assert report.is_clean
    assert report.counts[Level.WARNING] == 1
    assert "users" in tables


def test_another_version_is_refused(version_1_1: Files) -> None:
    version_1_1["manifest"] = manifest("2.0")
    assert "«2.0» не поддерживается" in texts(opened(version_1_1)[1])


def test_missing_columns_are_named(version_1_1: Files) -> None:
    version_1_1["users"] = [row[:8] for row in version_1_1["users"]]
    assert "не хватает столбцов: givenName, familyName" in texts(opened(version_1_1)[1])


def test_a_folder_is_read_too(version_1_1: Files, tmp_path: Path) -> None:
    for name, rows in version_1_1.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))
    report = Report()
    assert set(open_set(tmp_path, report).tables) == set(version_1_1) - {"manifest"}
    assert report.is_clean
