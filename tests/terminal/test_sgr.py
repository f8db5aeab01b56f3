"""What is left out of what Textual writes: never anything that is seen."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_app.terminal.sgr import RESET, lean

COLOURS = st.sampled_from([None, "red", "bright_blue", "#102030", "#a0b0c0", "color(200)"])
STYLES = st.builds(
    Style,
    color=COLOURS,
    bgcolor=COLOURS,
    bold=st.sampled_from([None, True]),
    reverse=st.sampled_from([None, True]),
    underline=st.sampled_from([None, True]),
)
WRITTEN = st.lists(
    st.one_of(
        st.builds(Segment, st.text("ab █", max_size=4), STYLES),
        st.sampled_from([Segment("\r\n"), Segment("\x1b[3;7H"), Segment("plain")]),
    ),
    max_size=12,
)
SEQUENCE = re.compile(r"\x1b\[([\d;]*)([A-Za-z])")


def seen(text: str) -> list[tuple[str, str]]:
    """Each character and movement with the style in which a terminal would do it.

    A movement has none.
    """
    found: list[tuple[str, str]] = []
    style: dict[str, str] = {}
    at = 0
    while at < len(text):
        sequence = SEQUENCE.match(text, at)
        if sequence is None:
            style_now = "" if text[at] in "\r\n" else repr(sorted(style.items()))
            found.append((text[at], style_now))
            at += 1
            continue
        at = sequence.end()
        if sequence[2] != "m":
            found.append((sequence[0], ""))
            continue
        codes = [int(code or 0) for code in sequence[1].split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                style.clear()
            elif code in (38, 48):
                length = 4 if codes[0] == 2 else 2
                style[f"colour {code}"], codes = repr(codes[:length]), codes[length:]
            elif 30 <= code < 38 or 90 <= code < 98:
                style["colour 38"] = repr(code)
            elif 40 <= code < 48 or 100 <= code < 108:
                style["colour 48"] = repr(code)
            else:
                style[str(code)] = "on"
    found.append(("end", repr(sorted(style.items()))))
    return found


def written(segments: list[Segment]) -> str:
    console = Console(color_system="truecolor", force_terminal=True)
    return Strip(segments).render(console)


@pytest.mark.slow
@given(WRITTEN)
def test_the_same_is_seen_in_no_more_bytes(segments: list[Segment]) -> None:
    text = written(segments)
    assert seen(lean(text)) == seen(text)
    assert len(lean(text)) <= len(text)


@pytest.mark.parametrize(
    "text",
    ["", "plain", "\x1b[?1049h\x1b[?25l", "\x1b[3;7H", "\x1b]0;title\x07", "\x1b[31"],
)
def test_what_has_no_style_is_left_as_it_is(text: str) -> None:
    assert seen(lean(text)) == seen(text)


def test_a_colour_that_stays_is_told_once() -> None:
    ground = Color.parse("#121417")
    segments = [
        Segment("one", Style(color="#e4e4e4", bgcolor=ground)),
        Segment("two", Style(color="#8b8c8d", bgcolor=ground)),
        Segment("three", Style(color="#8b8c8d", bgcolor=ground)),
    ]
    told = lean(written(segments))
    assert told.count("48;2;") == 1
    assert told.count("38;2;") == 2
    assert told.count(RESET) == 1
    assert told.endswith(RESET)
