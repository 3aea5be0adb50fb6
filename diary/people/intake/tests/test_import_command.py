"""`manage.py import_school`: reports, counts, exit codes."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from diary.foundation.access.scope import school_scope
from diary.foundation.tables.tests.files import as_workbook, as_zip
from diary.people.intake.tests.made import small_school
from diary.people.roster.models import Staff, Student
from diary.people.schools.models import School
from tests.people import Cast

IN_SAMARA = ("--timezone", "Europe/Samara")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "school.xlsx"
    file.write_bytes(as_workbook(small_school()))
    return file


def run(*arguments: object) -> tuple[str, str]:
    out, progress = StringIO(), StringIO()
    call_command("import_school", *map(str, arguments), stdout=out, stderr=progress)
    return out.getvalue(), progress.getvalue()


def students(external_id: str) -> int:
    school = School.objects.filter(external_id=external_id).first()
    if school is None:
        return -1
    with school_scope([school.id]):
        return Student.objects.filter(school_id=school.id).count()


def test_new_school_is_made_and_filled(cast: Cast, path: Path) -> None:
    out, progress = run("--school", "s1", "--new-school", "МБОУ СОШ № 1", *IN_SAMARA, path)
    assert "ученики: создано 4, изменено 0, без изменений 0, пропущено 0" in out
    assert "Новых учётных записей: 7" in out
    assert "Записываю: зачисления" in progress
    assert students("s1") == 4


def test_second_run_writes_nothing(cast: Cast, path: Path) -> None:
    run("--school", "s1", "--new-school", "МБОУ СОШ № 1", *IN_SAMARA, path)
    out, _progress = run("--school", "s1", path)
    assert "ученики: создано 0, изменено 0, без изменений 4, пропущено 0" in out


def test_trial_run_leaves_not_even_the_school(cast: Cast, path: Path) -> None:
    out, _progress = run("--school", "s1", "--new-school", "МБОУ СОШ № 1", *IN_SAMARA, "--dry-run", path)
    assert "Будет записано:" in out
    assert "ученики: создано 4" in out
    assert students("s1") == -1


def test_errors_are_printed_by_line_and_nothing_stays(cast: Cast, tmp_path: Path) -> None:
    sheets = small_school()
    sheets["Ученики"][1][3] = "31.02.2013"
    (tmp_path / "a.zip").write_bytes(as_zip(sheets))
    out = StringIO()
    with pytest.raises(CommandError, match="есть ошибки"):
        call_command(
            "import_school",
            "--school",
            "s1",
            "--new-school",
            "Школа",
            *IN_SAMARA,
            str(tmp_path),
            stdout=out,
            stderr=StringIO(),
        )
    assert "Ученики.csv, строка 2, столбец «Дата рождения»" in out.getvalue()
    assert students("s1") == -1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--school", "nowhere"), "--new-school"),
        (("--school", "cast-1", "--new-school", "Ещё"), "уже есть"),
        (("--school", "s1", "--new-school", "Ещё"), "--timezone"),
        (("--school", "s1", "--new-school", "Ещё", "--timezone", "Москва"), "--timezone"),
    ],
)
def test_wrong_school_is_told(cast: Cast, path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*arguments, path)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_file_that_is_no_table_is_told(cast: Cast, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "school.xlsx").write_bytes(content)
    with pytest.raises(CommandError):
        run("--school", "cast-1", tmp_path / "school.xlsx")


def test_path_that_is_not_there_is_told(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run("--school", "cast-1", tmp_path / "nothing.xlsx")


def test_first_passwords_of_staff_go_to_a_private_file(cast: Cast, path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "passwords.csv"
    run("--school", "s1", "--new-school", "МБОУ СОШ № 1", *IN_SAMARA, "--passwords", secret, path)
    rows = list(csv.reader(secret.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["orlova_v", "petrova_a"]
    assert secret.stat().st_mode & 0o777 == 0o600
    school = School.objects.get(external_id="s1")
    with school_scope([school.id]):
        vera = Staff.objects.get(school_id=school.id, last_name="Орлова").user
    assert vera.check_password(rows[1][2])


def test_passwords_are_never_written_over_a_file(cast: Cast, path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "passwords.csv"
    secret.write_text("mine")
    with pytest.raises(CommandError, match="уже есть"):
        run("--school", "s1", "--new-school", "МБОУ СОШ № 1", *IN_SAMARA, "--passwords", secret, path)
    assert students("s1") == -1, "told before anything is written"
