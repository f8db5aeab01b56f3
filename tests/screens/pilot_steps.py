"""What tests do with the app, as a person would."""

import asyncio
import time
from collections.abc import Callable, Sequence

import pytest
from textual.pilot import Pilot
from textual.widgets import ContentSwitcher
from tui_app.screens.base.script import ScriptScreen
from tui_app.screens.batch import BatchScreen
from tui_app.screens.compare import CompareScreen
from tui_app.screens.sweep import SweepScreen

from tests.screens.sample_events import view_of
from tests.screens.sample_sweep import TITLE
from tui_app.app import ProcessionApp
from tui_app.demos.variant import parse_variant
from tui_app.events import Event
from tui_app.runs.comparison.run import ComparisonRun
from tui_app.runs.resources import Usage
from tui_app.runs.runnable import EventReader
from tui_app.runs.sweep.measurement import Cell
from tui_app.runs.sweep.result import Sweep
from tui_app.runs.sweep.run import SweepRun
from tui_app.runs.sweep.work import SweepRequest
from tui_app.runs.view import RunState
from tui_app.widgets.run_pane import RunPane

PATIENCE = 120.0


def heard_by(kind: type[EventReader], monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event that readers of a kind take from now on, in the order in which they come."""
    events: list[Event] = []
    add = kind.add

    def listen(reader: EventReader, event: Event) -> None:
        events.append(event)
        add(reader, event)

    monkeypatch.setattr(kind, "add", listen)
    return events


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Waits until something holds."""
    deadline, pause = time.monotonic() + PATIENCE, 0.02
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        await pilot.pause(pause)
        # Looking costs: whoever waits for long looks less often.
        pause = min(1.2 * pause, 0.2)
    await pilot.pause()


async def leave(pilot: Pilot[None], key: str = "q") -> None:
    """Presses the key that ends the app, and waits until it does.

    Not by `pilot.press`, which waits for what is animated, for ever where the app has ended first.
    """
    pilot.app.simulate_key(key)
    deadline = time.monotonic() + PATIENCE
    while pilot.app.return_code is None:
        assert time.monotonic() < deadline, "it is still there"
        await asyncio.sleep(0.02)


def batch_screen(app: ProcessionApp) -> BatchScreen:
    assert isinstance(app.screen, BatchScreen)
    return app.screen


async def planned(pilot: Pilot[None], app: ProcessionApp) -> None:
    """Waits until the plan is made, or said to be impossible."""
    screen = batch_screen(app)
    await until(pilot, lambda: screen.plan is not None or bool(screen.query(".-wrong")))


async def ended(pilot: Pilot[None], app: ProcessionApp) -> None:
    """Waits until the run that is shown has ended."""
    screen = batch_screen(app)
    going_on = (RunState.IDLE, RunState.RUNNING)
    await until(pilot, lambda: not screen.busy and screen.view.snapshot().state not in going_on)


async def show_played(
    pilot: Pilot[None], events: list[Event], elapsed: float, usage: dict[int, Usage]
) -> None:
    """Shows canned events on the screen that plays scripts."""
    screen = pilot.app.screen
    assert isinstance(screen, ScriptScreen)
    view = view_of(events)
    screen.show_run(view)
    screen.action_show_tab("prints")
    await pilot.pause()
    screen.show_moment(view.snapshot(elapsed), usage)
    await pilot.pause()


async def show_compared(
    pilot: Pilot[None], texts: Sequence[str], runs: Sequence[list[Event]], elapsed: float
) -> None:
    """Shows canned events of compared demos, the last of them at that second of its run."""
    app, screen = pilot.app, pilot.app.screen
    assert isinstance(app, ProcessionApp)
    assert isinstance(screen, CompareScreen)
    app.clock = lambda: elapsed
    run = ComparisonRun([parse_variant(text) for text in texts])
    await screen.prepare(run)
    for number, events in enumerate(runs):
        run.playing, screen.view = number, view_of(events)
        screen.show_run(screen.view)
        for event in events:
            run.readers[number].add(event)
    screen.busy = run.trials()[-1].open
    screen.refresh_bindings()
    screen.show_moment(screen.view.snapshot(elapsed), {})
    await pilot.pause()


async def show_swept(
    pilot: Pilot[None], sweep: Sweep, now: Cell | None, events: list[Event], elapsed: float
) -> None:
    """Shows a canned sweep; where a cell is given, that one runs, and the events are its own."""
    app, screen = pilot.app, pilot.app.screen
    assert isinstance(app, ProcessionApp)
    assert isinstance(screen, SweepScreen)
    app.clock = lambda: elapsed
    run = SweepRun(SweepRequest())
    run.sweep, run.cell, run.title = sweep, now, TITLE
    screen.busy = now is not None
    screen.prepare(run)
    screen.view = view_of(events)
    screen.show_moment(screen.view.snapshot(elapsed), {})
    await pilot.pause()


async def show(
    pilot: Pilot[None], events: list[Event], elapsed: float, usage: dict[int, Usage]
) -> None:
    """Shows canned events on the batch screen."""
    app = pilot.app
    assert isinstance(app, ProcessionApp)
    screen = batch_screen(app)
    screen.query_one(ContentSwitcher).current = "running"
    pane = screen.query_one(RunPane)
    view = view_of(events)
    pane.watch_run(view)
    await asyncio.sleep(0)
    pane.show(view.snapshot(elapsed), usage)
    screen.refresh_bindings()
    await pilot.pause()
