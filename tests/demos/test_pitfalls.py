"""Each pitfall goes wrong as the design's table says, and its mended script does not."""

import itertools
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.script.playing import Played, collect, play, play_demo, play_until
from tui_app.demos.catalogue import find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.measurements import Bin, CountSpread, MeasurementTable, Meter
from tui_app.demos.parameters import with_values
from tui_app.demos.quiz.question import Answer
from tui_app.demos.quiz.questions import find_question
from tui_app.engine.machine import StartMethod, start_methods, usable_cpus
from tui_app.engine.resource_usage import has_gil
from tui_app.events import Output, RunStarted, Stream, TaskFailed, WaitKind
from tui_app.language import THIN_SPACE

every_method = pytest.mark.parametrize("method", start_methods())
NOT_FORK = [method for method in start_methods() if method is not StartMethod.FORK]


async def play_mended(name: str, method: StartMethod | None = None, **values: object) -> Played:
    demo = find_demo(name)
    assert demo.mended is not None
    texts = {key: str(value) for key, value in values.items()}
    source = with_values(demo.mended, demo.parse(texts))
    return await collect(DemoRun(demo, source, start_method=method))


def answered(name: str, played: Played) -> Answer | None:
    """What the run answers to the question that is asked before it."""
    question = find_question(name)
    assert question is not None
    return question.answer(played, find_demo(name).values)


def table(name: str, played: Played) -> MeasurementTable:
    meter = Meter(name)
    for event in played.events:
        meter.add(event)
    measured = meter.measured()
    assert isinstance(measured, MeasurementTable)
    return measured


def errors(played: Played) -> list[str]:
    return [event.error for event in played.of(TaskFailed)]


@pytest.mark.slow
@every_method
async def test_map_not_read(method: StartMethod) -> None:
    played = await play_demo("map-not-read", method, seconds=0.05, calls=3, workers=1)
    assert errors(played) == ["TypeError"] * 3
    assert played.printed("Finished")
    assert played.texts(Stream.STDERR) == []
    assert played.exitcode == 0
    assert answered("map-not-read", played) == "silent"
    mended = await play_mended("map-not-read", method, seconds=0.05, calls=3, workers=1)
    assert mended.exitcode == 1
    assert mended.texts(Stream.STDERR)[-1].startswith("TypeError")
    assert not mended.printed("Finished")
    assert answered("map-not-read", mended) == "told"


@pytest.mark.slow
@pytest.mark.parametrize("method", NOT_FORK)
async def test_no_main_guard(method: StartMethod) -> None:
    played = await play_demo("no-main-guard", method, seconds=0.1)
    flaw = find_demo("no-main-guard").flaw
    assert not played.printed("Sleeping")
    assert any("bootstrapping phase" in text for text in played.texts(Stream.STDERR))
    assert "RuntimeError" in errors(played)
    if "server-1" in played.codes:
        # This Python's fork server imports the script first, and ends as each process would.
        assert method is StartMethod.FORKSERVER
        assert played.codes == {"main": 1, "server-1": 1}
        assert not played.printed("Finished")
        assert set(errors(played)) <= flaw.errors | flaw.ends
    else:
        assert played.codes == {"main": 0, "P-1": 1, "P-2": 1}
        assert played.printed("Finished")
        assert set(errors(played)) <= flaw.errors
    assert answered("no-main-guard", played) == 0


@pytest.mark.slow
@every_method
async def test_with_its_guard_it_works_under_every_method(method: StartMethod) -> None:
    for played in [await play_mended("no-main-guard", method, seconds=0.1)] + (
        # Forked it works without as well, and that is what makes it a pitfall.
        [await play_demo("no-main-guard", method, seconds=0.1)]
        if method is StartMethod.FORK
        else []
    ):
        assert sorted(played.by("Sleeping")) == ["P-1", "P-2"]
        assert played.codes == {"main": 0, "P-1": 0, "P-2": 0}
        assert played.texts(Stream.STDERR) == []


async def test_no_main_guard_is_played_by_spawn_by_itself() -> None:
    played = await play_demo("no-main-guard", seconds=0.1)
    assert [event.start_method for event in played.of(RunStarted)] == ["spawn"]
    assert not played.printed("Sleeping")


async def test_no_main_guard_breaks_a_pool(tmp_path: Path) -> None:
    source = (
        "import concurrent.futures as cf\n"
        "def f():\n    print('Sleeping')\n"
        "with cf.ProcessPoolExecutor(1) as executor:\n"
        "    executor.submit(f).result()\n"
    )
    played = await play(tmp_path, source, method=StartMethod.SPAWN)
    assert played.exitcode == 1
    assert not played.printed("Sleeping")
    last = [text for text in played.texts(Stream.STDERR) if text.startswith("concurrent.futures.")]
    assert "BrokenProcessPool" in last[-1]


@pytest.mark.slow
@every_method
async def test_called_target(method: StartMethod) -> None:
    played = await play_demo("called-target", method, seconds=0.1)
    assert played.by("Sleeping") == ["main"] * 3
    assert played.processes == ["main", "P-1", "P-2", "P-3"]
    assert set(played.codes.values()) == {0}
    sleeps = played.stretches(WaitKind.SLEEP)
    assert all(a.end <= b.start for a, b in itertools.pairwise(sleeps))
    assert answered("called-target", played) == "main"
    mended = await play_mended("called-target", method, seconds=0.5)
    assert sorted(mended.by("Sleeping")) == ["P-1", "P-2", "P-3"]
    assert answered("called-target", mended) == "others"


@pytest.mark.slow
@every_method
async def test_join_in_loop(method: StartMethod) -> None:
    played = await play_demo("join-in-loop", method, seconds=0.1)
    assert sorted(played.by("Sleeping")) == ["P-1", "P-2", "P-3"]
    assert [what for kind, what in played.waited("main") if kind == "join"] == ["P-1", "P-2", "P-3"]
    assert answered("join-in-loop", played) == 1
    mended = await play_until(
        lambda played: played.most_at_once() > 1,
        lambda slower: play_mended("join-in-loop", method, seconds=0.5 * slower),
    )
    assert mended.most_at_once() > 1


@pytest.mark.slow
@every_method
async def test_cannot_pickle(method: StartMethod) -> None:
    played = await play_demo("cannot-pickle", method)
    assert [text.split(":")[0] for text in played.texts()[:3]] == [
        "PicklingError",
        "TypeError",
        "TypeError",
    ]
    assert [event.pid for event in played.of(TaskFailed)] == [None] * 3
    assert played.exitcode == 0
    assert answered("cannot-pickle", played) == 0
    mended = await play_mended("cannot-pickle", method)
    assert errors(mended) == []
    assert answered("cannot-pickle", mended) == 3


@every_method
async def test_a_process_takes_them_along_only_when_it_is_forked(
    tmp_path: Path, method: StartMethod
) -> None:
    source = (
        "import multiprocessing, threading\n"
        "def take(*things):\n    print(f'Took {len(things)}')\n"
        "if __name__ == '__main__':\n"
        "    things = [lambda: 1, threading.Lock(), open(__file__)]\n"
        "    p = multiprocessing.Process(target=take, args=things)\n"
        "    p.start()\n    p.join()\n"
    )
    played = await play(tmp_path, source, method=method)
    forked = method is StartMethod.FORK
    assert played.texts() == (["Took 3"] if forked else [])
    assert played.exitcode == (0 if forked else 1)


@pytest.mark.slow
@every_method
async def test_globals_not_shared(method: StartMethod) -> None:
    played = await play_demo("globals-not-shared", method, seconds=0.1)
    assert answered("globals-not-shared", played) == 0
    counts: dict[str, list[int]] = {}
    for who, text in played.lines():
        if found := re.fullmatch(r"Calls done: (\d+)", text):
            counts.setdefault(who, []).append(int(found[1]))
    # Each counts its own calls from 1 on; together they are all.
    assert all(own == list(range(1, len(own) + 1)) for own in counts.values())
    assert sum(map(len, counts.values())) == 4
    mended = await play_mended("globals-not-shared", method, seconds=0.1)
    assert answered("globals-not-shared", mended) == 4


def counted(played: Played) -> CountSpread:
    meter = Meter("lost-updates")
    for event in played.events:
        meter.add(event)
    measured = meter.measured()
    assert isinstance(measured, CountSpread)
    return measured


async def ten(method: StartMethod) -> AsyncIterator[CountSpread]:
    for _ in range(10):
        played = await play_demo("lost-updates", method, rounds=5)
        assert (played.exitcode, errors(played)) == (0, [])
        yield counted(played)


@pytest.mark.slow
async def test_lost_updates_loses_in_most_of_ten_runs() -> None:
    lost = 0
    async for spread in ten(start_methods()[0]):
        assert (len(spread.counts), spread.right) == (5, 40_000)
        assert max(spread.counts) <= spread.right
        lost += min(spread.counts) < spread.right
    # On a machine that is busy otherwise, the two may take turns all the while.
    assert lost > 5


@pytest.mark.slow
@every_method
async def test_lost_updates(method: StartMethod) -> None:
    played = await play_demo("lost-updates", method)
    spread = counted(played)
    assert len(spread.counts) == 20
    assert answered("lost-updates", played) == "spread"
    assert sum(one.rounds for one in spread.bins()) == 20
    mended = await play_mended("lost-updates", method, rounds=3)
    assert counted(mended).counts == (40_000,) * 3
    assert answered("lost-updates", mended) == "right"


async def test_more_is_not_faster() -> None:
    cpus = usable_cpus()

    def crowded_takes_longer(played: Played) -> bool:
        """They take turns, so each call takes longer than it does alone."""
        calls = [one.seconds for one in played.task_stretches()]
        return sum(calls[: 4 * cpus]) < sum(calls[-4 * cpus :])

    played = await play_until(
        crowded_takes_longer,
        lambda slower: play_demo(
            "more-is-not-faster", calls=4 * cpus, size=200_000 * slower, cpus=cpus
        ),
    )
    rows = table("more-is-not-faster", played).rows
    assert len(rows) == len(played.printed("Finished"))
    assert rows[0].label == "1 worker"
    assert rows[-1].label == f"{2 * cpus} workers"
    assert [row.ideal for row in rows[-2:]] == [pytest.approx(rows[0].seconds / cpus)] * 2
    assert crowded_takes_longer(played)
    assert isinstance(answered("more-is-not-faster", played), float)


async def test_threads_or_processes() -> None:
    played = await play_until(
        lambda played: played.most_at_once() == 2,
        lambda slower: play_demo("threads-or-processes", size=200_000 * slower),
    )
    labels = [row.label for row in table("threads-or-processes", played).rows]
    assert labels == ["one after the other", "in threads", "in processes"]
    assert answered("threads-or-processes", played) in ("turn", "threads", "processes", "same")
    assert played.most_at_once() == 2
    assert {who for _, who, _ in played.tasks} == {"W-1", "W-2"}


@pytest.mark.slow
async def test_one_thread_at_a_time_computes_and_main_is_idle_while_processes_do(
    tmp_path: Path,
) -> None:
    """By main's CPU time: on a busy machine the clock would tell of the others, too."""
    source = find_demo("threads-or-processes").source
    values = with_values(source, {"SIZE": 500_000})
    played = await play(tmp_path, values.replace("perf_counter()", "process_time()"))
    turn, threads, processes = (row.seconds for row in table("threads-or-processes", played).rows)
    assert processes < threads / 2
    assert processes < turn / 2
    began, ended, _ = played.printed("Finished in")
    if has_gil():
        # Two threads that really compute at once use more CPU time than passes on the clock.
        assert threads <= 1.05 * (ended - began)


@pytest.mark.slow
async def test_sleeping_is_not_working() -> None:
    calls = 3 * usable_cpus()
    seconds = 0.0

    async def slowly(slower: float) -> Played:
        nonlocal seconds
        seconds = 0.2 * slower
        name = "sleeping-is-not-working"
        return await play_demo(name, StartMethod.FORK, calls=calls, seconds=seconds)

    def sleeps_are_faster(played: Played) -> bool:
        sleeps, computations = table("sleeping-is-not-working", played).rows
        return sleeps.seconds < computations.seconds

    played = await play_until(sleeps_are_faster, slowly)
    sleeps, computations = table("sleeping-is-not-working", played).rows
    assert sleeps.label == f"{calls} sleeps"
    assert sleeps.seconds < computations.seconds
    # So much CPU time cannot be had in less.
    assert computations.seconds >= 0.75 * seconds * calls / usable_cpus()
    answer = answered("sleeping-is-not-working", played)
    assert answer == pytest.approx(computations.seconds / sleeps.seconds)


@pytest.mark.slow
async def test_too_small_tasks() -> None:
    def chunks_are_faster(played: Played) -> bool:
        one, chunks, _data = table("too-small-tasks", played).rows
        return chunks.seconds < one.seconds

    played = await play_until(
        chunks_are_faster,
        lambda slower: play_demo("too-small-tasks", calls=1_000 * slower, megabytes=16 * slower),
    )
    one, chunks, data = table("too-small-tasks", played).rows
    assert "calls, 1 in a message" in one.label
    assert f"calls, 1{THIN_SPACE}000 in a message" in chunks.label
    assert "MB passed to a worker" in data.label
    assert chunks.seconds < one.seconds

    def both_are_faster(mended: Played) -> bool:
        many, made = table("too-small-tasks", mended).rows
        return many.seconds < one.seconds and made.seconds < data.seconds

    calls, megabytes = (
        int(row.label.partition(" ")[0].replace(THIN_SPACE, "")) for row in (one, data)
    )
    mended = await play_until(
        both_are_faster,
        lambda _: play_mended("too-small-tasks", calls=calls, megabytes=megabytes),
    )
    assert both_are_faster(mended)
    assert answered("too-small-tasks", played) in ("chunks", "same")


@pytest.mark.slow
@every_method
async def test_cancel_does_not_stop(method: StartMethod) -> None:
    played = await play_until(
        lambda played: bool(played.printed("Done sleeping")) and -9 in played.codes.values(),
        lambda slower: play_demo("cancel-does-not-stop", method, seconds=0.8 * slower),
    )
    (asked,) = played.printed("Cancelled: False")
    (done,) = played.printed("Done sleeping")
    assert asked < done
    # On a full machine a call may be done before the other's worker is killed.
    assert played.printed("Ended with BrokenProcessPool")
    assert -9 in played.codes.values()
    assert set(errors(played)) <= find_demo("cancel-does-not-stop").flaw.errors
    assert answered("cancel-does-not-stop", played) == "runs"
    mended = await play_until(
        lambda played: len(played.printed("Stopped sleeping")) == 3,
        lambda slower: play_mended("cancel-does-not-stop", method, seconds=1 * slower),
    )
    assert len(mended.printed("Stopped sleeping")) == 3
    assert not mended.printed("Done sleeping")
    assert set(mended.codes.values()) == {0}
    assert answered("cancel-does-not-stop", mended) == "stops"


# What is read from the lines


def said(*texts: str, partial: bool = False) -> list[Output]:
    return [Output(t=0, pid=1, stream=Stream.STDOUT, text=text, partial=partial) for text in texts]


def read(name: str, *events: Output) -> object:
    meter = Meter(name)
    for event in events:
        meter.add(event)
    return meter.measured()


def test_a_meter_reads_whole_lines_of_its_own_demo_only() -> None:
    line = "Counted 5 of 10"
    assert read("lost-updates", *said(line)) == CountSpread((5,), 10)
    assert read("one-call", *said(line)) is None
    assert read("lost-updates", *said(f"{line}!", "Finished in 1.00 second(s)")) is None
    in_parts = [*said("Counted 5", partial=True), *said(" of 10")]
    assert read("lost-updates", *in_parts) == CountSpread((5,), 10)
    complaint = Output(t=0, pid=1, stream=Stream.STDERR, text=line)
    assert read("lost-updates", complaint) is None


@pytest.mark.parametrize(
    ("counts", "right", "bins"),
    [
        ((10, 10), 10, (Bin(10, 10, 2),)),
        ((3, 10), 10, (Bin(3, 3, 1), *(Bin(n, n, 0) for n in range(4, 10)), Bin(10, 10, 1))),
        (
            (20_000, 39_999, 40_000),
            40_000,
            (
                Bin(20_000, 24_999, 1),
                Bin(25_000, 29_999, 0),
                Bin(30_000, 34_999, 0),
                Bin(35_000, 39_999, 1),
                Bin(40_000, 40_000, 1),
            ),
        ),
    ],
)
def test_bins_hold_every_round(counts: tuple[int, ...], right: int, bins: tuple[Bin, ...]) -> None:
    assert CountSpread(counts, right).bins() == bins
