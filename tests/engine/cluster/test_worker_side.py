"""What runs in a Dask worker, without one: a stand-in takes what it tells."""

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from tui_app.engine.cluster import worker_side
from tui_app.engine.cluster.telling import MOST_LINES, TOPIC
from tui_app.engine.cluster.worker_side import run_call, stop
from tui_app.engine.worker import packed
from tui_app.events import (
    Event,
    Output,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskStarted,
    from_json,
)

Progress = Callable[[str, float], None]


@dataclass
class StandIn:
    """A worker with so many threads; its loop sends what is to be sent later never."""

    nthreads: int = 1
    address: str = "tcp://h:1"
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> SimpleNamespace:
        return SimpleNamespace(nthreads=self.nthreads)

    @property
    def loop(self) -> SimpleNamespace:
        return SimpleNamespace(add_callback=lambda _later: None)

    def log_event(self, topic: str, message: dict[str, Any]) -> None:
        assert topic == TOPIC
        json.dumps(message)
        self.told.append(message)

    @property
    def events(self) -> list[Event]:
        lines = [line for message in self.told for line in message["events"].splitlines()]
        return [event for line in lines if (event := from_json(line)) is not None]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(get_worker=lambda: stand_in))
    return stand_in


def talk(lines: int, progress: Progress) -> dict[str, int]:
    progress("talk", 0.5)
    for number in range(lines):
        print(number)
    other = threading.Thread(target=print, args=("of another thread",))
    other.start()
    other.join()
    return {"lines": lines}


def fail(_: None, progress: Progress) -> None:
    progress("fail", 0.1)
    raise SystemExit(3)


def stop_itself(call: int, progress: Progress) -> None:
    stop("run", [call])
    try:
        progress("too late", 0.5)
    except Exception:  # noqa: BLE001 - what a library does that never fails
        pytest.fail("a stop is no error of the task's")


def test_a_call_tells_all_of_its_tasks_and_what_only_its_thread_prints(
    worker: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sys.stdout
    tasks = [(1, packed(talk, 2)), (2, packed(fail, None))]
    answer = json.loads(run_call("run", 1, "en", tasks))
    assert sys.stdout is before
    assert answer["worker"] == worker.address
    assert answer["cost"]["cpu"] >= 0
    kinds = [type(event) for event in worker.events]
    first = [TaskStarted, TaskProgress, Output, Output, TaskFinished]
    assert kinds == [*first, TaskStarted, TaskProgress, TaskFailed]
    failed = worker.events[-1]
    assert isinstance(failed, TaskFailed)
    assert (failed.error, failed.reason, failed.step) == ("SystemExit", "3", "fail")
    assert {message["run"] for message in worker.told} == {"run"}
    assert {event.pid for event in worker.events if hasattr(event, "pid")} == {os.getpid()}
    assert capsys.readouterr().out == "of another thread\n"


def test_who_prints_without_end_fills_nobody_else_s_memory(
    worker: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    run_call("run", 2, "en", [(1, packed(talk, MOST_LINES + 5))])
    printed = [event for event in worker.events if isinstance(event, Output)]
    assert len(printed) == MOST_LINES + 1
    assert "worker's own log" in printed[-1].text
    assert capsys.readouterr().out.splitlines()[:5] == [str(MOST_LINES + n) for n in range(5)]


def test_a_stopped_call_ends_at_its_next_step_and_says_so(worker: StandIn) -> None:
    run_call("run", 3, "en", [(1, packed(stop_itself, 3)), (2, packed(talk, 1))])
    assert worker.told[-1]["over"] is True
    ends = [event for event in worker.events if isinstance(event, TaskFinished | TaskFailed)]
    assert ends == []


def test_threads_of_a_worker_have_numbers(worker: StandIn) -> None:
    worker.nthreads = 2
    run_call("run", 4, "en", [(1, packed(talk, 0))])
    (started,) = [event for event in worker.events if isinstance(event, TaskStarted)]
    assert started.thread == 1


def test_a_worker_says_what_it_is_and_cannot_see() -> None:
    told = json.loads(worker_side.describe(["/", "/nowhere/at/all"]))
    assert told["pid"] == os.getpid()
    assert told["unseen"] == ["/nowhere/at/all"]
    assert told["versions"]["Pillow"]
