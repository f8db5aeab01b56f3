import csv
import io
import json

from tests.exports.recorded import recorded
from tui_app.exports.kinds import KINDS
from tui_app.exports.tasks import COLUMNS, task_rows


def written(name: str, ending: str) -> str:
    file = io.StringIO()
    KINDS[ending].put(lambda: recorded(name), file)
    return file.getvalue()


def test_each_task_has_a_row_when_it_ends() -> None:
    rows = list(task_rows(recorded("batch")))
    assert [(row["label"], row["outcome"], row["attempts"]) for row in rows] == [
        ("a.jpg", "done", 1),
        ("bad.jpg", "failed", 2),
        ("b.jpg", "done", 1),
    ]
    first, failed, _last = rows
    assert first["queued"] <= first["started"] <= first["ended"]
    assert (first["process"], first["width"], first["bytes_out"]) == ("W-1", 96, 725)
    assert (failed["step"], failed["error"]) == ("open", "ImageError")


def test_what_did_not_end_is_not_done() -> None:
    rows = list(task_rows(recorded("demos/pool-as-completed")[:40]))
    assert [row["task"] for row in rows] == list(range(1, 11))
    assert {row["outcome"] for row in rows} == {"not done"}
    assert {row["ended"] for row in rows} == {None}


def test_threads_and_calls_that_are_told_together_have_their_numbers() -> None:
    (row,) = [row for row in task_rows(recorded("batch_again")) if row["outcome"] == "failed"]
    assert row["thread"] == 1
    assert sum(row["calls"] for row in task_rows(recorded("demos/pool-list"))) >= 5


def test_csv_and_json_have_the_same_rows_and_no_language() -> None:
    rows = json.loads(written("batch", ".json"))
    table = list(csv.DictReader(io.StringIO(written("batch", ".csv"), newline="")))
    assert list(rows[0]) == list(table[0]) == COLUMNS
    assert [row["label"] for row in rows] == [row["label"] for row in table]
    assert [str(row["pid"]) for row in rows] == [row["pid"] for row in table]


def test_the_log_is_what_is_printed_without_a_screen() -> None:
    text = written("demos/process-joined", ".txt")
    assert "\n     0.08  main   waits in join() for P-1\n" in text
    assert "2 of 2 tasks done, 0 failed" in text
    assert "\x1b" not in text
