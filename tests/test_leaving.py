"""Leaving means leaving: no process, no half-written file, the terminal as it was."""

import csv
import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.commands import (
    PATIENCE,
    Marked,
    ignore_hang_up,
    outputs,
    read_until,
    run,
    started,
)
from tests.images.factories import picture
from tests.invariants import check_json, check_stream
from tests.terminals import Terminal
from tui_app.events import Outcome, RunFinished, TaskFinished

pytestmark = pytest.mark.slow

IMAGES = 120

GOES_ON = "the same command goes on where it stopped\n"


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough work for some seconds on any machine: 120 JPEGs of 8 megapixels."""
    folder = tmp_path_factory.mktemp("photographs")
    first = folder / "00.jpg"
    picture((3264, 2448)).save(first)
    for number in range(1, IMAGES):
        shutil.copy(first, folder / f"{number:02}.jpg")
    return folder


def check_outputs(output: Path, *, tidy: bool = True) -> int:
    """Whole images and nothing else; returns how many. `tidy`: nothing half-written is left."""
    names = sorted(path.name for path in output.iterdir() if path.name != ".procession")
    if tidy:
        assert sorted(outputs(output)) == names
    for name in names:
        assert name.endswith(".jpg")
        with Image.open(output / name) as image:
            image.load()
            assert max(image.size) == 1200
    return len(names)


def wait_for_outputs(output: Path, count: int = 2) -> None:
    deadline = time.monotonic() + PATIENCE
    while not output.exists() or len(list(output.glob("*.jpg"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


# Without a screen

ALONE: Callable[[int, int], None] = os.kill
GROUP: Callable[[int, int], None] = os.killpg


@pytest.mark.parametrize("send", [ALONE, GROUP], ids=["alone", "group"])
@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_headless_run_in_order(
    signum: signal.Signals,
    code: int,
    send: Callable[[int, int], None],
    photographs: Path,
    tmp_path: Path,
    where: Marked,
) -> None:
    """A shell's Ctrl-C and a closed terminal reach the whole group, `kill` one process."""
    words = ["batch", str(photographs), "-o", "out", "--json"]
    with started(*words, where=where, cwd=tmp_path) as process:
        lines = read_until(process, "task_finished", 2)
        send(process.pid, signum)
        rest, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert where.left() == []
    events = [check_json(line) for line in [*lines, *rest.splitlines()]]
    check_stream(events, all_tasks=False)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert (last.outcome, last.reason) == (Outcome.CANCELLED, f"stopped by {signum.name}")
    assert err == f"the run was not finished: stopped by {signum.name}\n{GOES_ON}"
    finished = sum(isinstance(event, TaskFinished) for event in events)
    assert 2 <= finished <= check_outputs(tmp_path / "out") < IMAGES


@pytest.mark.parametrize("executor", ["sequential", "threads"])
def test_a_signal_ends_every_executor(
    executor: str, photographs: Path, tmp_path: Path, where: Marked
) -> None:
    words = ["batch", str(photographs), "-o", "out", "--json", "--executor", executor]
    with started(*words, where=where, cwd=tmp_path) as process:
        read_until(process, "task_finished", 1)
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 143
    assert where.left() == []
    assert check_outputs(tmp_path / "out") < IMAGES


def test_after_a_cancel_log_summary_report_and_folder_count_alike(
    photographs: Path, tmp_path: Path, where: Marked
) -> None:
    words = ["batch", str(photographs), "-o", "out", "--report", "report.csv"]
    with started(*words, where=where, cwd=tmp_path) as process:
        wait_for_outputs(tmp_path / "out")
        process.send_signal(signal.SIGINT)
        told, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err == f"the run was not finished: stopped by SIGINT\n{GOES_ON}"
    done = len(re.findall("was processed", told))
    sentence = f"{done} of {IMAGES} images done, 0 failed, {IMAGES - done} not done"
    assert sentence in told.splitlines()
    assert outcomes(tmp_path) == {"done": done, "not done": IMAGES - done}
    # One may have been named just before its worker was killed.
    assert done <= check_outputs(tmp_path / "out") <= done + 2

    again = run(*words, where=where, cwd=tmp_path)
    before = outcomes(tmp_path)["done before"]
    sentence = f"{IMAGES} of {IMAGES} images done, {before} of them before, 0 failed"
    assert sentence in again.stdout.splitlines()
    assert outcomes(tmp_path) == {"done before": before, "done": IMAGES - before}
    last = run(*words, where=where, cwd=tmp_path)
    sentence = f"{IMAGES} of {IMAGES} images done, {IMAGES} of them before, 0 failed"
    assert sentence in last.stdout.splitlines()
    assert outcomes(tmp_path) == {"done before": IMAGES}


def outcomes(folder: Path) -> Counter[str]:
    """How many images the report says came to which end."""
    with (folder / "report.csv").open(newline="") as file:
        return Counter(row["outcome"] for row in csv.DictReader(file))


def test_an_impatient_second_signal_changes_nothing(
    photographs: Path, tmp_path: Path, where: Marked
) -> None:
    with started("batch", photographs, "-o", "out", "--json", where=where, cwd=tmp_path) as process:
        read_until(process, "task_finished", 1)
        # Until its last moment, which is the interpreter's own.
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.005)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err == f"the run was not finished: stopped by SIGINT\n{GOES_ON}"
    assert where.left() == []
    assert check_outputs(tmp_path / "out") < IMAGES


def test_a_hang_up_that_is_ignored_from_outside_stays_ignored(
    photographs: Path, tmp_path: Path, where: Marked
) -> None:
    few = [str(photographs / f"{number:02}.jpg") for number in range(6)]
    words = ["batch", *few, "-o", "out", "--json"]
    with started(*words, where=where, cwd=tmp_path, before=ignore_hang_up) as process:
        read_until(process, "task_finished", 1)
        os.killpg(process.pid, signal.SIGHUP)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert where.left() == []
    assert check_outputs(tmp_path / "out") == 6


def test_a_killed_headless_run_takes_its_workers_with_it(
    photographs: Path, tmp_path: Path, where: Marked
) -> None:
    with started("batch", photographs, "-o", "out", "--json", where=where, cwd=tmp_path) as process:
        read_until(process, "task_finished", 2)
        assert len(where.processes()) > 2
        process.kill()
        process.communicate(timeout=PATIENCE)
    assert where.left() == []
    assert 2 <= check_outputs(tmp_path / "out", tidy=False) < IMAGES


def test_what_a_killed_run_left_is_no_hindrance_to_the_next(
    photographs: Path, tmp_path: Path, where: Marked
) -> None:
    few = [str(photographs / f"{number:02}.jpg") for number in range(4)]
    words = ["batch", *few, "-o", "out", "--json"]
    with started(*words, where=where, cwd=tmp_path) as process:
        read_until(process, "task_finished", 1)
        process.kill()
        process.communicate(timeout=PATIENCE)
    with started(*words, where=where, cwd=tmp_path) as process:
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert check_outputs(tmp_path / "out", tidy=False) == 4


# In a terminal


def run_in(window: Terminal, process: subprocess.Popen[bytes], output: Path) -> None:
    """Starts the run of the plan that the app opens at, and waits until it is half-way."""
    window.wait_for(f"{IMAGES} images".encode())
    window.press(b"\r")
    wait_for_outputs(output)
    assert process.poll() is None


def check_terminal(window: Terminal) -> None:
    window.settle()
    assert b"\x1b[?1049h" in window.shown, "there was an alternate screen"
    assert window.modes == set()
    assert window.attributes == window.attributes_before
    assert b"Traceback" not in window.shown


def press_twice(window: Terminal, key: bytes) -> None:
    """The first one asks, and the second one leaves."""
    window.press(key)
    window.wait_for(b"goes on where")
    window.press(key)


def left_in(window: Terminal) -> bytes:
    """What stands in the terminal after the app has given it back."""
    return window.shown.rpartition(b"\x1b[?1049l")[2]


LEAVE: dict[str, tuple[Callable[[Terminal, subprocess.Popen[bytes]], None], int]] = {
    "q": (lambda window, process: press_twice(window, b"q"), 130),
    "ctrl+q": (lambda window, process: press_twice(window, b"\x11"), 130),
    "ctrl+c": (lambda window, process: window.press(b"\x03"), 130),
    "SIGINT": (lambda window, process: process.send_signal(signal.SIGINT), 130),
    "SIGTERM": (lambda window, process: process.terminate(), 143),
    "SIGHUP": (lambda window, process: process.send_signal(signal.SIGHUP), 129),
    "SIGTERM to all": (lambda window, process: os.killpg(process.pid, signal.SIGTERM), 143),
}


@pytest.mark.parametrize("way", LEAVE)
def test_the_app_is_left_in_mid_run(
    way: str, photographs: Path, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    leave, code = LEAVE[way]
    words = ["batch", str(photographs), "-o", "out"]
    with window.start(*words, where=where, cwd=tmp_path) as process:
        run_in(window, process, tmp_path / "out")
        assert len(where.processes()) > 2
        leave(window, process)
        process.wait(PATIENCE)
    assert process.returncode == code
    assert where.left() == []
    check_terminal(window)
    assert f"of {IMAGES} images done".encode() in left_in(window)
    assert GOES_ON.strip().encode() in left_in(window)
    assert 2 <= check_outputs(tmp_path / "out") < IMAGES


@pytest.mark.parametrize("hears", [True, False], ids=["told", "under-nohup"])
def test_the_app_goes_with_its_terminal(
    hears: bool, photographs: Path, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    words = ["batch", str(photographs), "-o", "out"]
    with window.start(*words, where=where, cwd=tmp_path, hears_hang_up=hears) as process:
        run_in(window, process, tmp_path / "out")
        window.close()
        process.wait(PATIENCE)
    assert process.returncode == 129
    assert where.left() == []
    assert check_outputs(tmp_path / "out") < IMAGES


def test_a_killed_app_takes_its_workers_with_it(
    photographs: Path, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    words = ["batch", str(photographs), "-o", "out"]
    with window.start(*words, where=where, cwd=tmp_path) as process:
        run_in(window, process, tmp_path / "out")
        process.kill()
        process.wait(PATIENCE)
    assert where.left() == []
    assert check_outputs(tmp_path / "out", tidy=False) < IMAGES


@pytest.mark.parametrize("way", ["q", "ctrl+c", "SIGHUP"])
def test_the_app_is_left_where_nothing_runs(
    way: str, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    """At Home, in a folder with an image of its own: no sample is needed."""
    picture().save(tmp_path / "a.jpg")
    leave, code = LEAVE[way]
    if way == "q":
        # Nothing is lost: nobody is asked.
        leave, code = lambda window, process: window.press(b"q"), 0
    with window.start(where=where, cwd=tmp_path) as process:
        window.wait_for(b"Plan a batch")
        leave(window, process)
        process.wait(PATIENCE)
    assert process.returncode == code
    assert where.left() == []
    check_terminal(window)
    assert not re.search(rb"\w", re.sub(rb"\x1b\[[?>0-9;]*[a-zA-Z]", b"", left_in(window)))
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


@pytest.mark.parametrize("hears", [True, False], ids=["heard", "under-nohup"])
def test_over_ssh_a_batch_says_once_that_it_ends_with_the_connection(
    hears: bool, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    picture((64, 48)).save(tmp_path / "a.jpg")
    where.env["SSH_TTY"] = "/dev/pts/0"
    for name in ("TMUX", "STY"):
        where.env.pop(name, None)
    words = ["batch", "a.jpg", "-o", "out", "--headless"]
    with window.start(*words, where=where, cwd=tmp_path, hears_hang_up=hears) as process:
        process.wait(PATIENCE)
        window.settle()
    assert process.returncode == 0
    assert window.shown.count(b"this batch ends with the SSH connection") == hears


@pytest.mark.parametrize("words", [[], ["batch"], ["sweep"]], ids=str)
@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_as_soon_as_there_is_a_screen_leaves_the_terminal_as_it_was(
    signum: signal.Signals,
    code: int,
    words: list[str],
    tmp_path: Path,
    where: Marked,
    window: Terminal,
) -> None:
    picture().save(tmp_path / "a.jpg")
    with window.start(*words, where=where, cwd=tmp_path) as process:
        window.wait_for(b"\x1b[?1049h")
        process.send_signal(signum)
        process.wait(PATIENCE)
    assert process.returncode == code
    assert where.left() == []
    check_terminal(window)
