"""Any moment of a played script is on the screen, and a picture that is held stays."""

import random
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui_app.screens.watch import WatchScreen

from tests.runs.test_time_cursor import RUNS
from tests.screens.pilot_steps import until
from tests.screens.sample_demo import joined
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import find_demo
from tui_app.events import Event, Waiting, WaitKind
from tui_app.runs.lanes import RowState
from tui_app.runs.moments import Moments
from tui_app.runs.view import RunState
from tui_app.script.script_run import ScriptSpec
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.prints_view import PrintsView
from tui_app.widgets.process_rows import ProcessRows

KEYS = (",", ".", "<", ">", "B", "E")

WAITS_TO_BE_LET_GO = """\
import pathlib, time
print("one", flush=True)
while not pathlib.Path("go").exists():
    time.sleep(0.01)
print("two", flush=True)
"""


class CannedRun:
    """Plays events that were recorded."""

    exitcode = 0

    def __init__(self, events: list[Event]) -> None:
        self._events = events

    async def events(self) -> AsyncGenerator[Event, None]:
        for event in self._events:
            yield event

    def cancel(self, reason: str = "") -> None:
        """It has ended before anybody can ask for it."""


class Seconds:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def picture(app: ProcessionApp) -> list[str]:
    screen = app.screen
    return [strip.text for strip in screen._compositor.render_strips(screen.size)]


async def settled(pilot: Pilot[None], app: ProcessionApp) -> list[str]:
    """The picture once it stays as it is."""
    before: list[str] = []
    while (now := picture(app)) != before:
        before = now
        await pilot.pause(0.05)
    return now


async def watching(pilot: Pilot[None], app: ProcessionApp) -> WatchScreen:
    await until(pilot, lambda: isinstance(app.screen, WatchScreen))
    screen = app.screen
    assert isinstance(screen, WatchScreen)
    return screen


async def played(pilot: Pilot[None], app: ProcessionApp, events: list[Event]) -> WatchScreen:
    """A screen on which a script has just played these events."""
    screen = await watching(pilot, app)
    await until(pilot, lambda: not screen.busy)
    screen.query_one(CodeView).show(find_demo("loop-joined").source)
    await screen.watch_run(CannedRun(events))
    screen.refresh_bindings()
    await pilot.pause()
    return screen


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptSpec:
    monkeypatch.chdir(tmp_path)
    Path("script.py").write_text("print(1)\n", "utf-8")
    return ScriptSpec(kind="watch", title="mine", script="script.py")


@pytest.mark.parametrize(
    ("name", "size"), [*((name, (80, 24)) for name in RUNS), ("13", (120, 40))]
)
async def test_however_the_cursor_was_moved_at_the_end_the_screen_is_the_run_s_own(
    script: ScriptSpec, name: str, size: tuple[int, int]
) -> None:
    app = ProcessionApp(script=script, clock=lambda: 0.0)
    async with app.run_test(size=size) as pilot:
        screen = await played(pilot, app, RUNS[name])
        own = await settled(pilot, app)
        chance = random.Random(7)
        for key in chance.choices(KEYS, k=15):
            await pilot.press(key)
            if screen.cursor.view is not None:
                assert f"of {screen.cursor.end:.2f} s" in picture(app)[1 - (size[1] < 25)]
                t = max((line.t for line in screen.cursor.view.log.lines), default=0.0)
                assert t <= screen.cursor.at
        await pilot.press("B")
        assert await settled(pilot, app) != own
        await pilot.press("E")
        assert not screen.in_past
        assert await settled(pilot, app) == own


async def test_inside_join_the_highlighted_line_is_the_join(script: ScriptSpec) -> None:
    events = RUNS["7"]
    lines = find_demo("loop-joined").source.splitlines()
    joins = {e.t for e in events if isinstance(e, Waiting) and e.kind == WaitKind.JOIN}
    app = ProcessionApp(script=script, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await played(pilot, app, events)
        await pilot.press("w", "B")
        seen = set()
        for _stop in range(len(Moments.of(events).waits)):
            await pilot.press(">")
            main = screen._shown.rows[0] if screen._shown.rows else None
            if screen.in_past and main and main.wait and main.wait.kind == WaitKind.JOIN:
                number = screen.query_one(CodeView).highlighted
                assert number is not None
                assert ".join()" in lines[number - 1]
                assert any("▶" in row and ".join()" in row for row in picture(app))
                rows = screen.query_one(ProcessRows).region
                words = "\n".join(picture(app)[rows.y : rows.bottom])
                assert "waits in join() for" in words
                seen.add(screen.cursor.at)
        assert seen & joins


async def test_rows_prints_and_status_are_those_of_the_moment(script: ScriptSpec) -> None:
    app = ProcessionApp(script=script, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await played(pilot, app, joined())
        prints = screen.query_one(PrintsView)
        assert prints.shown == 5
        screen.cursor.go(0.5)
        await pilot.press("<")
        assert screen.cursor.at == pytest.approx(0.06)
        assert [row.state for row in screen._shown.rows] == [
            RowState.BLOCKED,
            RowState.SLEEPING,
            RowState.SLEEPING,
        ]
        assert prints.shown == 2
        assert "at 0.06 s of 1.12 s" in picture(app)[0]
        assert ", . event   < > wait" in str(screen.query_one("#status", PlainText).render())
        assert screen.exit_code == 0
        assert screen.view.snapshot().state is RunState.OK, "the run itself is what it was"


async def test_who_waits_for_whom_is_that_of_the_moment(script: ScriptSpec) -> None:
    app = ProcessionApp(script=script, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await played(pilot, app, joined())
        await pilot.press("W")
        assert any("The script has ended: nobody waits." in row for row in picture(app))
        screen.cursor.go(0.5)
        await pilot.press("<")
        assert any("main ──waits in join()──▶ P-1   sleeps" in row for row in picture(app))
        await pilot.press("B")
        assert any("Nobody waits for anybody now." in row for row in picture(app))
        await pilot.press("E")
        assert any("The script has ended: nobody waits." in row for row in picture(app))


async def test_p_plays_from_there_and_the_clock_decides_where_it_is(script: ScriptSpec) -> None:
    clock = Seconds()
    app = ProcessionApp(script=script, clock=clock)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await played(pilot, app, joined())
        await pilot.press("B", "P")
        clock.now += 0.5
        await until(pilot, lambda: screen.cursor.at == pytest.approx(0.5))
        assert "plays at 1 x" in str(screen.query_one("#status", PlainText).render())
        await pilot.press("2")
        clock.now += 0.1
        await until(pilot, lambda: screen.cursor.at == pytest.approx(0.7))
        await pilot.press("P")
        clock.now += 0.1
        screen._tick()
        assert screen.cursor.at == pytest.approx(0.7)
        await pilot.press("P")
        clock.now += 10
        await until(pilot, lambda: not screen.in_past)


@pytest.mark.slow
@pytest.mark.parametrize("ends_meanwhile", [False, True])
async def test_h_holds_the_picture_and_the_script_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_meanwhile: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("script.py").write_text(WAITS_TO_BE_LET_GO, "utf-8")
    app = ProcessionApp(script=ScriptSpec(kind="watch", title="mine", script="script.py"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await watching(pilot, app)
        prints = screen.query_one(PrintsView)
        await until(pilot, lambda: prints.shown == 1)
        await pilot.press("H")
        assert screen.cursor.held_at is not None
        status = str(screen.query_one("#status", PlainText).render())
        assert f"held at {screen.cursor.held_at:.1f} s, the script goes on" in status
        so_far = len(screen.view.log.lines)
        if not ends_meanwhile:
            await pilot.press("B")
            assert (screen.cursor.at, prints.shown) == (0.0, 0)
            await pilot.press("E")
            assert prints.shown == 1
            await pilot.press("H")
            assert not screen.in_past
        Path("go").touch()
        await until(pilot, lambda: not screen.busy)
        assert len(screen.view.log.lines) > so_far, "events went on arriving"
        if ends_meanwhile:
            assert prints.shown == 1, "the picture is held"
            status = str(screen.query_one("#status", PlainText).render())
            assert "the script has ended" in status
            await pilot.press("H")
        assert prints.shown == 2
        assert screen._shown.state is RunState.OK


async def test_in_a_run_with_too_many_events_it_is_said(
    script: ScriptSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_app.runs.time_cursor.MOST_FOLDED", 10)
    app = ProcessionApp(script=script, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await played(pilot, app, joined())
        await pilot.press(",")
        assert not screen.in_past
        (note,) = app._notifications
        assert note.message == "This run has too many events to go back in it."


async def test_the_moment_is_said_in_romanian(script: ScriptSpec) -> None:
    language.use("ro")
    app = ProcessionApp(script=script, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await played(pilot, app, joined())
        await pilot.press(",")
        assert "la 1.10 s din 1.12 s" in picture(app)[0]
        status = str(screen.query_one("#status", PlainText).render())
        assert "eveniment" in status
        assert len(status) <= 78
