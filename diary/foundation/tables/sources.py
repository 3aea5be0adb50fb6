"""Opens what a person hands over (files, a ZIP, a folder) and refuses, in plain words, what is not a table."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_UNPACKED = 200 * MEGABYTE
MAX_SHARED_STRINGS = 64 * MEGABYTE
MAX_FILES = 100

TABLE_NAMES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".zip")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES_AND_PAPERS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7Z",
    b"{\\rtf": "RTF",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: its name as the person knows it and its bytes."""

    name: str
    data: bytes


class Content(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    ZIP = "zip"


class UnreadableFileError(Exception):
    """What is wrong with a file and what to do, both as sentences for the person."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def uploads_from(path: Path, report: Report) -> list[Upload]:
    """The file, or the table files right inside the folder (links and hidden files are passed over)."""
    if not path.exists():
        report.error(_("Нет такого файла или папки: %(path)s.") % {"path": path}, _("Проверьте путь."))
        return []
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    inside = [item for item in found if item.is_file() and not item.name.startswith(".")]
    if path.is_dir():
        inside = [item for item in inside if not item.is_symlink() and item.suffix.lower() in TABLE_NAMES]
    if not inside:
        report.error(_("В папке нет файлов XLSX, CSV или ZIP."), _("Положите в неё файлы школы."), Place(path.name, 0))
    return [upload for item in inside[:MAX_FILES] if (upload := _upload(item, report))]


def _upload(path: Path, report: Report) -> Upload | None:
    if path.stat().st_size > MAX_BYTES:
        _too_big(path.name, report)
        return None
    return Upload(path.name, path.read_bytes())


def unpacked(uploads: Sequence[Upload], report: Report) -> Iterator[tuple[Upload, Content]]:
    """Every table file with what it really is; a ZIP gives its members, an unreadable file gives an error."""
    for upload in uploads:
        try:
            content = content_of(upload)
            if content is Content.ZIP:
                yield from _members(upload, report)
            else:
                yield upload, content
        except UnreadableFileError as refusal:
            report.error(refusal.what, refusal.fix, Place(upload.name, 0))


def content_of(upload: Upload) -> Content:
    """What the file is, by its bytes; raises UnreadableFileError when it is no table or not what its name says."""
    data, suffix = upload.data, PurePosixPath(upload.name.lower()).suffix
    if not data:
        raise UnreadableFileError(_("Файл пуст (0 байт)."), _("Сохраните таблицу заново и загрузите её."))
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(
            _("Файл больше 20 МБ."), _("Разделите его на несколько файлов или удалите лишние листы.")
        )
    _refuse_pictures(data, suffix)
    if data.startswith(_OLE):
        raise _old_or_locked(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _content_of_zip(data)
    _refuse_binary(data)
    if suffix in (".xlsx", ".xlsm", ".xls", ".zip"):
        raise UnreadableFileError(
            _("По имени это %(suffix)s, а внутри – обычный текст.") % {"suffix": suffix[1:].upper()},
            _("Откройте файл в табличном редакторе и сохраните как «Книга Excel (.xlsx)» или переименуйте в .csv."),
        )
    return Content.CSV


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive, refused when it is broken, locked, or would unpack to more than we agree to hold."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFileError(
            _("Файл повреждён: архив не открывается."), _("Скачайте или сохраните его заново.")
        ) from error
    members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableFileError(_("Архив защищён паролем."), _("Сохраните его без пароля и загрузите снова."))
    strings = sum(member.file_size for member in members if member.filename.endswith("sharedStrings.xml"))
    if (
        sum(member.file_size for member in members) > MAX_UNPACKED
        or strings > MAX_SHARED_STRINGS
        or len(members) > 5_000
    ):
        raise UnreadableFileError(
            _("Файл слишком велик в распакованном виде: так выглядит «архивная бомба»."),
            _("Скопируйте только нужные листы со значениями в новую книгу и загрузите её."),
        )
    return archive


def _content_of_zip(data: bytes) -> Content:
    names = open_zip(data).namelist()
    if any(name.startswith("xl/") for name in names):
        return Content.XLSX
    if "mimetype" in names or any(name.startswith(("word/", "ppt/")) for name in names):
        raise UnreadableFileError(
            _("Это документ другой программы, а не книга Excel."),
            _("Откройте его и сохраните как «Книга Excel (.xlsx)» или CSV."),
        )
    return Content.ZIP


def _members(upload: Upload, report: Report) -> Iterator[tuple[Upload, Content]]:
    archive = open_zip(upload.data)
    tables = [member for member in archive.infolist() if _is_table(member)]
    if not tables:
        raise UnreadableFileError(
            _("В архиве нет таблиц: ни одного файла CSV или XLSX."),
            _("Положите в ZIP файлы школы и загрузите его снова."),
        )
    for member in tables[:MAX_FILES]:
        name = _member_name(member)
        try:
            inner = Upload(name, _member_data(archive, member))
            content = content_of(inner)
            if content is Content.ZIP:
                raise UnreadableFileError(
                    _("Архив внутри архива не читается."), _("Положите файлы в один ZIP без вложенных.")
                )
            yield inner, content
        except UnreadableFileError as refusal:
            report.error(refusal.what, refusal.fix, Place(f"{upload.name}/{name}", 0))


def _is_table(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    is_hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return not member.is_dir() and not is_hidden and path.suffix.lower() in TABLE_NAMES


def _member_name(member: zipfile.ZipInfo) -> str:
    """Russian Windows writes names in cp866 without saying so; Python then reads them as cp437."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("cp866")
        except UnicodeError:
            name = member.filename
    return PurePosixPath(name).name


def _member_data(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as stream:
            return stream.read(MAX_BYTES + 1)
    except Exception as error:  # zlib, lzma and zipfile each raise their own on damage
        raise UnreadableFileError(_("Файл в архиве повреждён."), _("Соберите архив заново.")) from error


def _refuse_pictures(data: bytes, suffix: str) -> None:
    for start, kind in _PICTURES_AND_PAPERS.items():
        if data.startswith(start):
            raise UnreadableFileError(
                _("Это не таблица: по имени %(suffix)s, а внутри – %(kind)s.")
                % {"suffix": suffix[1:].upper() or "?", "kind": kind},
                _("Выберите файл XLSX или CSV с данными школы."),
            )


def _old_or_locked(data: bytes) -> UnreadableFileError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableFileError(
            _("Книга защищена паролем."),
            _("Откройте её, снимите пароль («Файл → Сведения → Защита книги») и загрузите снова."),
        )
    return UnreadableFileError(
        _("Это книга старого формата Excel 97–2003 (.xls)."),
        _("Откройте её и сохраните как «Книга Excel (.xlsx)»."),
    )


def _refuse_binary(data: bytes) -> None:
    head = data[:65_536]
    is_utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    controls = sum(head.count(code) for code in range(32) if code not in (9, 10, 12, 13, 26))
    if not is_utf_16 and controls:
        raise UnreadableFileError(
            _("Это не таблица: внутри не текст."), _("Выберите файл XLSX или CSV с данными школы.")
        )
    if head.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise UnreadableFileError(
            _("Внутри – веб-страница или XML, а не таблица."),
            _("Откройте файл в табличном редакторе и сохраните как «Книга Excel (.xlsx)»."),
        )


def _too_big(name: str, report: Report) -> None:
    report.error(
        _("Файл больше 20 МБ."), _("Разделите его на несколько файлов или удалите лишние листы."), Place(name, 0)
    )
