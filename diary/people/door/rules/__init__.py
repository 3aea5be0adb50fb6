"""Formulas of the door: the lockout machine, formats of what people type, words for devices."""
