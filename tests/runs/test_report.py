import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.images.factories import TUTORIAL, picture
from tests.runs.factories import done, failed, skipped, stopped
from tests.runs.factories import run_started as a_run
from tui_app.events import Event
from tui_app.images.output.folder import OpenOutput
from tui_app.images.plan import Item, Items, Plan, UnusableSource
from tui_app.images.planner import make_plan
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
        "bytes_saved": None,
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
    assert two["bytes_saved"] == two["bytes_in"] - two["bytes_out"] > 0
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


NAME = st.text(min_size=1, max_size=12).filter(
    lambda name: "/" not in name and "\0" not in name and name not in (".", "..")
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAME | st.just("a\udcffb.jpg") | st.just("=1+1\r\n.jpg"),
    ending=st.sampled_from(["csv", "json"]),
)
def test_any_name_comes_back_as_it_is_on_disk(name: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"r.{ending}"
    file.unlink(missing_ok=True)
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
    made = report(file, plan=replace(a_plan(*NAMES), overwrite=True))

    def refuse(*args: object, **options: object) -> None:
        raise OSError(28, "as the system says it")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(ReportError, match="the disk is full"):
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


def in_folder(folder: Path) -> Plan:
    """A plan whose output folder is there, with a journal."""
    (folder / "in").mkdir()
    picture().save(folder / "in" / "a.jpg")
    plan = make_plan([str(folder / "in")], TUTORIAL, output=str(folder / "out"))
    OpenOutput(plan, "run").close()
    return plan


def test_a_report_is_as_readable_as_others_are_and_keeps_its_mode(tmp_path: Path) -> None:
    plan = in_folder(tmp_path)
    file, other = tmp_path / "r.csv", tmp_path / "other"
    other.touch()
    report(file, plan=plan).write()
    assert file.stat().st_mode == other.stat().st_mode
    file.chmod(0o600)
    report(file, plan=plan).write()
    assert file.stat().st_mode & 0o777 == 0o600


def test_only_a_report_that_the_journal_knows_is_replaced(tmp_path: Path) -> None:
    plan = in_folder(tmp_path)
    file = tmp_path / "r.csv"
    file.write_text("somebody's own")
    for change in ("before", "after"):
        with pytest.raises(ReportError, match="is there already, and no report of ours"):
            report(file, plan=plan)
        report(file, plan=replace(plan, overwrite=True)).write()
        report(file, plan=plan).write()
        with file.open("a") as opened:
            opened.write(change)
    with pytest.raises(ReportError, match="no report of ours"):
        report(file, plan=plan)


@pytest.mark.parametrize("kind", ["link", "second name", "itself"])
def test_no_source_is_replaced_by_a_report(tmp_path: Path, kind: str) -> None:
    plan = in_folder(tmp_path)
    (tmp_path / "in" / "odd.json").write_bytes((tmp_path / "in" / "a.jpg").read_bytes())
    odd = tmp_path / "in" / "odd.json"
    plan = make_plan([str(odd)], TUTORIAL, output=plan.output, overwrite=True)
    file = tmp_path / "r.json"
    match kind:
        case "link":
            file.symlink_to(odd)
        case "second name":
            file.hardlink_to(odd)
        case _:
            file = odd
    with pytest.raises(ReportError, match="that is a source"):
        Report(plan, file)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a link to another user")
def test_a_link_of_somebody_else_s_is_not_followed(tmp_path: Path) -> None:
    link = tmp_path / "r.csv"
    link.symlink_to(tmp_path / "precious.csv")
    os.lchown(link, 65534, 65534)
    with pytest.raises(ReportError, match="a link of somebody else's"):
        Report(a_plan(), link)


def test_a_report_through_a_link_is_written_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    link = tmp_path / "r.csv"
    link.symlink_to(tmp_path / "target" / "r.csv")
    report(link).write()
    assert link.readlink() == tmp_path / "target" / "r.csv"
    assert len(rows_of(tmp_path / "target" / "r.csv")) == len(NAMES)


def test_what_nothing_could_be_made_of_and_notes_have_rows_too(tmp_path: Path) -> None:
    plan = replace(a_plan("a.jpg"), flaws=(UnusableSource("closed/", "permission denied"),))
    plan = replace(plan, standings=("1 image done already",))
    started = replace(a_run(2, 2.0), notes=["this disk knows no locks", "1 image done already"])
    events = [started, done(1, 7), failed(2, None, "permission denied")]
    report(tmp_path / "r.json", events, plan).write()
    _image, flaw, note = rows_of(tmp_path / "r.json")
    told = (flaw["source"], flaw["output"], flaw["outcome"], flaw["reason"])
    assert told == ("closed/", "", "failed", "permission denied")
    assert (note["outcome"], note["notes"]) == ("note", "this disk knows no locks")
