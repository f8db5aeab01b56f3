import os
import platform
import signal
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Select, Static, TabbedContent
from tui_app.screens.base.script import ScriptScreen
from tui_app.screens.demos import DemosScreen
from tui_app.screens.watch import WatchScreen

from tests.conftest import workers_left
from tests.screens.pilot_steps import leave, until
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import find_demo
from tui_app.demos.play_times import load_play_times
from tui_app.runs.log import Level
from tui_app.runs.view import RunState
from tui_app.script import script_run
from tui_app.script.interpreter import own_interpreter
from tui_app.script.script_run import ScriptSpec
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.parameter_fields import ParameterFields

STUBBORN = """\
import signal, time
signal.signal(signal.SIGINT, lambda *_: print("no", flush=True))
print("up", flush=True)
while True:
    time.sleep(1000)
"""


def play_screen(app: ProcessionApp) -> ScriptScreen:
    assert isinstance(app.screen, ScriptScreen)
    return app.screen


def demos_screen(app: ProcessionApp) -> DemosScreen:
    assert isinstance(app.screen, DemosScreen)
    return app.screen


async def played(pilot: Pilot[None], app: ProcessionApp) -> None:
    """Waits until what is played has ended."""
    screen = play_screen(app)
    over = (RunState.OK, RunState.FAILED, RunState.CANCELLED)
    await until(pilot, lambda: not screen.busy and screen.view.snapshot().state in over)


def said(app: ProcessionApp, who: str = "") -> list[str]:
    """What was printed, by whom it is asked for."""
    lines = play_screen(app).view.log.lines
    return [line.text for line in lines if line.level is Level.STDOUT and line.who.startswith(who)]


async def set_field(pilot: Pilot[None], name: str, value: str) -> None:
    field = next(f for f in pilot.app.screen.query(Input) if f.name == name)
    field.value = value
    await pilot.pause()


@pytest.mark.slow
async def test_a_demo_is_played_beside_its_code(home: Path) -> None:
    demo = find_demo("process-joined")
    app = ProcessionApp(demo=demo)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen.query_one(CodeView).code == demo.source)
        lit: set[int] = set()
        await set_field(pilot, "SECONDS", "1.5")
        await pilot.press("enter")
        screen = demos_screen(app)

        def look() -> bool:
            line = app.screen.query_one(CodeView).highlighted
            if line is not None:
                lit.add(line)
            return not screen.busy and screen.view.snapshot().state is RunState.OK

        await until(pilot, look)
        lines = demo.source.splitlines()
        assert any("join()" in lines[line - 1] for line in lit), "the line that waits is lit"
        assert [lane.name for lane in screen.view.snapshot().rows] == ["main", "P-1", "P-2"]
        assert said(app, "P-1") == ["Sleeping for 1.5 second(s)...", "Done sleeping..."]
        assert said(app, "main")[-1].startswith("Finished in ")


@pytest.mark.slow
async def test_what_the_code_pane_shows_is_what_is_played(home: Path) -> None:
    demo = find_demo("loop-joined")
    app = ProcessionApp(demo=demo)
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await set_field(pilot, "CALLS", "3")
        await set_field(pilot, "SECONDS", "0.1")
        shown = app.screen.query_one(CodeView).code
        assert "CALLS = 3\nSECONDS = 0.1\n" in shown
        await pilot.press("enter")
        await played(pilot, app)
        assert said(app, "P-").count("Sleeping for 0.1 second(s)...") == 3
        assert app.screen.query_one(CodeView).code == shown
        # A changed copy is not the demo: its time is not kept.
        assert load_play_times() == {}
        await pilot.press("o")
        await pilot.pause()
        assert app.screen.query_one(CodeView).code == demo.source
    assert demo.script.read_text("utf-8") == demo.source


@pytest.mark.slow
async def test_a_demo_that_was_played_is_marked_with_its_time(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-created"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await pilot.press("enter")
        await played(pilot, app)
        options = app.screen.query_one("#demo-list", OptionList)
        assert "✓" in str(options.get_option("process-created").prompt)
        assert "✓" not in str(options.get_option("one-call").prompt)
    assert set(load_play_times()) == {"process-created"}


@pytest.mark.slow
async def test_keys_step_through_the_demos(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        for key, name in (("n", "two-calls"), ("n", "process-created"), ("p", "two-calls")):
            await pilot.press(key)
            await until(pilot, lambda name=name: demos_screen(app).demo.name == name)  # type: ignore[misc]
            title = str(app.screen.query_one("#play-title", Static).render())
            assert name in title
        await pilot.press("l")
        assert app.screen.has_class("-choosing")
        await pilot.press("down", "enter")
        await pilot.pause()
        assert not app.screen.has_class("-choosing")
        assert demos_screen(app).demo.name == "process-created"
        assert not demos_screen(app).busy


@pytest.mark.slow
async def test_a_wrong_value_is_said_and_nothing_is_played(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("loop-joined"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await set_field(pilot, "CALLS", "many")
        await pilot.press("enter")
        await pilot.pause()
        assert not demos_screen(app).busy
        assert "CALLS is a whole number" in str(app.screen.query_one("#status", Static).render())


@pytest.mark.slow
async def test_a_start_method_may_be_asked_for(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-joined"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await set_field(pilot, "SECONDS", "0.1")
        app.screen.query_one("#start-method", Select).value = "spawn"
        await pilot.pause()
        assert str(app.screen.query_one(ParameterFields).start_method) == "spawn"
        await pilot.press("enter")
        await played(pilot, app)
        assert len(said(app, "P-")) == 4


@pytest.mark.slow
async def test_cancel_ends_every_process_of_the_demo(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("loop-joined"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await set_field(pilot, "SECONDS", "60")
        await pilot.press("enter")
        screen = demos_screen(app)
        await until(pilot, lambda: screen.view.snapshot().running == 10)
        for key in ("n", "p", "e"):
            app.clear_notifications()
            await pilot.press(key)
            (note,) = app._notifications
            assert note.message == "A demo is being played: c cancels it."
        assert screen.demo.name == "loop-joined"
        await pilot.press("c")
        await played(pilot, app)
        assert screen.view.snapshot().state is RunState.CANCELLED
        await until(pilot, lambda: not workers_left())


@pytest.mark.slow
async def test_a_second_cancel_kills_a_script_that_does_not_end(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_run, "GRACE_SECONDS", 1000.0)
    script.write_text(STUBBORN)
    app = ProcessionApp(script=ScriptSpec(kind="watch", title="mine", script=os.fspath(script)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: said(app) == ["up"])
        await pilot.press("c")
        await until(pilot, lambda: said(app) == ["up", "no"])
        screen = app.screen
        assert isinstance(screen, WatchScreen)
        await until(pilot, lambda: "c kills it now" in str(screen.query_one("#status").render()))
        assert screen.busy
        await pilot.press("c")
        await until(pilot, lambda: not screen.busy)
        assert screen.view.snapshot().state is RunState.CANCELLED
        assert screen.run.exitcode == -signal.SIGKILL
        await until(pilot, lambda: not workers_left())


@pytest.mark.slow
@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_leaving_tells_a_script_to_stop_and_does_not_wait_for_it(
    script: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_run, "GRACE_SECONDS", 1000.0)
    script.write_text(STUBBORN)
    app = ProcessionApp(script=ScriptSpec(kind="watch", title="mine", script=os.fspath(script)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: said(app) == ["up"])
        screen = app.screen
        await pilot.press(key)
        await pilot.pause()
    assert isinstance(screen, WatchScreen)
    lines = [line.text for line in screen.view.log.lines if line.who == "main"]
    assert "no" in lines


@pytest.mark.slow
async def test_quitting_ends_a_demo_that_is_played(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await set_field(pilot, "SECONDS", "60")
        await pilot.press("enter")
        await until(pilot, lambda: bool(said(app)))
        await leave(pilot)
    assert app.return_code == 130


@pytest.mark.slow
async def test_tabs_have_keys(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        for key, tab in (("g", "log"), ("w", "processes"), ("s", "summary"), ("t", "lesson")):
            await pilot.press(key)
            await pilot.pause()
            assert app.screen.query_one(TabbedContent).active == tab
            assert app.screen.query_one(TabbedContent).size.height >= 10
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one(TabbedContent).active == "prints"


@pytest.fixture
def script(home: Path) -> Path:
    """A script that says something and exits with 3."""
    file = home / "mine.py"
    file.write_text("import sys\nprint('[red]hello[/]', *sys.argv[1:])\nsys.exit(3)\n")
    return file


@pytest.mark.slow
async def test_a_script_of_ones_own_is_watched(script: Path) -> None:
    spec = ScriptSpec(kind="watch", title="mine", script=os.fspath(script), arguments=("a",))
    app = ProcessionApp(script=spec)
    async with app.run_test() as pilot:
        await pilot.pause()
        await played(pilot, app)
        assert isinstance(app.screen, WatchScreen)
        assert app.screen.query_one(CodeView).code == script.read_text()
        assert said(app, "main") == ["[red]hello[/] a"]
        assert app.screen.run.exitcode == 3
        assert app.screen.title_end().plain == (
            f"{own_interpreter().start_method}, Python {platform.python_version()}"
        )
        # Changed meanwhile, it is played as it is now.
        script.write_text("print('changed')\n")
        await pilot.press("enter")
        await until(pilot, lambda: "changed" in said(app))
        await played(pilot, app)
        assert "changed" in app.screen.query_one(CodeView).code
        await leave(pilot)
    assert app.return_code == 0


@pytest.mark.slow
async def test_quitting_lends_the_scripts_exit_code(script: Path) -> None:
    spec = ScriptSpec(kind="watch", title="mine", script=os.fspath(script))
    app = ProcessionApp(script=spec)
    async with app.run_test() as pilot:
        await pilot.pause()
        await played(pilot, app)
        await leave(pilot)
    assert app.return_code == 3
