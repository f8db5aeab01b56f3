"""The same work with 1, 2, … workers: the work, the runs, the results, and the words for them."""
