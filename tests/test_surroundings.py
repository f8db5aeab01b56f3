"""A poor place to work: no current folder, no home, no temporary files, nothing of the machine."""

import errno
import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.commands import COMMAND, Marked, marked, outputs, run
from tests.images.factories import picture
from tests.nobody import NOBODY, as_nobody
from tui_app.crash import describe_crash
from tui_app.engine import machine
from tui_app.engine.machine import folder_trouble, usable_cpus
from tui_app.system.background import aside
from tui_app.system.threads import start_thread

pytestmark = pytest.mark.slow

WORKING = (
    ["batch", "--quiet"],
    ["batch", "--dry-run"],
    ["samples", "there"],
    ["watch", "script.py"],
    ["demo", "1"],
    ["compare", "1", "2"],
    ["check"],
    ["sweep", "--work", "sleeping"],
)
"""Commands that start something, or look at the current folder."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others can enter."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture
def where(folder: Path) -> Iterator[Marked]:
    with marked(folder) as environment:
        Path(environment.env["TMPDIR"]).chmod(0o777)
        yield environment


def run_as_nobody(
    words: Sequence[str | Path], where: Marked, cwd: Path, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        env={**where.env, **env},
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def in_gone_folder(words: Sequence[str], where: Marked, folder: Path) -> list[str]:
    """What a command says that is started where the current folder is gone; first its exit code."""
    gone = folder / "gone"
    gone.mkdir()
    done = subprocess.run(
        [*COMMAND, *words],
        cwd=gone,
        env=where.env,
        preexec_fn=gone.rmdir,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    return [str(done.returncode), *done.stderr.splitlines()]


@pytest.mark.parametrize("words", WORKING, ids=" ".join)
def test_in_a_folder_that_is_gone_a_command_says_so(
    words: list[str], where: Marked, folder: Path
) -> None:
    sentence = "procession: the current folder is gone: go to another one"
    assert in_gone_folder(words, where, folder) == ["2", sentence]


@pytest.mark.parametrize("words", [["--help"], ["batch", "--help"], ["doctor"]], ids=" ".join)
def test_help_is_to_be_had_anywhere(words: list[str], where: Marked, folder: Path) -> None:
    assert in_gone_folder(words, where, folder) == ["0"]


@as_nobody
def test_a_folder_that_cannot_be_entered_by_its_path(where: Marked, folder: Path) -> None:
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed").chmod(0o700)
    done = run_as_nobody(["batch", "--quiet"], where, folder / "closed" / "inner")
    assert (done.returncode, done.stderr) == (
        2,
        "procession: the current folder cannot be entered by its path: permission denied;"
        " go to another one\n",
    )


def test_a_path_that_is_too_long_to_enter(here: Path) -> None:
    for _ in range(25):
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    assert "is too long" in folder_trouble()
    os.chdir(here)
    assert folder_trouble() == ""


@as_nobody
def test_a_folder_that_cannot_be_listed_can_be_worked_in(where: Marked, folder: Path) -> None:
    for name in ("source", "unlisted"):
        (folder / name).mkdir()
        os.chown(folder / name, NOBODY, NOBODY)
    picture((40, 30)).save(folder / "source" / "a.png")
    (folder / "unlisted").chmod(0o300)
    words = ("batch", folder / "source", "-o", folder / "source" / "out", "--quiet")
    done = run_as_nobody(words, where, folder / "unlisted")
    assert (done.returncode, done.stderr) == (0, "")
    # Without a source it is the one that is meant.
    done = run_as_nobody(["batch", "--quiet"], where, folder / "unlisted")
    assert done.returncode != 0
    assert str(folder / "unlisted") in done.stderr
    assert "Traceback" not in done.stderr


# Homes


@as_nobody
@pytest.mark.parametrize("home", ["closed", "missing", "a file", "unset", "relative"])
def test_without_a_home_a_batch_runs(where: Marked, folder: Path, home: str) -> None:
    (folder / "source").mkdir()
    picture((40, 30)).save(folder / "source" / "a.png")
    os.chown(folder / "source", NOBODY, NOBODY)
    (folder / "closed").mkdir(mode=0o700)
    (folder / "file").touch()
    homes = {"closed": folder / "closed", "missing": "/proc/none", "a file": folder / "file"}
    for name in [name for name in where.env if name.startswith("XDG_")]:
        del where.env[name]
    where.env.pop("HOME", None)
    if home != "unset":
        where.env["HOME"] = str(homes.get(home, "home"))
    before = set(folder.iterdir())
    for words in (["batch", "source", "--quiet"], ["doctor"], ["demo", "--list"]):
        done = run_as_nobody(words, where, folder)
        assert (done.returncode, done.stderr) == (0, "")
    assert len(outputs(folder / "source" / "processed")) == 1
    assert set(folder.iterdir()) == before, "nothing is kept in the current folder"


def test_doctor_tells_of_settings_that_cannot_be_read(where: Marked, folder: Path) -> None:
    (folder / "procession").mkdir()
    os.mkfifo(folder / "procession" / "settings.json")
    done = run("doctor", where=where, cwd=folder, XDG_CONFIG_HOME=str(folder))
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Trouble")]
    assert line.endswith("settings.json counts as not there: not a regular file")


# Temporary files


def test_without_a_place_for_temporary_files_nothing_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._candidate_tempdir_list", lambda: ["/dev/null/no"])
    assert folder_trouble() == ("no folder for temporary files can be written: let TMPDIR name one")


# The machine


def test_without_affinity_and_proc_there_are_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, "no")

    monkeypatch.setattr(os, "sched_getaffinity", refuse, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cpus() == 1
    monkeypatch.setattr("psutil.virtual_memory", refuse)
    free, total = machine.memory()
    assert 0 < free <= total
    assert machine.free_memory() <= free


async def test_what_is_done_aside_is_done_here_where_no_thread_can_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def add(one: int, other: int) -> int:
        return one + other

    assert await aside(add, 1, other=2) == 3

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("_thread.start_new_thread", refuse)
    assert await aside(add, 1, other=2) == 3
    with pytest.raises(TypeError):
        await aside(add, 1, other="2")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "procession stopped: there is not enough memory"),
        (OSError(errno.EMFILE, "x"), "procession stopped: too many files are open"),
        (ValueError("x"), "procession stopped because of a mistake of its own: ValueError: x"),
    ],
)
def test_what_the_machine_refuses_is_no_mistake_of_the_apps(
    error: Exception, sentence: str
) -> None:
    assert describe_crash(error).splitlines()[0] == sentence


def test_what_nobody_expected_of_the_system_is_one_sentence(where: Marked, folder: Path) -> None:
    (folder / "a.png").touch()
    code = """
from tui_app.runs.request import BatchRequest
def refuse(self):
    raise OSError(28, "x", "/some/where")
BatchRequest.resolved = refuse
from tui_app.__main__ import main
main()
"""
    done = subprocess.run(
        [COMMAND[0], "-c", code, "batch", "--quiet"],
        cwd=folder,
        env=where.env,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "procession: /some/where: the disk is full\n")


def test_without_memory_for_itself_it_says_so(where: Marked, folder: Path) -> None:
    picture((40, 30)).save(folder / "a.png")
    said = set()
    for megabytes in (30, 36, 42, 48):
        most = megabytes << 20
        done = subprocess.run(
            [*COMMAND, "batch", "--quiet"],
            cwd=folder,
            env=where.env,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_AS, (most, most)),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            (line,) = done.stderr.splitlines()
            said.add((done.returncode, line.partition(": cannot go on: ")[0]))
    assert said == {(1, "procession")}


def test_a_thread_that_dies_before_it_runs_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui_app.system.threads.PATIENCE", 0.05)
    monkeypatch.setattr("_thread.start_new_thread", lambda *_: 1)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        start_thread(print)
