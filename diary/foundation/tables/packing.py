"""Keeps handed-over files as one archive until their import is forgotten."""

import zipfile
from base64 import b64decode, b64encode
from collections.abc import Sequence
from io import BytesIO

from diary.foundation.tables.sources import Upload


def pack(uploads: Sequence[Upload]) -> str:
    """Text, because text is what can be sealed; numbered, because two files may bear one name."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, upload in enumerate(uploads):
            archive.writestr(f"{number}/{upload.name}", upload.data)
    return b64encode(packed.getvalue()).decode()


def unpack(packed: str) -> list[Upload]:
    with zipfile.ZipFile(BytesIO(b64decode(packed))) as archive:
        return [Upload(member.filename.split("/", 1)[1], archive.read(member)) for member in archive.infolist()]
