from collections.abc import Iterable

import pytest

from tests.runs.factories import begun, ended, queued, run_started, up
from tui_app import language
from tui_app.events import Event
from tui_app.runs.disturbance import (
    OWN_RUN,
    Disturbance,
    DisturbanceReader,
    Disturber,
)
from tui_app.system.cpu_times import CpuTimes

EVENTS: list[Event] = ended([run_started(), up(7, "W-1"), queued(1), begun(1, 7)])

BUSY = CpuTimes(own=1.0, others=0.9, idle=0.1)
HALF = CpuTimes(own=0.5, others=0.9, idle=0.6)
QUIET = CpuTimes(own=1.0, others=0.02, idle=0.98)
BESIDE = CpuTimes(own=1.0, others=2.0, idle=1.0)
"""What four CPUs, or two, do in a second."""


def read(windows: Iterable[CpuTimes | None], events: list[Event] = EVENTS) -> Disturbance | None:
    """What a reader tells of a run in which the CPUs do this between every two events."""
    before: CpuTimes | None = CpuTimes(own=5.0, others=90.0, idle=900.0)
    times = [before]
    for window in windows:
        before = before + window if before is not None and window is not None else None
        times.append(before)
    looks, seconds = iter(times), iter(range(100))
    reader = DisturbanceReader(lambda: next(looks), lambda: float(next(seconds)))
    for event in events:
        reader.add(event)
    return reader.disturbance


def test_another_program_that_takes_the_cpus_disturbs() -> None:
    found = read([BUSY] * 4)
    assert found is not None
    assert found.disturber is Disturber.PROGRAM
    assert found.share == pytest.approx(0.45)
    assert found.unsure().startswith("Another program was busy (45% of the CPUs)")
    # A part of a CPU is idle: that is not enough for one who waits for another's turn to end.
    assert read([HALF] * 4) is not None
    assert found.ungraded().endswith("this is not graded. Enter plays it again.")


def test_who_uses_idle_cpus_or_hardly_any_does_not() -> None:
    assert read([QUIET] * 4) is None
    assert read([BESIDE] * 4) is None
    little = CpuTimes(own=1.9, others=0.1)
    assert read([little] * 4) is None


def test_a_part_of_the_run_is_enough() -> None:
    assert read([QUIET, QUIET, BUSY, QUIET]) is not None
    # What is a hundredth of a second could be the clock's.
    moment = CpuTimes(own=0.01, others=0.05)
    assert read([CpuTimes(idle=2.0), moment, CpuTimes(idle=2.0), CpuTimes(idle=2.0)]) is None


def test_what_the_host_takes_is_told_as_such() -> None:
    found = read([CpuTimes(own=1.0, stolen=1.0)] * 4)
    assert found == Disturbance(Disturber.HOST, 0.5)
    assert found.unsure().startswith("Other machines on the same host were busy (50% of")


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert read([None] * 4) is None
    assert DisturbanceReader().disturbance is None


def test_of_several_runs_it_tells_of_the_latest() -> None:
    assert read([BUSY] * 4 + [QUIET] * 5, [*EVENTS, *EVENTS]) is None


def test_it_looks_now_and_then_and_at_both_ends() -> None:
    looks: list[int] = []
    reader = DisturbanceReader(lambda: looks.append(1), lambda: 0.0)
    for event in EVENTS:
        reader.add(event)
    assert len(looks) == 2


@pytest.mark.parametrize("disturber", Disturber)
def test_each_is_told_in_both_languages(disturber: Disturber) -> None:
    one = Disturbance(disturber, 0.3)
    english = (one.ungraded(), one.unsure())
    language.use("ro")
    assert not set(english) & {one.ungraded(), one.unsure()}
    assert "{" not in "".join(english)
    assert Disturbance(Disturber.APP) == OWN_RUN
