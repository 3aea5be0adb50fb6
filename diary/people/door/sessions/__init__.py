"""Browsers that have signed in, and what is taken from them."""
