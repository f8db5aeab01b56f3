"""An export is written whole or not at all, and never over what is no export."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exports.recorded import recorded
from tui_app.cli.exports import ENDINGS
from tui_app.events import Event
from tui_app.exports.kinds import KINDS
from tui_app.exports.writing import (
    ExistingFileError,
    ExportError,
    ExportFile,
    export_path,
    write_export,
)

EVERY = pytest.mark.parametrize("ending", KINDS)


def a_run() -> list[Event]:
    return recorded("demo")


@EVERY
def test_each_kind_is_written_and_replaced_by_one_of_its_kind(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"a run{ending}"
    write_export(a_run, file)
    first = file.read_bytes()
    assert first.startswith(KINDS[ending].mark.encode())
    write_export(lambda: recorded("batch"), file)
    assert file.read_bytes() != first
    write_export(a_run, file)
    assert file.read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == [file.name], "nothing temporary is left"


@EVERY
def test_what_is_no_export_stays_unless_somebody_says_so(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"mine{ending}"
    file.write_text("mine\n")
    with pytest.raises(ExistingFileError, match="no export of ours has that name"):
        write_export(a_run, file)
    assert file.read_text() == "mine\n"
    write_export(a_run, file, overwrite=True)
    assert file.read_text("utf-8").startswith(KINDS[ending].mark)


@pytest.mark.parametrize("name", ["run", "run.pdf", "html", "run.jpg", "run.html.gz"])
def test_another_ending_is_refused_with_all_that_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError) as refused:
        ExportFile(tmp_path / name)
    said = str(refused.value)
    assert all(ending in said for ending in KINDS)
    assert "\n" not in said
    assert list(tmp_path.iterdir()) == []


def test_help_names_the_endings_that_there_are() -> None:
    assert [one.split()[0] for one in ENDINGS.split(", ")] == list(KINDS)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere/run.html", "there is no such file"),
        ("folder.html", "something that is no file is in its place"),
    ],
)
def test_a_place_where_nothing_can_stand_is_told_before_the_run(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.html").mkdir()
    with pytest.raises(ExportError, match=says):
        ExportFile(Path(name))


def test_a_store_is_refused_and_a_home_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExportError, match="not to a store") as refused:
        export_path("s3://key:secret@bucket/run.html")
    assert "secret" not in str(refused.value)
    monkeypatch.setenv("HOME", "/somebody")
    assert export_path("~/run.html") == Path("/somebody/run.html")


def test_a_link_of_one_s_own_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to("there.html")
    write_export(a_run, tmp_path / "link.html")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "there.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_where_the_events_break_off_nothing_is_written(tmp_path: Path) -> None:
    def broken() -> Iterator[Event]:
        yield from a_run()[:5]
        raise OSError(28, os.strerror(28))

    with pytest.raises(ExportError, match="the disk is full"):
        write_export(broken, tmp_path / "run.trace.json")
    assert list(tmp_path.iterdir()) == []


def test_a_trace_is_one_line_for_each_event_in_plain_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "run.trace.json"
    write_export(lambda: recorded("batch"), file)
    text = file.read_text("utf-8")
    events = json.loads(text)
    assert len(text.splitlines()) == len(events) + 2
    assert "→" in text
    assert "\\u" not in text
