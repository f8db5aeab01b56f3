"""The same work with 1, 2, … workers: its work, its runs, its figures, its words."""
