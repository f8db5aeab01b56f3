"""What is played is the text that is shown, and it prints what plain `python` prints."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from tests.demos.playing import Played, collect, play_demo
from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.demo_run import SAMPLES, DemoRun
from tui_app.demos.script import Value, with_values
from tui_app.engine.machine import StartMethod
from tui_app.events import Line, RunStarted, Stream

SHORT = {
    "pool-completion-order": {"SECONDS": (0.9, 0.6, 0.3), "WORKERS": 3},
    "pool-map-order": {"SECONDS": (0.3, 0.2, 0.1), "WORKERS": 3},
    "pool-result": {"SECONDS": 0.4},
}


def short_source(demo: Demo) -> str:
    values: dict[str, Value] = {}
    if "SECONDS" in demo.values:
        values = {"SECONDS": 0.2}
    if "CALLS" in demo.values:
        values["CALLS"] = 3
    if demo.values.get("WORKERS") == 8:
        values["WORKERS"] = 2
    return with_values(demo.source, values | SHORT.get(demo.name, {}))  # type: ignore[operator]


@pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.name)
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
        [sys.executable, script], capture_output=True, text=True, check=True, env=environment
    )
    played = await collect(DemoRun(demo, source))
    assert plain.stderr == ""
    assert not played.texts(Stream.STDERR)
    mine, theirs = masked("\n".join(played.texts())), masked(plain.stdout.rstrip("\n"))
    # Lines of different processes may come in any order, those of one in its own.
    assert Counter(mine) == Counter(theirs)
    own = [line for line in theirs if line in masked("\n".join(main_lines(played)))]
    assert masked("\n".join(main_lines(played))) == own


def main_lines(played: Played) -> list[str]:
    return [text for who, text in played.lines() if who == "main"]


def masked(text: str) -> list[str]:
    """The lines, without the time that it took."""
    return [re.sub(r"Finished in \d+\.\d+", "Finished in N", line) for line in text.splitlines()]


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
