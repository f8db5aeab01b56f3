"""Recording: all that comes is in the file a second later, and nothing harms the run."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from tests.records.factories import events_of, many_tasks, recorded
from tests.runs.factories import run_started
from tui_app.events import Outcome, Output, RunFinished, Stream
from tui_app.files.append_file import AppendFile
from tui_app.records import recorder as module
from tui_app.records.moments import RecordMoments, moments_of
from tui_app.records.reader import RecordFile
from tui_app.records.recorder import Recorder
from tui_app.runs.moments import Moments


def line(t: float, text: str) -> Output:
    return Output(t=t, pid=1, stream=Stream.STDOUT, text=text)


def test_all_events_come_back(tmp_path: Path) -> None:
    events = list(many_tasks(2_000))
    assert events_of(recorded(tmp_path / "a", events)) == events


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert recorded(tmp_path / "a", many_tasks(1)).stat().st_mode & 0o777 == 0o600


def test_runs_stand_one_after_another(tmp_path: Path) -> None:
    first, second = list(many_tasks(3)), list(many_tasks(500))
    with RecordFile.open(recorded(tmp_path / "a", first, second)) as record:
        assert [run.events for run in record.parts] == [len(first), len(second)]
        assert list(record.events(record.parts[1])) == second
        assert [run.finished for run in record.parts] == [first[-1], second[-1]]


def test_a_state_is_never_that_of_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that did not end is followed by another one, whose view is there already."""
    monkeypatch.setattr("tui_app.records.states.STATE_EVENTS", 10)
    monkeypatch.setattr("tui_app.records.moments.MOST_FOLDED", 100)
    # So many that another state is due as the next run begins.
    broken_off = list(many_tasks(200))[:1_000]
    path = recorded(tmp_path / "a", broken_off, many_tasks(3))
    with RecordFile.open(path) as record:
        moments = moments_of(record, record.parts[0])
        assert isinstance(moments, RecordMoments)
        folded = Moments.of(broken_off).view(moments.end)
        assert moments.view(moments.end).snapshot() == folded.snapshot()


def test_a_run_is_in_the_file_as_soon_as_it_begins(tmp_path: Path) -> None:
    recorder = Recorder(lambda: AppendFile.create(tmp_path / "a"), pytest.fail)
    recorder.add(run_started())
    with RecordFile.open(tmp_path / "a") as record:
        assert record.main.finished is None
        assert record.outcome is None
    recorder.close()


def test_a_quiet_run_is_written_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH_SECONDS", 0.01)

    async def run() -> None:
        recorder = Recorder(lambda: AppendFile.create(tmp_path / "a"), pytest.fail)
        recorder.add(run_started())
        recorder.add(line(0.5, "the last word"))
        assert len(events_of(tmp_path / "a")) == 1
        while len(events_of(tmp_path / "a")) < 2:
            await asyncio.sleep(0.01)
        recorder.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_busy_run_is_written_in_time(tmp_path: Path) -> None:
    now = [0.0]
    recorder = Recorder(
        lambda: AppendFile.create(tmp_path / "a"), pytest.fail, clock=lambda: now[0]
    )
    recorder.add(run_started())
    for number in range(1_000):
        now[0] += 0.01
        recorder.add(line(now[0], "x"))
        lost = number + 2 - len(events_of(tmp_path / "a")) if number % 50 == 0 else 0
        # So many come in a second, and are taken in together.
        assert lost <= 100 + module.AT_ONCE
    recorder.close()


def test_a_full_disk_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    said: list[str] = []
    recorder = Recorder(lambda: AppendFile(os.open("/dev/full", os.O_WRONLY), path), said.append)
    for event in many_tasks(2_000):
        recorder.add(event)
    recorder.close()
    assert said == ["the run is not recorded: the disk is full"]
    assert recorder.stopped
    assert not path.exists(), "a record with nothing in it is no record"


def test_a_disk_that_fills_up_leaves_what_was_written(tmp_path: Path) -> None:
    class Filling(AppendFile):
        def append(self, data: bytes) -> None:
            if self.size > 10_000:
                super().append(data[:100])
                raise OSError(errno.ENOSPC, "full")
            super().append(data)

    said: list[str] = []
    recorder = Recorder(lambda: Filling.create(tmp_path / "a"), said.append)
    events = list(many_tasks(2_000))
    for event in events:
        recorder.add(event)
    recorder.close()
    assert said == ["the run is not recorded any more: the disk is full"]
    there = events_of(tmp_path / "a")
    assert there
    assert there == events[: len(there)]


def test_where_no_file_can_be_made_it_is_told_once(tmp_path: Path) -> None:
    said: list[str] = []
    recorder = Recorder(lambda: AppendFile.create(tmp_path / "no" / "a"), said.append)
    for event in (run_started(), RunFinished(t=1.0, outcome=Outcome.OK)):
        recorder.add(event)
    recorder.close()
    assert said == ["the run is not recorded: there is no such file"]


def test_two_runs_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    def recorder_of(name: str) -> Recorder:
        return Recorder(lambda: AppendFile.create(tmp_path / name), pytest.fail)

    recorders = [recorder_of("a"), recorder_of("b")]
    events = list(many_tasks(700))
    for event in events:
        for recorder in recorders:
            recorder.add(event)
    for recorder in recorders:
        recorder.close()
    assert events_of(tmp_path / "a") == events_of(tmp_path / "b") == events
