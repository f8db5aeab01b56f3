"""A script of a person's own is chosen in the app, played, played again, and another one chosen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static
from textual_fspicker.base_dialog import Dialog
from textual_fspicker.parts import CurrentDirectory, DirectoryNavigation
from tui_app.screens.watch import WatchScreen

from tests.screens.pilot_steps import batch_screen, planned, until
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.runs.request import BatchRequest
from tui_app.runs.view import RunState
from tui_app.widgets.plan_form import PlanForm
from tui_app.widgets.textual_internals.file_dialogs import FolderDialog, ScriptDialog
from tui_app.widgets.title_row import TitleRow

pytestmark = pytest.mark.slow


@pytest.fixture
def scripts(home: Path) -> Path:
    """Two scripts, and one that Python cannot read, in the current folder."""
    folder = home / "photos"
    (folder / "one.py").write_text("import sys\nprint('one', sys.argv[1:])\n")
    (folder / "two.py").write_text("print('two')\n")
    (folder / "flawed.py").write_text("x = 1\ndef f(:\n")
    (folder / "notes.txt").write_text("no script")
    return folder


def dialog(app: ProcessionApp) -> ScriptDialog:
    assert isinstance(app.screen, ScriptDialog)
    return app.screen


async def type_in(pilot: Pilot[None], field: str, text: str) -> None:
    entry = pilot.app.screen.query_one(field, Input)
    entry.focus()
    entry.value = text
    await pilot.pause()


def said_in(frame: Dialog, words: str) -> bool:
    return words in str(frame.border_subtitle)


async def played(pilot: Pilot[None], app: ProcessionApp, *prints: str) -> WatchScreen:
    def over() -> bool:
        screen = app.screen
        return (
            isinstance(screen, WatchScreen)
            and not screen.busy
            and screen.view.snapshot().state is RunState.OK
            and all(any(one in line.text for line in screen.view.log.lines) for one in prints)
        )

    await until(pilot, over)
    assert isinstance(app.screen, WatchScreen)
    return app.screen


async def test_a_script_is_chosen_on_home_and_played_with_its_arguments(scripts: Path) -> None:
    app = ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        options = app.screen.query_one(OptionList)
        assert "Watch a script" in str(options.get_option("watch").prompt)
        options.highlighted = options.get_option_index("watch")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ScriptDialog))
        await type_in(pilot, "#script", "one.py")
        await type_in(pilot, "#arguments", "a 'b c'")
        await pilot.press("enter")
        screen = await played(pilot, app, "one ['a', 'b c']")
        assert "one.py a b c" in str(screen.query_one(TitleRow).render())
        # It can be played again, another one can be chosen, and there is a way home.
        first = screen.view
        await pilot.press("enter")
        await until(pilot, lambda: screen.view is not first)
        await played(pilot, app, "one ['a', 'b c']")
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, ScriptDialog))
        assert dialog(app).query_one("#script", Input).value == "one.py"
        assert dialog(app).query_one("#arguments", Input).value == "a 'b c'"
        await type_in(pilot, "#script", "two.py")
        await type_in(pilot, "#arguments", "")
        await pilot.press("enter")
        await played(pilot, app, "two")
        await pilot.press("h")
        await until(pilot, lambda: app.current_mode == "home")
        await pilot.press("u")
        await until(pilot, lambda: app.current_mode == "watch")
        assert "two.py" in str(screen.query_one(TitleRow).render())


async def test_what_cannot_be_played_is_told_and_nothing_is_lost(scripts: Path) -> None:
    app = ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, ScriptDialog))
        for name, arguments, told in (
            ("flawed.py", "", "flawed.py: Line 2: SyntaxError"),
            ("no.py", "", "there is no such file"),
            ("one.py", "'", "the arguments cannot be read"),
            ("", "", "choose a script first"),
        ):
            await type_in(pilot, "#arguments", arguments)
            await type_in(pilot, "#script", name)
            await pilot.press("enter")
            frame = dialog(app).query_one(Dialog)
            await until(pilot, partial(said_in, frame, told))
            assert dialog(app).query_one("#script", Input).value == name
        # A folder is opened.
        (scripts / "folder").mkdir()
        await type_in(pilot, "#script", "folder")
        await pilot.press("enter")
        listed = dialog(app).query_one(DirectoryNavigation)
        await until(pilot, lambda: listed.location == scripts / "folder")
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "home" and len(app.screen_stack) == 1)


async def test_a_script_that_has_gone_is_told_and_what_it_did_stays(
    scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ProcessionApp()
    told: list[str] = []
    monkeypatch.setattr(app, "notify", lambda message, **_: told.append(message))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.choose_script()
        await until(pilot, lambda: isinstance(app.screen, ScriptDialog))
        await type_in(pilot, "#script", "two.py")
        await pilot.press("enter")
        screen = await played(pilot, app, "two")
        monkeypatch.setattr(screen, "notify", lambda message, **_: told.append(message))
        (scripts / "two.py").unlink()
        told.clear()
        await pilot.press("enter")
        await pilot.pause()
        assert told == ["two.py: there is no such file"]
        assert any("two" in line.text for line in screen.view.log.lines)


@pytest.mark.parametrize("spoken", ["en", "ro"])
async def test_the_places_on_top_fit_80_columns(spoken: str, home: Path) -> None:
    language.use(spoken)
    app = ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        top = app.screen._compositor.render_strips(app.size)[0].text
        assert "…" not in top
        for title in app.titles.values():
            assert f" {language._(title)} " in top
        assert "2 CPU" in top


async def told_images(pilot: Pilot[None], app: ProcessionApp, said: str) -> None:
    await until(pilot, lambda: said in str(app.screen.query_one("#told", Static).render()))


async def test_the_dialog_for_folders_counts_the_images(photos: Path) -> None:
    (photos / "more").mkdir()
    (photos / "more" / "a.jpg").touch()
    app = ProcessionApp(BatchRequest((str(photos),)))
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        await pilot.click("#choose")
        await until(pilot, lambda: isinstance(app.screen, FolderDialog))
        await told_images(pilot, app, "here: 4 images")
        await pilot.press("down")
        await told_images(pilot, app, "here: 4 images   in more: 1 image")
        await pilot.press("enter")
        await told_images(pilot, app, "here: 1 image")
        assert str(app.screen.query_one(CurrentDirectory).render()).endswith("more")
        await pilot.press("space")
        await until(pilot, lambda: app.screen is screen)
        request = screen.query_one(PlanForm).request
        assert request.sources == (str(photos / "more"),)


async def test_a_disk_that_does_not_answer_does_not_hold_the_dialog(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    answers = threading.Event()

    def hang(*_: object) -> None:
        answers.wait()
        raise OSError

    monkeypatch.setattr("tui_app.runs.request.os.scandir", hang)
    app = ProcessionApp(BatchRequest((str(photos / "photo-1.jpg"),)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.push_screen(FolderDialog(str(photos), "Folder"))
        await until(pilot, lambda: isinstance(app.screen, FolderDialog))
        await pilot.pause(0.3)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, FolderDialog))
    answers.set()
