"""Looks through a workbook's XML before anything is built of it: no declarations, no more elements than tables need."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from diary.foundation.tables.sources import UnreadableFileError, open_zip

DEEPEST = 100
MOST_ELEMENTS = 200_000  # styles, relations and the like
MOST_ELEMENTS_OF_A_TABLE = 10_000_000  # three million cells with their values
_TABLES = ("xl/worksheets/", "xl/sharedstrings")
_AT_ONCE = 65_536


def refuse_dangerous_xml(data: bytes) -> dict[str, list[str]]:
    """Raises UnreadableFileError for a workbook with a DOCTYPE anywhere, with too many elements, or nested too deep.

    Gives the merged ranges («A2:A4») of each part that has some, for they are seen on the way.
    """
    archive = open_zip(data)
    parts = [one for one in archive.infolist() if one.filename.lower().endswith((".xml", ".rels", ".vml"))]
    found = {member.filename: _look_through(archive, member) for member in parts}
    return {name: ranges for name, ranges in found.items() if ranges}


def _look_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> list[str]:
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
    return look.merged


@dataclass(slots=True)
class _Look:
    most: int
    elements: int = 0
    depth: int = 0
    merged: list[str] = field(default_factory=list)

    def doctype(self, *_declared: object) -> None:
        raise UnreadableFileError(
            _("В книге опасное содержимое (объявления XML)."), _("Скопируйте данные в новую книгу.")
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith("mergeCell") and "ref" in attributes:
            self.merged.append(attributes["ref"])
        self.elements += 1
        self.depth += 1
        if self.elements > self.most or self.depth > DEEPEST:
            raise UnreadableFileError(
                _("Книга устроена слишком сложно: в ней больше оформления или ячеек, чем бывает у таблицы."),
                _("Скопируйте только нужные листы со значениями в новую книгу и загрузите её."),
            )

    def end(self, _name: str) -> None:
        self.depth -= 1
