"""What may stand in a JSON file, or in its place, that this program never writes there."""

from hypothesis import strategies as st

ODD_CONTENTS = {
    "empty": b"",
    "cut off": b"{",
    "a list": b"[]",
    "a text": b'"text"',
    "Latin-1": b"\xe9",
    "nested": b"[" * 100_000,
    "nested objects": b'{"a":' * 100_000,
    "huge": b"{" + b" " * 9_000_000 + b"}",
}

ODD_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text()
    | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
