"""An answer whose bytes leave by the async door: the page only says who may have them and what they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import quote

from django.http import StreamingHttpResponse

PIECE = 64 * 1024  # bytes
LONGEST_NAME = 120  # characters of a file's name


class FileAnswer(StreamingHttpResponse):
    """A file. `pieces` is read in a thread of the file door, after the page's transaction and thread are gone.

    A generator that needs the database opens its own scope. `person_id` is who downloads: one person has a few
    downloads at a time, see `door`.
    """

    def __init__(
        self, pieces: Iterable[bytes], *, name: str, media_type: str, person_id: int, size: int | None = None
    ) -> None:
        super().__init__(pieces, content_type=media_type)
        self.person_id = person_id
        self.headers["Content-Disposition"] = attachment(name)
        self.headers["Cache-Control"] = "private, no-store"
        if size is not None:
            self.headers["Content-Length"] = str(size)


def download(content: bytes, *, name: str, media_type: str, person_id: int) -> FileAnswer:
    """A file that was made in memory."""
    return FileAnswer(cut(content), name=name, media_type=media_type, person_id=person_id, size=len(content))


def cut(content: bytes) -> Iterator[bytes]:
    """Pieces of PIECE bytes."""
    return (content[start : start + PIECE] for start in range(0, len(content), PIECE))


def attachment(name: str) -> str:
    """`Content-Disposition` for a name in any script: plain for old clients, whole (RFC 6266) for all others."""
    whole = unicodedata.normalize("NFC", name)
    whole = "".join(islice((c for c in whole if c.isprintable() and c not in '/\\"'), LONGEST_NAME)) or "file"
    plain = whole.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(whole, safe='')}"
