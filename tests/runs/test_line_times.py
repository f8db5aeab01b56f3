import pytest

from tui_app.events import (
    Event,
    Line,
    ProcessExited,
    ProcessStarted,
    Resumed,
    Waiting,
    WaitKind,
)
from tui_app.runs.line_times import LineTime, line_times


def join(t: float, pid: int = 1) -> Waiting:
    return Waiting(t=t, pid=pid, kind=WaitKind.JOIN, object="P-1")


def sleep(t: float, pid: int, line: int | None) -> Waiting:
    return Waiting(t=t, pid=pid, kind=WaitKind.SLEEP, timeout=1.0, line=line)


EVENTS: list[Event] = [
    ProcessStarted(t=0.0, pid=1, parent=0, name="main"),
    Line(t=0.1, pid=1, line=20),
    ProcessStarted(t=0.15, pid=2, parent=1, name="P-1"),
    sleep(0.2, 2, 10),
    sleep(0.2, 3, 10),
    sleep(0.2, 4, None),
    Line(t=0.3, pid=1, line=24),
    join(0.3),
    Resumed(t=1.2, pid=2),
    Resumed(t=1.3, pid=1),
    join(1.3),
    Resumed(t=1.4, pid=1),
    Line(t=1.4, pid=1, line=27),
    ProcessExited(t=1.7, pid=3, exitcode=-9),
    ProcessExited(t=1.9, pid=1, exitcode=0),
]


def test_main_stood_on_its_lines_until_it_ended() -> None:
    times = line_times(EVENTS).times()
    assert {line: pytest.approx(one.seconds) for line, one in times.items() if one.seconds} == {
        20: 0.2,
        24: 1.1,
        27: 0.5,
    }
    assert {line: one.waits for line, one in times.items() if one.waits} == {24: 2}
    assert line_times(EVENTS).last_line == 27


def test_what_others_waited_on_has_its_count_and_total() -> None:
    (ten,) = [one for one in line_times(EVENTS).times().values() if one.calls]
    assert ten.calls == 2
    assert ten.total == pytest.approx(1.0 + 1.5)


def test_the_wait_at_the_end_is_on_no_line() -> None:
    exits = Waiting(t=1.5, pid=1, kind=WaitKind.EXIT, object="P-1")
    times = line_times([*EVENTS[:-1], exits, EVENTS[-1]]).times()
    assert times[27].waits == 0
    assert times[27].seconds == pytest.approx(0.1), "the wait came after the line"
    assert times[27].after == pytest.approx(0.4)


def test_main_stands_on_its_line_until_now() -> None:
    times = line_times(EVENTS[:8]).times(0.9)
    assert times[24].seconds == pytest.approx(0.6)
    assert line_times(EVENTS[:8]).times().get(24, LineTime()).seconds == 0.0


def test_its_own_sleep_is_no_wait_for_others() -> None:
    times = line_times([*EVENTS[:2], sleep(0.1, 1, 20), Resumed(t=1.1, pid=1)]).times(1.1)
    assert times[20].waits == 0
    assert times[20].seconds == pytest.approx(1.0)


def test_a_pool_s_end_is_told_of_the_line_where_its_block_begins() -> None:
    end = Waiting(t=0.2, pid=1, kind=WaitKind.SHUTDOWN)
    assert line_times([*EVENTS[:2], end]).times(0.3)[20].closes
