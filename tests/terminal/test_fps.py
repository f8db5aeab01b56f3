"""How many drawings a second: what is asked for, else what suits the terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import tui_app.app
from tui_app.app import ProcessionApp
from tui_app.cli import main, options
from tui_app.cli.main import procession
from tui_app.terminal.output import FPS, FPS_OVER_SSH, MOST_FPS

SSH = "192.0.2.1 50000 192.0.2.2 22"


@pytest.mark.parametrize(
    ("ssh", "asked", "fps"),
    [(False, None, FPS), (True, None, FPS_OVER_SSH), (True, 20, 20), (False, 1, 1)],
)
def test_fewer_over_ssh_unless_asked(
    ssh: bool, asked: int | None, fps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ssh:
        monkeypatch.setenv("SSH_CONNECTION", SSH)
    assert ProcessionApp(fps=asked).fps == fps


@pytest.fixture
def opened(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The drawings a second of each app that was opened, on a terminal that is none."""
    fps: list[int | None] = []

    def run_app(*_: object, **options: int | None) -> int:
        fps.append(options["fps"])
        return 0

    monkeypatch.setattr(tui_app.app, "run_app", run_app)
    for module in (options, main):
        monkeypatch.setattr(module, "why_no_screen", lambda headless: "")
    (here / "it.py").touch()
    return fps


@pytest.mark.parametrize(
    ("line", "fps"),
    [
        ("", None),
        ("--fps 7", 7),
        ("demo 1", None),
        ("demo --fps 7 1", 7),
        ("--fps 7 demo 1", 7),
        ("--fps 5 demo 1 --fps 7", 7),
        ("watch --fps 7 it.py", 7),
        ("watch it.py --fps 7", None),
        ("compare 1 2 --fps 7", 7),
    ],
)
def test_it_counts_before_and_after_the_commands_name(
    line: str, fps: int | None, opened: list[int | None]
) -> None:
    assert CliRunner().invoke(procession, line.split()).exit_code == 0
    assert opened == [fps]


@pytest.mark.parametrize("fps", ["0", str(MOST_FPS + 1), "4.5", "fast"])
@pytest.mark.parametrize("line", ["", "batch", "demo", "watch", "compare"])
def test_a_number_that_cannot_be_is_refused(line: str, fps: str, opened: list[int | None]) -> None:
    done = CliRunner().invoke(procession, [*line.split(), "--fps", fps])
    assert done.exit_code == 2
    assert "--fps" in done.output
    assert opened == []
