"""How long a task may take: what counts is the time in which it could be worked on."""

from unittest.mock import Mock

import pytest

from tui_app.engine.event_server import EventServer
from tui_app.engine.in_flight import LOOK_SECONDS, STOPPED_SECONDS, InFlight
from tui_app.engine.run_clock import RunClock
from tui_app.events import TaskStarted

LIMIT = 5.0


class Clock:
    """A clock that goes on as it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ends(clock: Clock) -> InFlight:
    made = InFlight(RunClock(clock), Mock(EventServer))
    began(made, 1, 0.0)
    return made


def began(ends: InFlight, task: int, t: float) -> None:
    ends.note(TaskStarted(t=t, task=task, pid=7))


def busy(ends: InFlight, clock: Clock, seconds: float) -> None:
    """Time goes on, and the loop looks at the clock as it should."""
    for _ in range(round(seconds / LOOK_SECONDS)):
        clock.now += LOOK_SECONDS
        ends.overdue(LIMIT)


def test_a_task_is_overdue_after_its_time(ends: InFlight, clock: Clock) -> None:
    busy(ends, clock, LIMIT - LOOK_SECONDS)
    assert list(ends.overdue(LIMIT)) == []
    assert ends.until_overdue(LIMIT) == pytest.approx(LOOK_SECONDS)
    busy(ends, clock, LOOK_SECONDS)
    assert list(ends.overdue(LIMIT)) == [1]


def test_time_in_which_all_was_stopped_does_not_count(ends: InFlight, clock: Clock) -> None:
    busy(ends, clock, 2.0)
    clock.now += 1_000.0
    assert list(ends.overdue(LIMIT)) == []
    assert ends.until_overdue(LIMIT) == pytest.approx(3.0, abs=LOOK_SECONDS)
    clock.now += 50.0
    busy(ends, clock, 3.0 - 2 * LOOK_SECONDS)
    assert list(ends.overdue(LIMIT)) == []
    busy(ends, clock, 3 * LOOK_SECONDS)
    assert list(ends.overdue(LIMIT)) == [1]


def test_a_stop_counts_for_whom_it_met(ends: InFlight, clock: Clock) -> None:
    busy(ends, clock, 1.0)
    clock.now += 60.0
    ends.overdue(LIMIT)
    began(ends, 2, clock.now - 100.0)
    began(ends, 3, 0.5)  # heard of late: it began before the stop
    busy(ends, clock, 4.5)
    assert sorted(ends.overdue(LIMIT)) == [1, 3]
    busy(ends, clock, 0.75)
    assert sorted(ends.overdue(LIMIT)) == [1, 2, 3]


def test_a_loop_that_is_only_busy_is_not_stopped(ends: InFlight, clock: Clock) -> None:
    for _ in range(11):
        clock.now += LOOK_SECONDS + STOPPED_SECONDS
        ends.overdue(LIMIT)
    assert list(ends.overdue(LIMIT)) == [1]
