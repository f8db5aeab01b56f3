"""How it looks, at the two sizes that count: kept as pictures, compared line by line."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui_app.screens.editor import EditorScreen

from tests.screens import canned_comparison, canned_demo
from tests.screens.acting import planned, show, show_compared, show_played, until
from tests.screens.canned import USAGE, half_way, whole
from tests.screens.canned_demo import joined, joining
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import find_demo
from tui_app.engine.machine import StartMethod
from tui_app.engine.spec import Pool
from tui_app.runs.request import BatchRequest
from tui_app.settings import LastBatch, save_copy, save_done, save_last_batch

Compare = Callable[..., bool]
SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((120, 40), id="120x40")]
THEMES = [pytest.param("procession-dark", id="dark"), pytest.param("procession-light", id="light")]
every_size = pytest.mark.parametrize("size", SIZES)
every_theme = pytest.mark.parametrize("theme", THEMES)
Do = Callable[[Pilot[None]], Awaitable[None]]


def batch_app(source: str = ".") -> ProcessionApp:
    pool = Pool(workers=2, start_method=StartMethod.FORKSERVER)
    return ProcessionApp(BatchRequest(sources=(source,)), pool, clock=lambda: 0.0)


def in_theme(theme: str, then: Do) -> Do:
    async def act(pilot: Pilot[None]) -> None:
        await pilot.pause()
        pilot.app.theme = theme
        await then(pilot)
        await pilot.pause()

    return act


async def nothing(pilot: Pilot[None]) -> None:
    await pilot.pause()


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


@every_theme
@every_size
def test_home(snap_compare: Compare, home: Path, size: tuple[int, int], theme: str) -> None:
    last = LastBatch("/out", 15, 12, 3, 0, 71.5, "2026-01-02T03:04:05+00:00")
    save_last_batch(last)
    app = ProcessionApp()
    assert snap_compare(app, terminal_size=size, run_before=in_theme(theme, nothing))


@every_theme
@every_size
@pytest.mark.parametrize("state", [plan, run_half_way, summary, failures])
def test_batch(
    snap_compare: Compare, photos: Path, size: tuple[int, int], theme: str, state: Do
) -> None:
    (photos / "processed").mkdir()
    (photos / "processed" / "photo-2.jpg").touch()
    assert snap_compare(batch_app(), terminal_size=size, run_before=in_theme(theme, state))


@every_size
def test_a_plan_that_cannot_be(snap_compare: Compare, home: Path, size: tuple[int, int]) -> None:
    assert snap_compare(batch_app("/no/such/folder"), terminal_size=size, run_before=plan)


@every_size
def test_keys(snap_compare: Compare, photos: Path, size: tuple[int, int]) -> None:
    assert snap_compare(batch_app(), terminal_size=size, run_before=keys)


@every_size
def test_question(snap_compare: Compare, photos: Path, size: tuple[int, int]) -> None:
    (photos / "processed").mkdir()
    (photos / "processed" / "photo-2.jpg").touch()

    assert snap_compare(batch_app(), terminal_size=size, run_before=question)


def test_without_colour(
    snap_compare: Compare, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(batch_app(), terminal_size=(80, 24), run_before=run_half_way)


@pytest.mark.parametrize(
    "state", [plan, question, run_half_way, searching, summary, failures, keys]
)
def test_batch_in_romanian(snap_compare: Compare, photos: Path, state: Do) -> None:
    (photos / "processed").mkdir()
    (photos / "processed" / "photo-2.jpg").touch()
    language.use("ro")
    assert snap_compare(batch_app(), terminal_size=(80, 24), run_before=state)


def test_home_in_romanian(snap_compare: Compare, home: Path) -> None:
    save_last_batch(LastBatch("/out", 15, 12, 3, 0, 71.5, "2026-01-02T03:04:05+00:00"))
    language.use("ro")
    assert snap_compare(ProcessionApp(), terminal_size=(80, 24), run_before=nothing)


def demo_app() -> ProcessionApp:
    return ProcessionApp(demo=find_demo("process-joined"), clock=lambda: 0.0)


async def demo_idle(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: bool(pilot.app.screen.query("Input.parameter")))


async def demo_joining(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await show_played(pilot, joining(), 0.6, canned_demo.USAGE)


async def demo_joined(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await show_played(pilot, joined(), 1.2, {})
    await pilot.press("s")


async def demo_processes(pilot: Pilot[None]) -> None:
    await demo_joining(pilot)
    await pilot.press("w")


async def demo_list(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await pilot.press("l")


@every_theme
@every_size
@pytest.mark.parametrize("state", [demo_idle, demo_joining, demo_joined])
def test_demos(
    snap_compare: Compare, home: Path, size: tuple[int, int], theme: str, state: Do
) -> None:
    save_done({"one-call": 1.02, "two-calls": 2.01})
    assert snap_compare(demo_app(), terminal_size=size, run_before=in_theme(theme, state))


@pytest.mark.parametrize("state", [demo_processes, demo_list])
def test_demos_on_a_small_screen(snap_compare: Compare, home: Path, state: Do) -> None:
    save_done({"one-call": 1.02, "two-calls": 2.01})
    assert snap_compare(demo_app(), terminal_size=(80, 24), run_before=state)


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
    await show_compared(pilot, ["2", "5"], canned_comparison.HALF_WAY, 0.6)


async def compared(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await show_compared(pilot, ["2", "5"], canned_comparison.DONE, 0.0)


async def compared_with_a_failure(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    texts = ["2", "5", "5:start=spawn"]
    await show_compared(pilot, texts, canned_comparison.BROKEN, 0.0)


async def compared_with_many(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await show_compared(pilot, ["7:seconds=1.5", "13"], canned_comparison.MANY, 0.0)


async def compared_photographs(pilot: Pilot[None]) -> None:
    await pairs(pilot)
    await show_compared(pilot, ["16", "17"], canned_comparison.PHOTOGRAPHS, 0.0)


IN_TURN = {
    "SECONDS = 1": "SECONDS = 0.5",
    "        processes.append(p)": "        p.join()  # at once: so each one waits for the last",
}


def remember_a_copy(flaw: str = "") -> None:
    """Demo 7 was changed: its join is in the first loop."""
    text = find_demo("loop-joined").source
    for old, new in IN_TURN.items():
        text = text.replace(old, new)
    save_copy("loop-joined", text.replace("range(CALLS):", f"range(CALLS){flaw or ':'}"))


async def editor(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))


async def editor_difference(pilot: Pilot[None]) -> None:
    await editor(pilot)
    await pilot.press("ctrl+t")


async def demo_difference(pilot: Pilot[None]) -> None:
    await demo_idle(pilot)
    await pilot.press("i")


async def saving(pilot: Pilot[None]) -> None:
    await editor(pilot)
    await pilot.press("ctrl+s")
    await pilot.pause()


def changed_app() -> ProcessionApp:
    return ProcessionApp(demo=find_demo("loop-joined"), clock=lambda: 0.0)


@every_theme
@every_size
@pytest.mark.parametrize("state", [pairs, compared_half_way, compared])
def test_compare(
    snap_compare: Compare, home: Path, size: tuple[int, int], theme: str, state: Do
) -> None:
    app = ProcessionApp(compared=(), clock=lambda: 0.0)
    assert snap_compare(app, terminal_size=size, run_before=in_theme(theme, state))


@every_size
@pytest.mark.parametrize(
    "state",
    [marks, settings, compared_with_a_failure, compared_with_many, compared_photographs],
)
def test_compare_in_the_dark(
    snap_compare: Compare, home: Path, size: tuple[int, int], state: Do
) -> None:
    app = ProcessionApp(compared=(), clock=lambda: 0.0)
    assert snap_compare(app, terminal_size=size, run_before=state)


@every_theme
@every_size
@pytest.mark.parametrize("state", [editor, editor_difference, demo_difference])
def test_editing(
    snap_compare: Compare, home: Path, size: tuple[int, int], theme: str, state: Do
) -> None:
    remember_a_copy()
    assert snap_compare(changed_app(), terminal_size=size, run_before=in_theme(theme, state))


@every_size
def test_saving(snap_compare: Compare, home: Path, size: tuple[int, int]) -> None:
    remember_a_copy()
    assert snap_compare(changed_app(), terminal_size=size, run_before=saving)


@every_theme
@every_size
def test_a_flaw_in_the_editor(
    snap_compare: Compare, home: Path, size: tuple[int, int], theme: str
) -> None:
    remember_a_copy(flaw=" # no colon")

    async def act(pilot: Pilot[None]) -> None:
        # Nothing of a text that cannot be read stands in a field.
        await until(pilot, lambda: bool(pilot.app.screen.query("#start-method")))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))

    assert snap_compare(changed_app(), terminal_size=size, run_before=in_theme(theme, act))
