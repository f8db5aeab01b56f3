"""Records are read whatever became of them, wherever they were made; other files are refused."""

import gzip
import os
import random
from pathlib import Path

import pytest

from tests.records.factories import events_of, many_tasks, recorded
from tests.runs.factories import ended, run_started
from tui_app.events import Outcome, RunFinished, to_json
from tui_app.records.blocks import BlockKind, data_blocks, events_block
from tui_app.records.errors import RecordError
from tui_app.records.moments import view_at_end
from tui_app.records.reader import FORMAT, RecordFile
from tui_app.runs.view import RunState

ASSETS = Path(__file__).parent.parent / "assets"
KEPT = sorted((ASSETS / "records").glob("*.gz"))
STREAMS = sorted([*(ASSETS / "streams").glob("*.jsonl"), *(ASSETS / "streams").rglob("*.gz")])


def refused(path: Path) -> str:
    with pytest.raises(RecordError) as error:
        RecordFile.open(path)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_its_facts_are_read_from_both_ends(tmp_path: Path) -> None:
    with RecordFile.open(recorded(tmp_path / "a", many_tasks(3_000))) as record:
        assert record.main.started.title == "3 images → out"
        assert record.outcome is Outcome.FAILED
        assert record.main.events == 18_005
        assert record.seconds == pytest.approx(30.2)


def test_the_main_run_is_not_the_drawing_of_samples(tmp_path: Path) -> None:
    first = ended([run_started(kind="samples", title="drawing")])
    second = ended([run_started(title="the batch")])
    with RecordFile.open(recorded(tmp_path / "a", first, second)) as record:
        assert record.main.started.title == "the batch"
    with RecordFile.open(recorded(tmp_path / "b", first)) as record:
        assert record.main.started.title == "drawing"


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ([Outcome.OK, Outcome.OK], Outcome.OK),
        ([Outcome.OK, Outcome.CANCELLED, Outcome.OK], Outcome.CANCELLED),
        ([Outcome.FAILED, None], None),
    ],
)
def test_the_outcome_of_several_runs(
    tmp_path: Path, outcomes: list[Outcome | None], whole: Outcome | None
) -> None:
    runs = [
        [run_started(), *([RunFinished(t=1.0, outcome=one)] if one else [])] for one in outcomes
    ]
    with RecordFile.open(recorded(tmp_path / "a", *runs)) as record:
        assert record.outcome is whole


def test_a_record_that_was_cut_off_anywhere_has_the_events_before(tmp_path: Path) -> None:
    events, path = list(many_tasks(500)), tmp_path / "a"
    whole = recorded(path, events).read_bytes()
    chosen, cut = random.Random(0), tmp_path / "cut"
    with RecordFile.open(path) as record:
        first = record.parts[0].blocks[0].end
    longest = 0
    for at in sorted(chosen.sample(range(first, len(whole)), 25)):
        cut.write_bytes(whole[:at])
        there = events_of(cut)
        assert there == events[: len(there)]
        assert len(there) >= longest
        longest = len(there)
    assert longest > 1_000
    cut.write_bytes(whole[: first // 2])
    assert "no run is in it" in refused(cut)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: str(path.stem))
def test_records_of_versions_before_can_be_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_app.records.moments.MOST_FOLDED", 1_000)
    with RecordFile.open(path) as record:
        view = view_at_end(record, record.main)
        state, tasks = path.stem.removesuffix(".jsonl").split("-")[-2:]
        assert view.snapshot().state == RunState(state)
        assert view.snapshot().ended == int(tasks)
        assert len(view.log.lines) > 0


def test_there_is_a_record_of_each_kind_of_before() -> None:
    assert len(KEPT) >= 4


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: str(path.stem))
def test_what_json_printed_is_read_too_compressed_or_not(path: Path) -> None:
    with RecordFile.open(path) as record:
        number = len(list(record.events()))
        assert number == sum(run.events for run in record.parts) > 2


def test_gzip_may_have_made_it_anew(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", many_tasks(700))
    again = tmp_path / "b"
    again.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    assert events_of(again) == events_of(path)


def test_a_later_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a"
    facts = f'{{"format": {FORMAT + 1}}}'.encode()
    path.write_bytes(data_blocks(BlockKind.HEAD, facts))
    assert refused(path).endswith("a later version of procession made it")
    path = recorded(tmp_path / "b", [run_started(schema=3)])
    assert refused(path).endswith("a later version of procession made it (schema 3, not 2)")


def test_what_a_later_version_adds_is_left_out(tmp_path: Path) -> None:
    line = to_json(run_started())
    lines = [line[:-1] + ', "mood": 1}', '{"event": "new_thing", "t": 0.5, "x": []}']
    path = tmp_path / "a"
    path.write_bytes(events_block(lines, 0.0, 0.5, 1) + data_blocks(9, b"new"))  # type: ignore[arg-type]
    assert events_of(path) == [run_started()]


NO_RECORDS = (
    b"",
    b"no record",
    b"{}\n",
    b"[]\n",
    b'{"event": "run_started", "t": 0.0}\n',
    b'{"event": "new_thing"}\n',
    gzip.compress(b"other text\n"),
    gzip.compress(b"cut off")[:-9],
    data_blocks(BlockKind.HEAD, b"[]"),
    data_blocks(BlockKind.HEAD, b"\xff"),
    events_block(['{"event": "output", "t": 0.0, "pid": 1}'], 0.0, 0.0, 1),
    events_block([to_json(run_started()).replace('"t": 0.0', '"t": "x"')], 0.0, 0.0, 1),
    events_block([to_json(run_started()).replace('"cpus": 2', '"cpus": []')], 0.0, 0.0, 1),
    random.Random(1).randbytes(100),
)


@pytest.mark.parametrize("number", range(len(NO_RECORDS)))
def test_what_is_no_record_is_told_in_a_sentence(tmp_path: Path, number: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(NO_RECORDS[number])
    assert refused(path).startswith(f"{path} is no record of procession: ")


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    assert refused(tmp_path / "no") == f"cannot read {tmp_path / 'no'}: there is no such file"
    assert refused(tmp_path) == f"{tmp_path} is no file"
    os.mkfifo(tmp_path / "fifo")
    assert refused(tmp_path / "fifo") == f"{tmp_path / 'fifo'} is no file"
