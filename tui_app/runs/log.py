"""The log of a run: a line for each event worth reading, and each line that a process wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tui_app.engine.exit_status import describe_exit
from tui_app.events import (
    MOST_PIDS,
    Deadlock,
    Event,
    LoopBlocked,
    Output,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    RunHeld,
    RunReleased,
    RunStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
    ThreadEnded,
    ThreadKind,
    ThreadStarted,
    Waiting,
    WaitKind,
)
from tui_app.language import _, counted
from tui_app.runs.formatting import byte_size, shorten
from tui_app.runs.lanes import lane_name
from tui_app.runs.wait_words import blocked_words, deadlock_words, wait_words
from tui_app.script.partial_line import PartialLine

PLAYED = ("demo", "watch")
"""The kinds of runs that play a script."""

LONGEST_LOG = 100_000
"""Lines that are kept; of more, the oldest tenth is dropped."""

Source = tuple[int, Stream, int | None]
"""Where output comes from: process, stream and thread."""


class Level(StrEnum):
    """What a line is about; it decides how the line looks."""

    PROCESS = "process"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    RETRIED = "retried"
    STDOUT = "stdout"
    STDERR = "stderr"
    WAIT = "wait"
    DEADLOCK = "deadlock"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, `t` seconds after the run began. `pid` is `None` where no process is concerned.

    `task` is the number of the task whose end, or failed attempt, the line tells.
    """

    t: float
    pid: int | None
    who: str
    level: Level
    text: str
    task: int | None = field(default=None, compare=False)


class Log:
    """The lines that events make. Text from outside is kept as it came: who shows it makes it safe.

    Args:
        longest: how many lines are kept at most.
        label_width: characters of a task's label at most, so that what follows it is seen.
    """

    def __init__(self, longest: int = LONGEST_LOG, label_width: int | None = None) -> None:
        self._lines: list[LogLine] = []
        self.dropped = 0
        """How many older lines are dropped."""
        self.searched_from = 0
        """The number of the first line that a search looks at: before, it would take long."""
        self._longest, self.label_width = longest, label_width
        self._names: dict[int, str] = {}
        self._labels: dict[int, str] = {}
        self._open: dict[Source, tuple[int, PartialLine]] = {}
        """The number and the text of each line that has not ended."""
        self._grown: set[Source] = set()
        """The sources whose line has grown since it was last read."""
        self._played = False
        self._method = ""
        self._commands: set[int] = set()
        self._of_cluster: set[int] = set()
        self._threads: dict[tuple[int, int | None], tuple[str, ThreadKind]] = {}
        """The names of a script's threads and asyncio tasks."""
        self._blocked: dict[tuple[int, int], set[int | None]] = {}
        """The asyncio tasks of which it is told that they block their loop, with the lines."""

    @property
    def lines(self) -> Sequence[LogLine]:
        """The lines that are kept; one that has not ended grows in its place: a progress bar."""
        for source in self._grown:
            self._settle(*self._open[source])
        self._grown.clear()
        return self._lines

    @property
    def open_lines(self) -> list[int]:
        """The numbers of the lines that have not ended."""
        return [at for at, _growing in self._open.values()]

    def _settle(self, at: int, growing: PartialLine) -> list[LogLine]:
        """Replace line `at` by what it has grown to; return nothing if it is dropped."""
        if at < self.dropped:
            return []
        line = replace(self._lines[at - self.dropped], text=growing.text)
        self._lines[at - self.dropped] = line
        return [line]

    def add(self, event: Event) -> list[LogLine]:
        """Take one event; return the lines that are complete now, for who only appends lines."""
        match event:
            case RunStarted():
                self._played, self._method = event.kind in PLAYED, event.start_method
                return self._notes(event)
            case RunFinished():
                return [*self._close(), *self._notes(event)]
            case RunHeld():
                return [self._line(event, None, None, Level.PROCESS, _("the work is held"))]
            case RunReleased():
                return [self._line(event, None, None, Level.PROCESS, _("the work goes on"))]
            case ThreadStarted():
                self._threads[event.pid, event.thread] = event.name, event.kind
            case ThreadEnded():
                self._threads.pop((event.pid, event.thread), None)
                self._blocked.pop((event.pid, event.thread), None)
            case LoopBlocked():
                return self._blocks(event)
            case Waiting() if self._is_told(event):
                return [self._line(event, event.pid, event.thread, Level.WAIT, wait_words(event))]
            case Deadlock():
                return self._deadlock(event)
            case TaskQueued():
                self._labels[event.task] = event.label
            case ProcessStarted():
                self._names[event.pid] = event.name
                return [self._line(event, event.pid, None, Level.PROCESS, self._start(event))]
            case ProcessExited():
                closed = self._close(event.pid)
                text = describe_exit(event.exitcode, event.ended_by)
                if event.exitcode is None and event.pid in self._commands:
                    text = _("ended")
                elif event.exitcode == 0 and event.pid in self._of_cluster:
                    text = _("takes part no more")
                return [*closed, self._line(event, event.pid, None, Level.PROCESS, text)]
            case Output():
                return self._output(event)
            case TaskFinished() | TaskFailed() | TaskRetried() | TaskSkipped():
                level, text = self._task_words(event)
                # A task that a stop kept from beginning has no line, like those not even queued.
                if not (isinstance(event, TaskSkipped) and event.stopped and event.pid is None):
                    return [self._line(event, event.pid, event.thread, level, text, event.task)]
        return []

    def _start(self, event: ProcessStarted) -> str:
        """Return that a process started: what it runs, or how, where that is not what one expects.

        The first process that a script starts in another way than Python by itself tells so.
        """
        self._commands.discard(event.pid)
        if event.host is not None:
            self._of_cluster.add(event.pid)
            text = _("takes part: {host}, process {pid}")
            return text.format(host=event.host, pid=event.pid % MOST_PIDS)
        if event.command:
            self._commands.add(event.pid)
            return _("started: {command}").format(command=event.command)
        if event.start_method in ("", self._method):
            return _("started")
        self._method = event.start_method
        return _("started by {method}").format(method=event.start_method)

    def _is_told(self, event: Waiting) -> bool:
        """Return whether a wait has a line: none of the many of asyncio tasks, and no turn has."""
        known = self._threads.get((event.pid, event.thread))
        if known is not None and known[1] is ThreadKind.ASYNCIO:
            return False
        return event.kind not in (WaitKind.SLEEP, WaitKind.IDLE, WaitKind.GIL)

    def _blocks(self, event: LoopBlocked) -> list[LogLine]:
        """Return that an asyncio task blocks its loop, once for each line of it."""
        told = self._blocked.setdefault((event.pid, event.thread), set())
        if event.line in told:
            return []
        told.add(event.line)
        name = self._threads.get((event.pid, event.thread), (str(event.thread),))[0]
        text = blocked_words(event, name)
        return [self._line(event, event.pid, None, Level.BLOCKED, text)]

    def _deadlock(self, event: Deadlock) -> list[LogLine]:
        said = [_("deadlock: nobody of these can ever go on")]
        for who, words in deadlock_words(event, self._names):
            said.append(f"{who} {words}")
        return [self._line(event, None, None, Level.DEADLOCK, text) for text in said]

    def _task_words(
        self, event: TaskFinished | TaskFailed | TaskRetried | TaskSkipped
    ) -> tuple[Level, str]:
        label = self._label(event.task, last=not isinstance(event, TaskRetried))
        match event:
            case TaskFinished():
                text = _("{label} ended after {seconds} s")
                if not self._played:
                    text = _("{label} was processed in {seconds} s")
                seconds = f"{event.seconds:.2f}"
                if self._played and (calls := event.result.get("calls")):
                    return Level.DONE, counted(
                        calls,
                        "{label}: {n} call ended after {seconds} s",
                        "{label}: {n} calls ended after {seconds} s",
                        label=label,
                        seconds=seconds,
                    )
                text = text.format(label=label, seconds=seconds)
                text += "" if self._played else _describe_result(event.result)
                return Level.DONE, text
            case TaskFailed():
                return Level.FAILED, failure_words(label, event.step, event.reason)
            case TaskRetried():
                text = _("{label} is tried again: {reason}")
                if event.step:
                    text = _("{label} is tried again: {reason} in {step}")
                return Level.RETRIED, text.format(label=label, step=event.step, reason=event.reason)
            case TaskSkipped():
                text = _("{label} was skipped: {reason}")
                if event.stopped:
                    text = _("{label} was stopped: {reason}")
                return Level.SKIPPED, text.format(label=label, reason=event.reason)

    def _notes(self, event: RunStarted | RunFinished) -> list[LogLine]:
        return [self._line(event, None, None, Level.PROCESS, note) for note in event.notes]

    def _label(self, task: int, *, last: bool = True) -> str:
        label = self._labels.get(task, str(task))
        if last:
            self._labels.pop(task, None)
        return label if self.label_width is None else shorten(label, self.label_width)

    def _who(self, pid: int | None, thread: int | None) -> str:
        if pid is None:
            return ""
        name = self._names.get(pid, str(pid))
        if (known := self._threads.get((pid, thread))) is not None:
            return lane_name(name, known[0])
        return f"{name}.{thread}" if thread is not None else name

    def _line(
        self,
        event: Event,
        pid: int | None,
        thread: int | None,
        level: Level,
        text: str,
        task: int | None = None,
    ) -> LogLine:
        line = LogLine(event.t, pid, self._who(pid, thread), level, text, task)
        self._lines.append(line)
        if len(self._lines) > self._longest:
            gone = max(1, self._longest // 10)
            del self._lines[:gone]
            self.dropped += gone
        return line

    def _output(self, event: Output) -> list[LogLine]:
        source = (event.pid, event.stream, event.thread)
        at, growing = self._open.pop(source, (-1, None))
        self._grown.discard(source)
        if growing is None or at < self.dropped:
            growing = PartialLine()
            growing.add(event.text)
            level = Level(event.stream)
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
        """End the lines of a process, or of all, which nobody else will end; return them."""
        sources = [source for source in self._open if pid in (None, source[0])]
        self._grown.difference_update(sources)
        return [line for source in sources for line in self._settle(*self._open.pop(source))]


def failure_words(label: str, step: str, reason: str) -> str:
    """Return that a task failed, in which step if any, and why."""
    if step:
        return _("{label} failed in {step}: {reason}").format(label=label, step=step, reason=reason)
    return _("{label} failed: {reason}").format(label=label, reason=reason)


def _describe_result(result: Mapping[str, Any]) -> str:
    """Return what was made of an image, for the end of its line; empty for other results."""
    parts = []
    if "out_width" in result:
        parts.append(
            f"  {result['width']}x{result['height']} → {result['out_width']}x{result['out_height']}"
        )
    if "bytes_in" in result and "bytes_out" in result:
        parts.append(f"  {byte_size(result['bytes_in'])} → {byte_size(result['bytes_out'])}")
    parts += [f" ({note})" for note in result.get("notes", ())]
    return "".join(parts)
