"""A recorded run, opened, is what its own screen showed; its cursor goes to any moment of it."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from tui_app.screens.base.recorded import RecordedRunScreen, read_run
from tui_app.screens.base.run import RunScreen
from tui_app.screens.recorded import RecordedScriptScreen, RecordedTasksScreen, screen_of

from tests.records.factories import many_tasks, recorded
from tests.runs.fake_runs import CannedRun
from tests.screens.pilot_steps import batch_screen, planned, until
from tui_app.app import ProcessionApp
from tui_app.events import Event, RunStarted, from_json
from tui_app.records.moments import RecordMoments
from tui_app.records.reader import RecordFile
from tui_app.records.store import find, kept_records
from tui_app.runs.moments import Moments
from tui_app.runs.request import BatchRequest
from tui_app.runs.view import RunState
from tui_app.script.script_run import ScriptSpec
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.log_view import LogView
from tui_app.widgets.prints_view import PrintsView
from tui_app.widgets.process_rows import ProcessRows
from tui_app.widgets.summary_panel import SummaryPanel
from tui_app.widgets.timeline import Timeline

STREAMS = Path(__file__).parent.parent / "assets" / "streams"


def stream(name: str) -> list[Event]:
    lines = (STREAMS / f"{name}.jsonl").read_text().splitlines()
    return [event for line in lines if (event := from_json(line))]


def drawn(screen: RunScreen) -> dict[str, list[str]]:
    """What each widget of a run has drawn, seen or not."""
    found: dict[str, list[str]] = {}
    for kind in (PrintsView, LogView, ProcessRows, SummaryPanel, Timeline, CodeView):
        for number, widget in enumerate(screen.query(kind)):
            found[f"{kind.__name__} {number}"] = lines_of(widget)
    return found


def lines_of(widget: Widget) -> list[str]:
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


async def open_last(pilot: Pilot[None], app: ProcessionApp) -> RecordedRunScreen:
    """Opens the record of the latest run, as a person would."""
    await pilot.press("R")
    await until(pilot, lambda: app.screen.check_action("open", ()) is True)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, RecordedRunScreen))
    screen = app.screen
    assert isinstance(screen, RecordedRunScreen)
    await until(pilot, lambda: bool(screen.view.snapshot().kind))
    await pilot.pause(0.2)
    return screen


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptSpec:
    monkeypatch.chdir(tmp_path)
    Path("script.py").write_text("print(1)\n", "utf-8")
    return ScriptSpec(kind="watch", title="mine", script="script.py")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["watch", "deadlock", "cancelled", "demo", "waits"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_replay_of_a_script_ends_as_the_run_did(
    script: ScriptSpec, name: str, size: tuple[int, int]
) -> None:
    app = ProcessionApp(script=script, clock=lambda: 0.0)
    events = stream(name)
    code = script.read_code()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: not getattr(app.screen, "busy", True))
        screen = app.screen
        assert isinstance(screen, RunScreen)
        first = events[0]
        assert isinstance(first, RunStarted)
        events[0] = RunStarted(
            **{f: getattr(first, f) for f in first.__slots__} | {"code": code, "t": 0.0}
        )
        await screen.watch_run(CannedRun(events))
        await pilot.pause(0.2)
        own, view = drawn(screen), screen.view
        opened = await open_last(pilot, app)
        assert isinstance(opened, RecordedScriptScreen)
        assert opened.view.snapshot() == view.snapshot()
        assert list(opened.view.log.lines) == list(view.log.lines)
        await until(pilot, lambda: drawn(opened) == own)
        await pilot.press("B", "E")
        await until(pilot, lambda: drawn(opened) == own)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["batch", "batch_again", "held"])
async def test_a_replay_of_a_batch_ends_as_the_run_did(photos: Path, name: str) -> None:
    app = ProcessionApp(BatchRequest(), clock=lambda: 0.0)
    async with app.run_test(size=(120, 40)) as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        screen.query_one("ContentSwitcher").current = "running"  # type: ignore[attr-defined]
        await screen.watch_run(CannedRun(stream(name)))
        await pilot.pause(0.2)
        own, view = drawn(screen), screen.view
        opened = await open_last(pilot, app)
        assert isinstance(opened, RecordedTasksScreen)
        assert opened.view.snapshot() == view.snapshot()
        await until(pilot, lambda: drawn(opened) == own)
        await pilot.press("B", "full_stop", "E")
        await until(pilot, lambda: drawn(opened) == own)


async def test_a_batch_is_shown_at_any_moment(home: Path, tmp_path: Path) -> None:
    events = stream("batch")
    times = Moments.of(events).times
    path = recorded(tmp_path / "a", events)
    app = ProcessionApp(record=path, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, RecordedTasksScreen))
        screen = app.screen
        assert isinstance(screen, RecordedTasksScreen)
        await until(pilot, lambda: bool(screen.view.snapshot().kind))
        await pilot.press("comma")
        assert screen.cursor.at == times[-2]
        assert screen.cursor.snapshot.state is RunState.RUNNING
        await pilot.press("comma", "comma", "full_stop")
        assert screen.cursor.at == times[-3]
        await pilot.press("B")
        assert screen.cursor.snapshot.ended == 0
        await pilot.press("E")
        assert screen.cursor.view is None
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, RecordedTasksScreen))
    assert kept_records() == []


async def test_the_runs_of_a_record_are_gone_through(home: Path, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", stream("demo"), stream("watch"))
    app = ProcessionApp(record=path, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, RecordedScriptScreen))
        screen = app.screen
        assert isinstance(screen, RecordedScriptScreen)
        await until(pilot, lambda: screen.view.snapshot().kind == "demo")
        assert screen.run_title().startswith("1 of 2   11  pool-two")
        await pilot.press("n")
        await until(pilot, lambda: screen.view.snapshot().kind == "watch")
        assert screen.run_title() == "2 of 2   script.py"


async def test_a_long_record_is_gone_through_by_keys(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_app.records.moments.MOST_FOLDED", 1_000)
    path = recorded(tmp_path / "a", many_tasks(2_000))
    app = ProcessionApp(record=path, clock=lambda: 0.0)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, RecordedTasksScreen))
        screen = app.screen
        assert isinstance(screen, RecordedTasksScreen)
        await until(pilot, lambda: bool(screen.view.snapshot().kind))
        assert isinstance(screen.cursor.moments, RecordMoments)
        log = screen.query_one(LogView)
        assert log.shown == len(screen.view.log.lines) > 4_000
        await pilot.press("home")
        assert "printed" in "".join(lines_of(log))
        assert lines_of(log)[0].strip().startswith("0.01 W-1")
        await pilot.press("comma")
        assert screen.cursor.snapshot.ended == 2_000
        await pilot.press("comma")
        assert screen.cursor.snapshot.ended == 1_999
        await pilot.press("B", "full_stop", "full_stop")
        assert screen.cursor.snapshot.ended == 0
        await pilot.press("f")
        assert log.shown == 0


async def test_a_run_that_did_not_end_says_how_far_it_is_known(home: Path, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", stream("batch")[:-1])
    with RecordFile.open(path) as record:
        screen = screen_of(read_run(record))
        assert screen.end_status(screen.view.snapshot()).startswith("† the run did not end")


async def test_what_is_no_record_is_told_and_the_list_stays(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("other")
    app = ProcessionApp(record=tmp_path / "a")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: bool(app._notifications))
        (note,) = app._notifications
        assert "is no record of procession" in note.message
        assert not isinstance(app.screen, RecordedRunScreen)


async def test_a_run_on_the_screen_is_recorded(script: ScriptSpec) -> None:
    app = ProcessionApp(script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "exit_code", 1) == 0)
        await until(pilot, lambda: not getattr(app.screen, "busy", True))
    with RecordFile.open(find("last").path) as record:
        assert record.main.started.code == "print(1)\n"
        assert record.main.finished is not None
