import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exports.test_trace import check_trace


def procession(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "TMPDIR": str(folder / "t")}
    (folder / "t").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tui_app", *words]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
@pytest.mark.parametrize("record", [True, False])
def test_what_runs_is_exported_recorded_or_not(record: bool, tmp_path: Path) -> None:
    words = ["demo", "process-joined", "--headless", "--set", "seconds=0.1", "--quiet"]
    words += ["--export", "a.html", "--export", "b.trace.json"]
    done = procession(tmp_path, *words, *([] if record else ["--no-record"]))
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == ["exported: a.html", "exported: b.trace.json"]
    page = (tmp_path / "a.html").read_text("utf-8")
    assert 'href="#code"' in page, "the script is in it, with its times"
    check_trace(json.loads((tmp_path / "b.trace.json").read_text("utf-8")))
    assert list((tmp_path / "t").iterdir()) == []
    assert bool(list((tmp_path / "state").rglob("*.jsonl.gz"))) is record
    if record:
        done = procession(tmp_path, "runs", "export", "last", "c.csv", "d.svg")
        assert done.returncode == 0, done.stderr
        rows = (tmp_path / "c.csv").read_text("utf-8").splitlines()
        assert len(rows) == 3


@pytest.mark.slow
def test_of_several_runs_each_has_a_file_and_a_failed_one_too(tmp_path: Path) -> None:
    words = ["compare", "2", "5", "--set", "seconds=0.05", "--headless", "--quiet"]
    done = procession(tmp_path, *words, "--export", "all.txt")
    assert done.returncode == 0, done.stderr
    first, second = (tmp_path / f"all-{n}.txt" for n in (1, 2))
    assert "two-calls" in first.read_text("utf-8")
    assert "process-joined" in second.read_text("utf-8")
    done = procession(tmp_path, "watch", "--export", "f.html", "-c", "raise SystemExit(3)")
    assert done.returncode == 3
    assert "exited with code 3" in (tmp_path / "f.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["demo", "5", "--export", "run.pdf"], "an export ends in .html, .trace.json"),
        (["watch", "--export", "no/run.html", "x.py"], "there is no such file"),
        (["batch", "--export", "s3://k:secret@b/run.html"], "not to a store"),
        (["runs", "export", "last", "run.jpg"], "an export ends in"),
        (["runs", "export", "last"], "Missing argument"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(
    words: list[str], says: str, tmp_path: Path
) -> None:
    done = procession(tmp_path, *words)
    assert done.returncode == 2
    assert says in done.stderr
    assert "secret" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
