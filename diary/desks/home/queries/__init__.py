"""Read models of the family's pages."""
