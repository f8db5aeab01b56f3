import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_app.runs.formatting import byte_size, clock, duration, safe, shorten

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""All characters of the Unicode property Bidi_Control."""

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    st.sampled_from([*map(chr, range(0xA0)), *BIDI_CONTROLS, "\u2028", "\udcff", "\ud800", "a"])
)


@given(ANY_TEXT)
@example("\x1b]0;title\x07\x1b[2J\x9b31m")
@example(BIDI_CONTROLS)
@example("\ud83d\udcff")
def test_nothing_that_a_terminal_would_obey_is_left(text: str) -> None:
    shown = safe(text)
    assert not any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in shown
    )
    assert not set(shown) & set(BIDI_CONTROLS)
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert len(shown) >= len(text), "nothing is hidden"


@pytest.mark.parametrize(
    "character",
    ["\u200b", "\u2060", "\u2063", "\ufeff", "\ufff9", "\U000e0041", "\u180e"],
    ids=lambda character: f"{ord(character):x}",
)
def test_what_is_invisible_is_shown(character: str) -> None:
    assert character not in safe(f"a{character}b")


@given(st.text().filter(str.isprintable))
def test_printable_text_is_unchanged(text: str) -> None:
    assert safe(text) == text


@given(ANY_TEXT)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe(safe(text)) == safe(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("two\nlines\tand\rmore\x7f", "two␊lines␉and␍more␡"),
        ("caf\udce9.jpg", r"caf\xe9.jpg"),
        ("half \ud800 a pair", "half \ufffd a pair"),
        ("gpj.\u202eevil", "gpj.\ufffdevil"),
        ("csi \x9b2J", "csi \ufffd2J"),
        ("[bold]no markup[/]", "[bold]no markup[/]"),
        ("👩‍👧 നന്ദി‌", "👩‍👧 നന്ദി‌"),
    ],
)
def test_how_it_is_shown(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text(), st.integers(0, 60))
def test_shortened_is_never_longer_and_keeps_both_ends(text: str, width: int) -> None:
    short = shorten(text, width)
    assert len(short) <= width
    if len(text) <= width:
        assert short == text
        return
    assert len(short) == width, "all the room is used"
    start, _, end = short.partition("…") if "…" not in text else ("", "", "")
    assert text.startswith(start)
    assert text.endswith(end)


def test_shortening() -> None:
    assert shorten("a-very-long-name.jpg", 11) == "a-ver…e.jpg"
    assert [shorten("abcdef", width) for width in range(5)] == ["", "…", "a…", "a…f", "ab…f"]
    assert shorten("abcdef", -1) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0:00"),
        (7.4, "0:07"),
        (59.6, "1:00"),
        (72, "1:12"),
        (3599.7, "1:00:00"),
        (7509, "2:05:09"),
        (360_000, "100:00:00"),
    ],
)
def test_clock(value: float, text: str) -> None:
    assert clock(value) == text


@given(st.floats(0, 1e7))
def test_a_clock_reads_back(value: float) -> None:
    parts = [int(part) for part in clock(value).split(":")]
    assert all(part < 60 for part in parts[1:])
    read = 0
    for part in parts:
        read = 60 * read + part
    assert read == round(value)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0.0 s"), (41.23, "41.2 s"), (59.94, "59.9 s"), (72, "1:12")]
)
def test_seconds(value: float, text: str) -> None:
    assert duration(value) == text


@given(st.floats(0, 1e6) | st.floats(59.9, 60.1))
def test_from_a_minute_on_seconds_are_a_clock(value: float) -> None:
    text = duration(value)
    if text.endswith(" s"):
        assert 0 <= float(text.removesuffix(" s")) < 60
    else:
        assert text == clock(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 B"),
        (312, "312 B"),
        (999, "999 B"),
        (999.6, "1.0 kB"),
        (8_140_000, "8.1 MB"),
        (9_960_000, "10 MB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1.0 GB"),
        (2.5e12, "2.5 TB"),
    ],
)
def test_size(value: float, text: str) -> None:
    assert byte_size(value) == text


@given(st.integers(0, 10**14))
def test_a_size_is_near_and_short(value: int) -> None:
    number, unit = byte_size(value).split()
    factor = 1000 ** ["B", "kB", "MB", "GB", "TB"].index(unit)
    assert abs(float(number) * factor - value) <= 0.5 * factor
    assert unit == "TB" or (float(number) < 1000 and len(number.replace(".", "")) <= 3)
