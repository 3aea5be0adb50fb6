"""Side-by-side measurements of the diary: each figure is a ratio of two rates taken in the same run (`make bench`)."""
