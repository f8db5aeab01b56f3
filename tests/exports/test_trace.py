"""The trace keeps the rules by which Perfetto reads it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exports.recorded import NAMES, recorded
from tests.test_events import ANY_EVENT
from tui_app.events import Event, Waiting
from tui_app.exports.trace import trace_events
from tui_app.exports.trace_lane import TraceEvent, Track

Slice = tuple[float, float, str]


def track_of(event: TraceEvent) -> Track:
    return event["pid"], event["tid"]


def slices_of(trace: Iterable[TraceEvent]) -> dict[Track, list[Slice]]:
    """Checks each track: times never go back, each end has its beginning; returns its slices."""
    tracks = defaultdict(list)
    for event in trace:
        if event["ph"] in "BEi":
            tracks[track_of(event)].append(event)
    slices = defaultdict(list)
    for track, events in tracks.items():
        assert all(one["ts"] <= other["ts"] for one, other in pairwise(events))
        open_: list[TraceEvent] = []
        for event in events:
            if event["ph"] == "B":
                open_.append(event)
            elif event["ph"] == "E":
                begun = open_.pop()
                assert begun["name"] == event["name"]
                assert begun["cat"] == event["cat"]
                slices[track].append((begun["ts"], event["ts"], begun["cat"]))
        assert open_ == [], "what is open is ended"
    return slices


def check_trace(trace: Sequence[TraceEvent]) -> None:
    """Checks the rules: slices nest, arrows go forward from slice to slice, text is plain."""
    for event in trace:
        line = json.dumps(event, ensure_ascii=False, allow_nan=False)
        line.encode()
        assert "\\u" not in line.replace("\\\\", "")
        assert event["ts"] >= 0
        assert event["name"]
    slices = slices_of(trace)
    arrows = defaultdict(list)
    instants = {(track_of(event), event["ts"]) for event in trace if event["ph"] == "i"}
    for event in trace:
        if event["ph"] in "sf":
            arrows[event["id"]].append(event)
            inside = [one for one in slices[track_of(event)] if one[0] <= event["ts"] <= one[1]]
            assert inside, f"an arrow that nothing holds: {event}"
    for ends in arrows.values():
        begin, end = ends
        assert (begin["ph"], end["ph"], end["bp"]) == ("s", "f", "e")
        assert begin["ts"] < end["ts"]
        # Perfetto turns an arrow round whose beginning belongs to the younger slice.
        assert (track_of(end), end["ts"]) in instants
        assert begin["name"] == end["name"]
    named = {track_of(event) for event in trace if event["ph"] == "M"}
    assert set(slices) - {(0, 0)} <= named


@pytest.mark.parametrize("name", NAMES)
def test_the_trace_of_each_recorded_run_keeps_the_rules(name: str) -> None:
    check_trace(list(trace_events(recorded(name))))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_run_that_was_cut_off_has_a_whole_trace(share: float) -> None:
    events = recorded("demos/pool-as-completed")
    check_trace(list(trace_events(events[: int(share * len(events))])))


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_EVENT.filter(lambda event: event.event != "deadlock"), max_size=30))
def test_whatever_events_come_slices_nest_and_text_is_plain(events: list[Event]) -> None:
    trace = list(trace_events(events))
    slices_of(trace)
    for event in trace:
        json.dumps(event, ensure_ascii=False, allow_nan=False).encode()


def names(trace: Iterable[TraceEvent], cat: str) -> list[str]:
    return [event["name"] for event in trace if event["ph"] == "B" and event["cat"] == cat]


def test_tasks_steps_and_waits_are_slices_of_their_processes() -> None:
    batch = list(trace_events(recorded("batch")))
    tasks = ["a.jpg", "b.jpg", "bad.jpg", "bad.jpg"]
    assert sorted(names(batch, "task")) == tasks, "one was tried again"
    assert {"decode", "fit"} <= set(names(batch, "step"))
    demo = list(trace_events(recorded("demo")))
    assert names(demo, "process") == ["main", "W-1", "W-2"]
    assert names(demo, "task") == ["do_something(0.1)"] * 2
    assert names(demo, "wait").count("sleep 0.1 s") == 2
    prints = [e["name"] for e in demo if e["ph"] == "i" and e["cat"] == "stdout"]
    assert prints.count("Sleeping for 0.1 second(s)...") == 2


def arrows(name: str) -> list[tuple[str, str]]:
    """From whom to whom each arrow goes, by names."""
    trace = list(trace_events(recorded(name)))
    called = {
        track_of(event): event["args"]["name"] for event in trace if event["name"] == "thread_name"
    }
    begun = {event["id"]: called[track_of(event)] for event in trace if event["ph"] == "s"}
    return [(begun[event["id"]], called[track_of(event)]) for event in trace if event["ph"] == "f"]


def test_arrows_go_from_what_was_waited_for_to_the_waiter() -> None:
    assert arrows("demos/process-joined") == [("P-1", "main"), ("P-2", "main")]
    results = arrows("demos/pool-as-completed")
    assert len(results) == 8
    assert {to for _begin, to in results} == {"main"}


def test_of_a_deadlock_the_arrows_say_who_waits_for_whom() -> None:
    who = [("P-1", "P-2"), ("P-2", "P-1"), ("main", "P-1")]
    assert arrows("deadlock")[:3] == who


def test_a_wait_that_ran_into_its_timeout_has_no_arrow() -> None:
    """Main gave up on P-1, which went on; later it joined P-1 again, and that one ended."""
    waits = [e for e in recorded("demos/join-before-get") if isinstance(e, Waiting)]
    assert [(e.kind, e.object) for e in waits if e.kind == "join"] == [("join", "P-1")] * 2
    assert arrows("demos/join-before-get") == [("P-1", "main")]


def test_threads_and_asyncio_tasks_have_tracks_by_their_names() -> None:
    trace = list(trace_events(recorded("threads")))
    called = {e["args"]["name"]: track_of(e) for e in trace if e["name"] == "thread_name"}
    assert {"main", "main(1)", "sleep(nap)", "fetch(7)", "Thread-2"} <= set(called)
    assert len({pid for pid, _tid in called.values()}) < len(called)
    assert all(tid == pid or tid > 2**22 for pid, tid in called.values())
    lives = names(trace, "thread")
    assert {"fetch(7)", "Thread-2"} <= set(lives)
    assert ("Thread-2", "main") in arrows("threads")
    assert any("blocks the event loop" in name for name in names(trace, "blocking"))
