"""What a report of asyncio tasks becomes."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, LoopBlocked, Resumed, ThreadEnded, ThreadStarted, Waiting
from tui_app.script.member import Member
from tui_app.script.reports import read_report
from tui_app.script.waits.loops import LoopTasks
from tui_app.script.waits.threads import ThreadTeller


class Stamps:
    """Takes the place of `Members`: times are as they come."""

    def stamp(self, member: Member, t: float) -> float:
        return t


def told(*reports: tuple[float, list[dict[str, object]]]) -> list[Event]:
    """The events of these reports, each with its time."""
    events: list[Event] = []
    clock = RunClock(lambda: 0.0)
    teller = ThreadTeller(events.append)
    tasks = LoopTasks(clock, Stamps(), teller, events.append)  # type: ignore[arg-type]
    member = Member(7, "main", 1, born=0.0, t=0.0, name="main")
    for t, said in reports:
        report = read_report(
            json.dumps({"event": "tasks", "t": t, "made": 0, "tasks": said}).encode()
        )
        assert report is not None
        tasks.take(member, report)
    return events


SLEEPS = {"n": 1, "name": "nap(1)", "kind": "await", "calls": ["asyncio.tasks:sleep"]}


def test_a_sleep_begins_and_ends_when_it_says() -> None:
    events = told(
        (1.0, [{**SLEEPS, "timeout": 0.5, "until": 1.4}]),
        (1.5, [{**SLEEPS, "timeout": 0.5, "until": 1.95}]),
        (2.0, [{"n": 1, "done": True}]),
    )
    assert [(type(event), round(event.t, 3)) for event in events] == [
        (ThreadStarted, 0.9),
        (Waiting, 0.9),
        (Resumed, 1.4),
        (Waiting, 1.45),
        (Resumed, 1.95),
        (ThreadEnded, 2.0),
    ]


def test_of_a_task_that_was_passed_over_nothing_is_made_up() -> None:
    events = told(
        (1.0, [{**SLEEPS, "timeout": 0.5, "until": 1.4}]),
        (2.0, []),
        (3.0, [{**SLEEPS, "timeout": 0.5, "until": 3.4}]),
    )
    assert [type(event) for event in events] == [ThreadStarted, Waiting, Waiting]


def test_who_blocks_and_who_waits_for_the_loop() -> None:
    events = told(
        (1.0, [{**SLEEPS, "timeout": 0.5, "until": 1.4}, {"n": 2, "name": "a(2)", "kind": ""}]),
        (
            1.6,
            [
                {"n": 1, "kind": "turn", "holder": "a(2)", "since": 1.4},
                {"n": 2, "kind": "", "blocks": True, "since": 1.1, "file": "s.py", "line": 9},
            ],
        ),
    )
    blocked = next(event for event in events if isinstance(event, LoopBlocked))
    assert (blocked.t, blocked.thread, blocked.line) == (1.1, 2, 9)
    turn = events[-2]
    assert isinstance(turn, Waiting)
    assert (turn.t, turn.kind, turn.holder) == (1.4, "turn", "a(2)")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["n", "name", "kind", "calls", "until", "since", "timeout", "done"]),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=50)
@given(st.lists(st.lists(JSON, max_size=3), max_size=3))
def test_a_report_may_be_anything(reports: list[list[object]]) -> None:
    times: dict[object, float] = {}
    for event in told(*((1.0 + n, said) for n, said in enumerate(reports))):  # type: ignore[arg-type]
        thread = getattr(event, "thread", None)
        assert event.t >= times.get(thread, 0.0)
        times[thread] = event.t
