"""A guest who may play demos gets no file, no text, and no field but for numbers."""

from pathlib import Path

import pytest
from tui_app.screens.demos import NOT_FOR_GUESTS, DemosScreen
from tui_app.screens.dialogs.settings import SettingsDialog
from tui_app.screens.editor import EditorScreen

from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import demos, find_demo
from tui_app.demos.parameters import Parameter, ParameterError, ParameterKind, parameters
from tui_app.engine.machine import MOST_WORKERS, most_workers
from tui_app.system import guest


@pytest.fixture(autouse=True)
def _guest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guest.SESSION, "mark")
    monkeypatch.setenv(guest.ONLY, guest.DEMOS)
    monkeypatch.setenv(guest.WORKERS, "2")


EVERY = [(one, parameter) for one in demos() for parameter in one.parameters]


@pytest.mark.parametrize(
    "parameter",
    [parameter for _one, parameter in EVERY],
    ids=[f"{d.name}-{p.name}" for d, p in EVERY],
)
def test_fields_take_numbers_and_lists_of_numbers_and_nothing_else(parameter: Parameter) -> None:
    assert parameter.parse(parameter.written) == parameter.value
    for text in (
        "__import__('os').system('id')",
        "'text'",
        "{}",
        "[1, 'a']",
        "print",
        "1;2",
        "()x",
    ):
        with pytest.raises(ParameterError):
            parameter.parse(text)
    many = "[" + "1," * (guest.MOST_COUNT + 1) + "]"
    with pytest.raises(ParameterError):
        parameter.parse(many)
    if parameter.kind is ParameterKind.COUNT and parameter.largest < 1000:
        with pytest.raises(ParameterError):
            parameter.parse("1000")


def test_none_is_taken_only_where_it_is_the_script_s_own() -> None:
    own, patient = parameters("WORKERS = None\nPATIENCE = 2\n")
    assert own.parse("None") is None
    with pytest.raises(ParameterError, match="takes numbers here"):
        patient.parse("None")


def test_the_share_of_workers_is_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_workers() == 2
    monkeypatch.delenv(guest.WORKERS)
    assert most_workers() == MOST_WORKERS


async def test_the_app_has_home_and_demos_and_no_way_elsewhere(tmp_path: Path) -> None:
    app = ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert [*app.titles] == ["home", "demos"]
        for key in ("b", "S", "u", "s"):
            await pilot.press(key)
            await pilot.pause()
            assert app.current_mode == "home"
            assert not isinstance(app.screen, SettingsDialog)
        offered = {command.title for command in app.get_system_commands(app.screen)}
        assert offered == {"Home", "Demos", "Side by side", "Light theme", "English", "Română"}


async def test_a_demo_has_no_editor_no_saving_and_no_note() -> None:
    app = ProcessionApp(demo=find_demo("1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, DemosScreen)
        offered = {command.title for command in app.get_system_commands(app.screen)}
        assert not offered & {
            "Edit",
            "Save as",
            "Screenshot",
            "Settings",
            "Watch a script",
            "Batch",
        }
        for key in ("escape", "e", "ctrl+s", "N"):
            await pilot.press(key)
            await pilot.pause()
            assert app.screen is screen, key
            assert not isinstance(app.screen, EditorScreen)
        for action in NOT_FOR_GUESTS:
            assert screen.check_action(action, ()) is False
        assert app.check_action("settings", ()) is False
