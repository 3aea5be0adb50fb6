"""Looks through a workbook's XML before anything is built of it: no declarations, no more elements than tables need."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from xml.parsers import expat

from django.utils.translation import gettext as _

from diary.foundation.tables.sources import UnreadableFileError, open_zip

DEEPEST = 100
MOST_ELEMENTS = 200_000  # styles, relations and the like
MOST_ELEMENTS_OF_A_TABLE = 10_000_000  # three million cells with their values
_TABLES = ("xl/worksheets/", "xl/sharedstrings")
_AT_ONCE = 65_536


def refuse_dangerous_xml(data: bytes) -> None:
    """Raises UnreadableFileError for a workbook with a DOCTYPE anywhere, with too many elements, or nested too deep."""
    archive = open_zip(data)
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            _look_through(archive, member)


def _look_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    is_table = member.filename.lower().startswith(_TABLES)
    look = _Look(MOST_ELEMENTS_OF_A_TABLE if is_table else MOST_ELEMENTS)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = look.doctype
    parser.StartElementHandler = look.start
    parser.EndElementHandler = look.end
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_AT_ONCE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
    except UnreadableFileError:
        raise
    except Exception as error:  # zlib, zipfile and expat each raise their own on damage
        raise UnreadableFileError(_("Книга повреждена."), _("Сохраните её заново и загрузите снова.")) from error


@dataclass(slots=True)
class _Look:
    most: int
    elements: int = 0
    depth: int = 0

    def doctype(self, *_declared: object) -> None:
        raise UnreadableFileError(
            _("В книге опасное содержимое (объявления XML)."), _("Скопируйте данные в новую книгу.")
        )

    def start(self, _name: str, _attributes: object) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > self.most or self.depth > DEEPEST:
            raise UnreadableFileError(
                _("Книга устроена слишком сложно: в ней больше оформления или ячеек, чем бывает у таблицы."),
                _("Скопируйте только нужные листы со значениями в новую книгу и загрузите её."),
            )

    def end(self, _name: str) -> None:
        self.depth -= 1
