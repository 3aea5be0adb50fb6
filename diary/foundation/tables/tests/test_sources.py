"""What is accepted as a table file and how everything else is refused."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from diary.foundation.tables import sources
from diary.foundation.tables.report import Report
from diary.foundation.tables.sources import Content, UnreadableFileError, Upload, content_of, unpacked, uploads_from
from diary.foundation.tables.tests.files import as_csv, as_workbook, as_zip

WORKBOOK = as_workbook({"Ученики": [["ФИО"], ["Иванов Пётр"]]})


def zip_of(members: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def errors_of(*uploads: Upload) -> list[str]:
    report = Report()
    list(unpacked(uploads, report))
    return [str(problem) for problem in report.problems]


@pytest.mark.parametrize(
    ("name", "data", "content"),
    [
        ("a.xlsx", WORKBOOK, Content.XLSX),
        ("a.csv", as_csv([["ФИО"]]), Content.CSV),
        ("a.csv", "ФИО;Класс".encode("utf-16"), Content.CSV),
        ("a.zip", as_zip({"Ученики": [["ФИО"]]}), Content.ZIP),
    ],
)
def test_a_table_is_known_by_its_bytes(name: str, data: bytes, content: Content) -> None:
    assert content_of(Upload(name, data)) is content


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500), "JPEG"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.xlsx", b"", "пуст"),
        ("a.xlsx", "ФИО;Класс".encode(), "обычный текст"),
        ("a.xlsx", b"<html><table>", "обычный текст|веб-страница"),
        ("a.csv", b"<?xml version='1.0'?>", "XML"),
        ("a.csv", bytes(range(256)), "не текст"),
        ("a.xls", sources._OLE + bytes(2000), "97–2003"),
        ("a.xlsx", sources._OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "паролем"),
        ("a.xlsx", zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "не книга Excel"),
        ("a.docx", zip_of({"word/document.xml": b"<x/>"}), "не книга Excel"),
        ("a.xlsx", WORKBOOK[:1000], "повреждён"),
        ("a.zip", zip_of({"фото.jpg": b"\xff\xd8\xff"}), "нет таблиц"),
        ("a.zip", zip_of({"внутри.zip": as_zip({"Ученики": [["ФИО"]]})}), "Архив внутри архива"),
        ("a.csv", b"a;b\n" * 6_000_000, "больше 20 МБ"),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(name: str, data: bytes, words: str) -> None:
    (error,) = errors_of(Upload(name, data))
    assert any(word in error for word in words.split("|")), error


def test_a_password_on_the_archive_is_named() -> None:
    data = bytearray(as_zip({"Ученики": [["ФИО"]]}))
    at = data.index(b"PK\x01\x02") + 8
    data[at : at + 2] = struct.pack("<H", 0x1)
    (error,) = errors_of(Upload("a.zip", bytes(data)))
    assert "паролем" in error


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zip_of({f"{number}.csv": bytes(30 * sources.MEGABYTE) for number in range(7)})
    assert len(bomb) < sources.MEGABYTE
    (error,) = errors_of(Upload("a.zip", bomb))
    assert "бомба" in error


def test_a_workbook_bomb_is_refused() -> None:
    bomb = zip_of({"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": b" " * (65 * sources.MEGABYTE)})
    with pytest.raises(UnreadableFileError, match="бомба"):
        content_of(Upload("a.xlsx", bomb))


def test_one_bad_file_of_an_archive_does_not_hide_the_others() -> None:
    report = Report()
    data = zip_of({"Ученики.csv": as_csv([["ФИО"]]), "фото.csv": b"\xff\xd8\xff\xe0", "__MACOSX/._x.csv": b"\x00"})
    found = [upload.name for upload, _content in unpacked([Upload("a.zip", data)], report)]
    assert found == ["Ученики.csv"]
    assert [problem.file for problem in report.problems] == ["a.zip/фото.csv"]


def test_russian_names_in_an_archive_made_by_windows_are_read() -> None:
    info = zipfile.ZipInfo("x")
    info.filename = "Ученики.csv".encode("cp866").decode("cp437")
    assert sources._member_name(info) == "Ученики.csv"


def test_a_folder_gives_its_tables_and_passes_over_the_rest(tmp_path: Path) -> None:
    (tmp_path / "Ученики.csv").write_bytes(as_csv([["ФИО"]]))
    (tmp_path / "фото.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / ".Классы.csv").write_bytes(b"")
    (tmp_path / "ссылка.csv").symlink_to(tmp_path / "Ученики.csv")
    report = Report()
    assert [upload.name for upload in uploads_from(tmp_path, report)] == ["Ученики.csv"]
    assert report.is_clean


def test_a_missing_path_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    report = Report()
    assert uploads_from(tmp_path / "нет", report) == []
    assert uploads_from(tmp_path, report) == []
    assert len(report.problems) == 2
