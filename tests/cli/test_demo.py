import json
import subprocess
import sys

import pytest

from tests.invariants import check_json, check_stream
from tui_app.demos.catalogue import demos


def procession(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui_app", *words], capture_output=True, text=True, timeout=60
    )


def test_the_demos_are_listed() -> None:
    plain = procession("demo", "--list")
    assert [line.split()[1] for line in plain.stdout.splitlines()] == [d.name for d in demos()]
    rows = [json.loads(line) for line in procession("demo", "--list", "--json").stdout.splitlines()]
    assert [row["name"] for row in rows] == [demo.name for demo in demos()]
    assert rows[13]["parameters"] == {"SECONDS": [5, 4, 3, 2, 1], "WORKERS": 5}


@pytest.mark.slow
def test_a_demo_as_events_and_for_people() -> None:
    words = ["demo", "process-joined", "--headless", "--set", "seconds=0.1"]
    done = procession(*words, "--json")
    assert done.returncode == 0, done.stderr
    events = [check_json(line) for line in done.stdout.splitlines()]
    check_stream(events, all_tasks=False)
    people = procession(*words).stdout
    assert "main   waits in join() for P-1" in people
    assert "P-1    do_something() ended after 0.1" in people
    assert "2 of 2 tasks done, 0 failed" in people
    assert "ETA" not in procession(*words).stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["demo"], "name a demo"),
        (["demo", "nix"], "no demo 'nix'"),
        (["demo", "5", "--set", "x"], "NAME=VALUE"),
        (["demo", "5", "--set", "calls=3"], "no parameter calls"),
        (["demo", "5", "--set", "seconds=soon"], "a number of seconds"),
        (["demo", "5", "--start-method", "magic"], "magic"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(words: list[str], says: str) -> None:
    done = procession(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("procession: ")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert done.stdout == ""
