"""The terminal: a run goes on where it is slow, gone, or takes nothing."""

from __future__ import annotations

import io
import os
import shutil
import time
from pathlib import Path

import pytest

from tests.commands import PATIENCE, marked
from tests.images.factories import picture
from tests.terminals import terminal
from tui_app.terminal.output import LastingTerminal, is_gone

IMAGES = 24


@pytest.mark.slow
def test_a_terminal_that_takes_nothing_does_not_hold_a_run_up(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    picture((1600, 1200)).save(photos / "00.jpg")
    for number in range(1, IMAGES):
        shutil.copy(photos / "00.jpg", photos / f"{number:02}.jpg")
    # So many drawings that what Textual keeps for the terminal would be full.
    words = ["batch", "photos", "-o", "out", "--exact", "--fps", "60"]
    with (
        marked(tmp_path_factory.mktemp("env")) as where,
        terminal() as window,
        window.start(*words, where=where, cwd=tmp_path) as process,
    ):
        window.wait_for(b"Run (enter)")
        window.settle()
        window.stalled = True
        window.press(b"\r")
        deadline = time.monotonic() + PATIENCE
        while len(list((tmp_path / "out").glob("*.jpg"))) < IMAGES:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert process.poll() is None
        window.stalled = False
        window.wait_for(b"Speed-up")
        window.press(b"q")
        assert process.wait(PATIENCE) == 0


def test_it_is_behind_until_what_was_written_is_flushed() -> None:
    file = LastingTerminal(io.StringIO())
    assert not file.behind
    file.write("a")
    assert file.behind
    file.flush()
    assert not file.behind


def test_only_a_terminal_that_hung_up_is_gone(tmp_path: Path) -> None:
    assert not is_gone(None)
    assert not is_gone(io.StringIO())
    with (tmp_path / "file").open("w") as file:
        assert not is_gone(file)
    mine, apps = os.openpty()
    with os.fdopen(apps, "w") as file:
        assert not is_gone(file)
        os.close(mine)
        assert is_gone(file)
