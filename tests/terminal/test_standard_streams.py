"""Standard streams that are full, closed, left by their reader, or of no more than ASCII."""

from __future__ import annotations

import errno
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.commands import COMMAND, PATIENCE, Marked, outputs, run
from tests.images.factories import picture
from tui_app.runs.formatting import safe
from tui_app.terminal.standard_streams import LastingStream, has_screen, is_ascii_only, is_closed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

QUICK = "seconds=0.01"

WORK: dict[str, Sequence[str]] = {
    "batch": ["batch", "in", "-o", "out"],
    "demo": ["demo", "2", "--set", QUICK],
    "watch": ["watch", "mine.py"],
}
"""What is done whatever is told of it."""

TOLD: dict[str, Sequence[str]] = {
    "events": ["batch", "in", "-o", "out", "--json"],
    "plan": ["batch", "in", "--dry-run"],
    "help": ["batch", "--help"],
    "version": ["--version"],
    "doctor": ["doctor"],
    "demos": ["demo", "--list"],
    "pairs": ["compare", "--list", "--json"],
    "comparison": ["compare", "1", "2", "--set", QUICK],
    "sweep": [
        "sweep",
        "--work",
        "sleeping",
        "--executor",
        "threads",
        "--rounds",
        "1",
        "--up-to",
        "1",
    ],
}
"""What is asked for in order to be told."""

LOST = "procession: what was told on stdout is lost: {why}\n"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for name in ("a.jpg", "b.jpg"):
        picture((64, 48)).save(tmp_path / "in" / name)
    (tmp_path / "mine.py").write_text("open('done', 'w').close()\nprint('hello')\n")
    return tmp_path


def started(
    words: Sequence[str], where: Marked, cwd: Path, *, closed: Sequence[int] = (), full: int = 0
) -> subprocess.CompletedProcess[str]:
    """Runs it with these descriptors closed, and one on a disk that is full; 0: none is."""

    def close() -> None:
        for fd in closed:
            os.close(fd)

    with ExitStack() as stack:
        disk = stack.enter_context(Path("/dev/full").open("w")) if full else subprocess.PIPE
        return subprocess.run(
            [*COMMAND, *words],
            cwd=cwd,
            env=where.env,
            stdin=subprocess.DEVNULL,
            stdout=disk if full == 1 else subprocess.PIPE,
            stderr=disk if full == 2 else subprocess.PIPE,
            preexec_fn=close,
            encoding="utf-8",
            timeout=PATIENCE,
        )


def check_quiet(told: str | None) -> None:
    assert not re.search("Traceback|Exception ignored|Error:", told or "")


def check_work(name: str, folder: Path) -> None:
    if name in ("batch", "events"):
        assert sorted(outputs(folder / "out")) == ["a.jpg", "b.jpg"]
    if name == "watch":
        assert (folder / "done").exists()


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@needs_full
@pytest.mark.parametrize("name", [*WORK, *TOLD])
def test_on_a_full_disk_the_work_is_done_and_one_sentence_tells_of_the_loss(
    name: str, where: Marked, photos: Path
) -> None:
    done = started((WORK | TOLD)[name], where, photos, full=1)
    assert done.returncode == 1
    assert done.stderr.endswith(LOST.format(why=os.strerror(errno.ENOSPC)))
    check_quiet(done.stderr)
    check_work(name, photos)


@pytest.mark.parametrize("name", WORK)
def test_who_closes_stdout_wants_no_log(name: str, where: Marked, photos: Path) -> None:
    done = started(WORK[name], where, photos, closed=[1])
    assert (done.returncode, done.stderr) == (0, "")
    check_work(name, photos)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_asked_for_cannot_be_told_on_a_closed_stdout(
    name: str, where: Marked, photos: Path
) -> None:
    done = started(TOLD[name], where, photos, closed=[1])
    assert done.returncode == 1
    assert done.stderr.endswith(LOST.format(why=os.strerror(errno.EBADF)))
    check_quiet(done.stderr)
    check_work(name, photos)


@pytest.mark.parametrize(
    ("name", "closed"),
    [*((name, [2]) for name in [*WORK, *TOLD]), *(("batch", fds) for fds in ([0], [0, 2]))],
)
def test_without_the_other_streams_nothing_changes(
    name: str, closed: Sequence[int], where: Marked, photos: Path
) -> None:
    done = started((WORK | TOLD)[name], where, photos, closed=closed)
    assert done.returncode == 0
    assert done.stdout
    check_quiet(done.stdout)
    check_work(name, photos)


@pytest.mark.parametrize("name", WORK)
def test_without_any_stream_the_work_is_done(name: str, where: Marked, photos: Path) -> None:
    assert started(WORK[name], where, photos, closed=[0, 1, 2]).returncode == 0
    check_work(name, photos)


def test_wrong_use_without_stderr_is_told_by_the_exit_code(where: Marked, photos: Path) -> None:
    done = started(["batch", "nowhere"], where, photos, closed=[2])
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("name", "both"),
    [*((name, False) for name in [*WORK, *TOLD]), ("batch", True), ("events", True)],
)
def test_a_reader_that_leaves_wants_no_more(
    name: str, both: bool, where: Marked, photos: Path
) -> None:
    with subprocess.Popen(
        [*COMMAND, *(WORK | TOLD)[name]],
        cwd=photos,
        env={**where.env, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if both else subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read().decode() if process.stderr is not None else ""
        assert process.wait(PATIENCE) == 0
    check_quiet(told)
    assert "lost" not in told
    check_work(name, photos)


# A stream by itself


class Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "full")

    def fileno(self) -> int:
        return self.fd

    def __init__(self, fd: int) -> None:
        super().__init__()
        self.fd = fd


def test_the_first_loss_is_remembered_and_the_rest_goes_nowhere(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        stream = LastingStream(Full(file.fileno()))
        assert stream.lost is None
        assert stream.write("one") == 3
        assert stream.lost is not None
        assert stream.lost.errno == errno.ENOSPC
        stream.flush()
        file.write("what the buffer held")
    assert (tmp_path / "file").read_text() == ""


def test_what_is_not_closed_loses_nothing() -> None:
    stream = LastingStream(file := io.StringIO())
    stream.write("→")
    stream.flush()
    assert (file.getvalue(), stream.lost, is_closed(stream)) == ("→", None, False)
    assert not is_closed(file)
    closed = LastingStream(io.StringIO(), closed=True)
    assert is_closed(closed)
    assert closed.lost is None
    closed.write("word")
    assert closed.lost is not None


# ASCII


def spelt(text: str) -> str:
    stream = LastingStream(file := io.StringIO(), ascii_only=True)
    stream.write(text)
    return file.getvalue()


def texts() -> Iterator[Path]:
    for folder in ("tui_app", "screens"):
        yield from (ROOT / folder).rglob("*.py")
    yield from (ROOT / "assets").rglob("*.po")
    yield from (ROOT / "assets").rglob("*.toml")


def test_whatever_we_write_has_a_spelling_in_ascii() -> None:
    used = {sign for file in texts() for sign in file.read_text("utf-8") if not sign.isascii()}
    assert len(used) > 30
    assert {sign for sign in used if not spelt(sign).isascii()} == set()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.jpg → out…", "a.jpg -> out..."),
        ("✓ 3 · ✗ 2", "ok 3 - x 2"),
        ("Ședință în țară", "Sedinta in tara"),
        (safe("a\x1b[2J\x7f\u202e"), "a^[[2J^??"),
        ("⠂⣿\u2800", ".# "),
        ("1\N{NARROW NO-BREAK SPACE}204", "1 204"),
        ("naïve 日本", "naïve 日本"),  # the file's own escapes tell a name
    ],
)
def test_how_it_is_spelt(text: str, told: str) -> None:
    assert spelt(text) == told


@pytest.mark.parametrize(
    ("encoding", "language"),
    [("ascii", "ro"), ("latin-1", "en"), ("cp1252", "ro"), ("utf-16", "en")],
)
def test_a_locale_without_utf8_is_told_in_ascii(
    encoding: str, language: str, where: Marked, photos: Path
) -> None:
    picture((24, 16)).save(photos / "in" / "naïve → 日本.jpg")
    done = subprocess.run(
        [*COMMAND, "batch", "in", "-o", "out", "--lang", language],
        cwd=photos,
        env={**where.env, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b"3 imag" in done.stdout
    assert rb"na\xefve -> \u65e5\u672c.jpg" in done.stdout
    assert (photos / "out" / "naïve → 日本.jpg").exists()


def test_utf8_by_any_of_its_names_stays_as_it_is(where: Marked, photos: Path) -> None:
    done = run("batch", "in", "-o", "out", where=where, cwd=photos, PYTHONIOENCODING="UTF8")
    assert "→" in done.stdout


# Terminals


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("term", "has"),
    [("xterm", True), ("linux", True), ("dumb", False), ("unknown", False), ("", False)],
)
def test_a_terminal_has_a_screen_or_only_lines(
    term: str, has: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    assert has_screen(Tty()) is has
    assert not has_screen(io.StringIO())
    monkeypatch.delenv("TERM")
    assert not has_screen(Tty())
    assert not is_ascii_only(sys.stdout)
