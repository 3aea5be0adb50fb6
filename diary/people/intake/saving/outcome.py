"""What an import did, or would do: for each kind of record how many were created, changed, left alone, passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from diary.people.intake.records import Kind


@dataclass(slots=True)
class Counts:
    """Records of one kind by what became of them; `skipped` were told about in the report."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """Counts by kind in the order of saving, how many accounts were made, and how many weekly lessons of the files'
    courses the files did not name.
    """

    counts: Mapping[Kind, Counts] = field(default_factory=dict)
    accounts: int = 0
    unnamed_slots: int = 0

    @property
    def created(self) -> int:
        return sum(one.created for one in self.counts.values())

    @property
    def changed(self) -> int:
        return sum(one.changed for one in self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """For the row of the run."""
        counts = {kind.value: asdict(one) for kind, one in self.counts.items()}
        return {"counts": counts, "accounts": self.accounts, "unnamed_slots": self.unnamed_slots}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> ImportOutcome:
        """The outcome that `as_json` wrote, in the order of saving; a kind that is no longer known is left out."""
        written = content["counts"]
        counts = {kind: Counts(**written[kind.value]) for kind in Kind if kind.value in written}
        return cls(counts, content["accounts"], content.get("unnamed_slots", 0))
