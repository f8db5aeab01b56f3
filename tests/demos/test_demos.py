"""The column "what must be seen" of the design's table, told from the events alone."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.script.playing import Played, play_demo, play_until
from tui_app.demos.demo_run import SAMPLES
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.events import Line, ProcessExited, RunFinished, TaskFailed, WaitKind

every_method = pytest.mark.parametrize("method", start_methods())

PACE = {StartMethod.FORK: 0.4, StartMethod.FORKSERVER: 0.5, StartMethod.SPAWN: 1.0}
"""Seconds in which many processes have started on an idle machine: all are seen at once."""

FIVE = (1, 0.8, 0.6, 0.4, 0.2)

NAMES = [f"photo-{number}.jpg" for number in range(4)]


@pytest.fixture
def photos(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few photographs where the samples would be; the current folder is an empty one."""
    folder = here / "photos"
    folder.mkdir()
    for name in NAMES:
        Image.effect_mandelbrot((900, 700), (-2, -1, 1, 1), 20).convert("RGB").save(folder / name)
    monkeypatch.setattr("tui_app.demos.demo_run._samples", lambda: {SAMPLES: str(folder)})
    return folder


def check_processes(played: Played, count: int) -> None:
    """Main and so many others, P-1, P-2, …, all ended well."""
    others = sorted(f"P-{number}" for number in range(1, count + 1))
    assert played.processes == ["main", *others]
    assert set(played.codes.values()) == {0}
    assert played.exitcode == 0


def at_once(count: int) -> Callable[[Played], bool]:
    """Whether so many slept, or worked, at the same time."""
    return lambda played: played.most_at_once() == count


def outlived(played: Played) -> bool:
    """Whether main was done before any of the others."""
    done = played.printed("Done")
    return bool(done) and played.printed("Finished")[0] < min(done)


def check_at_once(played: Played, count: int) -> None:
    """So many slept, and there was a moment when all did."""
    sleeps = played.stretches(WaitKind.SLEEP)
    assert len(sleeps) == count
    assert max(one.start for one in sleeps) < min(one.end for one in sleeps)
    assert played.most_at_once() == count


def check_outlived(played: Played, count: int) -> None:
    """Main was done before any of the others, and was ended by their end."""
    assert outlived(played)
    assert played.waits("main")
    assert all(f"{kind} {what}".startswith("exit P-") for kind, what in played.waited("main"))
    exits = [event for event in played.events if isinstance(event, ProcessExited)]
    assert played.names[exits[-1].pid] == "main"
    assert isinstance(played.events[-1], RunFinished)
    assert len(played.printed("Sleeping for")) == len(played.printed("Done sleeping")) == count


async def test_one_call() -> None:
    played = await play_demo("one-call", seconds=0.3)
    assert played.processes == ["main"]
    assert [text.split("...")[0] for text in played.texts()[:2]] == [
        "Sleeping for 0.3 second(s)",
        "Done sleeping",
    ]
    assert played.texts()[2].startswith("Finished in 0.3")
    assert [(one.kind, one.timeout) for one in played.waits("main")] == [("sleep", 0.3)]
    (sleep,) = played.stretches(WaitKind.SLEEP)
    assert played.printed("Sleeping")[0] <= sleep.start
    assert sleep.end <= played.printed("Done")[0]
    assert played.tasks == [("01_one_call.py", "main", "task_finished")]
    assert played.finished.summary["work"] >= 0.3


async def test_two_calls() -> None:
    played = await play_demo("two-calls", seconds=0.2)
    assert played.processes == ["main"]
    words = [text.split()[0] for text in played.texts()]
    assert words == ["Sleeping", "Done", "Sleeping", "Done", "Finished"]
    first, second = played.stretches(WaitKind.SLEEP)
    assert first.end <= second.start
    # The line of the call is told while it sleeps, and the line is in the function.
    lines = [event.line for event in played.of(Line)]
    assert {8, 9, 10, 19} <= set(lines)


@every_method
async def test_process_created(method: StartMethod) -> None:
    played = await play_demo("process-created", method)
    assert played.processes == ["main"]
    assert [text.split()[0] for text in played.texts()] == ["Finished"]
    assert played.waits("main") == []
    assert played.tasks == [("03_process_created.py", "main", "task_finished")]


@pytest.mark.slow
@every_method
async def test_process_started(method: StartMethod) -> None:
    played = await play_until(
        lambda played: at_once(2)(played) and outlived(played),
        lambda slower: play_demo("process-started", method, seconds=0.5 * slower),
    )
    check_processes(played, 2)
    check_at_once(played, 2)
    check_outlived(played, 2)


@pytest.mark.slow
@every_method
async def test_process_joined(method: StartMethod) -> None:
    played = await play_until(
        at_once(2), lambda slower: play_demo("process-joined", method, seconds=0.5 * slower)
    )
    check_processes(played, 2)
    check_at_once(played, 2)
    assert played.waited("main")[0] == ("join", "P-1")
    assert set(played.waited("main")) <= {("join", "P-1"), ("join", "P-2")}
    join, sleep = played.stretches(WaitKind.JOIN, "P-1")[0], played.stretches(WaitKind.SLEEP)[0]
    assert max(join.start, sleep.start) < min(join.end, sleep.end)
    (finished,) = played.printed("Finished")
    assert max(played.printed("Done")) < finished
    assert sorted(played.by("Done")) == ["P-1", "P-2"]
    assert sorted(task[1:] for task in played.tasks) == [
        ("P-1", "task_finished"),
        ("P-2", "task_finished"),
    ]


@pytest.mark.slow
@every_method
async def test_loop_not_joined(method: StartMethod) -> None:
    played = await play_until(
        lambda played: at_once(10)(played) and outlived(played),
        lambda slower: play_demo("loop-not-joined", method, seconds=PACE[method] * slower),
    )
    check_processes(played, 10)
    check_at_once(played, 10)
    check_outlived(played, 10)


@pytest.mark.slow
@every_method
async def test_loop_joined(method: StartMethod) -> None:
    played = await play_until(
        at_once(10), lambda slower: play_demo("loop-joined", method, seconds=PACE[method] * slower)
    )
    check_processes(played, 10)
    check_at_once(played, 10)
    assert played.waited("main")[0] == ("join", "P-1")
    assert max(played.printed("Done")) < played.printed("Finished")[0]
    assert played.finished.summary["speed_up"] > 2


@pytest.mark.slow
@every_method
async def test_process_args(method: StartMethod) -> None:
    played = await play_until(
        at_once(4),
        lambda slower: play_demo("process-args", method, seconds=0.6 * slower, calls=4),
    )
    check_processes(played, 4)
    check_at_once(played, 4)
    ((label, _, _), *_) = played.tasks
    seconds = label.removeprefix("do_something(").removesuffix(")")
    assert played.texts().count(f"Sleeping for {seconds} second(s)...") == 4
    assert {label for label, _, _ in played.tasks} == {f"do_something({seconds})"}


@pytest.mark.slow
@every_method
async def test_pool_submit(method: StartMethod) -> None:
    played = await play_demo("pool-submit", method, seconds=0.3)
    assert played.processes == ["main", "W-1"]
    assert played.waited("main") == [("shutdown", None)]
    (shutdown,) = played.stretches(WaitKind.SHUTDOWN)
    (done,) = played.printed("Done")
    assert shutdown.start < done < shutdown.end < played.printed("Finished")[0]
    assert played.by("Done") == ["W-1"]
    assert played.tasks == [("do_something(0.3)", "W-1", "task_finished")]


@pytest.mark.slow
@every_method
async def test_pool_result(method: StartMethod) -> None:
    looks = ["Running: True, done: False", "Running: False, done: True"]

    def seen(played: Played) -> list[str]:
        return [line for line in played.texts() if line.startswith("Running")]

    played = await play_until(
        lambda played: seen(played) == looks,
        lambda slower: play_demo("pool-result", method, seconds=0.8 * slower),
    )
    assert played.by("Sleeping") == ["W-1"]
    assert played.by("Done") == ["main"]
    assert seen(played) == looks
    own = [wait for wait in played.waits("main") if wait.kind != WaitKind.START]
    sleep, result = own[:2]
    assert (sleep.kind, result.kind) == ("sleep", "result")
    assert (result.object or "").startswith("do_something(")


@pytest.mark.slow
@every_method
async def test_pool_two(method: StartMethod) -> None:
    played = await play_until(
        at_once(2), lambda slower: play_demo("pool-two", method, seconds=0.5 * slower)
    )
    assert played.processes == ["main", "W-1", "W-2"]
    check_at_once(played, 2)
    kind, what = played.waited("main")[0]
    assert f"{kind} {what}".startswith("result do_something(")
    assert played.by("Done") == ["main", "main"]


@pytest.mark.slow
@every_method
async def test_pool_list(method: StartMethod) -> None:
    played = await play_until(
        at_once(8), lambda slower: play_demo("pool-list", method, seconds=PACE[method] * slower)
    )
    assert played.processes == ["main", *(f"W-{number}" for number in range(1, 9))]
    assert played.most_at_once() == 8
    assert len(played.tasks) == 10
    assert not played.printed("Done")
    assert played.waited("main") == [("shutdown", None)]
    # Two rounds: the ninth and the tenth begin when others have ended.
    starts = sorted(one.start for one in played.task_stretches())
    ends = sorted(one.end for one in played.task_stretches())
    assert ends[0] <= starts[8]
    assert ends[1] <= starts[9]


@pytest.mark.slow
async def test_the_size_of_the_pool_decides_the_number_of_rounds() -> None:
    for workers, rounds in ((10, 1), (2, 3)):
        calls = 10 if workers == 10 else 6
        values = {"workers": workers, "calls": calls}
        played = await play_until(
            lambda played, workers=workers, rounds=rounds: (  # type: ignore[misc]
                at_once(workers)(played) and rounds_of(played) == rounds
            ),
            lambda slower, values=values: (  # type: ignore[misc]
                play_demo("pool-list", seconds=0.4 * slower, **values)
            ),
        )
        assert played.most_at_once() == workers
        assert rounds_of(played) == rounds


def rounds_of(played: Played) -> int:
    """How many tasks came one after another, each begun when the one before had ended."""
    count, end = 0, 0.0
    for task in sorted(played.task_stretches(), key=lambda one: one.start):
        if task.start >= end:
            count, end = count + 1, task.end
    return count


@pytest.mark.slow
@every_method
async def test_pool_as_completed(method: StartMethod) -> None:
    played = await play_until(
        lambda played: at_once(8)(played) and printed_early(played),
        lambda slower: play_demo("pool-as-completed", method, seconds=PACE[method] * slower),
    )
    assert played.most_at_once() == 8
    assert played.by("Done") == ["main"] * 10
    assert ("as_completed", None) in played.waited("main")
    assert printed_early(played)


def printed_early(played: Played) -> bool:
    """Whether each is printed when it is done: the first ones before the last ones have ended."""
    ends = [one.end for one in played.task_stretches()]
    return bool(ends) and min(played.printed("Done")) < max(ends)


def five(slower: float) -> str:
    """Five calls, each shorter than the one before."""
    return f"[{', '.join(f'{slower * seconds:g}' for seconds in FIVE)}]"


def lengths(played: Played) -> list[float]:
    """The seconds of the calls whose end main has printed, in its order."""
    return [float(text.split()[3]) for text in played.texts() if text.startswith("Done")]


@pytest.mark.slow
@every_method
async def test_pool_completion_order(method: StartMethod) -> None:
    played = await play_until(
        lambda played: at_once(5)(played) and lengths(played) == sorted(lengths(played)),
        lambda slower: play_demo("pool-completion-order", method, seconds=five(slower)),
    )
    done = lengths(played)
    assert done == sorted(done)
    assert [task[0] for task in played.tasks] == [
        f"do_something({seconds:g})" for seconds in reversed(done)
    ]
    check_at_once(played, 5)


@pytest.mark.slow
@every_method
async def test_pool_map_order(method: StartMethod) -> None:
    played = await play_until(
        at_once(5), lambda slower: play_demo("pool-map-order", method, seconds=five(slower))
    )
    done = lengths(played)
    assert done == sorted(done, reverse=True)
    assert len(done) == 5
    check_at_once(played, 5)
    assert played.waited("main") == [
        ("result", f"do_something({done[0]:g})"),
        ("shutdown", None),
    ]
    # All results were there when the first one was printed.
    assert max(one.end for one in played.task_stretches()) <= played.printed("Done")[0]


async def test_images_sequential(photos: Path) -> None:
    played = await play_demo("images-sequential")
    assert played.processes == ["main"]
    assert played.texts()[:-1] == [f"{name} was processed..." for name in NAMES]
    assert played.texts()[-1].endswith("seconds")
    check_processed(Path("processed"))


@pytest.mark.slow
@every_method
async def test_images_pool(photos: Path, method: StartMethod) -> None:
    played = await play_demo("images-pool", method, workers=2)
    assert played.processes == ["main", "W-1", "W-2"]
    assert sorted(played.texts()[:-1]) == [f"{name} was processed..." for name in NAMES]
    assert "main" not in played.by("photo")
    assert {label for label, _, _ in played.tasks} == {f"process_image({n})" for n in NAMES}
    check_processed(Path("processed"))


@pytest.mark.slow
async def test_a_photograph_that_fails_is_not_lost_without_a_word(photos: Path) -> None:
    (photos / NAMES[1]).write_bytes(b"no photograph")
    played = await play_demo("images-pool", workers=2)
    assert played.exitcode == 1
    assert ("process_image(photo-1.jpg)", "task_failed") in {t[::2] for t in played.tasks}
    assert [event.error for event in played.of(TaskFailed)] == ["UnidentifiedImageError"]


async def test_without_photographs_it_is_said(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_app.demos.demo_run._samples", lambda: {SAMPLES: str(here)})
    played = await play_demo("images-sequential")
    assert played.exitcode == 1
    shutil.rmtree("processed", ignore_errors=True)


def check_processed(folder: Path) -> None:
    """What the tutorial's four steps make of each: shrunk to fit, and blurred."""
    assert sorted(file.name for file in folder.iterdir()) == NAMES
    for file in folder.iterdir():
        with Image.open(file) as image:
            assert image.size == (900, 700)
