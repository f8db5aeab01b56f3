"""Runs that are stopped, and go on; and runs that find the disk gone."""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from tests.commands import outputs
from tests.images.factories import journalled as lines_of
from tests.images.factories import picture
from tests.invariants import check_stream
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.events import (
    Event,
    Outcome,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
)
from tui_app.images.errors import PlanError
from tui_app.images.output.journal import JOURNAL
from tui_app.images.output.journal_lines import Begun, JournalLine, Made
from tui_app.images.plan import Plan
from tui_app.images.planner import make_plan
from tui_app.images.recipe import Recipe
from tui_app.runs.batch import BatchRun

RECIPE = Recipe("small", "", blur=2, fit=(40, 40))
COUNT = 8


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of photographs; its output is beside it, in `out`."""
    (tmp_path / "in").mkdir()
    for number in range(COUNT):
        picture((300 + number, 200)).save(tmp_path / "in" / f"{number}.png")
    return tmp_path


def plan_of(folder: Path, **options: bool) -> Plan:
    return make_plan(
        [str(folder / "in")],
        RECIPE,
        output=str(folder / "out"),
        **options,  # type: ignore[arg-type]
    )


async def run(
    plan: Plan, then: Callable[[Event, BatchRun], None] = lambda event, run: None
) -> list[Event]:
    batch = BatchRun(plan, Pool(workers=2))
    events: list[Event] = []
    async with aclosing(batch.events()) as stream:
        async for event in stream:
            events.append(event)
            then(event, batch)
    check_stream(events, all_tasks=False)
    return events


def labels(
    events: Sequence[Event], kind: type[TaskFinished | TaskFailed | TaskSkipped | TaskStarted]
) -> set[str]:
    names = {event.task: event.label for event in events if isinstance(event, TaskQueued)}
    return {names[event.task] for event in events if isinstance(event, kind)}


def last(events: Sequence[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    return events[-1]


def journalled(folder: Path, kind: type[JournalLine]) -> set[str]:
    lines, _unread = lines_of(folder / "out")
    return {line.output for line in lines if isinstance(line, kind)}


@pytest.mark.slow
async def test_what_is_told_is_in_the_journal_already(photos: Path) -> None:
    names: dict[int, str] = {}

    def look(event: Event, batch: BatchRun) -> None:
        match event:
            case TaskQueued():
                names[event.task] = event.label
            case TaskProgress() if event.step != "open":
                assert names[event.task] in journalled(photos, Begun)
            case TaskFinished():
                assert names[event.task] in journalled(photos, Made)

    await run(plan_of(photos), look)
    assert len(journalled(photos, Made)) == COUNT


@pytest.mark.slow
@pytest.mark.parametrize("leave", [False, True], ids=["cancelled", "left"])
async def test_a_run_that_was_stopped_goes_on_with_the_rest(photos: Path, leave: bool) -> None:
    first: list[Event] = []
    batch = BatchRun(plan_of(photos), Pool(ExecutorKind.SEQUENTIAL))
    async with aclosing(batch.events()) as stream:
        async for event in stream:
            first.append(event)
            if sum(isinstance(each, TaskFinished) for each in first) == 3:
                if leave:
                    break
                batch.cancel()
    done = labels(first, TaskFinished)
    assert 3 <= len(done) < COUNT
    outputs(photos / "out")
    second = await run(plan_of(photos))
    assert last(second).outcome is Outcome.OK
    assert labels(second, TaskStarted) & done == set()
    assert labels(second, TaskFinished) | done == {f"{number}.png" for number in range(COUNT)}
    for event in second:
        if isinstance(event, TaskSkipped):
            assert event.reason.startswith("done already, on 20")
    third = await run(plan_of(photos))
    assert labels(third, TaskSkipped) == {f"{number}.png" for number in range(COUNT)}
    assert labels(await run(plan_of(photos, fresh=True)), TaskSkipped) == set()


async def test_a_plan_from_before_another_run_does_nothing_twice(photos: Path) -> None:
    early = plan_of(photos)
    await run(plan_of(photos))
    events = await run(early)
    assert labels(events, TaskSkipped) == {f"{number}.png" for number in range(COUNT)}


async def test_a_second_run_is_refused_while_the_first_is_at_work(photos: Path) -> None:
    refused: list[str] = []
    first = BatchRun(plan_of(photos), Pool(workers=1))
    async with aclosing(first.events()) as stream:
        async for event in stream:
            if isinstance(event, TaskFinished) and not refused:
                with pytest.raises(PlanError, match="another run is writing into") as caught:
                    await run(plan_of(photos))
                refused.append(str(caught.value))
    assert len(refused) == 1
    assert len(labels(await run(plan_of(photos)), TaskSkipped)) == COUNT


async def test_what_the_output_folder_cannot_keep_is_the_run_s_first_note(photos: Path) -> None:
    journal = photos / "out" / ".procession" / JOURNAL
    journal.parent.mkdir(parents=True)
    journal.write_text(json.dumps({"event": "journal", "version": 2}) + "\n")
    events = await run(plan_of(photos))
    assert isinstance(events[0], RunStarted)
    assert [note for note in events[0].notes if "another version" in note]
    assert len(labels(events, TaskFinished)) == COUNT
    assert len(plan_of(photos).existing) == COUNT


async def test_an_output_folder_that_vanishes_stops_the_run_and_nothing_is_lost(
    photos: Path,
) -> None:
    gone: list[TaskFinished] = []

    def remove(event: Event, batch: BatchRun) -> None:
        if isinstance(event, TaskFinished) and not gone:
            gone.append(event)
            shutil.move(photos / "out", photos / "elsewhere")

    events = await run(plan_of(photos), remove)
    assert last(events).outcome is Outcome.FAILED
    assert last(events).reason == f"the output folder {photos}/out has gone"
    assert labels(events, TaskFailed)
    for event in events:
        if isinstance(event, TaskFailed):
            assert event.error == "DiskError"
            assert event.reason == "the output cannot be written: its folder has gone"
    assert not (photos / "out").exists()
    # A worker's temporary file may have moved along: the next run takes it away.
    shutil.move(photos / "elsewhere", photos / "out")
    again = await run(plan_of(photos))
    assert last(again).outcome is Outcome.OK
    # Which of the first two ends first is the workers' affair.
    done = [e.label for e in events if isinstance(e, TaskQueued) and e.task == gone[0].task]
    assert labels(again, TaskSkipped) >= {*done}
    assert len(outputs(photos / "out")) == COUNT


async def test_one_folder_that_vanishes_costs_only_its_own_images(photos: Path) -> None:
    (photos / "in" / "deep").mkdir()
    for number in range(3):
        picture((40, 30)).save(photos / "in" / "deep" / f"{number}.png")
    plan = make_plan([str(photos / "in")], RECIPE, output=str(photos / "out"), recursive=True)
    gone: list[Event] = []

    def remove(event: Event, batch: BatchRun) -> None:
        # The smallest come last.
        if isinstance(event, TaskStarted) and not gone:
            gone.append(event)
            (photos / "out" / "deep").rmdir()

    events = await run(plan, remove)
    assert last(events).outcome is Outcome.FAILED
    assert last(events).reason == ""
    assert labels(events, TaskFailed) == {f"deep/{number}.png" for number in range(3)}
    assert len(labels(events, TaskFinished)) == COUNT


async def test_a_journal_that_cannot_be_written_any_more_stops_the_run(photos: Path) -> None:
    journal = photos / "out" / ".procession" / JOURNAL

    def replace_journal(event: Event, batch: BatchRun) -> None:
        # A worker may begin a new one in between.
        while isinstance(event, TaskStarted) and journal.is_file():
            journal.rename(photos / "elsewhere")
            with suppress(FileExistsError):
                journal.mkdir()

    events = await run(plan_of(photos), replace_journal)
    assert last(events).outcome is Outcome.FAILED
    why = f"the journal in {photos}/out/.procession was replaced by another file"
    assert last(events).reason == why
    assert len(labels(events, TaskFinished)) < COUNT
    assert labels(events, TaskFailed)


async def test_an_image_is_begun_in_the_journal_when_it_is_and_no_sooner(photos: Path) -> None:
    """The window of tasks that are known is wider than what workers work on."""
    waiting: list[set[str]] = []

    def look(event: Event, batch: BatchRun) -> None:
        if isinstance(event, TaskFinished) and not waiting:
            waiting.append({f"{n}.png" for n in range(COUNT)} - journalled(photos, Begun))

    events: list[Event] = []
    batch = BatchRun(plan_of(photos), Pool(ExecutorKind.SEQUENTIAL))
    async with aclosing(batch.events()) as stream:
        async for event in stream:
            events.append(event)
            look(event, batch)
    assert len(labels(events, TaskFinished)) == COUNT
    assert waiting[0], "all were known, and not all were begun"
