"""A real cluster, started by Dask's own commands, in one story: to start one takes long."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.clusters import ELSEWHERE, HERE, DaskCluster, dask_cluster
from tests.commands import outputs
from tests.engine import work
from tests.images.factories import picture
from tests.invariants import check_json, check_stream
from tui_app.engine.run import Run
from tui_app.engine.spec import Cluster, ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.events import (
    Event,
    Outcome,
    Output,
    ProcessStarted,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskSkipped,
    TaskStarted,
    to_json,
)
from tui_app.runs.batch import BatchRun
from tui_app.runs.request import BatchRequest


def tell_and_wait(path: str, progress: work.Progress) -> None:
    """Ends only when somebody has seen what it says."""
    progress("wait", 0.5)
    print("are you there?")
    deadline = time.monotonic() + 60
    while not Path(path).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def step_and_count(path: str, progress: work.Progress) -> None:
    """Writes a line at each of its many steps."""
    for number in range(10_000):
        progress("step", number / 10_000)
        with Path(path).open("a") as file:
            file.write(".")
        time.sleep(0.01)


def sit_and_count(path: str, progress: work.Progress) -> None:
    """The same without a step, at which it could be stopped."""
    step_and_count(path, lambda _step, _fraction: None)


def on(cluster: DaskCluster, tasks: Sequence[Task], **limits: Any) -> Run:
    pool = Pool(ExecutorKind.DASK, cluster=Cluster(cluster.address))
    spec = RunSpec(
        kind="batch",
        title="t",
        tasks=len(tasks),
        weight=len(tasks),
        pool=pool,
        limits=Limits(**limits),
    )
    return Run(tasks, spec)


async def all_of(run: Run | BatchRun) -> list[Event]:
    events = [event async for event in run.events()]
    check_stream(events)
    for event in events:
        check_json(to_json(event))
    return events


def of(kind: type[Any], events: Sequence[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


@pytest.mark.slow
async def test_a_batch_on_a_cluster(tmp_path: Path) -> None:
    with dask_cluster(tmp_path / "cluster") as cluster:
        await images_become_what_the_local_pool_makes(cluster, tmp_path)
        await what_happens_is_told_while_it_happens(cluster, tmp_path)
        await who_kills_workers_fails_by_name(cluster)
        await a_cancel_stops_the_work_everywhere(cluster, tmp_path)
        await a_lost_scheduler_ends_the_run(cluster)


async def images_become_what_the_local_pool_makes(cluster: DaskCluster, folder: Path) -> None:
    photos = folder / "photos"
    photos.mkdir()
    for number in range(15):
        picture((300 + 40 * number, 400)).save(photos / f"{number}.jpg")
    made = {}
    for executor in (ExecutorKind.PROCESSES, ExecutorKind.DASK):
        into = folder / executor
        request = BatchRequest((str(photos),), output=str(into))
        pool = Pool(executor, 2, cluster=Cluster(cluster.address))
        events = await all_of(BatchRun(request.plan(), pool))
        assert len(of(TaskFinished, events)) == 15
        made[executor] = outputs(into)
    assert len(made[ExecutorKind.DASK]) == 15
    assert made[ExecutorKind.DASK] == made[ExecutorKind.PROCESSES]
    (began,) = of(RunStarted, events)
    assert (began.executor, began.workers) == ("dask", 3)
    assert any("2 hosts" in note for note in began.notes), began.notes
    workers = {(event.name, event.host) for event in of(ProcessStarted, events)}
    assert workers == {("alice-1", HERE), ("alice-2", HERE), ("alice-3", ELSEWHERE)}


async def what_happens_is_told_while_it_happens(cluster: DaskCluster, folder: Path) -> None:
    seen = folder / "seen"
    blind = RunSpec(
        kind="batch",
        title="t",
        tasks=1,
        weight=1,
        pool=Pool(ExecutorKind.DASK, cluster=Cluster(cluster.address)),
        paths=(str(folder), "/nowhere/at/all"),
    )
    events = []
    async for event in Run([Task("t", tell_and_wait, str(seen))], blind).events():
        events.append(event)
        if isinstance(event, Output):
            assert event.text == "are you there?"
            assert of(TaskProgress, events), "the step was told before"
            seen.touch()
    assert of(TaskFinished, events)
    (note,) = [note for note in of(RunStarted, events)[0].notes if "cannot see" in note]
    assert note == "alice-1, alice-2, alice-3 cannot see a path that it needs: /nowhere/at/all"


async def who_kills_workers_fails_by_name(cluster: DaskCluster) -> None:
    tasks = [Task(f"nap {n}", work.nap, 0.1) for n in range(9)]
    tasks.insert(2, Task("killer", work.die, "SIGSEGV"))
    events = await all_of(on(cluster, tasks))
    (failed,) = of(TaskFailed, events)
    assert (failed.task, failed.error) == (3, "KilledWorker")
    assert "died while" in failed.reason
    assert len(of(TaskFinished, events)) == 9
    deaths = [event for event in of(TaskStarted, events) if event.task == 3]
    assert len(deaths) <= 4, "it is not tried for ever"


async def a_cancel_stops_the_work_everywhere(cluster: DaskCluster, folder: Path) -> None:
    stepping, sitting = folder / "stepping", folder / "sitting"
    tasks = [Task("a", step_and_count, str(stepping)), Task("b", sit_and_count, str(sitting))]
    run = on(cluster, tasks)
    events = []
    cancelled = 0.0
    async for event in run.events():
        events.append(event)
        if not cancelled and stepping.exists() and sitting.exists():
            cancelled = time.monotonic()
            run.cancel()
    assert time.monotonic() - cancelled < 10
    check_stream(events)
    assert {event.task for event in of(TaskSkipped, events)} == {1, 2}
    assert events[-1].outcome is Outcome.CANCELLED  # type: ignore[attr-defined]
    sizes = [path.stat().st_size for path in (stepping, sitting)]
    time.sleep(0.2)
    assert sizes == [path.stat().st_size for path in (stepping, sitting)], "nothing works any more"


async def a_lost_scheduler_ends_the_run(cluster: DaskCluster) -> None:
    events = []
    async for event in on(cluster, [Task("nap", work.nap, 3.0)] * 4).events():
        events.append(event)
        if isinstance(event, TaskStarted) and cluster.scheduler is not None:
            cluster.kill_scheduler()
            cluster.scheduler = None
    check_stream(events)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert last.outcome is Outcome.FAILED
    assert last.reason == (
        f"the Dask scheduler at {cluster.address} is gone; the same command goes on from here"
    )
    assert os.getpid() not in {event.pid for event in of(ProcessStarted, events)}
