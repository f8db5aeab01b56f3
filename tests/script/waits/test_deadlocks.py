"""Deadlocks are named, and scripts that go on are left alone."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.script.waits.hangs import HANGS, INNOCENTS, hang_flaws, play_hang
from tui_app.events import Deadlock
from tui_app.runs.log import Level, Log
from tui_app.runs.phrases import status_sentence
from tui_app.runs.printer import Printer
from tui_app.runs.view import RunView
from tui_app.script.waits.stuck import cycle, never

QUICK = ("two-locks", "two-locks-of-threads", "pipe-not-closed", "join-before-read")
"""The hangs that the suite plays; `python -m tests.benchmarks.deadlocks` plays all."""

QUIET = ("an-event-set-by-a-signal", "a-program-that-writes", "a-grandchild-that-left")
"""Those that go on: the more treacherous ones."""


@pytest.mark.parametrize("name", QUICK)
async def test_a_deadlock_is_named_with_who_waits_for_what(name: str, tmp_path: Path) -> None:
    played = await play_hang(tmp_path, HANGS[name].source)
    assert hang_flaws(HANGS[name], played) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", QUIET)
async def test_a_script_that_goes_on_is_no_deadlock(name: str, tmp_path: Path) -> None:
    played = await play_hang(tmp_path, INNOCENTS[name])
    assert played.of(Deadlock) == []
    assert played.exitcode == 0


async def test_it_is_told_in_log_status_lanes_and_on_stderr(tmp_path: Path) -> None:
    played = await play_hang(tmp_path, HANGS["two-locks"].source)
    (deadlock,) = played.of(Deadlock)
    line = deadlock.waits[0]["line"]
    assert (tmp_path / "script.py").read_text().splitlines()[line - 1] == "        with second:"
    view, err = RunView(Log()), io.StringIO()
    printer = Printer(None, err, quiet=True)
    for event in played.events[: played.events.index(deadlock) + 1]:
        view.add(event)
        printer.add(event)
    told = [line.text for line in view.log.lines if line.level is Level.DEADLOCK]
    assert told == err.getvalue().splitlines()[: len(told)]
    assert told[0] == "deadlock: nobody of these can ever go on"
    assert set(told[1:3]) == {
        f"P-1 waits for the lock b, held by P-2 (line {line})",
        f"P-2 waits for the lock a, held by P-1 (line {line})",
    }
    snapshot = view.snapshot()
    assert {row.name for row in snapshot.rows if row.deadlocked} == {"main", "P-1", "P-2"}
    assert "deadlock: main, P-1, P-2 can never go on" in status_sentence(snapshot)


# Who can never go on

NEEDS = st.dictionaries(
    st.integers(0, 7), st.lists(st.frozensets(st.integers(0, 7), max_size=3), max_size=3)
)


@given(NEEDS)
def test_nobody_who_is_stuck_has_a_waker_and_nobody_else_is_left_without(
    needs: dict[int, list[frozenset[int]]],
) -> None:
    stuck = never(needs)
    # Each of them lacks a waker in one group.
    assert all(any(group <= stuck for group in needs[one]) for one in stuck)
    # The others go on one after another, until none is left.
    free, before = set(range(8)) - set(needs), None
    while free != before:
        before = set(free)
        free |= {one for one in needs if all(group & free for group in needs[one])}
    assert stuck == set(needs) - free


@given(NEEDS)
def test_a_cycle_goes_round(needs: dict[int, list[frozenset[int]]]) -> None:
    path = cycle(needs, sorted(never(needs)))
    for one, following in zip(path, path[1:] + path[:1], strict=True):
        assert frozenset([following]) in needs[one]
