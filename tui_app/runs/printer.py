"""A run for people without a screen: the log and the summary, progress and errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TextIO

from tui_app.events import Event, RunFinished, RunStarted, to_json
from tui_app.language import _
from tui_app.runs.failure_groups import failure_lines
from tui_app.runs.formatting import safe
from tui_app.runs.log import Level, Log
from tui_app.runs.phrases import (
    busy_title,
    busy_words,
    count_cpus,
    count_workers,
    failed_words,
    outcome_sentence,
    progress_sentence,
    summary_rows,
)
from tui_app.runs.view import RunView, Snapshot
from tui_app.summary import Summary
from tui_app.terminal.standard_streams import has_screen

REDRAW_SECONDS = 0.1
"""Seconds between two drawings of the progress on a terminal."""

PLAIN_SECONDS = 10.0
"""The same where the errors go to a file."""

KEPT_LINES = 1_000
"""Lines of the log that are kept here: each is printed as soon as it is complete."""

LEAST_NAME, MOST_NAME = 6, 20
"""Characters of the column with names: it grows to the longest one so far. None is cut."""

COUNTS = ("tasks", "ok", "failed", "skipped", "before")
"""What a run that has not ended knows of its summary."""

ERASE_LINE = "\r\x1b[K"


class Printer:
    """Prints a run's log and summary to `out`, its progress and its failures to `err`.

    Args:
        out: for the log and the summary; `None` prints neither.
        err: for failures, and for progress: on a terminal one line that is written over.
        quiet: no progress.
        clock: returns seconds.
    """

    def __init__(
        self,
        out: TextIO | None,
        err: TextIO,
        *,
        quiet: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._out, self._err, self._quiet, self._clock = out, err, quiet, clock
        self.view = RunView(Log(KEPT_LINES))
        """What the events come to."""
        self._on_terminal = has_screen(err)
        self._shared = self._on_terminal and out is not None and out.isatty()
        self._drawn = clock()
        self._bar = False
        self._names = LEAST_NAME

    def add(self, event: Event) -> None:
        """Take one event."""
        lines = self.view.add(event)
        if isinstance(event, RunStarted):
            self._print(f"{safe(event.title)}\n{_surroundings(event)}")
        for line in lines:
            who = safe(line.who)
            self._names = max(self._names, min(len(who), MOST_NAME))
            if line.level is Level.DEADLOCK and not self._shared:
                self._erase_bar()
                self._err.write(f"{safe(line.text)}\n")
                self._err.flush()
            self._print(f"{line.t:9.2f}  {who:<{self._names}} {safe(line.text)}")
        if isinstance(event, RunFinished):
            self._finish()
        elif not self._quiet:
            self._progress()

    def _print(self, text: str) -> None:
        if self._out is not None:
            if self._shared:
                self._erase_bar()
            self._out.write(text + "\n")

    def _progress(self) -> None:
        now = self._clock()
        if now - self._drawn < (REDRAW_SECONDS if self._on_terminal else PLAIN_SECONDS):
            return
        self._drawn = now
        if self._out is not None:
            self._out.flush()
        snapshot = self.view.snapshot()
        sentence = f"{progress_sentence(snapshot)}   {failed_words(snapshot)}".rstrip()
        self._err.write(f"{ERASE_LINE}{sentence}" if self._on_terminal else f"{sentence}\n")
        self._err.flush()
        self._bar = self._on_terminal

    def _erase_bar(self) -> None:
        if self._bar:
            self._err.write(ERASE_LINE)
            self._err.flush()
            self._bar = False

    def _finish(self) -> None:
        self._erase_bar()
        print_result(self.view.snapshot(), self._out, self._err)


def print_result(snapshot: Snapshot, out: TextIO | None, err: TextIO) -> None:
    """Print what a run came to: its summary to `out`, why it was stopped and its failures to `err`.

    Of a run that was left before its end, tell how far it was.
    """
    if out is not None:
        for line in _summary_lines(snapshot):
            out.write(f"{line}\n")
        out.flush()
    if snapshot.summary is None or snapshot.reason:
        reason = safe(snapshot.reason)
        if not snapshot.played:
            reason = _("the run was not finished: {reason}").format(
                reason=reason or _("the app was left")
            )
        err.write(f"{reason}\n" if reason else "")
        if snapshot.kind == "batch":
            err.write(_("the same command goes on where it stopped") + "\n")
    if snapshot.failures:
        for line in failure_lines(snapshot.kind, snapshot.failures):
            err.write(f"{line}\n")
    err.flush()


def _summary_lines(snapshot: Snapshot) -> Iterator[str]:
    yield ""
    summary = snapshot.summary
    if summary is None:
        counts = {name: getattr(snapshot, name) for name in COUNTS}
        yield outcome_sentence(snapshot.kind, Summary(**counts))
        return
    rows = list(summary_rows(snapshot))
    names = max(len(row[0]) for row in rows)
    values = max(len(row[1]) for row in rows)
    yield outcome_sentence(snapshot.kind, summary)
    for name, value, meaning in rows:
        yield f"  {name:<{names}}  {value:>{values}}  {safe(meaning)}".rstrip()
    if busy := "  ".join(busy_words(summary)):
        title = busy_title(snapshot)
        yield f"  {title:<{names}}  {busy}"


def _surroundings(event: RunStarted) -> str:
    """Return what does the work, and on which machine and Python."""
    workers = [count_workers(event.workers)] if event.workers else []
    machine = [event.start_method, count_cpus(event.cpus), f"Python {event.python}"]
    return ", ".join(filter(None, [event.executor, *workers, *machine]))


class JsonPrinter:
    """Prints each event as one line of JSON to `out`."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def add(self, event: Event) -> None:
        """Take one event."""
        self._out.write(to_json(event) + "\n")
        self._out.flush()
