"""The timeline as a picture: whole, well-formed, and small however long the run is."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

import pytest

from tests.exports.recorded import NAMES, recorded
from tests.runs.factories import run_started
from tui_app.events import (
    Event,
    Outcome,
    ProcessStarted,
    RunFinished,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskStarted,
)
from tui_app.exports.drawn_lanes import DrawnRun, drawn_run
from tui_app.exports.timeline_svg import WIDTH, timeline_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(events: Sequence[Event]) -> DrawnRun:
    return drawn_run(lambda: events)


def picture(events: Sequence[Event], *, alone: bool = True) -> ET.Element:
    return ET.fromstring(timeline_svg(drawn(events), alone=alone))


def texts(svg: ET.Element) -> list[str]:
    return [one.text or "" for one in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", NAMES)
def test_each_recorded_run_has_a_picture_with_nothing_outside_it(name: str) -> None:
    svg = picture(recorded(name))
    height = float(svg.attrib["height"])
    for one in svg.iter(f"{SVG}rect"):
        if one.attrib["width"] != "100%":
            left, top = float(one.attrib["x"]), float(one.attrib["y"])
            assert 0 <= left <= left + float(one.attrib["width"]) <= WIDTH
            assert 0 <= top <= top + float(one.attrib["height"]) <= height
    names = [row.name for row in drawn(recorded(name)).snapshot.rows]
    assert set(names) <= set(texts(svg)) or len(names) > 60


def test_work_sleep_wait_and_failure_differ_without_colour() -> None:
    svg = picture(recorded("demos/process-joined"))
    assert {"join P-1", "sleep 1 s", "works", "sleeps", "waits"} <= set(texts(svg))
    hatched = [one for one in svg.iter(f"{SVG}rect") if one.attrib.get("fill") == "url(#hatch)"]
    assert len(hatched) == 3, "both sleep, and the legend says what it means"
    dotted = [one for one in svg.iter(f"{SVG}path") if "stroke-dasharray" in one.attrib]
    assert len(dotted) >= 2
    failed = picture(recorded("batch"))
    tall = [r for r in failed.iter(f"{SVG}rect") if r.attrib.get("class") == "wrong"]
    works = [r for r in failed.iter(f"{SVG}rect") if r.attrib.get("class") == "p0"]
    assert float(tall[0].attrib["height"]) > float(works[0].attrib["height"])


def test_a_deadlock_is_named() -> None:
    said = texts(picture(recorded("deadlock")))
    assert {"deadlock: lock a", "deadlock: lock b", "deadlock: join P-1"} <= set(said)


def test_a_point_tells_what_was_done_there_and_when() -> None:
    titles = [one.text for one in picture(recorded("batch")).iter(f"{SVG}title")]
    assert "a.jpg  0.14 s – 0.22 s" in titles


def long_run(tasks: int) -> Iterator[Event]:
    """Two workers, each with very many short tasks; one of them fails."""
    yield run_started(tasks, float(tasks))
    for pid in (1, 2):
        yield ProcessStarted(t=0.0, pid=pid, parent=0, name=f"W-{pid}")
    for task in range(1, tasks + 1):
        pid, begins = 1 + task % 2, task * 0.01
        yield TaskQueued(t=begins, task=task, label=f"{task}.jpg", weight=1.0)
        yield TaskStarted(t=begins, task=task, pid=pid)
        if task == tasks // 3:
            yield TaskFailed(
                t=begins + 0.009, task=task, pid=pid, seconds=0.009, error="E", reason="no"
            )
        else:
            yield TaskFinished(t=begins + 0.009, task=task, pid=pid, seconds=0.009)
    yield RunFinished(t=tasks * 0.01 + 0.02, outcome=Outcome.FAILED)


def test_of_a_long_run_nothing_is_lost_but_what_is_too_short_to_see() -> None:
    run = drawn_run(lambda: long_run(24_000))
    for lane in run.lanes:
        assert 900 <= len(lane.spans) <= 1_100, "about one for each pixel"
        assert lane.spans[0].start < 0.03, "the beginning is there"
        ends = [span.end or 0.0 for span in lane.spans]
        assert ends[-1] > 239
        for before, after in zip(lane.spans, lane.spans[1:], strict=False):
            assert (before.end or 0.0) <= after.start
    assert sum(span.failed for lane in run.lanes for span in lane.spans) == 1
    assert len(timeline_svg(run, alone=True)) < 700_000


def test_many_lanes_share_rows() -> None:
    events: list[Event] = [run_started(0, 0.0)]
    events += [ProcessStarted(t=0.0, pid=n, parent=0, name=f"W-{n}") for n in range(1, 301)]
    svg = picture([*events, RunFinished(t=1.0, outcome=Outcome.OK)])
    assert float(svg.attrib["height"]) < 2_000
