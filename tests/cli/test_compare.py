import json
import signal
import subprocess
import sys

import pytest

from tests.cli.test_demo import procession
from tests.invariants import check_json, check_stream
from tui_app.demos.pairs import READY
from tui_app.events import RunFinished, RunStarted


def test_the_ready_pairs_are_listed() -> None:
    plain = procession("compare")
    assert plain.returncode == 0
    assert plain.stdout == procession("compare", "--list").stdout
    commands = [line for line in plain.stdout.splitlines() if line.startswith("procession ")]
    assert commands == [f"procession compare {' '.join(pair.names)}" for pair in READY]
    rows = [json.loads(line) for line in procession("compare", "--json").stdout.splitlines()]
    assert [tuple(row["names"]) for row in rows] == [pair.names for pair in READY]


@pytest.mark.slow
def test_demos_are_played_in_turn_and_told_in_one_table() -> None:
    done = procession("compare", "2", "5:seconds=0.5", "--set", "seconds=0.3", "--headless")
    assert done.returncode == 0, done.stderr
    header, first, second, _, *told = done.stdout.splitlines()
    assert header.split()[:3] == ["Wall", "Work", "Work/wall"]
    assert first.startswith("2 two-calls, seconds 0.3 ")
    assert second.startswith("5 process-joined, seconds 0.5 ")
    assert second.split()[-1] == "2"
    assert told[-1].startswith("Sleeping needs no CPU")
    assert "Sleeping for" not in done.stdout, "the log is left out"
    assert "1 of 2: 2 two-calls" in done.stderr


@pytest.mark.slow
def test_as_events_it_is_one_run_after_another() -> None:
    done = procession("compare", "2", "5", "--set", "seconds=0.1", "--json")
    assert done.returncode == 0, done.stderr
    events = [check_json(line) for line in done.stdout.splitlines()]
    frames = [at for at, event in enumerate(events) if isinstance(event, RunStarted)]
    assert [at - 1 for at in frames[1:]] + [len(events) - 1] == [
        at for at, event in enumerate(events) if isinstance(event, RunFinished)
    ]
    for begin, end in zip(frames, [*frames[1:], len(events)], strict=True):
        check_stream(events[begin:end], all_tasks=False)
    titles = [event.title for event in events if isinstance(event, RunStarted)]
    assert [title.split()[1] for title in titles] == ["two-calls:", "process-joined:"]


@pytest.mark.slow
def test_a_signal_ends_all_of_it() -> None:
    app = subprocess.Popen(
        [sys.executable, "-m", "tui_app", "compare", "1:seconds=60", "2:seconds=60", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert app.stdout is not None
    events = []
    for line in app.stdout:
        events.append(json.loads(line))
        if events[-1].get("text", "").startswith("Sleeping"):
            app.send_signal(signal.SIGTERM)
    assert app.wait() == 128 + signal.SIGTERM
    app.stdout.close()
    assert [event["event"] for event in events].count("run_started") == 1
    assert events[-1]["outcome"] == "cancelled"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["5"], "two or three demos, not 1"),
        (["1", "2", "3", "4"], "two or three demos, not 4"),
        (["5", "nix"], "no demo 'nix'"),
        (["5", "2:calls"], "NAME=VALUE"),
        (["5", "2:start=magic"], "no start method 'magic'"),
        (["5", "2", "--set", "workers=3"], "none of them has a parameter workers"),
        (["5", "2", "--set", "seconds"], "NAME=VALUE"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(words: list[str], says: str) -> None:
    done = procession("compare", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("procession: ")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert done.stdout == ""
