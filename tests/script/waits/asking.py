"""Playing a row of the table, and what is wrong with what was told."""

from __future__ import annotations

from pathlib import Path

from tests.script.playing import Played, play
from tests.script.waits.table import WaitRow
from tui_app.engine.machine import StartMethod
from tui_app.events import ProcessExited, Resumed, ThreadEnded, Waiting

LEAST, MOST = 0.1, 2.0
"""Seconds that each wait of the table lasts, as it is told."""


async def play_row(folder: Path, row: WaitRow, method: StartMethod | None = None) -> Played:
    """Plays a row."""
    return await play(folder, row.source, method=method)


def flaws(row: WaitRow, played: Played) -> list[str]:
    """What is wrong with what was told of the row's wait; empty: all is right."""
    if played.exitcode:
        return [f"it ended with {played.exitcode}: {played.finished.reason}"]
    waits = [wait for wait in played.waits(row.who) if wait.kind == row.kind]
    found = [wait for wait in waits if row.line in (None, wait.line)]
    if not found:
        told = [(w.kind, w.object, w.line) for w in played.waits(row.who)]
        return [f"no {row.kind} on line {row.line} of {row.who}: {told}"]
    wait = max(found, key=lambda one: end_of(played, one) - one.t)
    wrong = []
    if wait.object != row.object:
        wrong.append(f"object {wait.object}, not {row.object}")
    if row.holder is not None and wait.holder != row.holder:
        wrong.append(f"holder {wait.holder}, not {row.holder}")
    if not LEAST < (seconds := end_of(played, wait) - wait.t) < MOST:
        wrong.append(f"it lasted {seconds:.2f} s")
    return wrong


def end_of(played: Played, wait: Waiting) -> float:
    """When the wait ended."""
    index = played.events.index(wait)
    for event in played.events[index + 1 :]:
        if isinstance(event, Resumed | Waiting | ThreadEnded):
            if (event.pid, event.thread) == (wait.pid, wait.thread):
                return event.t
        elif isinstance(event, ProcessExited) and event.pid == wait.pid:
            return event.t
    return float("inf")
