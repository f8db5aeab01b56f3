from hypothesis import given
from hypothesis import strategies as st

from tui_app.events import Event, ProcessExited, ProcessStarted, Resumed, Waiting, WaitKind
from tui_app.script.facts import Facts, Stretch, most_at_once

MOMENTS = st.integers(0, 20).map(float)
STRETCHES = st.lists(st.tuples(MOMENTS, MOMENTS).map(lambda pair: Stretch(min(pair), max(pair))))


@given(STRETCHES)
def test_the_most_at_once_is_what_counting_at_every_moment_finds(stretches: list[Stretch]) -> None:
    lasting = [one for one in stretches if one.end > one.start]
    between = [moment + 0.5 for moment in range(20)]
    counted = max(sum(one.start < t < one.end for one in lasting) for t in between)
    assert most_at_once(lasting) == counted
    assert counted <= most_at_once(stretches) <= len(stretches)


def test_one_that_begins_when_another_ends_is_not_at_once() -> None:
    assert most_at_once([Stretch(0.0, 1.0), Stretch(1.0, 2.0)]) == 1
    assert most_at_once([Stretch(0.0, 1.0), Stretch(0.5, 2.0)]) == 2
    assert most_at_once([Stretch(1.0, 1.0)]) == 1
    assert most_at_once([]) == 0


def test_a_wait_ends_with_the_next_resumed_of_its_process_and_thread() -> None:
    events: list[Event] = [
        ProcessStarted(t=0.0, pid=1, parent=0, name="main"),
        ProcessStarted(t=0.0, pid=2, parent=1, name="P-1"),
        Waiting(t=0.1, pid=1, kind=WaitKind.JOIN, object="P-1"),
        Waiting(t=0.2, pid=2, kind=WaitKind.SLEEP, timeout=1.0),
        Waiting(t=0.3, pid=2, thread=1, kind=WaitKind.SLEEP, timeout=5.0),
        Waiting(t=0.4, pid=2, thread=2, kind="lock", object="a"),
        Resumed(t=1.2, pid=2),
        ProcessExited(t=2.0, pid=2, exitcode=0),
        Resumed(t=2.1, pid=1),
        Waiting(t=2.2, pid=1, kind=WaitKind.JOIN, object="P-2"),
    ]
    facts = Facts(events)
    assert facts.stretches(WaitKind.SLEEP) == [Stretch(0.2, 1.2), Stretch(0.3, 2.0)]
    assert facts.stretches(WaitKind.JOIN) == [Stretch(0.1, 2.1), Stretch(2.2, 2.2)]
    assert facts.stretches(WaitKind.JOIN, "P-1") == [Stretch(0.1, 2.1)]
    assert [wait.kind for wait in facts.waits("P-1")] == ["sleep", "sleep", "lock"]
