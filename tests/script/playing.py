"""Playing a script in a test, and asking its events."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from tests.commands import PATIENCE
from tests.invariants import check_json, check_stream
from tui_app.demos.catalogue import find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.parameters import with_values
from tui_app.engine.machine import StartMethod
from tui_app.events import (
    Event,
    RunFinished,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
    WaitKind,
    to_json,
)
from tui_app.script.facts import Facts
from tui_app.script.script_run import ScriptRun, ScriptSpec

MARK = "PROCESSION_TEST_MARK"

SLOWER = (1, 4, 16)
"""How many times slower a demo is played, one after another, until it shows what it should."""


@dataclass(frozen=True)
class Played(Facts):
    """A run that is over, told by its events, and by its exit code as its player has it."""

    exitcode: int | None

    def waited(self, name: str) -> list[tuple[str, str | None]]:
        """What that process waited for, in order: the kind, and the object.

        How long a process takes to start is for the machine to say.
        """
        waits = [wait for wait in self.waits(name) if wait.kind != WaitKind.START]
        return [(str(wait.kind), wait.object) for wait in waits]

    def lines(self, stream: Stream = Stream.STDOUT) -> list[tuple[str, str]]:
        """Each line that was printed, with who printed it."""
        return [(line.who, line.text) for line in self.said(stream)]

    @property
    def tasks(self) -> list[tuple[str, str, str]]:
        """Each task that ended: its label, who ran it, and the name of its last event."""
        labels = {event.task: event.label for event in self.of(TaskQueued)}
        ends = {
            event.task: (labels[event.task], self.names.get(event.pid or 0, ""), event.event)
            for event in self.events
            if isinstance(event, TaskFinished | TaskFailed | TaskSkipped)
        }
        return [ends[task] for task in labels if task in ends]

    @property
    def finished(self) -> RunFinished:
        return self.of(RunFinished)[0]


async def collect(run: ScriptRun, on_event: Callable[[Event], None] = lambda _: None) -> Played:
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
) -> ScriptRun:
    return ScriptRun(
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


async def play_until(
    seen: Callable[[Played], bool], play: Callable[[int], Awaitable[Played]]
) -> Played:
    """Plays until that is seen, slower each time: a busy machine begins late what lasts shortly.

    What is not seen even then, the caller finds missing.
    """
    for slower in SLOWER:
        played = await play(slower)
        if seen(played):
            break
    return played


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


def wait_until_gone(mark: str) -> list[int]:
    """The marked processes that do not go, however long one waits."""
    deadline = time.monotonic() + PATIENCE
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left
