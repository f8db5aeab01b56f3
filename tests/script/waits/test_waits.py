"""What scripts wait for, told without a call of theirs being wrapped."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.script.playing import collect, play, script_run
from tests.script.waits.asking import flaws, play_row
from tests.script.waits.table import ROWS, WaitRow
from tui_app.events import ShortWaits, WaitKind
from tui_app.script.interpreter import choose_interpreter
from tui_app.script.reports import read_report
from tui_app.script.waits.answers import CallPlace, ThreadStanding, read_answer
from tui_app.script.waits.kernel import Call, Sleep
from tui_app.script.waits.naming import called, kind_of, object_of
from tui_app.summary import summarise

QUICK = (
    "mp-lock",
    "mp-queue-get",
    "mp-feeder",
    "lock-held-by-a-thread",
    "element",
    "simple-queue",
    "run",
    "read",
    "asyncio",
    "stopped",
)
"""The rows that the suite plays; `python -m tests.benchmarks.waits` plays all."""


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.name in QUICK], ids=lambda row: str(row.name)
)
async def test_a_wait_is_told_with_its_object_its_line_and_who_has_it(
    row: WaitRow, tmp_path: Path
) -> None:
    assert flaws(row, await play_row(tmp_path, row)) == []


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.9", "3.10", "3.12", "3.13"])
async def test_a_wait_is_told_likewise_under_another_python(tmp_path: Path, version: str) -> None:
    found = Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    python = next(map(str, found), None) or shutil.which(f"python{version}")
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    row = next(row for row in ROWS if row.name == "mp-lock")
    script = tmp_path / "script.py"
    script.write_text(row.source)
    run = script_run(script, folder=tmp_path)
    run.spec = replace(run.spec, interpreter=choose_interpreter(python, os.environ))
    assert flaws(row, await collect(run)) == []


CONTENDED = """
import multiprocessing, time
def work(lock):
    with lock:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            pass
if __name__ == "__main__":
    lock = multiprocessing.Lock()
    ps = [multiprocessing.Process(target=work, args=[lock]) for _ in range(3)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
"""


async def test_time_in_which_a_task_waits_is_no_work(tmp_path: Path) -> None:
    played = await play(tmp_path, CONTENDED)
    assert len(played.task_stretches()) == 3
    # They overlapped all the while, and yet only one had the lock at a time.
    assert played.most_at_once() < 3
    summary = summarise(played.events)
    longest = max(share.seconds for share in summary.processes)
    assert summary.work < 0.75 * sum(one.seconds for one in played.task_stretches())
    assert longest < max(one.seconds for one in played.task_stretches())


async def test_short_waits_are_counted_and_not_told(tmp_path: Path) -> None:
    played = await play(tmp_path, "import time\nfor _ in range(300):\n    time.sleep(0.001)\n")
    told = played.of(ShortWaits)[-1]
    assert played.waits("main") == []
    assert told.count >= 250
    assert told.seconds > 0.2


# Answers, which a script may forge

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["tid", "frames", "at", "source", "key", "held"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=25)
@given(st.lists(JSON, max_size=3), st.lists(JSON, max_size=3))
def test_an_answer_may_be_anything(threads: list[object], objects: list[object]) -> None:
    data = {"event": "answer", "t": 1.0, "own": [3], "threads": threads, "objects": objects}
    report = read_report(json.dumps(data).encode())
    if report is not None:
        answer = read_answer(report)
        for one in answer.threads.values():
            kind = kind_of(0, Sleep(Call.FUTEX, private=True), one)
            assert isinstance(object_of(kind, one), str | None)


# Names

FUTEX = Sleep(Call.FUTEX, forever=True, private=True)


@pytest.mark.parametrize(
    ("sleep", "frames", "kind"),
    [
        (FUTEX, (), WaitKind.OTHER_THREAD),
        (Sleep(Call.FUTEX), (), WaitKind.OTHER_PROCESS),
        (FUTEX, ("threading:Event.wait", "threading:Condition.wait"), WaitKind.EVENT),
        (FUTEX, ("threading:Condition.wait",), WaitKind.CONDITION),
        (Sleep(Call.EPOLL), ("asyncio.runners:run", "selectors:f"), WaitKind.LOOP),
        (Sleep(Call.EPOLL), ("selectors:EpollSelector.select",), WaitKind.SELECT),
        (
            Sleep(Call.OTHER, disk=True),
            ("asyncio:<module>", "asyncio.base:<module>"),
            WaitKind.CALL,
        ),
        (Sleep(Call.READ, fds=(0,)), ("subprocess:run",), WaitKind.PROGRAM),
        (Sleep(Call.OTHER, stopped=True), ("threading:Event.wait",), WaitKind.STOPPED),
        (Sleep(Call.OTHER), (), WaitKind.CALL),
    ],
)
def test_the_outermost_known_function_names_the_wait(
    sleep: Sleep, frames: tuple[str, ...], kind: WaitKind
) -> None:
    assert kind_of(0, sleep, ThreadStanding(1, frames=frames)) == kind


def test_a_sleep_is_one_whatever_call_of_the_system_it_is() -> None:
    standing = ThreadStanding(1, timeout=1.0)
    assert kind_of(0, Sleep(Call.SELECT), standing) is WaitKind.SLEEP
    assert kind_of(0, Sleep(Call.SELECT), ThreadStanding(1)) is WaitKind.SELECT


def test_an_object_without_a_name_is_told_by_its_kind_and_line(tmp_path: Path) -> None:
    lock = ThreadStanding(1, type="Lock", key="s1", made=12)
    assert object_of(WaitKind.LOCK, lock) == "Lock (line 12)"
    assert object_of(WaitKind.LOCK, lock, "a") == "a"
    script = tmp_path / "script.py"
    script.write_text("x = 1\nwho.knows[x].get(\n    x)\n")
    place = CallPlace(str(script), 2, 3, 0, 6)
    assert called(place) == "who.knows[x].get"
    assert (
        called(CallPlace(str(script), 1, 1, 0, 1)) == called(CallPlace("/none", 1, 1, 0, 1)) == ""
    )
    assert object_of(WaitKind.QUEUE_GET, ThreadStanding(1, place=place)) == "who.knows[x]"
