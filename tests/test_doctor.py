"""What is told of the files that keep something between two starts."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.odd_json import ODD_CONTENTS
from tui_app.demos.copies import load_copies
from tui_app.demos.play_times import load_play_times
from tui_app.demos.quiz.predictions import load_results
from tui_app.doctor import REMEMBERED, troubles
from tui_app.files.json_file import JsonFile
from tui_app.runs.last_batch import LastBatch
from tui_app.settings import Settings
from tui_app.system.user_folders import config_folder, state_folder

LOADS: tuple[Callable[[], Any], ...] = (
    LastBatch.load,
    load_play_times,
    load_copies,
    load_results,
)

every_file = pytest.mark.parametrize("file", REMEMBERED, ids=lambda file: file.name)


def nothing_is_remembered() -> bool:
    return Settings.load() == Settings() and not any(load() for load in LOADS)


def test_every_file_that_remembers_is_looked_at() -> None:
    assert {file.path for file in REMEMBERED} == {
        config_folder() / "settings.json",
        *(
            state_folder() / f"{name}.json"
            for name in ("last-batch", "demos", "copies", "predictions")
        ),
    }
    assert list(troubles()) == []


@pytest.mark.parametrize("contents", ODD_CONTENTS.values(), ids=ODD_CONTENTS)
@every_file
def test_a_file_that_is_none_of_ours_counts_as_not_there_and_is_told_of(
    file: JsonFile, contents: bytes
) -> None:
    file.path.parent.mkdir(parents=True)
    file.path.write_bytes(contents)
    assert nothing_is_remembered()
    (sentence,) = troubles()
    assert sentence.startswith(f"{file.path} counts as not there: ")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
@every_file
def test_a_fifo_or_a_folder_in_its_place_is_told_of_until_something_is_saved(
    file: JsonFile, make: Callable[[Path], None]
) -> None:
    file.path.parent.mkdir(parents=True)
    make(file.path)
    assert nothing_is_remembered()
    assert len(list(troubles())) == 1
    file.save({})
    assert list(troubles()) == []
