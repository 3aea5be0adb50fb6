"""What the journal refuses, and why: one class for each way out of a page."""

from __future__ import annotations

from diary.foundation.core.errors import BadInput, Conflict


class CellsRefused(BadInput):
    """Some cells cannot take what was typed; nothing was written. `extra["cells"]` says which and why."""


class CellsChanged(Conflict):
    """Somebody changed some cells after they were read; nothing was written. `extra["cells"]` says who and what."""
