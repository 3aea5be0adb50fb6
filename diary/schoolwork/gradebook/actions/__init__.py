"""Writing marks: `cells` is what a teacher does, `_reading` understands and refuses, `marks` writes with history."""

from diary.schoolwork.gradebook.actions._reading import CellEntry
from diary.schoolwork.gradebook.actions.cells import MAX_CELLS, Entered, describe_mark, enter_cells, set_work
from diary.schoolwork.gradebook.actions.errors import CellsChanged, CellsRefused
from diary.schoolwork.gradebook.actions.marks import MarkEntry, set_marks
from diary.schoolwork.gradebook.actions.moving import carry_marks

__all__ = [
    "MAX_CELLS",
    "CellEntry",
    "CellsChanged",
    "CellsRefused",
    "Entered",
    "MarkEntry",
    "carry_marks",
    "describe_mark",
    "enter_cells",
    "set_marks",
    "set_work",
]
