"""Whatever a terminal sends, and however often the app was stopped: it lives, and can be left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from tests.commands import COMMAND, PATIENCE, Marked
from tests.images.factories import picture
from tests.terminals import Terminal
from tui_app.widgets.textual_internals.driver import InputDecoder

pytestmark = pytest.mark.slow


# What is heard


def heard(*data: bytes) -> list[Message]:
    decoder = InputDecoder()
    return [message for part in data for message in decoder.feed(part)]


def keys(*data: bytes) -> list[str]:
    return [message.key for message in heard(*data) if isinstance(message, events.Key)]


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        ([b"a\xe9b"], ["a", "b"]),
        ([b"\xe9", b"q"], ["q"]),
        ([b"\xff\xfe\x80"], []),
        (["é".encode()], ["é"]),
        (["é".encode()[:1], "é".encode()[1:]], ["é"]),
        ([b"\xc3", b"a"], ["a"]),
        ([b"\x1b[A\xe9\x1b[B"], ["up", "down"]),
    ],
    ids=repr,
)
def test_bytes_that_are_no_text_are_no_keys(data: list[bytes], pressed: list[str]) -> None:
    assert [key.replace("latin_small_letter_e_with_acute", "é") for key in keys(*data)] == pressed


@pytest.mark.parametrize(
    "data",
    [
        [b"\x1b[M q!"],
        [b"\x1b[M \xe9\xc3"],
        [b"\x1b[M", b"q", b"q", b"q"],
        [b"\x1b[M \x80", b"\x80"],
        [b"\x1b[M#\xff\x00", b"\x1b[M qq"],
        [b"\x1b[M q", b""],
    ],
    ids=repr,
)
def test_a_click_of_the_oldest_protocol_presses_no_key(data: list[bytes]) -> None:
    assert keys(*data, b"x") == ["x"]


def test_a_click_of_a_newer_protocol_is_one() -> None:
    (click,) = heard(b"\x1b[<0;12;5M")
    assert isinstance(click, events.MouseDown)
    assert (click.x, click.y) == (11, 4)


@pytest.mark.parametrize("sent", [b"\x1b[97:65u", b"\x1b[::u", b"\x1b[" + b"9" * 20 + b"u"])
def test_a_sequence_that_is_half_known_is_forgotten(sent: bytes) -> None:
    assert keys(sent, b"x") == ["x"]


@pytest.mark.parametrize("size", ["99999;99999", "0;0", "0;80"])
def test_an_absurd_size_is_not_believed(size: str) -> None:
    assert heard(f"\x1b[48;{size};1;1t".encode()) == []


def test_a_size_is_believed() -> None:
    (resize,) = heard(b"\x1b[48;30;100;600;1000t")
    assert isinstance(resize, events.Resize)
    assert resize.size == (100, 30)


PIECES = [b"\x1b", b"[", b"M", b"<", b";", b":", b"?", b"u", b"~", b"t", b"R", b"48", b"1"]
PIECES += [b"9" * 20, b"$y", b"2048", b"200~", b"201~", b"\xe9", b"\x80", b"-", b"m", b"\x00", b"a"]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join) | st.binary()))
@example([b"\x1b[48;1;1;0;0t", b"\x1b[<0;1;1M"])
def test_nothing_makes_it_deaf(data: list[bytes]) -> None:
    decoder = InputDecoder()
    for part in data:
        list(decoder.feed(part))
    # Whatever was begun is ended first: a sequence, a click, a paste.
    list(decoder.feed(b"\0\0\0" * 20))
    list(decoder.feed(b"\x1b[201~"))
    assert any(isinstance(message, events.Key) for message in decoder.feed(b"x"))


# In the app


def opened(window: Terminal) -> None:
    window.wait_for(b"Plan a batch")


def test_a_byte_that_is_no_utf8_does_not_end_the_app(
    tmp_path: Path, where: Marked, window: Terminal
) -> None:
    picture().save(tmp_path / "a.jpg")
    with window.start(where=where, cwd=tmp_path) as process:
        opened(window)
        for sent in (b"\xe9", b"\x1b[M q\xe9", b"\x1b[97:65u", bytes(range(0x80, 0x100))):
            window.press(sent)
        window.press(b"?")
        window.wait_for(b"Every command, by name")
        window.press(b"\x1b")
        window.press(b"\x03")
        assert process.wait(PATIENCE) == 130
    assert b"Traceback" not in window.shown


SIGNALS: dict[str, tuple[Callable[[Terminal, subprocess.Popen[bytes]], None], int]] = {
    "ctrl+c": (lambda window, process: window.press(b"\x03"), 130),
    "SIGTERM": (lambda window, process: process.terminate(), 143),
    "SIGHUP": (lambda window, process: process.send_signal(signal.SIGHUP), 129),
}


@pytest.mark.parametrize("way", SIGNALS)
def test_after_it_was_stopped_and_continued_the_app_can_be_left(
    way: str, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    picture().save(tmp_path / "a.jpg")
    leave, code = SIGNALS[way]
    with window.start(where=where, cwd=tmp_path) as process:
        opened(window)
        for _ in range(3):
            screens = window.shown.count(b"\x1b[?1049h")
            process.send_signal(signal.SIGSTOP)
            process.send_signal(signal.SIGCONT)
            # It takes the terminal back: somebody else may have had it.
            while window.shown.count(b"\x1b[?1049h") == screens:
                time.sleep(0.01)
        leave(window, process)
        assert process.wait(PATIENCE) == code
    window.settle()
    assert window.attributes == window.attributes_before
    assert window.modes == set()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_ctrl_z_stops_the_whole_job_and_fg_goes_on(
    tmp_path: Path, where: Marked, window: Terminal
) -> None:
    """A shell has the terminal meanwhile, as it was before; `bg` does not take it away."""
    (tmp_path / "in").mkdir()
    picture((3264, 2448)).save(tmp_path / "in" / "00.jpg")
    for number in range(1, 40):
        shutil.copy(tmp_path / "in" / "00.jpg", tmp_path / "in" / f"{number:02}.jpg")
    out = tmp_path / "out"
    shell = ["bash", "--norc", "--noprofile", "-i"]
    where.env["PS1"] = "ready> "
    with window.start(where=where, cwd=tmp_path, command=shell) as bash:

        def ours() -> list[psutil.Process]:
            return [process for process in where.processes() if process.pid != bash.pid]

        def all_stopped() -> bool:
            return {process.status() for process in ours()} == {psutil.STATUS_STOPPED}

        window.wait_for(b"ready> ")
        line = " ".join([*COMMAND, "batch", "in", "-o", "out", "--exact"])
        window.press(f"{line}; echo left with $?\n".encode())
        window.wait_for(b"Run (enter)")
        window.press(b"\r")
        wait_until(lambda: out.exists() and len(list(out.glob("*.jpg"))) >= 1)
        window.press(b"\x1a")
        window.wait_for(b"Stopped")
        wait_until(all_stopped)
        window.settle()
        assert window.modes <= {"2004"}  # the shell's own: it marks what is pasted
        window.press(b"bg\n")
        window.wait_for(b"&\r\n")
        wait_until(all_stopped)
        screens = window.shown.count(b"\x1b[?1049h")
        window.press(b"fg\n")
        wait_until(lambda: window.shown.count(b"\x1b[?1049h") > screens)
        there = len(list(out.glob("*.jpg")))
        wait_until(lambda: len(list(out.glob("*.jpg"))) > there)
        window.press(b"\x1a")
        wait_until(all_stopped)
        window.press(b"kill %1; fg\n")
        wait_until(lambda: ours() == [])
        window.press(b"exit\n")
        bash.wait(PATIENCE)
    assert not list(out.rglob("*.part"))


def test_where_no_shell_could_continue_it_ctrl_z_changes_nothing(
    tmp_path: Path, where: Marked, window: Terminal
) -> None:
    picture().save(tmp_path / "a.jpg")
    with window.start(where=where, cwd=tmp_path) as process:
        opened(window)
        screens = window.shown.count(b"\x1b[?1049h")
        window.press(b"\x1a")
        wait_until(lambda: window.shown.count(b"\x1b[?1049h") > screens)
        assert psutil.Process(process.pid).status() != psutil.STATUS_STOPPED
        window.press(b"q")
        assert process.wait(PATIENCE) == 0


# Where there is no screen


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"TERM": "dumb"}, b"this terminal shows lines only (TERM=dumb); run: "),
        ({"TERM": ""}, b"this terminal shows lines only (TERM=); run: "),
        ({"PYTHONIOENCODING": "latin-1"}, b"such as LC_ALL=C.UTF-8; else run: "),
    ],
    ids=["dumb", "unset", "latin-1"],
)
def test_a_terminal_without_a_screen_or_signs_has_lines_in_ascii(
    changed: dict[str, str], says: bytes, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    (tmp_path / "in").mkdir()
    picture().save(tmp_path / "in" / "a.jpg")
    line = [os.fspath(word) for word in COMMAND]
    changes = [f"{name}={value}" for name, value in changed.items()]
    with window.start(where=where, cwd=tmp_path, command=["env", *changes, *line]) as process:
        assert process.wait(PATIENCE) == 2
    words = ["batch", "in", "-o", "out"]
    command = ["env", *changes, *line]
    with window.start(*words, where=where, cwd=tmp_path, command=command) as process:
        assert process.wait(PATIENCE) == 0
    window.settle()
    assert says in window.shown
    assert b"1 of 1 image done" in window.shown
    assert window.shown.isascii()
    if "TERM" in changed:
        assert b"\x1b" not in window.shown
