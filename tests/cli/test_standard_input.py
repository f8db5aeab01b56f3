"""Names on standard input, and the command that gets them from `xargs`."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.commands import COMMAND, PATIENCE, Marked, outputs
from tests.images.factories import picture
from tests.terminals import Terminal

ODD = "latin\udcff.jpg"


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture().save(folder / name, "JPEG")


def given(read: bytes, *words: str, where: Marked, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env=where.env,
        input=read,
        capture_output=True,
        timeout=PATIENCE,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "end"), [(["-"], b"\n"), (["-0"], b"\0"), (["-", "-0"], b"\0"), (["--null"], b"\0")]
)
def test_names_are_read(words: list[str], end: bytes, tmp_path: Path, where: Marked) -> None:
    two_lines = ["two\nlines.jpg"] if end == b"\0" else []
    names = ["in/a.jpg", f"in/{ODD}", *(f"in/{name}" for name in two_lines)]
    put(tmp_path, *names)
    read = end.join(map(os.fsencode, names)) + end
    done = given(read, "batch", *words, "-o", "out", "--quiet", where=where, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert sorted(outputs(tmp_path / "out")) == sorted(["a.jpg", ODD, *two_lines])


def test_they_stand_where_the_dash_stands(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "a.jpg", "b/b.jpg", "c.jpg")
    words = ["batch", "b/b.jpg", "-", "c.jpg", "-", "--dry-run"]
    done = given(b"a.jpg\n\n", *words, where=where, cwd=tmp_path)
    assert f"output   {tmp_path}/b/processed\n" in done.stdout.decode()
    assert "3 to process" in done.stdout.decode()


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (b"", "there is no name on standard input"),
        (b"\n\n", "there is no name on standard input"),
        (b"a.jpg\0b.jpg\0", "parted by NUL: read them with -0"),
        (b"none.jpg\n", "there is no "),
    ],
)
def test_a_list_that_says_nothing_is_wrong_use(
    read: bytes, says: str, tmp_path: Path, where: Marked
) -> None:
    put(tmp_path, "a.jpg")
    done = given(read, "batch", "-", where=where, cwd=tmp_path)
    (line,) = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in line
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


@pytest.mark.slow
@pytest.mark.parametrize(("words", "end"), [(["-"], b"\n"), (["-0"], b"\0")])
def test_what_failed_can_be_given_to_the_next_command(
    words: list[str], end: bytes, tmp_path: Path, where: Marked
) -> None:
    put(tmp_path, "in/a.jpg", "in/b/b.jpg")
    names = [ODD, "b/spaces and 'quotes'.jpg", *(["two\nlines.jpg"] if end == b"\0" else [])]
    for name in names:
        (tmp_path / "in" / name).touch()
    asked = ["in", "-r", "-o", "out", "--quiet", "--failures", "failures"]
    null = ["-0"] if end == b"\0" else []
    first = given(b"", "batch", *asked, *null, where=where, cwd=tmp_path)
    assert first.returncode == 1
    assert f"{len(names)} images failed:" in first.stderr.decode()
    read = (tmp_path / "failures").read_bytes()
    paths = sorted(os.fsencode(tmp_path / "in" / name) for name in names)
    assert sorted(read.split(end)[:-1]) == paths
    put(tmp_path / "in", *names)
    again = given(read, "batch", *words, "-o", "more", "--quiet", where=where, cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, b"")
    assert sorted(outputs(tmp_path / "more")) == sorted(name.split("/")[-1] for name in names)


@pytest.mark.slow
@pytest.mark.parametrize("stdin", ["/dev/null", "a pipe"])
def test_from_xargs_in_a_terminal_there_is_no_screen(
    stdin: str, tmp_path: Path, where: Marked, window: Terminal
) -> None:
    """`xargs` starts the command with nothing to read, in the terminal of the person."""
    put(tmp_path, "in/a.jpg", "in/b.jpg")
    script = 'exec "$@" </dev/null' if stdin == "/dev/null" else 'printf "" | "$@"'
    words = ["batch", "in/a.jpg", "in/b.jpg", "-o", "out"]
    command = ["sh", "-c", script, "sh", *COMMAND]
    with window.start(*words, where=where, cwd=tmp_path, command=command) as process:
        assert process.wait(PATIENCE) == 0
    window.settle()
    assert b"2 of 2 images done, 0 failed" in window.shown
    assert b"\x1b[?1049h" not in window.shown
    assert sorted(outputs(tmp_path / "out")) == ["a.jpg", "b.jpg"]
