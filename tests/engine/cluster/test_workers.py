import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.engine.cluster import inspection
from tui_app.engine.cluster.worker_side import versions
from tui_app.engine.cluster.workers import ClusterWorkers, host_of, name_of, natural
from tui_app.engine.run_clock import RunClock
from tui_app.events import MOST_PIDS

SECONDS = st.floats(0, 1e5, allow_nan=False)


def said(pid: int = 7, **more: Any) -> str:
    return json.dumps(
        {"pid": pid, "parent": 1, "cpus": 4, "versions": versions(), "unseen": [], **more}
    )


def info(name: str = "w", host: str = "h", **more: Any) -> dict[str, Any]:
    return {"name": name, "host": host, "nthreads": 2, "memory_limit": 10**9, **more}


def test_two_hosts_may_have_the_same_pid() -> None:
    workers = ClusterWorkers(RunClock())
    pids = [workers.join(f"tcp://h{n}:1", info(host=f"h{n}"), said()).pid for n in range(3)]
    assert pids == [7, 7 + MOST_PIDS, 7 + 2 * MOST_PIDS]


def test_cpus_of_a_host_count_once_and_threads_each_time() -> None:
    workers = ClusterWorkers(RunClock())
    for number, host in enumerate("aab"):
        workers.join(f"tcp://{host}:{number}", info(host=host), said(number))
    assert (workers.cpus, workers.threads, workers.largest_memory) == (8, 6, 10**9)
    workers.left(workers["tcp://b:2"], None)
    assert (workers.cpus, workers.threads) == (4, 4)
    workers.join("tcp://c:1", info(host="c", memory_limit=None), said(9))
    assert workers.largest_memory is None, "one has no limit"


@given(st.floats(-1e6, 1e6), st.floats(0, 0.1), st.lists(SECONDS, min_size=1, max_size=9))
def test_times_of_another_clock_are_right_within_the_error(
    ahead: float, error: float, moments: list[float]
) -> None:
    now = max(moments)
    clock = RunClock(lambda: 0.0)
    clock.start()
    clock = RunClock(lambda: now)
    clock.began = 0.0
    workers = ClusterWorkers(clock)
    worker = workers.join("tcp://h:1", info(), said())
    workers.set_clocks({"tcp://h:1": (ahead + error, error)})
    latest = 0.0
    for moment in sorted(moments):
        t = workers.at(worker, moment + ahead)
        assert abs(t - moment) <= error + 1e-6
        assert latest <= t <= now, "no time runs backwards, and nothing is told before it happens"
        latest = t


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("alice-1", "tcp://10.0.0.2:4000", "alice-1"),
        (0, "tcp://127.0.0.1:4000", "W-1"),
        ("tcp://10.0.0.2:4000", "tcp://10.0.0.2:4000", "10.0.0.2:4000"),
        (None, "tls://[::1]:4000", "[::1]:4000"),
    ],
)
def test_a_worker_is_called_what_people_call_it(name: object, address: str, shown: str) -> None:
    assert name_of(name, address) == shown


def test_a_host_and_the_order_of_names() -> None:
    assert [host_of(a) for a in ("tcp://h:1", "tls://[::1]:1")] == ["h", "::1"]
    assert sorted(["w-10", "w-2", "a", "w-1b"], key=natural) == ["a", "w-1b", "w-2", "w-10"]


def test_what_differs_is_told_with_where() -> None:
    other = {**versions(), "Pillow": "9.1.0", "procession": ""}
    told = {"a": said(), "b": said(versions=other), "c": said(versions=other)}
    found = inspection.differences(told, {"a": "A", "b": "B", "c": "C"}.__getitem__)
    ours = versions()
    assert found == [
        f"Pillow is {ours['Pillow']} here, and 9.1.0 on B, C",
        f"procession is {ours['procession']} here, and missing on B, C",
    ]
    told = {name: said(unseen=["/x"]) for name in "abcde"} | {"f": said(unseen=["/x", "/y"])}
    assert inspection.unseen(told, str.upper) == [
        "A, B, C and 2 more cannot see a path that it needs: /x",
        "F cannot see 2 paths that are needed: /x, /y",
    ]
