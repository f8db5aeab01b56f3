"""Any moment of a long record is the one that folding all of it comes to."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.records.factories import many_tasks, recorded, snapshots
from tests.runs.factories import run_started
from tui_app.events import Event, Resumed, RunFinished, Waiting, to_json
from tui_app.records.moments import RecordMoments, moments_of
from tui_app.records.reader import RecordFile
from tui_app.records.states import STATE_EVENTS
from tui_app.runs.moments import Moments

TASKS = 1_200
EVENTS = list(many_tasks(TASKS))


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_app.records.moments.MOST_FOLDED", 1_000)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordFile]:
    with RecordFile.open(recorded(tmp_path_factory.mktemp("record") / "a", EVENTS)) as opened:
        yield opened


@pytest.fixture(scope="module")
def folded() -> Moments:
    return Moments.of(EVENTS)


def test_a_run_of_few_events_is_folded(tmp_path: Path) -> None:
    with RecordFile.open(recorded(tmp_path / "a", many_tasks(10))) as record:
        assert isinstance(moments_of(record, record.main), Moments)


def test_every_moment_is_as_if_all_were_folded(record: RecordFile, folded: Moments) -> None:
    chosen = random.Random(0)
    times = [0.0, folded.end, 0.005, *(chosen.uniform(0, folded.end) for _ in range(12))]
    times += [chosen.choice(folded.times) for _ in range(12)]
    moments = moments_of(record, record.main)
    assert isinstance(moments, RecordMoments)
    assert moments.end == folded.end
    for t in times:
        there, view = moments.view(t), folded.view(t)
        assert there.snapshot(t) == view.snapshot(t)
        lines = list(view.log.lines)
        assert there.log.dropped + len(there.log.lines) == len(lines)
        assert list(there.log.lines[-50:]) == lines[-50:]


def test_steps_go_from_moment_to_moment(record: RecordFile, folded: Moments) -> None:
    moments = moments_of(record, record.main)
    chosen = random.Random(1)
    places = [chosen.choice(folded.times) for _ in range(60)]
    places += [0.0, folded.end, folded.end / 2, folded.times[STATE_EVENTS]]
    for t in places:
        for steps in (1, -1, 3):
            assert moments.step(t, steps) == folded.step(t, steps)
            for waits in (-1, 1):
                assert moments.step(t, waits, waits=True) == folded.step(t, waits, waits=True)
        later = t + chosen.uniform(0, 0.02)
        assert moments.same(t, later) == folded.same(t, later)
        assert moments.same(later, t) == folded.same(later, t)


def test_waits_are_found_where_they_are(tmp_path: Path) -> None:
    waits: dict[int, Event] = {
        1_500: Waiting(t=2.6, pid=100, kind="join"),
        5_000: Resumed(t=8.5, pid=100),
    }
    events = [*EVENTS[:0]]
    for number, event in enumerate(EVENTS):
        events.append(event)
        if number in waits:
            events.append(waits[number])
    with RecordFile.open(recorded(tmp_path / "a", events)) as record:
        moments = moments_of(record, record.main)
        end = moments.end
        assert moments.step(0.0, 1, waits=True) == 2.6
        assert moments.step(5.0, 1, waits=True) == 8.5
        assert moments.step(9.0, 1, waits=True) == end
        assert moments.step(9.0, -1, waits=True) == 8.5
        assert moments.step(2.0, -1, waits=True) == 0.0


def test_all_lines_of_the_log_can_be_read(record: RecordFile, folded: Moments) -> None:
    there, all_ = moments_of(record, record.main).view(folded.end).log, folded.view(folded.end).log
    assert there.dropped == 0
    assert there.searched_from > 0
    assert list(there.lines) == list(all_.lines)
    assert there.lines[-1] == all_.lines[-1]
    with pytest.raises(IndexError):
        there.lines[len(there.lines)]


def test_a_run_that_did_not_end_is_known_to_its_last_event(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", EVENTS[:-1])
    with RecordFile.open(path) as record:
        (last,) = snapshots(record, record.main, [EVENTS[-2].t])
        assert record.main.finished is None
    assert last.ended == TASKS


def test_lines_of_json_are_read_as_well_only_slower(tmp_path: Path, folded: Moments) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f"{to_json(event)}\n" for event in EVENTS))
    with RecordFile.open(path) as record:
        times = [folded.end, 3.1, 9.0]
        assert snapshots(record, record.main, times) == [folded.view(t).snapshot(t) for t in times]


def test_states_of_another_version_are_made_anew(
    record: RecordFile, folded: Moments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_app.records.moments.FINGERPRINT", 1)
    monkeypatch.setattr("tui_app.records.freezing.FINGERPRINT", 1)
    (there,) = snapshots(record, record.main, [5.0])
    assert there == folded.view(5.0).snapshot(5.0)


def test_the_end_is_not_told_before_it(record: RecordFile) -> None:
    assert isinstance(EVENTS[-1], RunFinished)
    (before,) = snapshots(record, record.main, [EVENTS[-1].t - 0.001])
    assert before.summary is None
    assert run_started().kind == before.kind
