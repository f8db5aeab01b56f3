"""The sample photographs, drawn before a run that needs them."""

from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runs.factories import demo_started, ended
from tests.runs.fake_runs import CannedRun
from tui_app.engine.spec import Pool
from tui_app.events import Event, Outcome, RunFinished, RunStarted
from tui_app.images import samples
from tui_app.runs.samples import SAMPLES_KIND, SamplesFirst, SamplesRun

POOL = Pool(workers=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where two small samples belong."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    few = tuple(replace(sample, width=60, height=40) for sample in samples.SAMPLES[:2])
    monkeypatch.setattr(samples, "SAMPLES", few)
    return samples.samples_folder()


def other_run() -> CannedRun:
    return CannedRun(ended([demo_started()]))


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events if isinstance(event, RunStarted)]


async def events_of(run: SamplesFirst | SamplesRun) -> list[Event]:
    async with aclosing(run.events()) as events:
        return [event async for event in events]


async def test_what_is_missing_is_drawn_first(folder: Path) -> None:
    run = SamplesFirst(other_run(), pool=POOL)
    assert not run.drawn
    assert kinds(await events_of(run)) == [SAMPLES_KIND, "demo"]
    assert run.drawn
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        sample.name for sample in samples.SAMPLES
    )
    again = SamplesFirst(other_run(), pool=POOL)
    assert again.drawn
    assert kinds(await events_of(again)) == ["demo"]


async def test_alone_it_only_draws(folder: Path) -> None:
    assert kinds(await events_of(SamplesFirst(pool=POOL))) == [SAMPLES_KIND]
    assert await events_of(SamplesFirst(pool=POOL)) == []


async def test_a_run_that_does_not_need_them_begins_at_once(folder: Path) -> None:
    run = SamplesFirst(other_run(), needed=False)
    assert run.drawn
    assert kinds(await events_of(run)) == ["demo"]
    assert not folder.exists()


async def test_a_cancel_while_they_are_drawn_ends_all_of_it(folder: Path) -> None:
    other = other_run()
    run = SamplesFirst(other, pool=POOL)
    events = []
    async for event in run.events():
        events.append(event)
        if isinstance(event, RunStarted):
            run.cancel("enough")
    assert kinds(events) == [SAMPLES_KIND]
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert (last.outcome, last.reason) == (Outcome.CANCELLED, "enough")
    assert not run.drawn
    assert other.cancelled == []


async def test_a_cancel_after_the_last_photograph_begins_no_other_run(folder: Path) -> None:
    run = SamplesFirst(other_run(), pool=POOL)
    events = []
    async for event in run.events():
        events.append(event)
        if isinstance(event, RunFinished):
            run.cancel()
    assert kinds(events) == [SAMPLES_KIND]


async def test_later_a_cancel_is_the_other_run_s(folder: Path) -> None:
    other = other_run()
    run = SamplesFirst(other, needed=False)
    async for event in run.events():
        if isinstance(event, RunStarted):
            run.cancel("enough")
    assert other.cancelled == ["enough"]


async def test_a_folder_that_cannot_be_made_is_an_error(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    other = other_run()
    run = SamplesFirst(other, pool=POOL)
    with pytest.raises(OSError, match="Not a directory"):
        await events_of(run)
    assert not run.drawn


async def test_in_another_folder_what_stands_there_is_left_alone(
    folder: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / samples.SAMPLES[0].name).write_text("somebody's own")
    run = SamplesRun(there, POOL)
    assert run.missing == samples.SAMPLES
    (end,) = [event for event in await events_of(run) if isinstance(event, RunFinished)]
    assert end.outcome is Outcome.FAILED
    assert (there / samples.SAMPLES[0].name).read_text() == "somebody's own"
