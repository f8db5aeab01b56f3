"""How it looks, at the two sizes that count: kept as pictures, compared line by line."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui_app.screens.editor import EditorScreen

from tests.screens import sample_comparison, sample_demo, sample_many, sample_waits
from tests.screens.pictures import Pictures, every_size
from tests.screens.pilot_steps import planned, show, show_compared, show_played, until
from tests.screens.sample_demo import joined, joining
from tests.screens.sample_events import USAGE, half_way, whole
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.demos import copies, play_times
from tui_app.demos.catalogue import find_demo
from tui_app.engine.machine import StartMethod
from tui_app.engine.spec import Pool
from tui_app.runs.last_batch import LastBatch
from tui_app.runs.request import BatchRequest

Do = Callable[[Pilot[None]], Awaitable[None]]
Size = tuple[int, int]
SMALL = (80, 24)


def batch_app(source: str = ".") -> ProcessionApp:
    pool = Pool(workers=2, start_method=StartMethod.FORKSERVER)
    return ProcessionApp(BatchRequest(sources=(source,)), pool, clock=lambda: 0.0)


LAST = LastBatch("/out", 15, 12, 3, 0, 71.5, "2026-01-02T03:04:05+00:00")


async def plan(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, ProcessionApp)
    await planned(pilot, app)


async def run_half_way(pilot: Pilot[None]) -> None:
    await plan(pilot)
    await show(pilot, half_way(), 2.9, USAGE)


async def summary(pilot: Pilot[None]) -> None:
    await plan(pilot)
    await show(pilot, whole(), 5.0, {})


async def failures(pilot: Pilot[None]) -> None:
    await summary(pilot)
    await pilot.press("x")


async def question(pilot: Pilot[None]) -> None:
    await plan(pilot)
    await pilot.press("enter")
    await pilot.pause(0.2)


async def keys(pilot: Pilot[None]) -> None:
    await run_half_way(pilot)
    await pilot.press("question_mark")


async def searching(pilot: Pilot[None]) -> None:
    await run_half_way(pilot)
    await pilot.press("slash")


@pytest.mark.slow
@every_size
async def test_home(pictures: Pictures, home: Path, size: Size) -> None:
    LAST.save()
    async with pictures.of(ProcessionApp(), size) as looker:
        await looker.look_in_both_themes("home")


def put_an_output_of_others(photos: Path) -> None:
    (photos / "processed").mkdir()
    (photos / "processed" / "photo-2.jpg").touch()


@pytest.mark.slow
@every_size
async def test_batch(pictures: Pictures, photos: Path, size: Size) -> None:
    put_an_output_of_others(photos)
    async with pictures.of(batch_app(), size) as looker:
        for act in (plan, run_half_way, summary, failures):
            await act(looker.pilot)
            await looker.look_in_both_themes(act.__name__)


@pytest.mark.slow
@every_size
@pytest.mark.parametrize("act", [question, keys])
async def test_above_a_batch(pictures: Pictures, photos: Path, size: Size, act: Do) -> None:
    put_an_output_of_others(photos)
    async with pictures.of(batch_app(), size) as looker:
        await act(looker.pilot)
        await looker.look("above")


@pytest.mark.slow
@every_size
async def test_a_plan_that_cannot_be(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(batch_app("/no/such/folder"), size) as looker:
        await plan(looker.pilot)
        await looker.look("plan")


@pytest.mark.slow
async def test_without_colour(
    pictures: Pictures, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with pictures.of(batch_app(), SMALL) as looker:
        await run_half_way(looker.pilot)
        await looker.look("run_half_way")


@pytest.mark.slow
async def test_batch_in_romanian(pictures: Pictures, photos: Path) -> None:
    put_an_output_of_others(photos)
    language.use("ro")
    async with pictures.of(batch_app(), SMALL) as looker:
        for act in (plan, run_half_way, searching, summary, failures):
            await act(looker.pilot)
            await looker.look(act.__name__)
            if act is searching:
                await looker.pilot.press("escape")


@pytest.mark.slow
@pytest.mark.parametrize("act", [question, keys])
async def test_above_a_batch_in_romanian(pictures: Pictures, photos: Path, act: Do) -> None:
    put_an_output_of_others(photos)
    language.use("ro")
    async with pictures.of(batch_app(), SMALL) as looker:
        await act(looker.pilot)
        await looker.look("above")


async def test_home_in_romanian(pictures: Pictures, home: Path) -> None:
    LAST.save()
    language.use("ro")
    async with pictures.of(ProcessionApp(), SMALL) as looker:
        await looker.look("home")


def demo_app() -> ProcessionApp:
    return ProcessionApp(demo=find_demo("process-joined"), clock=lambda: 0.0)


async def demo_idle(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: bool(pilot.app.screen.query("Input.parameter")))


async def demo_joining(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await show_played(pilot, joining(), 0.6, sample_demo.USAGE)


async def demo_joined(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await show_played(pilot, joined(), 1.2, {})
    await pilot.press("s")


async def demo_processes(pilot: Pilot[None]) -> None:
    await demo_joining(pilot)
    await pilot.press("w")


async def waits(pilot: Pilot[None]) -> None:
    await show_played(pilot, sample_waits.crosswise(), 1.0, {})
    await pilot.press("W")


async def demo_list(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await pilot.press("l")


@pytest.mark.slow
@every_size
@pytest.mark.parametrize("act", [demo_idle, demo_joining, demo_joined])
async def test_demos(pictures: Pictures, home: Path, size: Size, act: Do) -> None:
    play_times.FILE.save({"one-call": 1.02, "two-calls": 2.01})
    async with pictures.of(demo_app(), size) as looker:
        await act(looker.pilot)
        await looker.look_in_both_themes("demo")


@pytest.mark.slow
async def test_demos_on_a_small_screen(pictures: Pictures, home: Path) -> None:
    play_times.FILE.save({"one-call": 1.02, "two-calls": 2.01})
    async with pictures.of(demo_app(), SMALL) as looker:
        for act in (demo_list, demo_processes):
            await act(looker.pilot)
            await looker.look(act.__name__)
            await looker.pilot.press("escape")


@pytest.mark.slow
@every_size
async def test_many_lanes(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(demo_app(), size) as looker:
        await demo_idle(looker.pilot)
        for name, (events, elapsed) in sample_many.RUNS.items():
            await show_played(looker.pilot, events, elapsed, {})
            await looker.look(name)


@pytest.mark.slow
@every_size
async def test_who_waits_for_whom(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(demo_app(), size) as looker:
        await demo_idle(looker.pilot)
        await waits(looker.pilot)
        await looker.look_in_both_themes("waits")


@pytest.mark.slow
async def test_who_waits_for_whom_in_romanian(pictures: Pictures, home: Path) -> None:
    language.use("ro")
    async with pictures.of(demo_app(), SMALL) as looker:
        await demo_idle(looker.pilot)
        await waits(looker.pilot)
        await looker.look("waits")


async def pairs(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: bool(pilot.app.screen.query("Input.parameter")))
    await until(pilot, lambda: pilot.app.screen.focused is not None)


async def marks(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await pilot.press("2", "space", "home", "space")


async def settings(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await pilot.press("3")


async def compared_half_way(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await show_compared(pilot, ["2", "5"], sample_comparison.HALF_WAY, 0.6)


async def compared(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await show_compared(pilot, ["2", "5"], sample_comparison.DONE, 0.0)


async def compared_with_a_failure(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    texts = ["2", "5", "5:start=spawn"]
    await show_compared(pilot, texts, sample_comparison.BROKEN, 0.0)


async def compared_with_many(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await show_compared(pilot, ["7:seconds=1.5", "13"], sample_comparison.MANY, 0.0)


async def compared_photographs(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await show_compared(pilot, ["16", "17"], sample_comparison.PHOTOGRAPHS, 0.0)


IN_TURN = {
    "SECONDS = 1": "SECONDS = 0.5",
    "        processes.append(p)": "        p.join()  # at once: so each one waits for the last",
}


def remember_a_copy(flaw: str = "") -> None:
    """Demo 7 was changed: its join is in the first loop."""
    text = find_demo("loop-joined").source
    for old, new in IN_TURN.items():
        text = text.replace(old, new)
    text = text.replace("range(CALLS):", f"range(CALLS){flaw or ':'}")
    copies.FILE.save({"loop-joined": text})


async def open_editor(pilot: Pilot[None]) -> None:
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))


async def editor(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await open_editor(pilot)


async def editor_difference(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+t")


async def demo_difference(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await pilot.press("i")


async def saving(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+s")
    await pilot.pause()


def changed_app() -> ProcessionApp:
    return ProcessionApp(demo=find_demo("loop-joined"), clock=lambda: 0.0)


@pytest.mark.slow
@every_size
async def test_compare(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(ProcessionApp(compared=(), clock=lambda: 0.0), size) as looker:
        for act in (pairs, compared_half_way, compared):
            await act(looker.pilot)
            await looker.look_in_both_themes(act.__name__)


@pytest.mark.slow
@every_size
async def test_compare_in_the_dark(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(ProcessionApp(compared=(), clock=lambda: 0.0), size) as looker:
        states = (settings, marks, compared_with_a_failure, compared_with_many)
        for act in (*states, compared_photographs):
            await act(looker.pilot)
            await looker.look(act.__name__)


@pytest.mark.slow
@every_size
async def test_editing(pictures: Pictures, home: Path, size: Size) -> None:
    remember_a_copy()
    async with pictures.of(changed_app(), size) as looker:
        for act in (demo_difference, editor, editor_difference):
            await act(looker.pilot)
            await looker.look_in_both_themes(act.__name__)
        await looker.pilot.press("ctrl+t")
        await saving(looker.pilot)
        await looker.look("saving")


@pytest.mark.slow
@every_size
async def test_a_flaw_in_the_editor(pictures: Pictures, home: Path, size: Size) -> None:
    remember_a_copy(flaw=" # no colon")
    async with pictures.of(changed_app(), size) as looker:
        # Nothing of a text that cannot be read stands in a field.
        await until(looker.pilot, lambda: bool(looker.pilot.app.screen.query("#start-method")))
        await open_editor(looker.pilot)
        await looker.look_in_both_themes("editor")
