"""What a machine that has little lets a run have: fewer workers, with a note, or one sentence."""

import errno
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands import COMMAND, Marked, marked, outputs
from tests.engine import work
from tests.engine.test_run import collect, every_executor, make_run, of
from tests.images.factories import picture
from tests.nobody import NOBODY, as_nobody
from tui_app.engine import limits
from tui_app.engine.executors import OneWorker, PoolOfOne
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.engine.piped_worker import PipedWorker
from tui_app.engine.run import Run
from tui_app.engine.spec import ExecutorKind, Pool, RunSpec, Task
from tui_app.engine.workforce import within_limits
from tui_app.events import RunStarted, TaskFinished

IMAGES = 6
FILES, PROCESSES = resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root only can mount")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others can enter, with images in `source`."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "source").mkdir()
        for number in range(IMAGES):
            picture((40, 30)).save(folder / "source" / f"{number}.png")
        yield folder


@pytest.fixture
def where(folder: Path) -> Iterator[Marked]:
    with marked(folder) as environment:
        Path(environment.env["TMPDIR"]).chmod(0o777)
        yield environment


def batch(
    where: Marked, folder: Path, before: Callable[[], None], *words: str
) -> tuple[subprocess.CompletedProcess[str], list[dict[str, Any]]]:
    """Runs a batch in a poor process; what it exits with and says, and its events."""
    done = subprocess.run(
        [*COMMAND, "batch", str(folder / "source"), "-o", str(folder / "out"), "--json", *words],
        cwd=folder,
        env=where.env,
        preexec_fn=before,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=100,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def only(what: int, soft: int, hard: int | None = None) -> Callable[[], None]:
    return lambda: resource.setrlimit(what, (soft, soft if hard is None else hard))


def nobody(processes: int) -> Callable[[], None]:
    """Is nobody, who may have so many processes."""

    def become() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        resource.setrlimit(PROCESSES, (processes, processes))

    return become


# Open files


def test_with_too_few_open_files_fewer_workers_do_the_work(where: Marked, folder: Path) -> None:
    done, events = batch(where, folder, only(FILES, 64), "--workers", "40")
    assert (done.returncode, done.stderr) == (0, "")
    started = events[0]
    assert 1 <= started["workers"] < 40
    (note,) = started["notes"]
    assert note.startswith(f"{started['workers']} worker")
    assert "not 40: too few files may be open at once (ulimit -n)" in note
    assert len([name for name in outputs(folder / "out") if name.endswith(".png")]) == IMAGES


@pytest.mark.slow
def test_where_it_may_it_has_more_files_open(where: Marked, folder: Path) -> None:
    _done, events = batch(where, folder, only(FILES, 64, 1_000), "--workers", "20")
    assert (events[0]["workers"], events[0]["notes"]) == (20, [])
    assert events[-1]["outcome"] == "ok"


@pytest.mark.slow
def test_without_files_for_one_worker_the_run_says_so(where: Marked, folder: Path) -> None:
    done, events = batch(where, folder, only(FILES, 16))
    assert done.returncode == 1
    assert "the workers could not be started: too many files are open" in done.stderr
    assert events[-1]["event"] == "run_finished"


@every_executor
async def test_a_worker_has_the_persons_own_limit(
    executor: ExecutorKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process and its fork server raise theirs; a script that is played must not see it."""
    monkeypatch.setattr(limits, "PERSONS_FILES", 100)
    for method in start_methods():
        pool = Pool(executor, 20, method)
        about = RunSpec(kind="test", title="", tasks=1, weight=1.0, pool=pool)
        events = await collect(Run([Task("files", work.limits_of_files, None)], about))
        soft = of(TaskFinished, events)[0].result["soft"]
        if executor is ExecutorKind.THREADS:
            assert soft == limits.FILES_BESIDE + 20 * limits.FILES_A_CALL
        else:
            assert soft == 100


def test_files_are_for_helpers_only_while_they_are_started() -> None:
    code = """
import resource
from tui_app.engine.limits import files_for_helpers
resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
with files_for_helpers():
    print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 64)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "64"]


# Processes and threads


@pytest.mark.slow
@as_nobody
@pytest.mark.parametrize("executor", ["processes", "threads"])
def test_with_too_few_processes_fewer_workers_do_the_work(
    where: Marked, folder: Path, executor: str
) -> None:
    others = subprocess.run(["ps", "-L", "-u", str(NOBODY)], capture_output=True).stdout.count(
        b"\n"
    )

    done, events = batch(
        where, folder, nobody(others + 16), "--workers", "60", "--executor", executor
    )
    assert (done.returncode, done.stderr) == (0, "")
    (note,) = events[0]["notes"]
    assert "not 60: too few processes may be started (ulimit -u, pids.max)" in note
    assert len([name for name in outputs(folder / "out") if name.endswith(".png")]) == IMAGES


@as_nobody
def test_without_any_process_the_run_says_so(where: Marked, folder: Path) -> None:
    done, events = batch(where, folder, nobody(1))
    assert done.returncode == 1
    assert "no more processes or threads may be started" in done.stderr
    assert events == [], "headers are read by a process, so not even a plan can be made"


@pytest.mark.parametrize(
    ("left", "workers", "note"),
    [
        (float("inf"), 8, []),
        (limits.TASKS_BESIDE + 16, 8, []),
        (limits.TASKS_BESIDE + 15, 7, ["7 workers, not 8: too few processes may be started"]),
        (0.0, 1, ["1 worker, not 8: too few processes may be started"]),
    ],
)
def test_a_worker_is_a_process_with_a_thread_more(
    monkeypatch: pytest.MonkeyPatch, left: float, workers: int, note: list[str]
) -> None:
    monkeypatch.setattr(limits, "cgroup_tasks_left", lambda: left)
    pool, notes = within_limits(Pool(ExecutorKind.PROCESSES, 8, StartMethod.FORKSERVER))
    assert pool.workers == workers
    assert [said.partition(" (")[0] for said in notes] == note


def test_threads_that_cannot_be_started_are_told_of() -> None:
    code = """
import _thread
from tui_app.engine.limits import need_threads
need_threads(3)
real = _thread.start_new_thread
left = [1, 2]
def refuse(*call):
    if not left:
        raise RuntimeError("can't start new thread")
    left.pop()
    return real(*call)
_thread.start_new_thread = refuse
try:
    need_threads(3)
except OSError as error:
    print(error.errno)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == ([str(errno.EAGAIN)], "")


async def test_a_run_without_limits_says_nothing() -> None:
    about = RunSpec(kind="test", title="", tasks=1, weight=1.0)
    events = await collect(Run([Task("one", work.double, 1)], about))
    assert of(RunStarted, events)[0].notes == []


# Shared memory


@as_root
@pytest.mark.slow
@pytest.mark.parametrize("method", start_methods())
def test_without_shared_memory_the_work_is_done(
    where: Marked, folder: Path, method: StartMethod
) -> None:
    words = [*COMMAND, "batch", str(folder / "source"), "--start-method", method, "--quiet"]
    hide = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o ro none /dev/shm || exit 77; exec "$@"']
    done = subprocess.run(
        [*hide, "sh", *words], cwd=folder, env=where.env, capture_output=True, text=True
    )
    if done.returncode == 77:
        pytest.skip("no file system can be mounted here")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(outputs(folder / "source" / "processed")) == IMAGES


@pytest.mark.parametrize(("lean", "kind"), [(False, PoolOfOne), (True, PipedWorker)])
async def test_a_worker_is_a_pool_where_there_is_room_for_one(
    lean: bool, kind: type[OneWorker], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[type[OneWorker]] = []
    init = OneWorker.__init__

    def note(worker: OneWorker, method: StartMethod) -> None:
        made.append(type(worker))
        init(worker, method)

    monkeypatch.setattr(OneWorker, "__init__", note)
    monkeypatch.setattr(limits, "room_for_pools", lambda _workers: not lean)
    events = await collect(make_run(work.double, [1]))
    assert len(of(TaskFinished, events)) == 1
    assert made == [kind]
