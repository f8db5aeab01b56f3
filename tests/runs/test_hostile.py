"""Hostile names through the whole command: plan, log, failures, events, report."""

import csv
import json
import os
from io import StringIO
from pathlib import Path

import pytest

from tests.commands import marked, run, tree
from tests.hostile import HOSTILE_NAMES
from tests.images.factories import journalled, picture
from tui_app.images.output.journal_lines import Made
from tui_app.runs.formatting import safe

pytestmark = pytest.mark.slow

BROKEN = HOSTILE_NAMES[::3]
ENDS = ("task_finished", "task_failed", "task_skipped")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Images by hostile names, every third of them broken."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in HOSTILE_NAMES:
        if name in BROKEN:
            (folder / name).write_bytes(b"no image")
        else:
            picture().save(folder / name, "JPEG")
    return folder


def harmless(text: str) -> bool:
    """Whether a terminal shows it as it is."""
    return all(line.isprintable() for line in text.split("\n"))


def test_the_plan_the_log_and_the_failures_are_harmless(tmp_path: Path, photos: Path) -> None:
    with marked(tmp_path) as where:
        plan = run("batch", photos, "--dry-run", where=where, cwd=tmp_path)
        done = run("batch", photos, "--headless", "--workers", "2", where=where, cwd=tmp_path)
    assert (plan.returncode, done.returncode) == (0, 1)
    for text in (plan.stdout, done.stdout, done.stderr):
        assert harmless(text)
    for name in HOSTILE_NAMES:
        assert f"\n{safe(name)}  " in plan.stdout
        failed = f"  {safe(name)} in open: not an image that Pillow can read\n"
        assert (failed in done.stderr) == (name in BROKEN)
        assert f" {safe(name)} was processed in " in done.stdout or name in BROKEN
    assert f"{len(BROKEN)} images failed:" in done.stderr
    made = {name for name in tree(photos / "processed") if not name.startswith(".procession")}
    assert made == set(HOSTILE_NAMES) - set(BROKEN)


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_events_and_reports_have_the_names_as_they_are(
    tmp_path: Path, photos: Path, ending: str
) -> None:
    report = tmp_path / f"report.{ending}"
    with marked(tmp_path) as where:
        words = ("batch", photos, "--json", "--report", report, "--workers", "2")
        done = run(*words, where=where, cwd=tmp_path)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    labels = {event["label"] for event in events if event["event"] == "task_queued"}
    assert labels == set(HOSTILE_NAMES)
    data = os.fsdecode(report.read_bytes())
    rows = json.loads(data) if ending == "json" else list(csv.DictReader(StringIO(data, "")))
    assert {row["source"] for row in rows} == {str(photos / name) for name in HOSTILE_NAMES}
    failed = {row["source"] for row in rows if row["outcome"] == "failed"}
    assert failed == {str(photos / name) for name in BROKEN}


def test_the_journal_knows_each_name_when_the_run_is_resumed(tmp_path: Path, photos: Path) -> None:
    words = ("batch", photos, "-o", tmp_path / "out", "--json")
    with marked(tmp_path) as where:
        run(*words, where=where, cwd=tmp_path)
        lines, unread = journalled(tmp_path / "out")
        made = {line.output for line in lines if isinstance(line, Made)}
        again = run(*words, where=where, cwd=tmp_path)
    assert (made, unread) == (set(HOSTILE_NAMES) - set(BROKEN), 0)
    events = [json.loads(line) for line in again.stdout.splitlines()]
    labels = {event["task"]: event["label"] for event in events if event["event"] == "task_queued"}
    ends = {kind: {labels[e["task"]] for e in events if e["event"] == kind} for kind in ENDS}
    assert ends == dict(zip(ENDS, (set(), set(BROKEN), made), strict=True))


def test_a_hostile_path_that_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    with marked(tmp_path) as where:
        for name in HOSTILE_NAMES:
            done = run("batch", "--headless", f"./no{name}", where=where, cwd=tmp_path)
            assert (done.returncode, done.stdout) == (2, "")
            assert done.stderr.count("\n") == 1
            assert harmless(done.stderr)
