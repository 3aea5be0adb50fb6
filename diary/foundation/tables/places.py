"""Where something stands in a file, as the person sees it; and how a column's title is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from diary.foundation.core.text import plain

_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as the person sees it: its title in the file and, in a workbook, its letter."""

    title: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was written; `headings` (field name → column) is shared by all rows of a table."""

    file: str
    line: int
    headings: Mapping[str, Heading] = field(default_factory=dict, compare=False, repr=False)

    def heading(self, field_name: str) -> Heading:
        return self.headings.get(field_name, Heading(""))


NOWHERE = Place("", 0)


def heading_key(title: str) -> tuple[str, ...]:
    """The keys a column title may be known by: whole, and without a remark in brackets."""
    whole, bare = plain(title), plain(_BRACKETS.sub("", title))
    return (whole, bare) if bare and bare != whole else (whole,)
