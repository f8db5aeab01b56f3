"""`--failures FILE`: the names of what failed."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.images.factories import TUTORIAL, hidden, picture
from tests.runs.factories import done, failed, skipped
from tui_app.events import Event
from tui_app.images.output.folder import OpenOutput
from tui_app.images.output.saving import begin
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Plan, UnusableSource
from tui_app.images.planner import make_plan
from tui_app.runs.failure_list import FailureList, FailureListError

NAMES = ("a.jpg", "b.jpg", "caf\udce9.jpg", "two\nlines.jpg")


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A plan whose output folder is there, with a journal."""
    (tmp_path / "in").mkdir()
    for name in NAMES:
        picture().save(tmp_path / "in" / name, "JPEG")
    plan = make_plan([str(tmp_path / "in")], TUTORIAL, output=str(tmp_path / "out"))
    OpenOutput(plan, "run").close()
    return plan


def written(plan: Plan, file: Path, events: list[Event], *, null: bool = False) -> str:
    made = FailureList(plan, file, null=null)
    for event in events:
        made.add(event)
    return made.write()


def task(plan: Plan, name: str) -> int:
    return [item.name for item in plan.items].index(name) + 1


def test_it_has_the_path_of_each_that_failed_and_of_no_other(plan: Plan, tmp_path: Path) -> None:
    events = [done(1, 7), failed(task(plan, "caf\udce9.jpg"), 7), skipped(2), failed(1, 7)]
    first = plan.items[0].source
    assert written(plan, tmp_path / "f", events) == ""
    lines = (tmp_path / "f").read_bytes().splitlines()
    assert set(lines) == {os.fsencode(first), os.fsencode(tmp_path / "in" / "caf\udce9.jpg")}
    assert b"caf\xe9.jpg" in (tmp_path / "f").read_bytes()


def test_nul_parts_any_names(plan: Plan, tmp_path: Path) -> None:
    events: list[Event] = [failed(n, 7) for n in range(1, len(NAMES) + 1)]
    assert written(plan, tmp_path / "f", events, null=True) == ""
    paths = (tmp_path / "f").read_bytes().split(b"\0")
    assert sorted(paths[:-1]) == sorted(os.fsencode(tmp_path / "in" / name) for name in NAMES)
    assert paths[-1] == b""


def test_a_name_of_two_lines_is_left_out_and_told(plan: Plan, tmp_path: Path) -> None:
    events: list[Event] = [failed(n, 7) for n in range(1, len(NAMES) + 1)]
    assert written(plan, tmp_path / "f", events).startswith("1 name holds a line break")
    assert len((tmp_path / "f").read_bytes().splitlines()) == len(NAMES) - 1


def test_what_nothing_could_be_made_of_has_its_path(plan: Plan, tmp_path: Path) -> None:
    plan = replace(plan, flaws=(UnusableSource("closed/", "permission denied", "/photos"),))
    written(plan, tmp_path / "f", [failed(len(NAMES) + 1, None)])
    assert (tmp_path / "f").read_text() == "/photos/closed/\n"


def test_it_is_empty_where_nothing_failed_and_replaces_its_own(plan: Plan, tmp_path: Path) -> None:
    written(plan, tmp_path / "f", [failed(1, 7)])
    assert written(plan, tmp_path / "f", [done(1, 7)]) == ""
    assert (tmp_path / "f").read_bytes() == b""
    (tmp_path / "f").write_text("somebody's own")
    with pytest.raises(FailureListError, match="is there already"):
        FailureList(plan, tmp_path / "f")
    assert written(replace(plan, overwrite=True), tmp_path / "f", [failed(1, 7)]) == ""


@pytest.mark.parametrize("overwrite", [False, True])
def test_neither_a_source_nor_an_output_is_replaced(
    plan: Plan, tmp_path: Path, overwrite: bool
) -> None:
    plan = replace(plan, overwrite=overwrite)
    source = tmp_path / "in" / "a.jpg"
    with pytest.raises(FailureListError, match="that is a source"):
        FailureList(plan, source)
    with pytest.raises(FailureListError, match="that is an output"):
        FailureList(plan, tmp_path / "out" / "a.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with pytest.raises(FailureListError, match="that is an output"):
        FailureList(plan, tmp_path / "link" / "a.jpg")
    with pytest.raises(FailureListError, match="for the journal"):
        FailureList(plan, hidden(tmp_path / "out" / "a.jpg") / "journal")


def test_an_output_of_an_earlier_run_is_not_replaced(plan: Plan, tmp_path: Path) -> None:
    output = OpenOutput(plan, "run")
    try:
        for item, job in output.jobs():
            if item.name == "a.jpg":
                begin(job)
                process_image(job, lambda step, fraction: None)
    finally:
        output.close()
    other = make_plan(
        [str(tmp_path / "in" / "b.jpg")], TUTORIAL, output=plan.output, overwrite=True
    )
    with pytest.raises(FailureListError, match="that is an output"):
        FailureList(other, tmp_path / "out" / "a.jpg")


@pytest.mark.parametrize("name", ["nowhere/f", "in"])
def test_where_it_cannot_be_is_said_in_one_sentence(plan: Plan, tmp_path: Path, name: str) -> None:
    with pytest.raises(FailureListError, match="cannot write the names of failures to"):
        FailureList(plan, tmp_path / name)
