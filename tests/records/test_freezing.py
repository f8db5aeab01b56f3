"""A state is the view: whatever follows, it goes on as the view itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.records.factories import many_tasks
from tui_app.events import Event, from_json
from tui_app.records.errors import RecordError
from tui_app.records.freezing import Freezer, Thawer, packed, unpacked
from tui_app.records.states import StateMaker
from tui_app.runs import lanes
from tui_app.runs.view import RunView

STREAMS = sorted((Path(__file__).parent.parent / "assets" / "streams").glob("*.jsonl"))


def events_in(stream: Path) -> list[Event]:
    return [event for line in stream.read_text().splitlines() if (event := from_json(line))]


def check(events: list[Event], *, every: int) -> None:
    """Freezes a view now and then, and lets what is thawed go on to the end beside it."""
    view, freezer, thawer = RunView(), Freezer(), Thawer()
    others: list[RunView] = []
    for number, event in enumerate(events):
        view.add(event)
        for other in others:
            other.add(event)
        if number % every == 0:
            table, state = (unpacked(packed(one)) for one in freezer.freeze(view))
            thawer.read_table(table)
            others.append(thawer.thaw(state))
            assert others[-1].snapshot() == view.snapshot()
    whole = view.log.dropped + len(view.log.lines)
    for other in others:
        assert other.snapshot() == view.snapshot()
        assert other.log.dropped + len(other.log.lines) == whole
        assert list(other.log.lines) == list(view.log.lines)[other.log.dropped :]


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: str(stream.stem))
def test_it_goes_on_as_the_view_did(stream: Path) -> None:
    check(events_in(stream), every=1)


def test_long_lanes_lose_their_oldest_spans_and_keep_failures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "LONGEST_LANE", 120)
    monkeypatch.setattr(lanes, "OLD_SPANS", 12)
    check(list(many_tasks(700, workers=2)), every=301)


def test_many_queued_tasks_are_put_down_once() -> None:
    events = [event for event in many_tasks(400) if event.event in ("run_started", "task_queued")]
    ends = [event for event in many_tasks(400) if event not in events]
    check([*events, *ends], every=100)
    view, freezer = RunView(), Freezer()
    for event in events:
        view.add(event)
    first, second = freezer.freeze(view), freezer.freeze(view)
    assert len(json.dumps(first[0])) > 10_000
    assert second[0]["new"] == []
    assert len(json.dumps(second[1])) < 2_000


def test_a_state_of_a_long_run_is_small() -> None:
    view, freezer = RunView(), Freezer()
    for event in many_tasks(4_000):
        view.add(event)
    freezer.freeze(view)
    assert len(packed(freezer.freeze(view)[1])) < 3_000


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"view": {"made": ["Popen", {}]}},
        {"view": {"of": ["Span", 1]}},
        {"view": {"enum": ["Outcome", "x"]}},
        {"view": {"list": [0, [0, 1], []]}},
        {"view": {"no": 1, "one": 2}},
        {"view": [[[{"dict": 1}]]]},
    ],
)
def test_what_is_no_state_is_told(data: Any) -> None:
    with pytest.raises(RecordError, match="damaged"):
        Thawer().thaw(data)


def test_a_view_with_something_unknown_has_no_states_and_harms_nobody() -> None:
    view = RunView()
    view._method = Path("x")  # type: ignore[assignment]
    with pytest.raises(TypeError, match="no state has a PosixPath"):
        Freezer().freeze(view)
    maker = StateMaker(lambda: view)
    assert maker.due_blocks(5_000) == b""
    view._method = ""
    assert maker.due_blocks(9_000) == b""


def test_what_is_no_data_is_told() -> None:
    with pytest.raises(RecordError, match="damaged"):
        unpacked(b"nothing")
