"""The folder of records: what is meant, what is pinned, and what goes when there are too many."""

from pathlib import Path

import pytest

from tests.records.factories import many_tasks
from tests.runs.factories import run_started
from tui_app.events import Outcome
from tui_app.records.errors import RecordError
from tui_app.records.recorder import Recorder
from tui_app.records.store import (
    Kept,
    RecordLimits,
    find,
    find_path,
    headings,
    kept_records,
    new_record,
    records_folder,
    tidy,
)

NO_LIMITS = RecordLimits(1_000, 10**12)


def record(tasks: int = 1) -> str:
    """Records a small run; returns its id."""
    recorder = Recorder(new_record, pytest.fail)
    for event in many_tasks(tasks):
        recorder.add(event)
    recorder.close()
    return kept_records()[0].id


def ids() -> list[str]:
    return [one.id for one in kept_records()]


def test_the_latest_is_first_and_what_is_no_record_is_left_out() -> None:
    known = [record() for _number in range(3)]
    (records_folder() / "notes.txt").write_text("mine")
    (records_folder() / "20260101T000000000000-0123abcd.jsonl.gz").write_text("no record")
    assert ids() == [*reversed(known), "0123abcd"]
    assert [one.kept.id for one in headings()] == known[::-1]
    assert records_folder().stat().st_mode & 0o777 == 0o700


def test_where_nothing_is_recorded_there_is_nothing() -> None:
    assert ids() == []
    with pytest.raises(RecordError, match="no run is recorded yet"):
        find("last")


def test_a_run_is_meant_by_the_beginning_of_its_id_or_by_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = iter([b"\xab\xcd\x00\x01", b"\xab\xce\x00\x02", b"\x12\x34\x56\x78"])
    monkeypatch.setattr("tui_app.records.store.os.urandom", lambda _number: next(names))
    for _number in range(3):
        record()
    assert find("last").id == "12345678"
    assert find("1").id == "12345678"
    assert find("ABCE").id == "abce0002"
    with pytest.raises(RecordError, match="ab may be each of these: abce0002 abcd0001"):
        find("ab")
    for word in ("f", "", "..", "abcd00012"):
        with pytest.raises(RecordError, match="no recorded run is called"):
            find(word)


def test_a_file_is_meant_where_no_run_has_that_name(here: Path) -> None:
    known = record()
    Path("other.gz").write_text("")
    assert find_path("other.gz") == Path("other.gz")
    assert find_path(known[:4]).parent == records_folder()
    with pytest.raises(RecordError, match="no recorded run"):
        find_path("nowhere.gz")


def test_a_heading_says_how_it_ended() -> None:
    known = record(60)
    (one,) = headings()
    assert (one.kept.id, one.kind, one.title) == (known, "batch", "3 images → out")
    assert one.outcome is Outcome.FAILED
    assert one.seconds == pytest.approx(0.8)
    assert (one.runs, one.growing, one.pinned) == (1, False, False)
    assert one.bytes == kept_records()[0].path.stat().st_size


def test_the_oldest_go_first_when_there_are_too_many() -> None:
    known = [record() for _number in range(5)]
    tidy(RecordLimits(3, 10**9))
    assert ids() == known[:1:-1]


def test_the_oldest_go_first_when_they_are_too_large() -> None:
    known = [record(tasks) for tasks in (400, 20, 20, 20)]
    sizes = [one.path.stat().st_size for one in kept_records()]
    tidy(RecordLimits(100, sum(sizes) - 1))
    assert ids() == known[:0:-1]
    tidy(RecordLimits(100, sum(sizes[:2])))
    assert ids() == known[:1:-1]


def test_the_latest_stays_however_large_it_is() -> None:
    record()
    known = record(500)
    tidy(RecordLimits(0, 0))
    assert ids() == [known]


def test_pinned_ones_stay_and_are_not_counted() -> None:
    known = [record() for _number in range(4)]
    find(known[0]).pin(True)
    find(known[1]).pin(True)
    tidy(RecordLimits(2, 10**9))
    assert ids() == known[::-1]
    tidy(RecordLimits(1, 10**9))
    assert ids() == [known[3], known[1], known[0]]
    find(known[0]).pin(False)
    tidy(RecordLimits(1, 10**9))
    assert ids() == [known[3], known[1]]


def test_a_run_that_goes_on_stays() -> None:
    recorder = Recorder(new_record, pytest.fail)
    recorder.add(run_started())
    (growing,) = kept_records()
    assert growing.growing
    assert growing.heading().growing
    known = [record(), record()]
    tidy(RecordLimits(1, 10**9))
    assert ids() == [known[1], growing.id]
    recorder.close()
    assert not growing.growing
    assert growing.heading().outcome is None
    tidy(RecordLimits(1, 10**9))
    assert ids() == [known[1]]


def test_a_new_record_makes_room_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecordLimits, "load", lambda: RecordLimits(2, 10**9))
    known = [record() for _number in range(4)]
    assert ids() == known[:1:-1]


def test_a_removed_run_takes_its_pin_along() -> None:
    one = find(record())
    one.pin(True)
    one.remove()
    one.remove()
    assert list(records_folder().iterdir()) == []


def test_what_is_set_counts() -> None:
    assert RecordLimits.load() == RecordLimits(200, 500_000_000)


def test_a_record_that_is_gone_is_not_growing(tmp_path: Path) -> None:
    assert not Kept(tmp_path / "no", "0").growing
