"""What is played is the text that is shown, and it prints what plain `python` prints."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from tests.script.playing import Played, collect, play_demo
from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.demo_run import SAMPLES, DemoRun
from tui_app.demos.parameters import Value, with_values
from tui_app.engine.machine import StartMethod
from tui_app.events import Line, RunStarted, Stream
from tui_app.script.interpreter import own_interpreter

SHORT = {
    "pool-completion-order": {"SECONDS": (0.9, 0.6, 0.3), "WORKERS": 3},
    "pool-map-order": {"SECONDS": (0.3, 0.2, 0.1), "WORKERS": 3},
    "pool-result": {"SECONDS": 0.4},
    "more-is-not-faster": {"SIZE": 10_000, "CPUS": 1},
    "threads-or-processes": {"SIZE": 10_000},
    "lost-updates": {"ROUNDS": 2},
    "queue-two-producers": {"SECONDS": (0.1, 0.15)},
    "barrier-meeting": {"SECONDS": (0.1, 0.2, 0.3)},
    "asyncio-tasks": {"SECONDS": (0.3, 0.2, 0.1)},
    "blocking-coroutine": {"SECONDS": (0.3, 0.2, 0.1)},
    "too-small-tasks": {"CALLS": 50, "MEGABYTES": 1},
}

COMPARED = [d for d in demos() if d.name not in ("cancel-does-not-stop", "locks-crosswise")]
"""A worker that is killed takes along what it printed, unless it is a line at a time, as here."""

BY_CHANCE = {
    r"Finished in \d+\.\d+": "Finished in N",
    r"Counted \d+": "Counted N",
    r"Calls done: \d+": "Calls done: N",
    r"0x[0-9a-f]+": "0xN",
}
"""What no two runs have in common."""


FIRST_COME = ("queue-two-producers",)
"""Demos whose main process prints what others send, in the order in which that comes."""


def short_source(demo: Demo) -> str:
    values: dict[str, Value] = {}
    if "SECONDS" in demo.values:
        values = {"SECONDS": 0.2}
    if "CALLS" in demo.values:
        values["CALLS"] = 3
    if demo.values.get("WORKERS") == 8:
        values["WORKERS"] = 2
    return with_values(demo.source, values | SHORT.get(demo.name, {}))  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize("demo", COMPARED, ids=lambda demo: demo.name)
async def test_it_prints_what_plain_python_prints(
    demo: Demo, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = here / "photos"
    photos.mkdir()
    for number in range(3):
        Image.new("RGB", (90, 70), (number, 9, 9)).save(photos / f"{number}.jpg")
    monkeypatch.setenv(SAMPLES, str(photos))
    monkeypatch.setattr("tui_app.demos.demo_run._samples", lambda: {})
    source = short_source(demo)
    script = here / demo.script.name
    script.write_text(source)
    # Unbuffered, the lines of several processes would tear into each other.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    plain = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env=environment
    )
    played = await collect(DemoRun(demo, source, start_method=own_interpreter().start_method))
    assert plain.returncode == played.exitcode
    errors = demo.flaw.errors_under(own_interpreter().start_method)
    # Others fail within a task of a pool, which main tells in its own way.
    wrong = bool(errors) and (bool(demo.flaw.methods) or demo.name == "lock-not-released")
    assert bool(played.texts(Stream.STDERR)) is bool(plain.stderr) is wrong
    mine, theirs = masked("\n".join(played.texts())), masked(plain.stdout.rstrip("\n"))
    # Lines of different processes may come in any order, those of one in its own.
    assert Counter(mine) == Counter(theirs)
    if demo.name in FIRST_COME:
        return
    own = [line for line in theirs if line in masked("\n".join(main_lines(played)))]
    assert masked("\n".join(main_lines(played))) == own


def main_lines(played: Played) -> list[str]:
    return [text for who, text in played.lines() if who == "main"]


def masked(text: str) -> list[str]:
    """The lines, without what is there by chance."""
    for pattern, word in BY_CHANCE.items():
        text = re.sub(pattern, word, text)
    return text.splitlines()


async def test_the_text_that_is_shown_is_the_one_that_is_played(here: Path) -> None:
    demo = find_demo("two-calls")
    source = demo.source.replace("Done sleeping...", "Changed by hand").replace(
        "do_something()\n\nfinish", "do_something()\nprint(__file__)\n\nfinish"
    )
    source = with_values(source, {"SECONDS": 0.05, "CALLS": 3})
    assert len(source.splitlines()) == len(demo.source.splitlines()) + 1
    run = DemoRun(demo, source)
    played = await collect(run)
    assert played.texts().count("Changed by hand") == 3
    copy = Path(played.texts()[-2])
    assert copy.name == "02_two_calls.py"
    assert not copy.exists(), "the copy goes when the run has ended"
    lines = source.splitlines()
    assert any("Changed by hand" in lines[event.line - 1] for event in played.of(Line))


async def test_without_a_change_the_demo_s_own_file_is_played() -> None:
    demo = find_demo("process-created")
    played = await collect(DemoRun(demo))
    assert played.exitcode == 0
    started = played.of(RunStarted)[0]
    assert (started.kind, started.title) == (
        "demo",
        "3  process-created: Created, not started",
    )


async def test_the_start_method_is_told() -> None:
    played = await play_demo("process-created", StartMethod.SPAWN)
    assert played.of(RunStarted)[0].start_method == "spawn"
