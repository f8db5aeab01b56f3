import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.images.making import TUTORIAL
from tests.runs.making import done, failed, skipped, stopped
from tests.runs.making import run_started as a_run
from tui_app.events import Event
from tui_app.images.items import Item, Items, Plan
from tui_app.runs.report import Report, ReportError

NAMES = ("one.jpg", "two, and a half.jpg", 'three "quoted".jpg', "four.psd")

EVENTS: list[Event] = [
    a_run(4, 4.0),
    done(
        2,
        7,
        width=800,
        height=600,
        out_width=80,
        out_height=60,
        megapixels=0.48,
        bytes_in=9000,
        bytes_out=900,
        notes=["first note", "second note"],
    ),
    failed(1, 8, "its image data is damaged"),
    skipped(4, "its output exists already"),
]


def a_plan(*names: str) -> Plan:
    items = Items(
        Item("/photos", name, ".png" if name.endswith("psd") else "", "JPEG", 8, 6, 9)
        for name in names
    )
    return Plan("/out", TUTORIAL, False, False, items, 0, ())


def report(file: Path, events: list[Event] = EVENTS, plan: Plan | None = None) -> Report:
    made = Report(plan or a_plan(*NAMES), file)
    for event in events:
        made.add(event)
    return made


def rows_of(file: Path) -> list[dict[str, Any]]:
    text = file.read_bytes().decode("utf-8", "surrogateescape")
    if file.suffix.lower() == ".json":
        rows = json.loads(text)
        assert isinstance(rows, list)
        return rows
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", ["r.csv", "r.json", "R.CSV", "R.Json"])
def test_each_image_has_a_row_in_the_plan_s_order(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    report(file).write()
    rows = rows_of(file)
    assert [(row["source"], row["output"], row["outcome"]) for row in rows] == [
        ("/photos/one.jpg", "/out/one.jpg", "failed"),
        ("/photos/two, and a half.jpg", "/out/two, and a half.jpg", "done"),
        ('/photos/three "quoted".jpg', '/out/three "quoted".jpg', "not done"),
        ("/photos/four.psd", "/out/four.psd.png", "skipped"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing temporary is left"


def test_what_is_not_done_and_what_was_done_before_are_told_apart(tmp_path: Path) -> None:
    report(tmp_path / "r.csv", [skipped(1, before=True), stopped(2, 7), stopped(3)]).write()
    outcomes = [row["outcome"] for row in rows_of(tmp_path / "r.csv")]
    assert outcomes == ["done before", "not done", "not done", "not done"]


def test_json_has_numbers_and_nulls(tmp_path: Path) -> None:
    report(tmp_path / "r.json").write()
    one, two, three, four = rows_of(tmp_path / "r.json")
    nothing = {
        "width": None,
        "height": None,
        "out_width": None,
        "out_height": None,
        "bytes_in": None,
        "bytes_out": None,
    }
    assert one == {
        "source": "/photos/one.jpg",
        "output": "/out/one.jpg",
        "outcome": "failed",
        "step": "decode",
        "error": "ImageError",
        "reason": "its image data is damaged",
        "seconds": 0.25,
        "pid": 8,
        "notes": "",
        **nothing,
    }
    assert (two["width"], two["out_height"], two["bytes_in"]) == (800, 60, 9000)
    assert (two["seconds"], two["pid"]) == (0.5, 7)
    assert two["notes"] == "first note; second note"
    assert (three["reason"], three["pid"], three["seconds"]) == ("", None, 0.0)
    assert four["reason"] == "its output exists already"


def test_csv_has_a_heading_and_plain_cells(tmp_path: Path) -> None:
    report(tmp_path / "r.csv").write()
    report(tmp_path / "r.json").write()
    from_csv, from_json = rows_of(tmp_path / "r.csv"), rows_of(tmp_path / "r.json")
    assert list(from_csv[0]) == list(from_json[0])
    for row, typed in zip(from_csv, from_json, strict=True):
        assert row == {key: "" if value is None else str(value) for key, value in typed.items()}


NAME = st.text(min_size=1, max_size=12).filter(lambda name: "/" not in name and "\0" not in name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAME | st.just("a\udcffb.jpg") | st.just("=1+1\r\n.jpg"),
    ending=st.sampled_from(["csv", "json"]),
)
def test_any_name_comes_back_as_it_is_on_disk(name: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"r.{ending}"
    report(file, [failed(1, 7, name)], a_plan(name)).write()
    (row,) = rows_of(file)
    assert (row["source"], row["reason"]) == (str(Path("/photos", name)), name)


@pytest.mark.parametrize("name", ["r.txt", "r", ".csv", "r.csv.gz", "r.xlsx"])
def test_another_ending_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"\.csv or a \.json"):
        Report(a_plan(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_no_report_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.csv").mkdir()
    for file in ("nowhere/r.csv", "file/r.csv", "folder.csv"):
        with pytest.raises(ReportError, match="cannot write the report"):
            Report(a_plan(), tmp_path / file)


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "r.csv"
    file.write_text("the old one")
    made = report(file)

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ReportError, match="No space left on device"):
        made.write()
    assert file.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_a_folder_that_has_gone_meanwhile_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    made = report(folder / "r.json")
    folder.rmdir()
    with pytest.raises(ReportError, match="cannot write the report"):
        made.write()
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_replaced_whole_and_readable_as_others_are(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("old")
    report(file).write()
    other = tmp_path / "other"
    other.touch()
    assert file.stat().st_mode == other.stat().st_mode
    assert len(rows_of(file)) == len(NAMES)


def test_a_report_through_a_link_is_written_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    link = tmp_path / "r.csv"
    link.symlink_to(tmp_path / "target" / "r.csv")
    report(link).write()
    assert link.readlink() == tmp_path / "target" / "r.csv"
    assert len(rows_of(tmp_path / "target" / "r.csv")) == len(NAMES)
