"""A run on a cluster as people see it: rows by host, real pids, and words of coming and going."""

from tests.runs.factories import run_started
from tui_app.events import MOST_PIDS, ProcessExited, ProcessStarted
from tui_app.runs.view import RunView


def joined(pid: int, name: str, host: str) -> ProcessStarted:
    return ProcessStarted(t=0.1, pid=pid, parent=1, name=name, host=host)


def cluster_view() -> RunView:
    view = RunView()
    began = run_started(executor="dask")
    for event in (
        began,
        joined(7, "alice-1", "10.0.0.2"),
        joined(8, "bob-40001", "10.0.0.1"),
        joined(7 + MOST_PIDS, "alice-2", "10.0.0.1"),
    ):
        view.add(event)
    return view


def test_workers_of_a_host_stand_together() -> None:
    rows = cluster_view().snapshot().rows
    assert [(row.host, row.name) for row in rows] == [
        ("10.0.0.1", "bob-40001"),
        ("10.0.0.1", "alice-2"),
        ("10.0.0.2", "alice-1"),
    ]
    assert sorted(row.number for row in rows) == [0, 1, 2], "a port is no number of a row"


def test_a_worker_takes_part_and_is_gone_or_given_back() -> None:
    view = cluster_view()
    view.add(ProcessExited(t=0.2, pid=7, exitcode=None))
    view.add(ProcessExited(t=0.2, pid=7 + MOST_PIDS, exitcode=0))
    assert [(line.who, line.text) for line in view.log.lines] == [
        ("alice-1", "takes part: 10.0.0.2, process 7"),
        ("bob-40001", "takes part: 10.0.0.1, process 8"),
        ("alice-2", "takes part: 10.0.0.1, process 7"),
        ("alice-1", "is gone"),
        ("alice-2", "takes part no more"),
    ]


def test_a_worker_that_comes_back_under_its_name_has_its_row() -> None:
    view = cluster_view()
    view.add(ProcessExited(t=0.2, pid=7, exitcode=None))
    view.add(joined(9, "alice-1", "10.0.0.2"))
    rows = view.snapshot().rows
    assert len(rows) == 3
    assert [row.deaths for row in rows if row.name == "alice-1"] == [1]
