"""Keeps handed-over files as one archive until their import is forgotten."""

import zipfile
from collections.abc import Sequence
from io import BytesIO

from diary.people.roster.imports.sources import Upload


def pack(uploads: Sequence[Upload]) -> bytes:
    """Numbered, because two files may bear one name."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, upload in enumerate(uploads):
            archive.writestr(f"{number}/{upload.name}", upload.data)
    return packed.getvalue()


def unpack(packed: bytes) -> list[Upload]:
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        return [Upload(member.filename.split("/", 1)[1], archive.read(member)) for member in archive.infolist()]
