"""Where things are kept: never in the current folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tui_app.runs.formatting import folder_title
from tui_app.system.user_folders import (
    cache_folder,
    config_folder,
    current_folder,
    home,
    state_folder,
)

FOLDERS = (config_folder, state_folder, cache_folder)
VARIABLES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person of whom the machine knows nothing, as in a container."""
    for name in (*VARIABLES, "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda uid: {}[uid])


@pytest.mark.parametrize("folder", FOLDERS)
def test_without_a_home_they_are_below_the_root_folder(
    stranger: None, folder: Callable[[], Path]
) -> None:
    assert home() == Path("/")
    assert folder().is_absolute()
    assert folder_title(str(folder())).startswith("~") is False


@pytest.mark.parametrize("value", ["", ".", "rel"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_no_path_from_the_root_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Callable[[], Path], value: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in VARIABLES:
        monkeypatch.setenv(name, value)
    assert folder().is_relative_to(tmp_path)
    monkeypatch.setenv("HOME", value)
    assert folder().is_absolute()


def test_a_current_folder_that_is_gone_has_a_name(here: Path) -> None:
    assert current_folder() == str(here)
    (here / "inner").mkdir()
    os.chdir(here / "inner")
    (here / "inner").rmdir()
    assert current_folder() == "."
