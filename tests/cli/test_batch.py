"""The command line, as a process of its own."""

import csv
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from tests.commands import Marked, outputs, run, tree
from tests.images.factories import picture
from tests.invariants import check_json, check_stream
from tui_app.events import Event, RunStarted, TaskFailed, TaskFinished, TaskQueued, TaskSkipped
from tui_app.language import in_bytes

HOSTILE = "\x1b[2J\udcff\u202e"


def put(folder: Path, *names: str, size: tuple[int, int] = (96, 64)) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture(size).save(folder / name)


def events_of(text: str) -> list[Event]:
    """The events of `--json`: checked one by one and as a run; there is nothing else."""
    assert text.endswith("\n")
    events = [check_json(line) for line in text.splitlines()]
    check_stream(events)
    return events


def no_traceback(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "Traceback" not in done.stdout


# Wrong use

LONG = "n" * 300
WRONG: dict[str, tuple[Sequence[str], str]] = {
    "no such folder": (["batch", "nowhere"], "nowhere"),
    "no such file": (["batch", "in", "in/none.jpg"], "none.jpg"),
    "a password in a URL": (["batch", "s3://key:hush@bucket/in", "-o", "out"], "s3://bucket holds"),
    "a store without an output": (["batch", "s3://bucket/in"], "-o"),
    "a store of one process": (["batch", "in", "-o", "memory://out"], "memory://"),
    "a report in a store": (["batch", "in", "-o", "out", "--report", "s3://b/r.csv"], "s3://b/r"),
    "a folder without images": (["batch", "notes", "-o", "out"], "no image"),
    "output equals source": (["batch", "in", "-o", "in"], "source"),
    "output equals source by another way": (["batch", "in", "-o", "notes/../in/."], "source"),
    "output equals source by a link": (["batch", "in", "-o", "link"], "source"),
    "output below a file": (["batch", "in", "-o", "file/out"], "not a folder"),
    "output is a file": (["batch", "in", "-o", "file"], "not a folder"),
    "output in /proc": (["batch", "in", "-o", "/proc/out"], "/proc/out"),
    "unknown recipe": (["batch", "in", "--recipe", "soup"], "soup"),
    "no such recipe file": (["batch", "in", "--recipe", "soup.toml"], "soup.toml"),
    "broken recipe file": (["batch", "in", "--recipe", "file.toml"], "TOML"),
    "colliding outputs": (["batch", "in", "in2", "-o", "out", "--name", "x/y{ext}"], "both"),
    "an unknown field": (["batch", "in", "-o", "out", "--name", "{soup}{ext}"], "{soup}"),
    "a name that leaves the folder": (["batch", "in", "-o", "out", "--name", "../{stem}"], "leave"),
    "an empty name": (["batch", "in", "-o", "out", "--name", ""], "empty"),
    "a long name": (["batch", "in", "-o", "out", "--name", LONG], "too long"),
    "nothing is left": (["batch", "in", "-o", "out", "--exclude", "*.jpg"], "--exclude"),
    "an empty pattern": (["batch", "in", "-o", "out", "--exclude", ""], "--exclude"),
    "no box": (["batch", "in", "--fit", "1600 by 1200"], "1600x1200"),
    "an empty box": (["batch", "in", "--fit", ""], "1600x1200"),
    "a side of nothing": (["batch", "in", "--fit", "0x100"], "1600x1200"),
    "no ratio": (["batch", "in", "--crop", "square"], "1:1"),
    "a quality of 101": (["batch", "in", "--quality", "101"], "101"),
    "an unknown format": (["batch", "in", "--format", "doc"], "doc"),
    "sharpened too much": (["batch", "in", "--sharpen", "501"], "501"),
    "sharpened by less than nothing": (["batch", "in", "--sharpen", "-1"], "-1"),
    "blurred by nothing known": (["batch", "in", "--blur", "nan"], "nan"),
    "quality of what is lossless": (["batch", "in", "--lossless", "--quality", "8"], "exclude"),
    "a lossless jpeg": (["batch", "in", "--lossless", "--format", "jpeg"], "cannot be lossless"),
    "a recipe's lossless jpeg": (
        ["batch", "in", "--lossless", "--recipe", "thumbnail"],
        "cannot be lossless",
    ),
    "a recipe that is saved as a path": (["batch", "in", "--save-recipe", "a/b"], "a/b"),
    "a recipe that is saved as nothing": (["batch", "in", "--save-recipe", ""], "name"),
    "a recipe that is saved over a shipped one": (
        ["batch", "in", "--fit", "9x9", "--save-recipe", "web"],
        "another name",
    ),
    "an unknown recipe to show": (["recipes", "nope"], "nope"),
    "no number of pixels": (["batch", "in", "-o", "out", "--max-pixels", "many"], "many"),
    "an output that is a source": (["batch", "in/a.jpg", "-o", "in"], "source"),
    "workers 0": (["batch", "in", "--workers", "0"], "workers"),
    "workers -1": (["batch", "in", "--workers", "-1"], "workers"),
    "workers no number": (["batch", "in", "--workers", "many"], "many"),
    "unknown executor": (["batch", "in", "--executor", "threeds"], "threeds"),
    "unknown start method": (["batch", "in", "--start-method", "spoon"], "spoon"),
    "unknown metadata": (["batch", "in", "--metadata", "some"], "some"),
    "unknown option": (["batch", "in", "--fast"], "--fast"),
    "unknown command": (["bach"], "bach"),
    "empty output": (["batch", "in", "-o", ""], "empty"),
    "report of another ending": (["batch", "in", "-o", "out", "--report", "r.txt"], "r.txt"),
    "report in no folder": (["batch", "in", "-o", "out", "--report", "no/r.csv"], "no/r.csv"),
    "report of a long name": (["batch", "in", "-o", "out", "--report", f"{LONG}.csv"], "too long"),
    "failures in no folder": (["batch", "in", "-o", "out", "--failures", "no/f"], "no/f"),
    "failures over a source": (["batch", "in", "-o", "out", "--failures", "in/a.jpg"], "source"),
    "failures over an output": (["batch", "in", "-o", "in2", "--failures", "in2/a.jpg"], "output"),
    "failures over a file": (["batch", "in", "-o", "out", "--failures", "file"], "is there"),
    "failures in the report": (
        ["batch", "in", "-o", "out", "--failures", "r.csv", "--report", "./r.csv"],
        "the same file",
    ),
    "no share": (["batch", "in", "--min-savings", "much"], "5%"),
    "a share of all": (["batch", "in", "--min-savings", "100%"], "5%"),
    "an estimate with events": (["batch", "in", "--estimate", "--json"], "--json"),
    "dry run with events": (["batch", "in", "--dry-run", "--json"], "--json"),
    "a scheduler for other executors": (
        ["batch", "in", "--scheduler", "tcp://127.0.0.1:1"],
        "--executor dask",
    ),
    "workers of a scheduler's own": (
        ["batch", "in", "--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", "--workers", "2"],
        "--workers",
    ),
    "no scheduler there": (
        ["batch", "in", "--executor", "dask", "--scheduler", "soup://127.0.0.1:1"],
        "cannot be reached",
    ),
    "samples into a file": (["samples", "file"], "not a folder"),
}


def test_without_its_package_a_cluster_is_refused_in_one_sentence(
    tmp_path: Path, where: Marked
) -> None:
    put(tmp_path, "in/a.jpg")
    # What `find_spec` finds of a package that is not installed: nothing.
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u; f = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'distributed' else f(name, *rest)\n"
    )
    words = ("batch", "in", "--executor", "dask")
    done = run(*words, where=where, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("install it: pip install 'procession[dask]'")
    assert not (tmp_path / "in" / "processed").exists()


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_one_sentence_and_nothing_is_written(
    case: str, tmp_path: Path, where: Marked
) -> None:
    put(tmp_path, "in/a.jpg", "in2/a.jpg")
    (tmp_path / "link").symlink_to("in")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "todo.txt").touch()
    (tmp_path / "file").write_text("a file")
    (tmp_path / "file.toml").write_text("no = = toml")
    before = tree(tmp_path)
    words, says = WRONG[case]
    done = run(*words, where=where, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("procession: ")
    assert says in line
    assert len(line.replace(str(tmp_path), "").replace(LONG, "")) < 300
    assert tree(tmp_path) == before


@pytest.mark.slow
@pytest.mark.parametrize("words", [[], ["batch", "in"]])
def test_the_app_without_a_terminal_says_how_to_run_headless(
    words: list[str], tmp_path: Path, where: Marked
) -> None:
    """Only `procession` itself needs one: `batch` runs headless then."""
    put(tmp_path, "in/a.jpg")
    done = run(*words, where=where, cwd=tmp_path)
    if words:
        assert done.returncode == 0
        assert (tmp_path / "in" / "processed" / "a.jpg").exists()
        return
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "terminal" in line
    assert "procession batch --headless" in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


# What is told

COMMANDS: tuple[list[str], ...] = ([], ["batch"], ["recipes"], ["samples"], ["doctor"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "procession")
def test_help(command: list[str], tmp_path: Path, where: Marked) -> None:
    told = run(*command, "--help", where=where, cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("Usage: ")
    assert run(*command, "-h", where=where, cwd=tmp_path).stdout == told.stdout
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_command_and_option(tmp_path: Path, where: Marked) -> None:
    told = run("--help", where=where, cwd=tmp_path).stdout
    assert all(name in told for (name,) in COMMANDS[1:])
    told = run("batch", "--help", where=where, cwd=tmp_path).stdout
    for option in [
        "--output",
        "--null",
        "--exclude",
        "--keep-structure",
        "--name",
        "--max-pixels",
        "--recursive",
        "--recipe",
        "--fit",
        "--crop",
        "--format",
        "--quality",
        "--lossless",
        "--sharpen",
        "--blur",
        "--grayscale",
        "--save-recipe",
        "--metadata",
        "--upright",
        "--exact",
        "--overwrite",
        "--fresh",
        "--min-savings",
        "--estimate",
        "--keep-dates",
        "--dry-run",
        "--report",
        "--failures",
        "--headless",
        "--json",
        "--quiet",
        "--workers",
        "--executor",
        "--start-method",
    ]:
        assert option in told


def test_version(tmp_path: Path, where: Marked) -> None:
    done = run("--version", where=where, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("procession, version ")


def test_doctor(tmp_path: Path, where: Marked) -> None:
    done = run("doctor", where=where, cwd=tmp_path, TERM="xterm-256color", NO_COLOR="")
    assert (done.returncode, done.stderr) == (0, "")
    told = {line[:14].strip(): line[15:] for line in done.stdout.splitlines()}
    assert {"Python", "GIL", "procession", "textual", "pillow", "CPUs", "Memory", "Samples"} <= set(
        told
    )
    assert told["Terminal"] == "xterm-256color, 80x24, 256 colours"
    assert where.env["XDG_CACHE_HOME"] in told["Samples"]
    assert "not installed" not in told["textual"]
    assert list(tmp_path.iterdir()) == []


# Runs


@pytest.mark.slow
@pytest.mark.parametrize("executor", ["sequential", "threads", "processes"])
def test_json_has_nothing_but_events(executor: str, tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg", "in/b.png", "in/c.tif")
    words = ["batch", "in", "-o", "out", "--json", "--exact", "--executor", executor]
    done = run(*words, "--workers", "2", where=where, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    events = events_of(done.stdout)
    assert isinstance(events[0], RunStarted)
    assert events[0].executor == executor
    assert events[0].workers == (1 if executor == "sequential" else 2)
    assert sorted(outputs(tmp_path / "out")) == ["a.jpg", "b.png", "c.tif"]
    assert where.left() == []


def test_a_run_for_people(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg", "in/b.png")
    done = run("batch", "in", "--headless", where=where, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("2 images → ")
    assert "2 of 2 images done, 0 failed" in lines
    assert any(line.strip().startswith("Wall time") for line in lines)
    assert "\x1b" not in done.stdout


@pytest.mark.slow
def test_quiet_prints_nothing_but_failures(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg")
    done = run("batch", "in", "--quiet", where=where, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    again = run("batch", "in", "--quiet", where=where, cwd=tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    (tmp_path / "in" / "b.jpg").touch()
    done = run("batch", "in", "--quiet", "--overwrite", where=where, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "1 image failed:\n  b.jpg in open: the file is empty\n"


def test_a_dry_run_writes_nothing(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg", "in/b.png", "in/processed/a.jpg")
    (tmp_path / "in" / "notes.txt").touch()
    before = tree(tmp_path)
    done = run("batch", "in", "--dry-run", where=where, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"output   {tmp_path}/in/processed" in done.stdout
    assert "1 to process, 1 left alone; 1 other file ignored" in done.stdout
    assert "a.jpg  96x64  -> a.jpg  (exists: left alone)" in done.stdout.splitlines()
    assert tree(tmp_path) == before
    assert list(Path(where.env["TMPDIR"]).iterdir()) == []


@pytest.mark.slow
def test_outputs_that_exist_are_left_alone_unless_asked(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.png")
    put(tmp_path, "out/a.png", size=(5, 5))
    words = ["batch", "in", "-o", "out", "--json"]
    done = run(*words, where=where, cwd=tmp_path)
    assert done.returncode == 0
    started = events_of(done.stdout)[0]
    assert isinstance(started, RunStarted)
    assert any("--overwrite" in note for note in started.notes)
    assert any(isinstance(event, TaskSkipped) for event in events_of(done.stdout))
    with Image.open(tmp_path / "out" / "a.png") as image:
        assert image.size == (5, 5)
    done = run(*words, "--overwrite", where=where, cwd=tmp_path)
    assert any(isinstance(event, TaskFinished) for event in events_of(done.stdout))
    with Image.open(tmp_path / "out" / "a.png") as image:
        assert image.size == (96, 64)


@pytest.mark.slow
def test_two_folders_with_the_same_names_are_done_and_known_again(
    tmp_path: Path, where: Marked
) -> None:
    put(tmp_path, "A/1.jpg", "B/1.jpg")
    for says in ("2 of 2 images done, 0 failed", "2 of 2 images done, 2 of them before, 0 failed"):
        done = run("batch", "A", "B", "-o", "out", where=where, cwd=tmp_path)
        assert done.returncode == 0
        assert says in done.stdout.splitlines()
    assert sorted(outputs(tmp_path / "out")) == ["A", "A/1.jpg", "B", "B/1.jpg"]


@pytest.mark.slow
def test_two_recipes_do_not_share_a_folder_unless_asked(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg", "in/b.jpg", size=(400, 300))
    words = ["batch", "in", "--recipe", "thumbnail"]
    assert run("batch", "in", "--recipe", "share", where=where, cwd=tmp_path).returncode == 0
    before = outputs(tmp_path / "in" / "processed")
    for more in ([], ["--dry-run"], ["--fresh"]):
        done = run(*words, *more, where=where, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert "2 outputs" in line
        assert "--overwrite" in line
        assert "-o" in line
        assert outputs(tmp_path / "in" / "processed") == before
    assert run(*words, "-o", "small", where=where, cwd=tmp_path).returncode == 0
    assert run(*words, "--overwrite", where=where, cwd=tmp_path).returncode == 0
    assert outputs(tmp_path / "in" / "processed") == outputs(tmp_path / "small") != before


@pytest.mark.slow
def test_options_reach_the_work(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg", "in/deep/b.jpg")
    os.utime(tmp_path / "in" / "a.jpg", (1_000_000_000, 1_000_000_000))
    (tmp_path / "small.toml").write_text('fit = [20, 20]\nformat = "webp"\n')
    done = run(
        *["batch", "in", "-o", "out", "--recursive", "--recipe", "small.toml", "--keep-dates"],
        where=where,
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert sorted(outputs(tmp_path / "out")) == ["a.jpg.webp", "deep", "deep/b.jpg.webp"]
    with Image.open(tmp_path / "out" / "a.jpg.webp") as image:
        assert (image.format, max(image.size)) == ("WEBP", 20)
    assert (tmp_path / "out" / "a.jpg.webp").stat().st_mtime == 1_000_000_000


@pytest.mark.slow
def test_without_a_source_the_current_folder_is_taken(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "a.jpg")
    assert run("batch", "--headless", where=where, cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jpg", "processed"]
    assert list(outputs(tmp_path / "processed")) == ["a.jpg"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "json"])
def test_report(ending: str, tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg", "in/b.jpg", "out/b.jpg")
    (tmp_path / "in" / "c.jpg").touch()
    file = tmp_path / f"report.{ending}"
    words = ["batch", "in", "-o", "out", "--report", str(file)]
    assert run(*words, where=where, cwd=tmp_path).returncode == 1
    text = file.read_text()
    rows = list(csv.DictReader(text.splitlines())) if ending == "csv" else json.loads(text)
    told = {Path(row["source"]).name: (row["outcome"], row["step"], row["reason"]) for row in rows}
    assert told == {
        "a.jpg": ("done", "", ""),
        "b.jpg": ("skipped", "", "its output exists already"),
        "c.jpg": ("failed", "open", "the file is empty"),
    }


@pytest.mark.slow
def test_four_bad_ones_beside_ten_good_ones(tmp_path: Path, where: Marked) -> None:
    good = [f"good-{number}.jpg" for number in range(10)]
    put(tmp_path / "in", *good, size=(320, 240))
    whole = (tmp_path / "in" / good[0]).read_bytes()
    (tmp_path / "in" / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "in" / "empty.jpg").touch()
    (tmp_path / "in" / "text.jpg").write_text("Dear diary, this is not a photograph.\n")
    (tmp_path / "in" / "dangling.jpg").symlink_to("nowhere.jpg")
    before = tree(tmp_path / "in")
    done = run("batch", "in", "-o", "out", "--json", where=where, cwd=tmp_path)
    assert done.returncode == 1
    no_traceback(done)
    events = events_of(done.stdout)
    labels = {event.task: event.label for event in events if isinstance(event, TaskQueued)}
    failures = {labels[e.task]: (e.step, e.reason) for e in events if isinstance(e, TaskFailed)}
    assert {name: step for name, (step, _) in failures.items()} == {
        "truncated.jpg": "decode",
        "empty.jpg": "open",
        "text.jpg": "open",
        "dangling.jpg": "open",
    }
    for word, (name, (_, reason)) in zip(
        ("nothing", "empty", "not an image", "cut off"), sorted(failures.items()), strict=True
    ):
        assert word in reason, name
    assert sorted(done.stderr.splitlines()) == sorted(
        ["4 images failed:"]
        + [f"  {name} in {step}: {reason}" for name, (step, reason) in failures.items()]
    )
    assert tree(tmp_path / "in") == before
    assert sorted(outputs(tmp_path / "out")) == good
    for name in good:
        with Image.open(tmp_path / "out" / name) as image:
            image.load()
            assert image.size == (320, 240)


@pytest.mark.slow
def test_hostile_names_reach_no_terminal(tmp_path: Path, where: Marked) -> None:
    folder = tmp_path / f"in{HOSTILE}"
    put(folder, "a.jpg")
    shutil.copy(folder / "a.jpg", folder / f"b{HOSTILE}.jpg")
    (folder / f"c{HOSTILE}.jpg").touch()
    for words in (
        ["batch", folder, "--dry-run"],
        ["batch", folder],
        ["batch", folder],
        ["batch", folder, "-o", folder],
        ["batch", f"{folder}{HOSTILE}"],
        ["batch", folder, "--recipe", f"{HOSTILE}.toml"],
    ):
        # As in a locale of UTF-8: in the C locale Python would write such bytes as they came.
        done = run(*words, where=where, cwd=tmp_path, PYTHONIOENCODING="utf-8:strict")
        no_traceback(done)
        for text in (done.stdout, done.stderr):
            assert not set(text) & set("\x1b\u202e\udcff"), words
    assert sorted(outputs(folder / "processed")) == sorted(["a.jpg", f"b{HOSTILE}.jpg"])


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_of_another_encoding_is_no_reason_to_stop(
    encoding: str, tmp_path: Path, where: Marked
) -> None:
    put(tmp_path, "in/naïve → 日本.jpg")
    done = run("batch", "in", where=where, cwd=tmp_path, PYTHONIOENCODING=encoding)
    no_traceback(done)
    assert done.returncode == 0
    assert (tmp_path / "in" / "processed" / "naïve → 日本.jpg").exists()


@pytest.mark.slow
def test_an_estimate_is_printed_with_the_plan_and_writes_nothing(
    tmp_path: Path, where: Marked
) -> None:
    put(tmp_path, *(f"in/{n}.jpg" for n in range(3)))
    (tmp_path / "in" / "bad.jpg").touch()
    before = tree(tmp_path)
    done = run("batch", "in", "--recipe", "web", "--estimate", where=where, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    *plan, empty, estimate = done.stdout.splitlines()
    dry = run("batch", "in", "--recipe", "web", "--dry-run", where=where, cwd=tmp_path)
    assert plan == dry.stdout.splitlines()
    assert empty == ""
    assert estimate.startswith("estimate ")
    assert estimate.endswith("by 3 of 3 images")
    assert tree(tmp_path) == before
    run("batch", "in", "--recipe", "web", "--quiet", where=where, cwd=tmp_path)
    made = sum((tmp_path / "in" / "processed" / f"{n}.jpg.webp").stat().st_size for n in range(3))
    assert f" {in_bytes(made)} of output" in estimate
    (tmp_path / "in" / "bad.jpg").unlink()
    none = run("batch", "in", "--recipe", "web", "--estimate", where=where, cwd=tmp_path)
    assert none.returncode == 0
    assert "no output of the sample could be made" not in none.stdout


@pytest.mark.slow
def test_what_is_hardly_smaller_stays_and_the_log_says_so(tmp_path: Path, where: Marked) -> None:
    put(tmp_path, "in/a.jpg", size=(320, 240))
    words = ["batch", "in", "--quality", "75", "-o", "out", "--min-savings", "20%"]
    done = run(*words, "--headless", "--report", "r.csv", where=where, cwd=tmp_path)
    assert done.returncode == 0
    assert "its source's bytes were kept: anew it would save " in done.stdout
    assert (tmp_path / "out" / "a.jpg").read_bytes() == (tmp_path / "in" / "a.jpg").read_bytes()
    assert re.search(r"Saved +0 B +0% less", done.stdout)
    assert "source's bytes were kept" in (tmp_path / "r.csv").read_text()
