"""Formulas of the roster: what identity documents and PINs look like."""
