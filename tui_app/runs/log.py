"""The log of a run: one line for each thing worth telling, and each line that a process wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tui_app.engine.exit_status import describe_exit
from tui_app.events import (
    Event,
    Output,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    RunStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
    Waiting,
    WaitKind,
)
from tui_app.language import _
from tui_app.runs.formatting import shorten, size
from tui_app.runs.wait_words import wait_words
from tui_app.script.partial_line import PartialLine

PLAYED = ("demo", "watch")
"""The kinds of runs that play a script."""

LONGEST_LOG = 100_000
"""Lines that are kept; beyond it the oldest tenth goes."""

Source = tuple[int, Stream, int | None]


class Level(StrEnum):
    """What a line is about, and so how it looks."""

    PROCESS = "process"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    RETRIED = "retried"
    STDOUT = "stdout"
    STDERR = "stderr"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, `t` seconds after the run began. `pid` is `None` where no process had a part."""

    t: float
    pid: int | None
    who: str
    level: Level
    text: str


class Log:
    """Folds events into lines. Text from outside stands in it as it came: showing it is another's.

    Args:
        longest: how many lines are kept at most.
        label_width: characters that a task's label may take, so that what became of it is seen.

    `dropped` is how many older lines are gone.
    """

    def __init__(self, longest: int = LONGEST_LOG, label_width: int | None = None) -> None:
        self._lines: list[LogLine] = []
        self.dropped = 0
        self._longest, self._label_width = longest, label_width
        self._names: dict[int, str] = {}
        self._labels: dict[int, str] = {}
        self._open: dict[Source, tuple[int, PartialLine]] = {}
        self._grown: set[Source] = set()
        self._played = False

    @property
    def lines(self) -> list[LogLine]:
        """What is kept.

        A line that a process has not ended yet is there already, and is replaced in its place as it
        grows: of a progress bar, which rewrites it, the present state stands there.
        """
        for source in self._grown:
            self._settle(*self._open[source])
        self._grown.clear()
        return self._lines

    def _settle(self, at: int, growing: PartialLine) -> list[LogLine]:
        """Puts a line that has grown in its place; none, where it is gone."""
        if at < self.dropped:
            return []
        line = replace(self._lines[at - self.dropped], text=growing.text)
        self._lines[at - self.dropped] = line
        return [line]

    def add(self, event: Event) -> list[LogLine]:
        """Takes one event; returns the lines that are whole now, for a reader that only appends."""
        match event:
            case RunStarted():
                self._played = event.kind in PLAYED
                return self._notes(event)
            case RunFinished():
                return [*self._close(), *self._notes(event)]
            case Waiting() if event.kind != WaitKind.SLEEP:
                return [self._line(event, event.pid, event.thread, Level.WAIT, wait_words(event))]
            case TaskQueued():
                self._labels[event.task] = event.label
            case ProcessStarted():
                self._names[event.pid] = event.name
                return [self._line(event, event.pid, None, Level.PROCESS, _("started"))]
            case ProcessExited():
                closed = self._close(event.pid)
                text = describe_exit(event.exitcode)
                return [*closed, self._line(event, event.pid, None, Level.PROCESS, text)]
            case Output():
                return self._output(event)
            case TaskFinished():
                about = {"label": self._label(event.task), "seconds": f"{event.seconds:.2f}"}
                text = _("{label} ended after {seconds} s").format(**about)
                if not self._played:
                    text = _("{label} was processed in {seconds} s").format(**about)
                    text += _describe_result(event.result)
                return [self._line(event, event.pid, event.thread, Level.DONE, text)]
            case TaskFailed():
                label = self._label(event.task)
                text = failure_words(label, event.step, event.reason)
                return [self._line(event, event.pid, event.thread, Level.FAILED, text)]
            case TaskRetried():
                label = self._label(event.task, last=False)
                about = {"label": label, "step": event.step, "reason": event.reason}
                text = _("{label} is tried again: {reason}").format(**about)
                if event.step:
                    text = _("{label} is tried again: {reason} in {step}").format(**about)
                return [self._line(event, event.pid, event.thread, Level.RETRIED, text)]
            case TaskSkipped():
                label = self._label(event.task)
                if event.stopped and event.pid is None:
                    # It had not begun, as all those that were not even queued.
                    return []
                about = {"label": label, "reason": event.reason}
                text = _("{label} was skipped: {reason}").format(**about)
                if event.stopped:
                    text = _("{label} was stopped: {reason}").format(**about)
                return [self._line(event, event.pid, event.thread, Level.SKIPPED, text)]
        return []

    def _notes(self, event: RunStarted | RunFinished) -> list[LogLine]:
        return [self._line(event, None, None, Level.PROCESS, note) for note in event.notes]

    def _label(self, task: int, *, last: bool = True) -> str:
        label = self._labels.get(task, str(task))
        if last:
            self._labels.pop(task, None)
        return label if self._label_width is None else shorten(label, self._label_width)

    def _who(self, pid: int | None, thread: int | None) -> str:
        if pid is None:
            return ""
        name = self._names.get(pid, str(pid))
        return f"{name}.{thread}" if thread is not None else name

    def _line(
        self, event: Event, pid: int | None, thread: int | None, level: Level, text: str
    ) -> LogLine:
        line = LogLine(event.t, pid, self._who(pid, thread), level, text)
        self._append(line)
        return line

    def _append(self, line: LogLine) -> None:
        self._lines.append(line)
        if len(self._lines) > self._longest:
            gone = max(1, self._longest // 10)
            del self._lines[:gone]
            self.dropped += gone

    def _output(self, event: Output) -> list[LogLine]:
        source = (event.pid, event.stream, event.thread)
        at, growing = self._open.pop(source, (-1, None))
        self._grown.discard(source)
        if growing is None or at < self.dropped:
            growing = PartialLine()
            growing.add(event.text)
            level = Level.STDOUT if event.stream is Stream.STDOUT else Level.STDERR
            line = self._line(event, event.pid, event.thread, level, growing.text)
            if event.partial:
                self._open[source] = self.dropped + len(self._lines) - 1, growing
                return []
            return [line]
        growing.add(event.text)
        if event.partial:
            self._open[source] = at, growing
            self._grown.add(source)
            return []
        return self._settle(at, growing)

    def _close(self, pid: int | None = None) -> list[LogLine]:
        """Ends the lines of this process, or of all, which nobody will end any more."""
        sources = [source for source in self._open if pid in (None, source[0])]
        self._grown.difference_update(sources)
        return [line for source in sources for line in self._settle(*self._open.pop(source))]


def failure_words(label: str, step: str, reason: str) -> str:
    """That a task failed, where, if it was at a step, and why."""
    if step:
        return _("{label} failed in {step}: {reason}").format(label=label, step=step, reason=reason)
    return _("{label} failed: {reason}").format(label=label, reason=reason)


def _describe_result(result: Mapping[str, Any]) -> str:
    """What an image became, for the end of its line; nothing of a task that tells nothing."""
    parts = []
    if "out_width" in result:
        parts.append(
            f"  {result['width']}x{result['height']} → {result['out_width']}x{result['out_height']}"
        )
    if "bytes_in" in result and "bytes_out" in result:
        parts.append(f"  {size(result['bytes_in'])} → {size(result['bytes_out'])}")
    parts += [f" ({note})" for note in result.get("notes", ())]
    return "".join(parts)
