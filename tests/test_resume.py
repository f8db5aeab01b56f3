"""Nothing lost: the app killed and started again, disks that fill up, two runs at once."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands import (
    COMMAND,
    PATIENCE,
    Marked,
    outputs,
    read_until,
    run,
    started,
    tree,
)
from tests.images.factories import picture

pytestmark = pytest.mark.slow

IMAGES = 24
KILLS = 10
GOES_ON = "the same command goes on where it stopped"


def put(folder: Path, count: int, size: tuple[int, int] = (1000, 700)) -> None:
    folder.mkdir()
    whole = picture(size)
    for number in range(count):
        # Each of its own size, so that outputs tell their sources.
        whole.crop((0, 0, size[0] - number, size[1])).save(folder / f"{number:02}.jpg", quality=92)


def events_in(file: Path) -> list[dict[str, object]]:
    """The whole lines of a stream that may have been cut short."""
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]


def names(events: list[dict[str, object]], kind: str) -> list[str]:
    labels = {e["task"]: str(e["label"]) for e in events if e["event"] == "task_queued"}
    return [labels[event["task"]] for event in events if event["event"] == kind]


def killed_after(seconds: float, words: list[str], stream: Path, where: Marked, cwd: Path) -> bool:
    """Starts the command, lets it begin, kills it so much later; whether it was still at work."""
    with (
        stream.open("wb") as out,
        subprocess.Popen(
            [*COMMAND, *words],
            cwd=cwd,
            env=where.env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        deadline = time.monotonic() + PATIENCE
        while not stream.stat().st_size and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(seconds)
        process.kill()
        return process.wait() != 0


def test_killed_ten_times_and_started_again_it_comes_to_the_same(
    tmp_path: Path, where: Marked
) -> None:
    put(tmp_path / "in", IMAGES)
    undisturbed = run("batch", "in", "-o", "whole", "--quiet", where=where, cwd=tmp_path)
    assert undisturbed.returncode == 0
    words = ["batch", "in", "-o", "out", "--json", "--workers", "2"]
    chance = random.Random(7)
    done: set[str] = set()
    theirs: dict[str, bytes] = {}
    streams = []
    for number in range(KILLS + 1):
        stream = tmp_path / f"{number}.jsonl"
        if number < KILLS:
            killed_after(chance.uniform(0.0, 0.6), words, stream, where, tmp_path)
            assert where.left() == []
        else:
            last = run(*words, where=where, cwd=tmp_path)
            assert last.returncode == 0, last.stderr
            stream.write_text(last.stdout)
        streams.append(events_in(stream))
        assert not done & set(names(streams[-1], "task_started")), "none is begun again"
        finished = names(streams[-1], "task_finished")
        assert not done & set(finished), "none is done twice"
        done |= set(finished)
        assert not names(streams[-1], "task_failed")
        # Somebody else puts a file where an output is to be: it may have been begun.
        missing = {f"{n:02}.jpg" for n in range(IMAGES)} - set(tree(tmp_path / "out"))
        if missing and number < KILLS:
            name = chance.choice(sorted(missing))
            theirs[name] = b"somebody else's"
            (tmp_path / "out" / name).write_bytes(theirs[name])
    assert theirs
    assert outputs(tmp_path / "out") == {**outputs(tmp_path / "whole"), **theirs}
    assert len(outputs(tmp_path / "out")) == IMAGES
    # Outputs that stood but were not told yet are made again: that is all that is lost.
    assert len(done) >= IMAGES - 2 * KILLS - len(theirs)
    again = json.loads(run(*words, where=where, cwd=tmp_path).stdout.splitlines()[-1])
    assert again["summary"]["skipped"] == IMAGES
    assert where.left() == []


def mounted(*words: str | Path) -> None:
    """Mounts something; skips the test where nothing may be mounted."""
    command = ["mount", *map(str, words)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of that size in a folder."""
    folder.mkdir()
    mounted("-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that has become read-only, whatever files are open in it."""
    mounted("--bind", folder, folder)
    try:
        mounted("-o", "remount,bind,ro", folder)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_stops_the_run_and_it_goes_on_when_there_is_room(
    tmp_path: Path, where: Marked
) -> None:
    put(tmp_path / "in", 16, (700, 500))
    words = ["batch", "in", "-o", "disk/out", "--json"]
    with small_disk(tmp_path / "disk", "2m"):
        ballast = tmp_path / "disk" / "ballast"
        free = os.statvfs(tmp_path / "disk").f_bavail * os.statvfs(tmp_path / "disk").f_bsize
        # Room for a few of the outputs, by what the plan knows enough for all.
        ballast.write_bytes(bytes(free - 110_000))
        full = run(*words, where=where, cwd=tmp_path)
        assert full.returncode == 1
        events = [json.loads(line) for line in full.stdout.splitlines()]
        why = f"nothing more can be written to {tmp_path}/disk/out: the disk is full"
        assert (events[-1]["outcome"], events[-1]["reason"]) == ("failed", why)
        assert why in full.stderr
        assert GOES_ON in full.stderr
        failed = [event for event in events if event["event"] == "task_failed"]
        assert failed
        for event in failed:
            assert event["reason"] == "the output cannot be written: the disk is full"
        done = names(events, "task_finished")
        assert done
        assert set(outputs(tmp_path / "disk" / "out")) >= set(done)
        assert len(done) + len(failed) < 16, "the rest was not tried"

        ballast.unlink()
        more = run(*words, where=where, cwd=tmp_path)
        assert more.returncode == 0, more.stderr
        events = [json.loads(line) for line in more.stdout.splitlines()]
        assert not set(done) & set(names(events, "task_started"))
        assert len(outputs(tmp_path / "disk" / "out")) == 16
    assert where.left() == []


def test_a_disk_that_becomes_read_only_stops_the_run(tmp_path: Path, where: Marked) -> None:
    put(tmp_path / "in", IMAGES)
    words = ["batch", "in", "-o", "out", "--json"]
    with started(*words, where=where, cwd=tmp_path) as process:
        lines = read_until(process, "task_finished", 1)
        with read_only(tmp_path / "out"):
            rest, err = process.communicate(timeout=PATIENCE)
    events = [json.loads(line) for line in [*lines, *rest.splitlines()]]
    why = f"nothing more can be written to {tmp_path}/out: the disk is read-only"
    assert process.returncode == 1
    assert (events[-1]["outcome"], events[-1]["reason"]) == ("failed", why)
    assert why in err
    assert "Traceback" not in err
    done = names(events, "task_finished")
    more = run(*words, where=where, cwd=tmp_path)
    assert more.returncode == 0, more.stderr
    events = [json.loads(line) for line in more.stdout.splitlines()]
    assert not set(done) & set(names(events, "task_started"))
    assert len(outputs(tmp_path / "out")) == IMAGES


def files_limited_to(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_limit_on_the_size_of_files_is_a_clear_failure(tmp_path: Path, where: Marked) -> None:
    put(tmp_path / "in", 6, (900, 700))
    words = ["batch", "in", "-o", "out", "--json"]
    limit = files_limited_to(9_000)
    with started(*words, where=where, cwd=tmp_path, before=limit) as process:
        out, err = process.communicate(timeout=PATIENCE)
    events = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 1, err
    assert events[-1]["outcome"] == "failed"
    assert "the file would be larger than is allowed here" in events[-1]["reason"]
    assert GOES_ON in err
    assert "Traceback" not in err
    assert outputs(tmp_path / "out") == {}
    assert run(*words, where=where, cwd=tmp_path).returncode == 0
    assert len(outputs(tmp_path / "out")) == 6


def test_a_second_run_into_the_same_folder_is_refused_in_one_sentence(
    tmp_path: Path, where: Marked
) -> None:
    put(tmp_path / "in", IMAGES)
    words = ["batch", "in", "-o", "out", "--json"]
    with started(*words, "--start-method", "fork", where=where, cwd=tmp_path) as process:
        read_until(process, "process_started", 2)
        # However slow the second one is, the first is still at work.
        process.send_signal(signal.SIGSTOP)
        second = run(*words, where=where, cwd=tmp_path)
        assert (second.returncode, second.stdout) == (2, "")
        says = second.stderr.splitlines()[-1]
        assert says == f"procession: another run is writing into {tmp_path}/out: wait for its end"
        process.kill()
        process.communicate(timeout=PATIENCE)
    # The kernel lets go of the lock with the process: its workers never had it.
    third = run(*words, where=where, cwd=tmp_path)
    assert third.returncode == 0, third.stderr
    assert where.left() == []


def test_an_output_that_was_changed_by_hand_is_left_alone(tmp_path: Path, where: Marked) -> None:
    put(tmp_path / "in", 2, (90, 60))
    words = ["batch", "in", "-o", "out", "--headless"]
    assert run(*words, where=where, cwd=tmp_path).returncode == 0
    (tmp_path / "out" / "00.jpg").write_text("retouched")
    os.utime(tmp_path / "in" / "00.jpg")
    os.utime(tmp_path / "in" / "01.jpg")
    done = run(*words, where=where, cwd=tmp_path)
    assert done.returncode == 0
    assert "1 output left alone, changed since it was made" in done.stdout
    assert "1 image whose source has changed since: made again" in done.stdout
    assert "00.jpg was skipped: its output was changed since it was made" in done.stdout
    assert "01.jpg was processed" in done.stdout
    assert (tmp_path / "out" / "00.jpg").read_text() == "retouched"
    assert run(*words, "--overwrite", where=where, cwd=tmp_path).returncode == 0
    assert (tmp_path / "out" / "00.jpg").read_bytes()[:2] == b"\xff\xd8"
