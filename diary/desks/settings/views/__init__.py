"""Pages, by subject."""
