"""Ctrl-C at any moment of the start: one line, exit code 130, no traceback and nothing left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.commands import PATIENCE, Marked
from tests.images.factories import picture
from tui_app.system import signals

pytestmark = pytest.mark.slow

LINE = "procession: stopped by SIGINT\n"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(20):
        picture((24, 16)).save(tmp_path / "in" / f"{number:02}.jpg")
    return tmp_path


def interrupted_at(
    module: str,
    words: Sequence[str],
    where: Marked,
    cwd: Path,
    signum: signal.Signals = signal.SIGINT,
) -> tuple[int, list[str]]:
    """A signal to the whole group when a module has just been imported; code, and what is said.

    Python tells of each import on stderr: in the app, and in the fork server, which imports too.
    """
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "tui_app", *words],
        cwd=cwd,
        env=where.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        while not (line := process.stderr.readline()).rstrip().endswith(f"| {module}"):
            if module in line.split("|")[-1].split():
                break
            assert line, f"{module} was not imported"
        os.killpg(process.pid, signum)
        told = [line for line in process.stderr if not line.startswith("import time:")]
        return process.wait(PATIENCE), told


BATCH = ["batch", "in", "-o", "out"]

MOMENTS: dict[str, tuple[str, Sequence[str]]] = {
    "first": ("tui_app.system.signals", BATCH),
    "streams": ("tui_app.terminal.standard_streams", BATCH),
    "fork server": ("multiprocessing.forkserver", BATCH),
    "language": ("gettext", BATCH),
    "words": ("click.core", BATCH),
    "commands": ("tui_app.cli.sweep", BATCH),
    "plan": ("tui_app.images.planner", BATCH),
    "spawn": ("tui_app.images.planner", [*BATCH, "--start-method", "spawn"]),
    "fork": ("tui_app.images.planner", [*BATCH, "--start-method", "fork"]),
    "help": ("click.core", ["--help"]),
    "doctor": ("click.core", ["doctor"]),
    "demo": ("tui_app.demos.catalogue", ["demo", "1"]),
    "comparison": ("tui_app.demos.pairs", ["compare", "1", "2"]),
    "sweep": ("tui_app.runs.sweep.work", ["sweep", "in"]),
    "check": ("tui_app.demos.check", ["check"]),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_while_it_starts_is_one_line(moment: str, where: Marked, photos: Path) -> None:
    module, words = MOMENTS[moment]
    assert interrupted_at(module, words, where, photos) == (130, [LINE])
    assert where.left(5.0) == []
    assert not (photos / "out").exists()
    assert list(Path(where.env["TMPDIR"]).iterdir()) == []


@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["SIGTERM", "SIGHUP"]
)
def test_other_signals_end_the_start_as_orderly(
    signum: signal.Signals, code: int, where: Marked, photos: Path
) -> None:
    line = f"procession: stopped by {signum.name}\n"
    at = "tui_app.images.planner"
    assert interrupted_at(at, BATCH, where, photos, signum) == (code, [line])
    assert where.left(5.0) == []
    assert list(Path(where.env["TMPDIR"]).iterdir()) == []


@pytest.mark.parametrize("method", ["forkserver", "spawn", "fork"])
@pytest.mark.parametrize("executor", ["processes", "sequential"])
def test_ctrl_c_while_workers_start_is_no_traceback(
    method: str, executor: str, where: Marked, photos: Path
) -> None:
    """What starts has Python's own handler at first, and hears the terminal's Ctrl-C too."""
    words = [*BATCH, "--start-method", method, "--executor", executor]
    code, told = interrupted_at("tui_app.engine.slots", words, where, photos)
    assert code == 130
    assert "".join(told).count("SIGINT") == 1
    assert "Traceback" not in "".join(told)
    assert where.left(5.0) == []


def test_ctrl_c_ends_even_what_waits_for_ever(where: Marked, photos: Path) -> None:
    """For a writer, who never comes."""
    os.mkfifo(photos / "never.py")
    words = ["watch", "never.py"]
    assert interrupted_at("tui_app.script.script_run", words, where, photos) == (130, [LINE])
    assert where.left(5.0) == []


# By themselves


@pytest.fixture
def own_handlers() -> Iterator[None]:
    """The test's process gets its handlers back."""
    numbers = (*signals.ENDING, signal.SIGALRM)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signals._noted, signals._seen = 0, False
    for number, handler in before.items():
        signal.signal(number, handler)


def raised(signum: int) -> None:
    """The signal has come, and Python has seen it."""
    signal.raise_signal(signum)


@pytest.mark.usefixtures("own_handlers")
def test_what_was_noted_is_taken_by_the_first_who_runs_something() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signals.note()
    assert not signals.noted()
    raised(signal.SIGINT)
    assert signals.noted() == signal.SIGINT
    taken: list[int] = []
    with signals.Taken(taken.append) as by:
        assert taken == [signal.SIGINT]
        assert not signals.noted()
        raised(signal.SIGTERM)
    assert taken == [signal.SIGINT, signal.SIGTERM]
    assert by.first == signal.SIGINT
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.usefixtures("own_handlers")
def test_after_a_run_that_was_not_stopped_ctrl_c_is_noted_again() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signals.note()
    with signals.Taken(lambda _: None) as by:
        pass
    assert by.first is None
    raised(signal.SIGINT)
    assert signals.noted() == signal.SIGINT


@pytest.mark.usefixtures("own_handlers")
def test_what_is_ignored_from_outside_stays_ignored() -> None:
    for signum in (signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    signals.note()
    taken: list[int] = []
    with signals.Taken(taken.append):
        raised(signal.SIGINT)
        raised(signal.SIGHUP)
    assert taken == []
    assert not signals.noted()


HOLDING = """
import os, signal, subprocess, sys
from tui_app.system.signals import Held
signal.signal(signal.SIGINT, lambda *_: print("heard", flush=True))
show = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
with Held():
    subprocess.run([sys.executable, "-c", show])
    os.kill(os.getpid(), signal.SIGINT)
    print("let go", flush=True)
subprocess.run([sys.executable, "-c", show])
"""


def test_what_is_started_meanwhile_does_not_hear_ctrl_c() -> None:
    """We are told when it is let go: nothing is lost."""
    told = subprocess.check_output([sys.executable, "-c", HOLDING], text=True)
    assert told.splitlines() == ["True", "let go", "heard", "False"]
