"""Hostile names on the screen: shown as they are, cut where they are long, never obeyed."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.hostile import HOSTILE_NAMES
from tests.images.factories import picture
from tests.invariants import check_stream
from tests.screens.pictures import Pictures, every_size
from tests.screens.pilot_steps import planned, show
from tests.screens.sample_events import PIDS
from tests.screens.test_snapshots import batch_app
from tui_app.app import ProcessionApp
from tui_app.events import (
    Event,
    Outcome,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskStarted,
)
from tui_app.summary import summarise


def hostile_run() -> list[Event]:
    """A run over all names: every other image fails, for a reason that repeats its name."""
    events: list[Event] = [
        RunStarted(
            t=0.0, run="bad00001", kind="batch", title=f"{HOSTILE_NAMES[0]} → {HOSTILE_NAMES[4]}",
            executor="processes", workers=1, start_method="forkserver", cpus=2, python="3.13.0",
            host="here", started_at="2026-01-01T12:00:00+00:00", tasks=len(HOSTILE_NAMES),
            weight=float(len(HOSTILE_NAMES)),
        )
    ]  # fmt: skip
    events.append(ProcessStarted(t=0.1, pid=PIDS[0], parent=4100, name="W-1"))
    result = {"width": 9, "height": 9, "out_width": 9, "out_height": 9, "notes": []}
    for task, name in enumerate(HOSTILE_NAMES, 1):
        events.append(TaskQueued(t=0.1, task=task, label=name, weight=1.0))
        events.append(TaskStarted(t=0.1 * task, task=task, pid=PIDS[0]))
        at, pid = 0.1 * task + 0.05, PIDS[0]
        if task % 2:
            said = {**result, "notes": [f"odd: {name}"]}
            events.append(TaskFinished(t=at, task=task, pid=pid, seconds=0.05, result=said))
        else:
            events.append(
                TaskFailed(
                    t=at, task=task, pid=pid, seconds=0.05, error="ImageError", reason=name, step=""
                )
            )
    events.append(ProcessExited(t=2.0, pid=PIDS[0], exitcode=0))
    summary = summarise([*events, RunFinished(t=2.1, outcome=Outcome.FAILED)]).to_dict()
    return [*events, RunFinished(t=2.1, outcome=Outcome.FAILED, summary=summary)]


@pytest.fixture
def hostile_photos(home: Path) -> Path:
    """Images by all those names in the current folder."""
    for name in HOSTILE_NAMES:
        picture((60, 40)).save(home / "photos" / name, "JPEG")
    return home


async def plan(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, ProcessionApp)
    await planned(pilot, app)


async def log(pilot: Pilot[None]) -> None:
    await plan(pilot)
    await show(pilot, hostile_run(), 3.0, {})


async def failures(pilot: Pilot[None]) -> None:
    await log(pilot)
    await pilot.press("x")


def test_the_run_is_one_that_could_be() -> None:
    check_stream(hostile_run())


@pytest.mark.slow
@every_size
async def test_hostile_names(
    pictures: Pictures, hostile_photos: Path, size: tuple[int, int]
) -> None:
    async with pictures.of(batch_app(), size) as looker:
        for act in (plan, log, failures):
            await act(looker.pilot)
            await looker.look(act.__name__)
