from collections.abc import Iterator
from contextlib import aclosing

import pytest

from tests.runs.factories import demo_started, ended
from tests.runs.fake_runs import CannedRun
from tui_app.demos.play_times import load_play_times
from tui_app.demos.variant import Variant, parse_variant
from tui_app.events import Event, Outcome, RunFinished, RunStarted
from tui_app.runs.comparison.run import ComparisonRun
from tui_app.runs.view import RunState


def canned(outcome: Outcome = Outcome.OK, exitcode: int | None = 0) -> CannedRun:
    return CannedRun(ended([demo_started()], outcome=outcome), exitcode)


@pytest.fixture
def variants() -> list[Variant]:
    return [parse_variant(text) for text in ("one-call", "two-calls", "process-joined:seconds=2")]


def comparison(
    variants: list[Variant], runs: list[CannedRun], monkeypatch: pytest.MonkeyPatch
) -> ComparisonRun:
    """The comparison, in which each variant has that run."""
    turns: Iterator[CannedRun] = iter(runs)
    monkeypatch.setattr(Variant, "run", lambda _variant: next(turns))
    return ComparisonRun(variants)


async def events_of(run: ComparisonRun) -> list[Event]:
    async with aclosing(run.events()) as events:
        return [event async for event in events]


async def test_its_events_are_those_of_one_run_after_another(
    variants: list[Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = comparison(variants, [canned(), canned(), canned()], monkeypatch)
    assert run.playing is None
    events = await events_of(run)
    frames = [type(event) for event in events if isinstance(event, RunStarted | RunFinished)]
    assert frames == [RunStarted, RunFinished] * 3
    assert run.playing == 2
    assert [trial.state for trial in run.trials()] == [RunState.OK] * 3
    assert run.first_failure == 0
    assert set(load_play_times()) == {"one-call", "two-calls"}, "a changed copy is not the demo"


@pytest.mark.parametrize(("exitcode", "code"), [(3, 3), (-9, 137), (None, 1), (0, 1)])
async def test_the_first_failure_is_told_and_the_others_are_played(
    exitcode: int | None, code: int, variants: list[Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = canned(Outcome.FAILED, exitcode)
    run = comparison(variants, [canned(), failed, canned(Outcome.FAILED, 4)], monkeypatch)
    await events_of(run)
    assert run.first_failure == code
    assert [trial.ok for trial in run.trials()] == [True, False, False]
    assert set(load_play_times()) == {"one-call"}


async def test_a_run_that_was_cancelled_ends_all_of_it(
    variants: list[Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = comparison(variants, [canned(), canned(Outcome.CANCELLED), canned()], monkeypatch)
    await events_of(run)
    states = [trial.state for trial in run.trials()]
    assert states == [RunState.OK, RunState.CANCELLED, RunState.IDLE]
    assert run.first_failure == 0


async def test_a_cancel_between_two_runs_begins_no_other(
    variants: list[Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [canned(), canned(), canned()]
    run = comparison(variants, runs, monkeypatch)
    async for event in run.events():
        if isinstance(event, RunFinished):
            run.cancel("enough")
    assert runs[0].cancelled == ["enough"]
    states = [trial.state for trial in run.trials()]
    assert states == [RunState.OK, RunState.IDLE, RunState.IDLE]


def test_it_says_whether_it_needs_the_photographs(variants: list[Variant]) -> None:
    assert not ComparisonRun(variants).needs_samples
    assert ComparisonRun([*variants[:1], parse_variant("images-pool")]).needs_samples
