"""The way in: password, second factor, phone."""
