"""Playing a script in a test, and asking its events."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from tests.streams import check_json, check_stream
from tui_app.demos.catalogue import find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.player import PlayRun, ScriptSpec
from tui_app.demos.script import with_values
from tui_app.engine.machine import StartMethod
from tui_app.events import (
    Event,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
    Waiting,
    to_json,
)

E = TypeVar("E", bound=Event)
MARK = "PROCESSION_TEST_MARK"


@dataclass(frozen=True)
class Stretch:
    """From when to when, in seconds of the run."""

    start: float
    end: float

    def overlaps(self, other: Stretch) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Played:
    """A run that is over, told by its events alone."""

    events: list[Event]
    exitcode: int | None

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @cached_property
    def names(self) -> dict[int, str]:
        return {event.pid: event.name for event in self.of(ProcessStarted)}

    @property
    def processes(self) -> list[str]:
        """Their names, main first, else in alphabetical order."""
        return sorted(self.names.values(), key=lambda name: (name != "main", name))

    @property
    def codes(self) -> dict[str, int | None]:
        return {self.names[event.pid]: event.exitcode for event in self.of(ProcessExited)}

    def lines(self, stream: Stream = Stream.STDOUT) -> list[tuple[str, str]]:
        """Each line that was printed, with who printed it; parts are joined."""
        lines: list[tuple[str, str]] = []
        parts: dict[int, str] = {}
        for event in self.of(Output):
            if event.stream is stream:
                text = parts.pop(event.pid, "") + event.text
                if event.partial:
                    parts[event.pid] = text
                else:
                    lines.append((self.names[event.pid], text))
        return lines + [(self.names[pid], text) for pid, text in parts.items()]

    def texts(self, stream: Stream = Stream.STDOUT) -> list[str]:
        return [text for _, text in self.lines(stream)]

    def printed(self, text: str) -> list[float]:
        """When a line was printed that begins so."""
        return [event.t for event in self.of(Output) if event.text.startswith(text)]

    def by(self, text: str) -> list[str]:
        """Who printed the lines that begin so."""
        return [who for who, line in self.lines() if line.startswith(text)]

    def waits(self, name: str) -> list[str]:
        """What the process waited on, in order."""
        return [event.on for event in self.of(Waiting) if self.names[event.pid] == name]

    def stretches(self, on: str) -> list[Stretch]:
        """When anybody waited on something that begins so; to the process's end, if it never
        went on."""
        found: list[Stretch] = []
        for event in self.of(Waiting):
            if event.on.startswith(on):
                ends = [
                    other.t
                    for other in self.events
                    if isinstance(other, Resumed | ProcessExited)
                    and other.pid == event.pid
                    and other.t >= event.t
                ]
                found.append(Stretch(event.t, min(ends)))
        return found

    @property
    def tasks(self) -> list[tuple[str, str, str]]:
        """Each task: its label, who ran it, how it ended."""
        labels = {event.task: event.label for event in self.of(TaskQueued)}
        ends: dict[int, tuple[str, str, str]] = {}
        for event in self.events:
            if isinstance(event, TaskFinished | TaskFailed | TaskSkipped):
                who = self.names[event.pid] if event.pid is not None else ""
                ends[event.task] = (labels[event.task], who, event.event)
        return [ends[task] for task in labels]

    def task_stretches(self) -> list[Stretch]:
        starts = {event.task: event.t for event in self.of(TaskStarted)}
        return [Stretch(starts[event.task], event.t) for event in self.of(TaskFinished)]

    def most_at_once(self) -> int:
        """How many tasks ran at the same time, at most."""
        marks = [(one.start, 1) for one in self.task_stretches()]
        marks += [(one.end, -1) for one in self.task_stretches()]
        most = now = 0
        for _, step in sorted(marks):
            now += step
            most = max(most, now)
        return most

    @property
    def finished(self) -> RunFinished:
        return self.of(RunFinished)[0]


async def collect(
    run: PlayRun | DemoRun, on_event: Callable[[Event], None] = lambda _: None
) -> Played:
    events: list[Event] = []
    async with aclosing(run.events()) as stream:
        async for event in stream:
            events.append(event)
            on_event(event)
    check_stream(events, all_tasks=False)
    for event in events[-200:]:
        check_json(to_json(event))
    return Played(events, run.exitcode)


def script_run(
    script: Path | str,
    *arguments: str,
    folder: Path | None = None,
    method: StartMethod | None = None,
    mark: str = "",
) -> PlayRun:
    return PlayRun(
        ScriptSpec(
            kind="watch",
            title=str(script),
            script=str(script),
            arguments=arguments,
            folder=str(folder or Path.cwd()),
            start_method=method,
            environment={MARK: mark or secrets.token_hex(4)},
        )
    )


async def play(
    folder: Path, source: str, *arguments: str, method: StartMethod | None = None
) -> Played:
    """Plays this text as a script in that folder."""
    script = folder / "script.py"
    script.write_text(source)
    return await collect(script_run(script, *arguments, folder=folder, method=method))


async def play_demo(name: str, method: StartMethod | None = None, **values: object) -> Played:
    demo = find_demo(name)
    texts = {key: str(value) for key, value in values.items()}
    return await collect(
        DemoRun(demo, with_values(demo.source, demo.parse(texts)), start_method=method)
    )


def marked(mark: str) -> list[int]:
    """The processes that have this mark in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                environment = (folder / "environ").read_bytes()
            except OSError:
                continue
            if f"{MARK}={mark}".encode() in environment:
                found.append(int(folder.name))
    return found


def wait_until_gone(mark: str, seconds: float = 2.0) -> list[int]:
    """The marked processes that are left after so long, at most."""
    deadline = time.monotonic() + seconds
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left
