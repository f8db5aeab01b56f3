"""The pictures of the README, made anew from recorded runs: `python -m tests.readme_pictures`.

The recordings are in `tests/assets/records/readme`; `--record` makes them anew, too, which plays
each run on this machine. Look at the pictures before you commit them.
"""
