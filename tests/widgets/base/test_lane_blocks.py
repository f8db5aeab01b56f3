"""What spans become in cells, whatever their number."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tui_app.events import LoopBlocked, Waiting, WaitKind
from tui_app.runs.lanes import Span
from tui_app.widgets.base.lane_blocks import (
    Block,
    Window,
    block_pieces,
    blocks,
    earlier_failures,
    over,
)


def lane(tasks: int, seconds: float, failed: set[int]) -> list[Span]:
    """Tasks one after another, all of the same time."""
    each = seconds / tasks
    return [Span(n * each, f"i{n}", (n + 1) * each, failed=n in failed) for n in range(tasks)]


def row(spans: list[Span], window: Window, now: float) -> str:
    text = ""
    for block in blocks(spans, window, now):
        text += " " * (block.left - len(text))
        text += "".join(piece for piece, _style in block_pieces(block, Style(), labelled=False))
    return text


def test_each_failure_of_thousands_of_files_is_seen_in_its_own_column() -> None:
    # 60 s of 5,000 files by two workers: 2,500 tasks in 70 cells.
    failed = {100, 1250, 2400}
    window = Window(0.0, 60.0, 70)
    spans = lane(2500, 60.0, failed)
    drawn = row(spans, window, 60.0)
    assert drawn.count("✗") == 3
    assert [drawn[window.cell(spans[n].start)] for n in sorted(failed)] == ["✗"] * 3


@given(
    st.integers(1, 400),
    st.sets(st.integers(0, 399), max_size=60),
    st.integers(1, 120),
    st.floats(0.5, 90.0),
)
def test_a_failure_keeps_the_cell_at_which_it_began(
    tasks: int, failed: set[int], cells: int, seconds: float
) -> None:
    spans = lane(tasks, seconds, failed)
    window = Window(0.0, seconds, cells)
    drawn = blocks(spans, window, seconds)
    for before, after in pairwise(drawn):
        assert before.right <= after.left, "none lies over another"
    assert all(0 <= one.left < one.right <= cells for one in drawn)
    for span in spans:
        at = window.cell(span.start)
        if span.failed and at < cells:
            (there,) = [one.span for one in drawn if one.left <= at < one.right]
            assert there.failed


def test_failures_before_the_window_are_counted_at_its_edge() -> None:
    spans = lane(5000, 120.0, {10, 20, 4000})
    assert earlier_failures(spans, Window(60.0, 120.0, 70)) == "<2✗"
    assert earlier_failures(spans, Window(0.0, 120.0, 70)) == ""
    assert row(spans, Window(60.0, 120.0, 70), 120.0).count("✗") == 1


def test_what_stands_over_a_lane_takes_the_place_of_its_first_cells() -> None:
    plain = Style()
    assert over([("abc", plain), ("def", plain)], [("<2✗", plain)]) == [
        ("<2✗", plain),
        ("", plain),
        ("def", plain),
    ]
    # Half of a wide character is left.
    assert "".join(text for text, _ in over([("日本", plain)], [("<2✗", plain)])) == "<2✗ "
    assert "".join(text for text, _ in over([("a", plain)], [("<2✗", plain)])) == "<2✗"


def drawn(span: Span, cells: int) -> str:
    return "".join(text for text, _style in block_pieces(Block(span, 0, cells), Style()))


def test_a_task_that_blocks_its_loop_is_dark_and_a_thread_without_a_call_is_empty() -> None:
    blocks = LoopBlocked(t=0.0, pid=1, thread=2, line=7)
    span = Span(0.0, "", blocks=blocks)
    assert drawn(span, 40) == "▓▓▓▓ blocks the event loop (line 7) ▓▓▓▓"
    assert drawn(span, 12) == "▓▓ blocks ▓▓"
    assert drawn(span, 5) == "▓▓▓▓▓"
    idle = Span(0.0, "", wait=Waiting(t=0.0, pid=1, kind=WaitKind.IDLE))
    assert drawn(idle, 12) == " " * 12
    gil = Span(0.0, "", wait=Waiting(t=0.0, pid=1, kind=WaitKind.GIL, holder="main"))
    assert drawn(gil, 12) == "┄┄┄ GIL ┄┄┄┄"
