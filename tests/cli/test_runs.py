"""The command `runs`, and `--record` and `--no-record` of what runs something."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.images.factories import picture
from tests.records.factories import many_tasks, recorded
from tests.runs.factories import run_started
from tui_app.cli.main import procession
from tui_app.events import Output, ProcessStarted, RunFinished, Stream
from tui_app.records.reader import RecordFile
from tui_app.records.recorder import Recorder
from tui_app.records.store import Kept, find, kept_records, new_record

SCRIPT = """
import time
for number in range(600):
    print(number, flush=True)
    time.sleep(0.05)
"""


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(procession, list(map(str, words)), standalone_mode=False)


def said(*words: str | Path) -> str:
    """What a command prints that goes well."""
    result = invoke(*words)
    assert result.exception is None, result.output
    assert result.return_value == 0
    return result.stdout


def refused(*words: str | Path) -> str:
    """The sentence that a command ends with."""
    result = invoke(*words)
    assert result.exception is not None, result.output
    return str(getattr(result.exception, "message", ""))


@pytest.fixture
def known() -> Kept:
    recorder = Recorder(new_record, pytest.fail)
    for event in many_tasks(60):
        recorder.add(event)
    recorder.close()
    return kept_records()[0]


def test_it_is_listed_for_people_and_for_programs(known: Kept) -> None:
    line = said("runs", "list")
    assert line.startswith(f"{known.id}   2026-01-01 00:00  ✗ failed")
    assert line.endswith("3 images → out\n")
    about = json.loads(said("runs", "list", "--json"))
    assert about["id"] == known.id
    assert about["outcome"] == "failed"
    assert about["file"] == str(known.path)


def test_where_nothing_is_recorded_the_list_is_empty() -> None:
    result = invoke("runs", "list")
    assert (result.return_value, result.stdout) == (0, "")
    assert result.stderr == "no run is recorded yet\n"


def test_it_is_shown_with_its_failures(known: Kept) -> None:
    for words in ((), ("last",), (known.id[:3],), (known.path,)):
        shown = said("runs", "show", *words)
        assert shown.startswith("3 images → out\n2026-01-01 00:00:00, here, processes")
        assert "photographs/0000050.jpg" in shown


def test_it_is_played_again_as_it_was_told(known: Kept) -> None:
    log = said("runs", "replay", "last", "--headless")
    assert "W-1    printed 0" in log
    assert "printed 59" in log
    events = [json.loads(line) for line in said("runs", "replay", "--json").splitlines()]
    with RecordFile.open(known.path) as record:
        assert [event["t"] for event in events] == [event.t for event in record.events()]
    assert len(kept_records()) == 1, "what is played again is not recorded again"


def test_it_is_played_in_its_own_time_or_faster(known: Kept) -> None:
    code = "import sys, time; from tui_app.cli.main import procession as p; s = time.monotonic()\n"
    code += "p.main(sys.argv[1:], standalone_mode=False); print(time.monotonic() - s)"
    slow, quick = (
        subprocess.run(
            [sys.executable, "-c", code, "runs", "replay", "--speed", speed, "--quiet"],
            capture_output=True,
            text=True,
            check=True,
        )
        for speed in ("0.5", "50")
    )
    # It took 0.8 s.
    assert float(slow.stdout) > 1.6
    assert float(quick.stdout) < float(slow.stdout)


def test_a_pinned_one_is_removed_by_force_only(known: Kept) -> None:
    assert said("runs", "pin", "last") == f"{known.id}\n"
    assert "  2026-01-01" not in said("runs", "list")
    sentence = f"{known.id} is pinned: add --force, or take the pin off"
    assert refused("runs", "rm", "last") == sentence
    said("runs", "pin", "last", "--off")
    said("runs", "pin", "last")
    assert said("runs", "rm", known.id[:4], "--force") == "1 run removed\n"
    assert kept_records() == []


def test_one_that_runs_is_not_removed() -> None:
    recorder = Recorder(new_record, pytest.fail)
    recorder.add(run_started())
    assert "still runs" in refused("runs", "rm", "last", "--force")
    assert "● running" in said("runs", "list")
    recorder.close()
    assert "† did not end" in said("runs", "list")


def test_its_file_is_named(known: Kept) -> None:
    assert said("runs", "path", "last") == f"{known.path}\n"
    assert said("runs", "path") == f"{known.path.parent}\n"


@pytest.mark.parametrize(
    "words", [("show",), ("replay",), ("pin", "x"), ("rm", "x"), ("path", "x")]
)
def test_where_there_is_none_it_is_said(words: Sequence[str]) -> None:
    assert refused("runs", *words) == "no run is recorded yet"


def test_a_file_that_is_no_record_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("no record")
    assert refused("runs", "show", file).startswith(f"{file} is no record of procession: ")


def test_what_others_wrote_in_a_record_is_no_command_to_a_terminal(tmp_path: Path) -> None:
    events = [
        run_started(title="a\x1b[2Jb", host="h\x07"),
        ProcessStarted(t=0.0, pid=1, parent=0, name="n\x1b]0;x"),
        Output(t=0.1, pid=1, stream=Stream.STDOUT, text="\x1b[31mred"),
    ]
    path = recorded(tmp_path / "a", events)
    shown = said("runs", "show", path) + said("runs", "replay", path, "--headless")
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_it_speaks_romanian() -> None:
    result = invoke("runs", "list", "--lang", "ro")
    assert result.stderr != "no run is recorded yet\n"


# What is recorded


@pytest.fixture
def photos(here: Path) -> Path:
    picture().save(here / "a.jpg")
    return here


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui_app", *map(str, words)], capture_output=True, text=True
    )


@pytest.mark.slow
def test_what_runs_is_recorded_unless_it_is_not_wanted(photos: Path) -> None:
    plain = run("batch", "--json")
    assert plain.returncode == 0, plain.stderr
    (one,) = kept_records()
    with RecordFile.open(one.path) as record:
        assert len(list(record.events())) == len(plain.stdout.splitlines())
    assert run("batch", "--fresh", "--headless", "--no-record").returncode == 0
    assert run("batch", "--fresh", "--headless", "--record", "mine.gz").returncode == 0
    assert kept_records() == [one]
    with RecordFile.open(photos / "mine.gz") as record:
        assert isinstance(record.main.finished, RunFinished)
    before = (photos / "mine.gz").read_bytes()
    again = run("batch", "--fresh", "--headless", "--record", "mine.gz")
    assert again.returncode == 2
    assert again.stderr.startswith("procession: cannot record into mine.gz: it is there already")
    assert (photos / "mine.gz").read_bytes() == before


@pytest.mark.slow
def test_several_runs_of_a_command_are_one_record(here: Path) -> None:
    done = run("compare", "2", "5", "--set", "seconds=0.1", "--headless", "--record", "both.gz")
    assert done.returncode == 0, done.stderr
    with RecordFile.open(here / "both.gz") as record:
        assert [one.started.title[0] for one in record.parts] == ["2", "5"]
        assert all("import" in one.started.code for one in record.parts)


def test_what_runs_nothing_leaves_no_file(photos: Path) -> None:
    said("batch", "--dry-run", "--record", "mine.gz")
    refused("batch", "nowhere", "--record", "mine.gz", "--headless")
    assert not (photos / "mine.gz").exists()
    assert kept_records() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--record", "a", "--no-record"), "exclude each other"),
        (("--record", "no/a"), "cannot record into no/a: there is no such file"),
        (("--record", "."), "cannot record into .: it is there already"),
    ],
)
@pytest.mark.parametrize(
    "command", [("batch",), ("samples", "x"), ("demo", "1"), ("check",), ("sweep",), ("watch", "x")]
)
def test_wrong_use_is_said_in_a_sentence(
    here: Path, command: Sequence[str], words: Sequence[str], says: str
) -> None:
    name, *rest = command
    assert says in refused(name, *words, *rest)


@pytest.mark.slow
def test_a_run_that_was_killed_is_known_to_within_a_second(here: Path) -> None:
    Path("script.py").write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_app", "watch", "--json", "script.py"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    last = 0.0
    for line in process.stdout:
        last = json.loads(line)["t"]
        if last > 2.0:
            break
    process.kill()
    process.communicate()
    one = find("last")
    assert not one.growing
    heading = one.heading()
    assert heading.outcome is None
    # A second, and what a busy machine adds to it.
    assert heading.seconds > last - 1.5
    assert f"{one.id} " in said("runs", "list")
    assert "the run did not end; it is recorded up to" in said("runs", "show", "last")
    result = invoke("runs", "replay", "last", "--headless")
    assert "main   10\n" in result.stdout
    assert "the run did not end" in result.stderr


@pytest.mark.slow
def test_a_full_disk_is_told_once_and_harms_no_run(photos: Path) -> None:
    code = """
import os, sys
from tui_app.files.append_file import AppendFile
class Full(AppendFile):
    def append(self, data):
        super().append(data[:10])
        raise OSError(28, os.strerror(28))
import tui_app.records.store as store
store.AppendFile = Full
from tui_app.cli.main import run
run()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "batch", "--headless"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the run is not recorded") == 1
    assert "1 of 1 image done" in done.stdout
