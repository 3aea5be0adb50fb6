"""Where higher rooms hand in how to save what the files say about them: timetable its slots, gradebook its kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diary.foundation.core.registry import Registry
from diary.people.intake.saving.run import Saving


@dataclass(frozen=True, slots=True)
class ImportPart:
    """`save` runs after everything of people is written, in the import's transaction, in order of registration."""

    save: Callable[[Saving], None]


import_parts: Registry[ImportPart] = Registry("import parts")
