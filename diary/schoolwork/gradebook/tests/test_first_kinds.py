"""Kinds of work that a school import brings."""

from __future__ import annotations

from diary.people.intake.tests.loading import Load, load, school
from diary.people.intake.tests.made import small_school
from diary.schoolwork.gradebook.models import WorkKind

__all__ = ["load", "school"]


def test_school_without_kinds_of_work_gets_the_usual_ones(load: Load) -> None:
    load(small_school())
    assert WorkKind.objects.count() == 12
    load(small_school())
    assert WorkKind.objects.count() == 12
