"""The command `sweep`, as a process of its own."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import PATIENCE, Marked, read_until, run, started, tree
from tests.images.factories import picture
from tests.invariants import check_json, check_stream
from tui_app.events import Event, ProcessExited, RunStarted


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, size in enumerate(((320, 240), (240, 160), (160, 120)), 1):
        picture(size).save(folder / f"{number}.jpg")
    return folder


def left(where: Marked) -> list[Path]:
    """What is in the folder for temporary files that is ours.

    Of a killed program, `multiprocessing` leaves a folder of its own there.
    """
    return list(Path(where.env["TMPDIR"]).glob("procession-*"))


def gone(where: Marked) -> bool:
    """Whether no process, and nothing temporary, is left."""
    return where.left() == [] and left(where) == []


def runs_of(text: str) -> list[list[Event]]:
    """The events of each run: every one of them is a whole stream."""
    runs: list[list[Event]] = []
    for line in text.splitlines():
        event = check_json(line)
        if isinstance(event, RunStarted):
            runs.append([])
        runs[-1].append(event)
    for events in runs:
        check_stream(events)
    return runs


@pytest.mark.slow
def test_a_sweep_of_images_is_a_table_a_plot_and_sentences(
    photos: Path, tmp_path: Path, where: Marked
) -> None:
    deeper = photos / "deeper"
    deeper.mkdir()
    (photos / "3.jpg").rename(deeper / "3.jpg")
    before = tree(tmp_path)
    done = run("sweep", "in", "-r", "--up-to", "2", "--rounds", "1", where=where, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("3 images")
    rows = [line for line in lines if line.startswith(("◆", "▲", "●"))]
    assert [row.split()[1:3] for row in rows] == [
        ["Sequential", "1"],
        ["Threads", "1"],
        ["Threads", "2"],
        ["Processes", "1"],
        ["Processes", "2"],
    ]
    assert "1.00 x" in rows[0]
    assert all(row.endswith("MB") for row in rows)
    assert any(line.startswith("Processes: ") for line in lines)
    legend = next(n for n, line in enumerate(lines) if "⠒⠒ ideal" in line)
    plot = lines[legend : lines.index("", legend)]
    assert len(plot) == 18
    assert max(map(len, [*rows, *plot])) <= 80
    assert "run 5 of 5: Processes, 2 workers" in done.stderr
    assert tree(tmp_path) == before, "nothing is written beside the sources"
    assert gone(where)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_its_events_are_those_of_all_runs(
    method: str, photos: Path, tmp_path: Path, where: Marked
) -> None:
    words = ["sweep", "in", "--up-to", "2", "--rounds", "2", "--executor", "processes", "--json"]
    done = run(*words, "--start-method", method, where=where, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    runs = runs_of(done.stdout)
    starts = [events[0] for events in runs]
    assert all(isinstance(start, RunStarted) for start in starts)
    cells = [(s.executor, s.workers) for s in starts if isinstance(s, RunStarted)]
    # The second round goes backwards.
    there = [("sequential", 1), ("processes", 1), ("processes", 2)]
    assert cells == [*there, *reversed(there)]
    assert {s.kind for s in starts if isinstance(s, RunStarted)} == {"sweep"}
    for events in runs:
        exits = [event for event in events if isinstance(event, ProcessExited)]
        assert sum(event.cpu or 0.0 for event in exits) > 0
        assert max(event.memory or 0 for event in exits) > 1_000_000
    assert gone(where)


@pytest.mark.slow
def test_computing_and_sleeping_need_no_image(tmp_path: Path, where: Marked) -> None:
    words = ["--work", "sleeping", "--up-to", "2", "--rounds", "1", "--executor", "threads"]
    done = run("sweep", *words, where=where, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "24 calls that sleep 0.1 s each" in done.stdout
    assert "as fast" in done.stdout
    quiet = [
        "--work",
        "computing",
        "--executor",
        "sequential",
        "--up-to",
        "1",
        "--rounds",
        "1",
        "--quiet",
    ]
    done = run("sweep", *quiet, where=where, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert gone(where)


@pytest.mark.slow
def test_an_image_that_fails_ends_it_and_is_named(
    photos: Path, tmp_path: Path, where: Marked
) -> None:
    (photos / "broken.jpg").write_bytes(b"no image")
    done = run("sweep", "in", "--up-to", "2", "--rounds", "3", where=where, cwd=tmp_path)
    assert done.returncode == 1
    assert "broken.jpg" in done.stdout
    assert "there is nothing to compare with" in done.stdout
    assert "run  2 of" not in done.stderr
    assert gone(where)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["alone", "group"])
def test_a_signal_ends_all_of_it_and_leaves_nothing(
    signum: signal.Signals,
    code: int,
    send: Callable[[int, int], None],
    photos: Path,
    tmp_path: Path,
    where: Marked,
) -> None:
    words = ["sweep", "in", "--up-to", "2", "--rounds", "20", "--json"]
    with started(*words, where=where, cwd=tmp_path) as process:
        lines = read_until(process, "run_finished", 2)
        lines += read_until(process, "task_started", 1)
        assert any(path.name.startswith("procession-sweep-") for path in left(where))
        send(process.pid, signum)
        rest, _err = process.communicate(timeout=PATIENCE)
    # One that comes between two runs, or in the last moments, ends it as any program.
    assert process.returncode in (code, -signum)
    assert gone(where)
    events = [json.loads(line) for line in [*lines, *rest.splitlines()]]
    assert events[-1]["event"] == "run_finished"


@pytest.mark.slow
def test_what_was_measured_is_told_where_it_is_stopped(
    photos: Path, tmp_path: Path, where: Marked
) -> None:
    words = ["sweep", "--work", "sleeping", "--up-to", "2"]
    with started(*words, where=where, cwd=tmp_path) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "2 workers" in line:
                process.send_signal(signal.SIGINT)
                break
        out, _err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "1.00 x" in out
    assert gone(where)


@pytest.mark.slow
def test_a_killed_sweep_leaves_nothing_either(photos: Path, tmp_path: Path, where: Marked) -> None:
    words = ["sweep", "in", "--up-to", "2", "--rounds", "20", "--json"]
    with started(*words, where=where, cwd=tmp_path) as process:
        read_until(process, "run_finished", 2)
        read_until(process, "task_started", 1)
        process.kill()
        process.communicate(timeout=PATIENCE)
    assert gone(where)


WRONG: dict[str, tuple[list[str], str]] = {
    "no such folder": (["nowhere"], "nowhere"),
    "a folder without images": (["empty"], "no image"),
    "unknown recipe": (["in", "--recipe", "soup"], "soup"),
    "unknown work": (["--work", "resting"], "resting"),
    "sources that are not used": (["in", "--work", "computing"], "computing takes no SOURCE"),
    "no worker": (["in", "--up-to", "0"], "up-to"),
    "no round": (["in", "--rounds", "0"], "rounds"),
    "unknown executor": (["in", "--executor", "dancers"], "dancers"),
    "unknown start method": (["in", "--start-method", "spoon"], "spoon"),
    "no amount of memory": (["in", "--memory", "lots"], "lots"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_a_sentence(
    case: str, photos: Path, tmp_path: Path, where: Marked
) -> None:
    (tmp_path / "empty").mkdir()
    words, says = WRONG[case]
    done = run("sweep", *words, where=where, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("procession: ")
    assert says in line
    assert gone(where)
