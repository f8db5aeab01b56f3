"""Texts as people make them of scripts."""

from hypothesis import strategies as st

_lines = st.lists(st.sampled_from(["a\n", "b\n", "\n", "  c\n", "\x0c\n", "d\r\n"]), max_size=12)
texts = st.builds(lambda lines, end: "".join(lines) + end, _lines, st.sampled_from(["", "x", "a"]))
