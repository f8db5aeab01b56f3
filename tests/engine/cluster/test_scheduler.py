"""What the scheduler makes of what a cluster says; the cluster is a stand-in that says it."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from tests.engine import work
from tests.engine.cluster.test_workers import info, said
from tests.invariants import check_stream
from tui_app.engine.cluster.errors import ClusterError
from tui_app.engine.run import Run
from tui_app.engine.spec import Cluster, ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.events import (
    Event,
    ProcessExited,
    RunFinished,
    TaskFailed,
    TaskFinished,
    TaskRetried,
    TaskStarted,
    to_json,
)

ADDRESS = "tcp://h:1"


class KilledWorker(Exception):  # noqa: N818 - Dask's own name
    """What Dask raises for a call whose workers have died."""


class Play(Executor):
    """A cluster that does with each call what the test says; a `Link` of it.

    Args:
        act: is called with the cluster and a call: its number and its tasks.
        known: its workers at first.
    """

    own, lost, address = False, False, "tcp://scheduler:1"

    def __init__(
        self, act: Callable[["Play", int, Sequence[int]], None], known: Sequence[str] = (ADDRESS,)
    ) -> None:
        self.act, self.known = act, {address: info(address) for address in known}
        self.calls: dict[int, Future[str]] = {}
        self.run = ""
        self.closed = False
        self.executor = self

    def submit(self, fn: Any, /, *args: Any, **_kwargs: Any) -> Future[Any]:
        self.run, call, _speaks, tasks = args
        future = self.calls[call] = Future()
        loop = asyncio.get_running_loop()
        loop.call_soon(self.act, self, call, [number for number, _work in tasks])
        return future

    def tell(self, call: int, *events: Event, worker: str = ADDRESS) -> None:
        """Says something by the topic."""
        text = "\n".join(to_json(event) for event in events)
        self.told({"run": self.run, "call": call, "worker": worker, "events": text})

    def answer(self, call: int, worker: str = ADDRESS) -> None:
        """Ends a call."""
        self.calls[call].set_result(json.dumps({"worker": worker, "cost": {}}))

    def do(self, call: int, tasks: Sequence[int], worker: str = ADDRESS) -> None:
        """Does the tasks of a call."""
        for task in tasks:
            began = TaskStarted(t=0.0, task=task, pid=7)
            self.tell(
                call, began, TaskFinished(t=0.0, task=task, pid=7, seconds=1.0), worker=worker
            )
        self.answer(call, worker)

    # What a `Link` can do

    def listen(self, _loop: object, told: Any, of_workers: Any) -> None:
        self.told, self.of_workers = told, of_workers

    def workers(self) -> Mapping[str, Any]:
        return self.known

    def describe(self, _paths: object, workers: Sequence[str] | None = None) -> dict[str, str]:
        asked = self.known if workers is None else workers
        return {address: said(7 + int(address[-1])) for address in asked}

    def clocks(self, workers: Sequence[str] | None = None) -> dict[str, tuple[float, float]]:
        return dict.fromkeys(self.known if workers is None else workers, (0.0, 0.001))

    def close(self) -> None:
        self.closed = True


async def play(
    play: Play, monkeypatch: pytest.MonkeyPatch, count: int = 6, **limits: Any
) -> list[Event]:
    monkeypatch.setattr("tui_app.engine.cluster.scheduler.Link", lambda _pool: play)
    pool = Pool(ExecutorKind.DASK, cluster=Cluster(play.address))
    spec = RunSpec(
        kind="batch", title="t", tasks=count, weight=count, pool=pool, limits=Limits(**limits)
    )
    tasks = [Task(f"task {number}", work.double, number) for number in range(1, count + 1)]
    events = [event async for event in Run(tasks, spec).events()]
    assert play.closed
    check_stream(events, all_tasks=not play.lost)
    return events


async def test_a_call_that_kills_in_company_is_tried_alone_and_then_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_flight: list[int] = []

    def act(cluster: Play, call: int, tasks: Sequence[int]) -> None:
        in_flight.append(len([future for future in cluster.calls.values() if not future.done()]))
        if 3 in tasks:
            cluster.tell(call, TaskStarted(t=0.0, task=3, pid=7))
            cluster.calls[call].set_exception(KilledWorker("gone"))
        else:
            cluster.do(call, tasks)

    events = await play(Play(act), monkeypatch)
    (failed,) = [event for event in events if isinstance(event, TaskFailed)]
    assert (failed.task, failed.error) == (3, "KilledWorker")
    assert len([event for event in events if isinstance(event, TaskFinished)]) == 5
    assert [event.task for event in events if isinstance(event, TaskRetried)] == [3]
    alone = [event.task for event in events if isinstance(event, TaskStarted)].index(3)
    assert in_flight[-1] == 1 or alone, "the suspect had no company"


async def test_a_worker_that_leaves_leaves_its_tasks_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: list[int] = []

    def act(cluster: Play, call: int, tasks: Sequence[int]) -> None:
        if left:
            cluster.do(call, tasks, "tcp://h:2")
            return
        left.append(call)
        cluster.tell(call, TaskStarted(t=0.0, task=tasks[0], pid=7))
        cluster.of_workers({"action": "remove-worker", "worker": ADDRESS, "expected": False})
        cluster.known = {"tcp://h:2": info("tcp://h:2")}
        # Dask gives the call to a worker that nobody has heard of yet.
        cluster.do(call, tasks, "tcp://h:2")

    events = await play(Play(act), monkeypatch)
    assert len([event for event in events if isinstance(event, TaskFinished)]) == 6
    assert len([event for event in events if isinstance(event, TaskRetried)]) == 1
    gone = [event.exitcode for event in events if isinstance(event, ProcessExited)]
    assert gone == [None, 0]


async def test_a_scheduler_that_is_gone_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(cluster: Play, call: int, tasks: Sequence[int]) -> None:
        cluster.lost = True
        cluster.calls[call].cancel()
        cluster.calls[call].set_running_or_notify_cancel()

    events = await play(Play(act), monkeypatch)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert "is gone; the same command goes on from here" in last.reason


async def test_what_a_worker_refuses_fails_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(cluster: Play, call: int, _tasks: Sequence[int]) -> None:
        cluster.calls[call].set_exception(ModuleNotFoundError("No module named 'tui_app'"))

    events = await play(Play(act), monkeypatch)
    failed = [event for event in events if isinstance(event, TaskFailed)]
    assert len(failed) == 6
    assert failed[0].reason == "the worker refused it: No module named 'tui_app'"


async def test_without_workers_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClusterError, match=r"tcp://scheduler:1 has no workers: start some"):
        await play(Play(lambda *_: None, known=()), monkeypatch)
