import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TabbedContent
from tui_app.screens.demos import DemosScreen
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.dialogs.save_script import SaveScriptDialog
from tui_app.screens.editor import EditorScreen

from tests.screens.pilot_steps import leave, until
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.copies import Copies, load_copies
from tui_app.demos.difference import LineChange
from tui_app.demos.play_times import load_play_times
from tui_app.demos.points import POINTS
from tui_app.runs.lanes import ProcessRow
from tui_app.runs.view import RunState
from tui_app.widgets.code_area import CodeArea
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.difference_view import DifferenceView

SEVEN = find_demo("loop-joined")
IN_TURN = SEVEN.source.replace("processes.append(p)", "p.join()").replace(
    "    for p in processes:\n        p.join()\n\n", ""
)
"""Demo 7 with its join moved into the loop that starts."""


async def opened(pilot: Pilot[None]) -> DemosScreen:
    """Waits until the demo's fields are there."""
    await until(pilot, lambda: bool(pilot.app.screen.query("Input.parameter")))
    assert isinstance(pilot.app.screen, DemosScreen)
    return pilot.app.screen


async def edited(pilot: Pilot[None], text: str) -> None:
    """Opens the editor and puts a text in the place of what is there, by its keys."""
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))
    area = pilot.app.screen.query_one(CodeArea)
    await pilot.press("f7", "delete")
    area.insert(text)
    await pilot.pause()
    assert area.text == text


async def back(pilot: Pilot[None]) -> None:
    await pilot.press("escape")
    await until(pilot, lambda: isinstance(pilot.app.screen, DemosScreen))


def shown(pilot: Pilot[None], name: str) -> str:
    return str(pilot.app.screen.query_one(name, Static).render())


def fields(pilot: Pilot[None]) -> dict[str | None, str]:
    found = pilot.app.screen.query("Input.parameter").results(Input)
    return {field.name: field.value for field in found}


@pytest.fixture
def untouched(home: Path) -> object:
    """Checks afterwards that the file of demo 7 is the same, to its time."""
    before = (SEVEN.script.read_bytes(), SEVEN.script.stat().st_mtime_ns)
    yield
    assert (SEVEN.script.read_bytes(), SEVEN.script.stat().st_mtime_ns) == before


def works(lane: ProcessRow) -> tuple[float, float]:
    """When a process began to work, and when it ended."""
    end = lane.spans[-1].end
    assert end is not None
    return lane.spans[0].start, end


@pytest.mark.slow
@pytest.mark.usefixtures("untouched")
async def test_join_moved_into_the_loop_shows_ten_in_turn() -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        await edited(pilot, IN_TURN.replace("SECONDS = 1", "SECONDS = 0.1"))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: screen.view.snapshot().state is RunState.OK and not screen.busy)
        assert screen.query_one(CodeView).code == screen.shown.text
        assert "changed" in shown(pilot, "#play-title")
        lanes = [works(lane) for lane in screen.view.snapshot().rows if lane.name != "main"]
        assert len(lanes) == 10
        for first, second in pairwise(lanes):
            assert first[1] <= second[0], "the next begins when the one before has ended"
        assert load_play_times() == {}, "the time of a changed copy is not the demo's"
        assert "expected" not in shown(pilot, "#status")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("r")
        await until(pilot, lambda: screen.query_one(CodeView).code == SEVEN.source)
        assert "changed" not in shown(pilot, "#play-title")


@pytest.mark.slow
@pytest.mark.usefixtures("untouched")
async def test_a_flaw_is_marked_and_nothing_is_run() -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await edited(pilot, SEVEN.source.replace("p.join()", "p.join("))
        area = app.screen.query_one(CodeArea)
        await until(pilot, lambda: area.problem is not None)
        assert area.problem is not None
        line = area.problem.line
        assert "p.join(" in area.document.get_line((line or 0) - 1)
        said = shown(pilot, "#editor-flaw")
        assert f"Line {line}: SyntaxError: " in said
        area.move_cursor((0, 0))
        await pilot.press("ctrl+r")
        assert isinstance(app.screen, EditorScreen)
        assert area.cursor_location[0] == (line or 0) - 1
        assert "✗" in area.render_line(area.cursor_location[0] - area.scroll_offset.y).text
        # Mended, the mark goes by itself.
        await pilot.press("ctrl+z")
        await pilot.press("ctrl+z")
        area.change_to(SEVEN.source)
        await until(pilot, lambda: area.problem is None)
        assert shown(pilot, "#editor-flaw") == ""
        area.change_to("def (:\n")
        await until(pilot, lambda: area.problem is not None)
        await back(pilot)
        assert not screen.query("Input.parameter")
        await pilot.press("enter")
        await pilot.pause()
        assert not screen.busy
        assert screen.view.snapshot().state is RunState.IDLE
        assert "Line 1: SyntaxError" in shown(pilot, "#status")


@pytest.mark.slow
@pytest.mark.usefixtures("untouched")
async def test_fields_follow_edits_and_edits_follow_fields() -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        field = next(one for one in screen.query(Input) if one.name == "CALLS")
        field.value = "4"
        await pilot.pause()
        assert "CALLS = 4\n" in screen.shown.text
        assert screen.query_one(CodeView).code == screen.shown.text
        await edited(pilot, screen.shown.text.replace("SECONDS = 1", "SECONDS = 0.25\nWORDS = 'x'"))
        await back(pilot)
        assert fields(pilot) == {"CALLS": "4", "SECONDS": "0.25", "WORDS": "'x'"}
        field = next(one for one in screen.query(Input) if one.name == "SECONDS")
        field.value = "2"
        await pilot.pause()
        assert "CALLS = 4\nSECONDS = 2\nWORDS = 'x'\n" in screen.shown.text
        # A value that cannot be leaves the text as it is, and is said.
        field.value = "soon"
        await pilot.pause()
        assert "SECONDS = 2\n" in screen.shown.text
        assert "SECONDS is a number of seconds" in shown(pilot, "#status")


@pytest.mark.slow
@pytest.mark.usefixtures("untouched")
async def test_a_copy_stays_while_one_looks_elsewhere_and_between_starts() -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        await edited(pilot, IN_TURN)
        await back(pilot)
        entries = screen.query_one("#demo-list", OptionList)
        assert "*" in str(entries.get_option("loop-joined").prompt)
        await pilot.press("n")
        await until(pilot, lambda: screen.demo.name == "process-args")
        assert screen.shown.text == screen.demo.source
        assert "*" not in str(entries.get_option("process-args").prompt)
        await pilot.press("p")
        await until(pilot, lambda: screen.query_one(CodeView).code == IN_TURN)
        await edited(pilot, "print('left in the editor')\n")
        await leave(pilot, "ctrl+q")
    assert load_copies() == {"loop-joined": "print('left in the editor')\n"}
    again = ProcessionApp(demo=SEVEN)
    async with again.run_test() as pilot:
        await until(
            pilot, lambda: "left in the editor" in pilot.app.screen.query_one(CodeView).code
        )
        assert "changed" in shown(pilot, "#play-title")


@pytest.mark.slow
async def test_letters_are_typed_and_escape_loses_nothing(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EditorScreen))
        app.screen.query_one(CodeArea).move_cursor((0, 0))
        await pilot.press(*"if q:", "enter", *"hd?", "enter", "tab", "x")
        await back(pilot)
        assert screen.shown.text == "if q:\n    hd?\n        x" + SEVEN.source


async def test_it_opens_at_the_first_line_that_counts(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        await opened(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EditorScreen))
        row, column = app.screen.query_one(CodeArea).cursor_location
        first = min(POINTS["loop-joined"].decisive(SEVEN.source))
        assert (row + 1, column) == (first, 0)


@pytest.mark.slow
async def test_reset_in_the_editor_can_be_undone(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        await edited(pilot, IN_TURN)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert screen.shown.text == SEVEN.source
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert screen.shown.text == IN_TURN


@pytest.mark.slow
async def test_much_may_be_deleted_and_undone(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await edited(pilot, "x = 1\n" * 60)
        await pilot.press("ctrl+o", "f7", "delete", "x", "enter", *["ctrl+z"] * 6)
        await pilot.pause()
        assert screen.shown.text == SEVEN.source
        await pilot.press(*["ctrl+y"] * 6)
        await pilot.pause()
        assert screen.shown.text == "x\n"


@pytest.mark.slow
async def test_the_difference_is_shown_here_and_there(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        view = screen.query_one(DifferenceView)
        await pilot.press("i")
        assert screen.query_one(TabbedContent).active == "difference"
        await pilot.pause()
        assert "No difference" in view.render_line(0).text
        await edited(pilot, IN_TURN.replace("CALLS = 10", "CALLS = 4"))
        await pilot.press("ctrl+t")
        await pilot.pause()
        there = app.screen.query_one(DifferenceView)
        kinds = [row.kind for row in there.rows]
        assert kinds.count(LineChange.REMOVED) == 4
        assert kinds.count(LineChange.ADDED) == 1
        await pilot.press("escape")
        assert isinstance(app.screen, EditorScreen), "back to the text first"
        await back(pilot)
        assert view.rows == there.rows
        lines = [view.render_line(y).text for y in range(view.size.height)]
        assert any(line.startswith(" 21    −         processes.append(p)") for line in lines)
        assert any(line.startswith("     4 + CALLS = 4") for line in lines)
        assert any(line.strip() == "⋮" for line in lines)


@pytest.mark.slow
async def test_a_saved_script_runs_by_plain_python(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    text = IN_TURN.replace("SECONDS = 1", "SECONDS = 0.01")
    file = home / "mine.py"
    file.write_text("mine")
    async with app.run_test() as pilot:
        await opened(pilot)
        await edited(pilot, text)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SaveScriptDialog))
        path = app.screen.query_one("#save-path", Input)
        assert path.value == "loop_joined.py"
        path.value = "~/mine.py"
        for answer, contents in (("k", "mine"), ("r", text)):
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
            await pilot.press(answer)
            await until(pilot, lambda: isinstance(app.screen, SaveScriptDialog))
            assert file.read_text() == contents
        await until(pilot, lambda: "procession watch" in shown(pilot, "#save-said"))
        assert str(file) in shown(pilot, "#save-said")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EditorScreen))
    done = subprocess.run(
        [sys.executable, os.fspath(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("Done sleeping...") == 10
    assert done.stdout.splitlines()[-1].startswith("Finished in ")


@pytest.mark.slow
async def test_what_cannot_be_saved_is_said(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SaveScriptDialog))
        app.screen.query_one("#save-path", Input).value = "no/[b]such[/b]/folder.py"
        await pilot.press("enter")
        await until(pilot, lambda: "There is no folder" in shown(pilot, "#save-said"))
        assert "[b]such[/b]" in shown(pilot, "#save-said")


@pytest.fixture
def broken() -> Demo:
    """Demo 7 as if its join in the loop were what goes wrong."""
    return replace(SEVEN, source=IN_TURN, mended=SEVEN.source)


@pytest.mark.slow
async def test_m_mends_and_breaks_again(home: Path, broken: Demo) -> None:
    app = ProcessionApp(demo=broken)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        keys = {key: one.binding.description for key, one in screen.active_bindings.items()}
        assert keys["m"] == "Repair"
        await pilot.press("m")
        await until(pilot, lambda: screen.shown.text == SEVEN.source)
        assert screen.query_one(CodeView).code == SEVEN.source
        assert screen.query_one(TabbedContent).active == "difference"
        assert [
            row.text
            for row in screen.query_one(DifferenceView).rows
            if row.kind is LineChange.ADDED
        ]
        title = shown(pilot, "#play-title")
        assert "repaired" in title
        assert "changed" not in title
        assert screen.active_bindings["m"].binding.description == "Break again"
        assert screen.source() == SEVEN.source, "what is shown is what is played"
        await pilot.press("m")
        await until(pilot, lambda: screen.shown.text == IN_TURN)
        assert screen.query_one(DifferenceView).rows == ()


@pytest.mark.slow
async def test_without_a_mend_there_is_no_key(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        assert "m" not in screen.active_bindings
        await pilot.press("m")
        assert screen.shown.text == SEVEN.source


@pytest.mark.slow
async def test_the_palette_knows_them(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test() as pilot:
        await opened(pilot)
        names = {command.title for command in app.get_system_commands(app.screen)}
        assert {"Edit", "Save as", "Changes", "Reset"} <= names
        assert Copies().text(SEVEN) == SEVEN.source


@pytest.mark.slow
async def test_every_demo_opens_and_is_mended_where_it_can_be(home: Path) -> None:
    app = ProcessionApp(demo=SEVEN)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        for demo in demos():
            await screen.show_demo(demo)
            await pilot.pause()
            assert ("m" in screen.active_bindings) is (demo.mended is not None)
            if demo.mended is not None:
                await screen.action_swap(True)
                assert screen.source() == demo.mended
                assert screen.query_one("#mend-text", Static).display
                await screen.action_swap(False)
            assert screen.source() == demo.source


@pytest.mark.slow
async def test_stepping_fast_takes_no_field_for_another_demos(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-args"))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        for keys in (["n"] * 6, ["p"] * 6, ["n", "p"] * 3):
            for key in keys:
                app.simulate_key(key)
            await pilot.pause()
        await until(pilot, lambda: screen.query_one(CodeView).code == screen.demo.source)
        assert screen.demo.name == "process-args"
        assert [demo.name for demo in demos() if screen.shown.copies.is_changed(demo)] == []
