"""A mistake in the app itself: nothing is left behind, and what is said helps."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import PATIENCE, Marked
from tests.images.factories import picture
from tests.terminals import Terminal
from tui_app.crash import crash_file, describe_crash

BROKEN = """
import sys
from tui_app.widgets.run_pane import RunPane
from tui_app.cli.main import run

shown = RunPane.show

def show(self, snapshot, *more):
    if snapshot.ok >= 2:
        raise RuntimeError("[b]no[/b] \\x1b]0;evil\\x07")
    shown(self, snapshot, *more)

RunPane.show = show
sys.argv[0] = "procession"
if __name__ == "__main__":
    run()
"""


@pytest.mark.slow
def test_a_mistake_while_images_are_processed_leaves_no_process_and_a_terminal(
    tmp_path: Path, where: Marked, window: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    picture((3264, 2448)).save(photos / "00.jpg")
    for number in range(1, 12):
        shutil.copy(photos / "00.jpg", photos / f"{number:02}.jpg")
    script = tmp_path / "broken.py"
    script.write_text(BROKEN)
    monkeypatch.setattr("tests.terminals.COMMAND", [sys.executable, str(script)])
    with window.start("batch", photos, where=where, cwd=tmp_path) as app:
        window.wait_for(b"12 images")
        window.press(b"\r")
        assert app.wait(PATIENCE) == 1
        window.settle()
    assert where.left() == []
    assert window.attributes == window.attributes_before
    assert window.modes == set()
    told = window.shown.rpartition(b"\x1b[?1049l")[2].decode()
    assert "Traceback (" not in told
    assert len(told.splitlines()) < 12
    words = " ".join(told.split())
    assert "a mistake of its own: RuntimeError: [b]no[/b] ␛]0;evil␇" in words
    assert "does what is left" in words
    assert not list((photos / "processed").rglob("*.part"))


WITHOUT_SCREEN = """
import sys
from tui_app.runs.printer import Printer
from tui_app.__main__ import main

def add(self, event):
    raise {error}

Printer.add = add
sys.argv[0] = "procession"
if __name__ == "__main__":
    main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("error", ["RuntimeError('no')", "EOFError('no')"])
def test_a_mistake_without_a_screen_is_told_as_shortly(
    error: str, tmp_path: Path, where: Marked
) -> None:
    (tmp_path / "in").mkdir()
    picture().save(tmp_path / "in" / "a.jpg")
    script = tmp_path / "broken.py"
    script.write_text(WITHOUT_SCREEN.format(error=error))
    done = subprocess.run(
        [sys.executable, script, "batch", "in"],
        cwd=tmp_path,
        env=where.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback (" not in done.stderr
    told, goes_on, file = done.stderr.strip().splitlines()
    assert told.endswith(f"a mistake of its own: {error.partition('(')[0]}: no")
    assert "does what is left" in goes_on
    assert "Traceback (" in Path(file.split()[-1]).read_text()
    assert where.left(5.0) == []


def raised() -> BaseException:
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        return error


def test_the_traceback_is_kept() -> None:
    told = describe_crash(raised())
    assert str(crash_file()) in told
    assert "in raised" in crash_file().read_text()


def test_where_it_cannot_be_kept_it_is_told() -> None:
    crash_file().parent.parent.mkdir(parents=True, exist_ok=True)
    crash_file().parent.write_text("a file is in the way")
    assert "in raised" in describe_crash(raised())
