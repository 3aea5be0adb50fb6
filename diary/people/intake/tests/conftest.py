"""The fixtures of `loading`, for this room's tests."""

from diary.people.intake.tests.loading import load, school

__all__ = ["load", "school"]
