"""Threads and asyncio tasks of a script: each is seen, and named as the script calls it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.script.playing import Played, play, play_until
from tui_app.engine.run_clock import RunClock
from tui_app.events import (
    Event,
    LoopBlocked,
    Resumed,
    ThreadKind,
    ThreadStarted,
    UnseenThreads,
    Waiting,
    WaitKind,
)
from tui_app.script.member import Member
from tui_app.script.process_names import thread_name
from tui_app.script.waits.kernel import RunMarks
from tui_app.script.waits.sights import Sight
from tui_app.script.waits.threads import MOST_THREADS, ThreadTeller
from tui_app.script.waits.turns import TURN_SECONDS, GilTurns


def lanes(played: Played, kind: ThreadKind) -> list[str]:
    """The names of what was seen, in order."""
    return [event.name for event in played.of(ThreadStarted) if event.kind is kind]


LIBRARY = """
import multiprocessing, threading, time
from concurrent.futures import ProcessPoolExecutor

def rest(q):
    time.sleep(0.2); q.get()

if __name__ == "__main__":
    q = multiprocessing.Queue(); q.put(1)
    own = threading.Thread(target=time.sleep, args=[0.6], name="own"); own.start()
    p = multiprocessing.Process(target=rest, args=[q]); p.start()
    with ProcessPoolExecutor(1) as pool:
        pool.submit(time.sleep, 0.3).result()
    with multiprocessing.Pool(1) as pool:
        pool.apply(time.sleep, [0.3])
    p.join(); own.join()
"""


async def test_threads_that_a_library_has_for_itself_have_no_lanes(tmp_path: Path) -> None:
    played = await play(tmp_path, LIBRARY)
    assert played.exitcode == 0
    assert lanes(played, ThreadKind.THREAD) == ["own"]
    assert played.of(UnseenThreads) == []


SHORT = """
import asyncio, threading

async def nothing():
    pass

async def main():
    for _ in range(500):
        await asyncio.create_task(nothing())

for _ in range(300):
    thread = threading.Thread(target=int)
    thread.start(); thread.join()
asyncio.run(main())
"""


async def test_what_is_gone_before_it_is_seen_is_counted(tmp_path: Path) -> None:
    played = await play(tmp_path, SHORT)
    unseen = {event.kind: event.count for event in played.of(UnseenThreads)}
    for kind, count in ((ThreadKind.THREAD, 300), (ThreadKind.ASYNCIO, 501)):
        assert len(lanes(played, kind)) + unseen.get(kind, 0) == count


BLOCKED = """
import asyncio, time

async def fetch(seconds):
    await asyncio.sleep(0.05)
    time.sleep(seconds)  # blocks

async def main():
    await asyncio.gather(fetch(0.6), asyncio.sleep(0.2))

asyncio.run(main())
"""


async def test_a_task_that_blocks_its_loop_is_told_with_its_line(tmp_path: Path) -> None:
    played = await play(tmp_path, BLOCKED)
    (blocked,) = played.of(LoopBlocked)
    assert played.who(blocked.pid, blocked.thread) == "main·fetch(2)"
    assert blocked.line == 6
    (turn,) = [wait for wait in played.waits("main·sleep(3)") if wait.holder]
    assert (turn.kind, turn.holder) == (WaitKind.TURN, "fetch(2)")
    assert turn.t > blocked.t


TURNS = """
import threading, time

def compute(end):
    while time.monotonic() < end:
        sum(range(1000))

end = time.monotonic() + 1.5
threads = [threading.Thread(target=compute, args=[end]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


async def test_of_two_threads_that_compute_one_works_at_a_time(tmp_path: Path) -> None:
    def turns(played: Played) -> list[Waiting]:
        return [wait for wait in played.of(Waiting) if wait.kind == WaitKind.GIL]

    played = await play_until(
        lambda played: bool(turns(played)),
        lambda slower: play(tmp_path, TURNS.replace("1.5", str(1.5 * slower))),
    )
    waits = turns(played)
    assert waits
    threads = {event.thread for event in played.of(ThreadStarted)}
    waiting: set[int | None] = set()
    first = waits[0].t
    for event in played.events:
        if isinstance(event, Waiting | Resumed) and event.thread in threads and event.t > first:
            (waiting.add if isinstance(event, Waiting) else waiting.discard)(event.thread)
            assert waiting != threads, "somebody has it"
    assert {wait.holder for wait in waits} <= {"Thread-1", "Thread-2"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Thread-1 (work)", "Thread-1"),
        ("Thread-12", "Thread-12"),
        ("ThreadPoolExecutor-0_0", "W-1"),
        ("ThreadPoolExecutor-1_2", "W2-3"),
        ("asyncio_0", "asyncio_0"),
        ("Thread-1 (a\nb)", "Thread-1"),
        ("", ""),
    ],
)
def test_a_thread_has_a_short_name(name: str, short: str) -> None:
    assert thread_name(name) == short


# The parts


def member() -> Member:
    return Member(7, "main", 1, born=0.0, t=0.0, name="main")


def test_each_thread_has_a_number_of_its_own_and_the_unseen_are_counted() -> None:
    told: list[Event] = []
    teller, one = ThreadTeller(told.append), member()
    numbers = [teller.begin(one, "a", kind, 0.0) for kind in (*ThreadKind, ThreadKind.THREAD)]
    assert numbers == [1, 2, 3]
    teller.count(one, ThreadKind.THREAD, 2, 1.0)
    teller.count(one, ThreadKind.THREAD, 5, 2.0)
    teller.count(one, ThreadKind.THREAD, 4, 3.0)
    assert told[3:] == [UnseenThreads(t=2.0, pid=7, kind=ThreadKind.THREAD, count=3)]


def test_of_a_server_without_an_end_threads_are_told_seldom() -> None:
    teller, one = ThreadTeller(lambda _: None), member()
    told = [
        teller.begin(one, "a", ThreadKind.THREAD, 0.0)
        for number in range(MOST_THREADS + 100)
        if not teller.full(one, 100 + number / 1000)
    ]
    assert MOST_THREADS < len(told) < MOST_THREADS + 10


@given(st.lists(st.floats(0.05, 1.0), min_size=2, max_size=5))
def test_turns_are_as_long_in_all_as_the_threads_have_run(shares: list[float]) -> None:
    one = member()
    sights = [
        Sight(one, 100 + n, RunMarks(1, 0), 0.0, 0.0, 0.0, thread=n + 1, name=f"T-{n}")
        for n in range(len(shares))
    ]
    waiting: set[int] = set()

    def wait(sight: Sight, holder: str, t: float) -> None:
        sight.turn = True
        waiting.add(sight.tid)

    def go_on(sight: Sight, t: float) -> None:
        sight.turn = False
        waiting.discard(sight.tid)

    turns = GilTurns(wait, go_on, RunClock(lambda: 0.0).at)
    turns._wants = lambda sharing, sight: True  # type: ignore[method-assign,assignment]
    whole, rounds = sum(shares), 400
    worked = dict.fromkeys((sight.tid for sight in sights), 0)
    for number in range(rounds):
        ran = [
            (sight, TURN_SECONDS * share / whole)
            for sight, share in zip(sights, shares, strict=True)
        ]
        turns.look(one, ran, number * (TURN_SECONDS + 0.001))
        running = [tid for tid in worked if tid not in waiting]
        if number > 1:
            assert len(running) == 1
            worked[running[0]] += 1
    for sight, share in zip(sights, shares, strict=True):
        if share / whole > 0.05:
            assert abs(worked[sight.tid] / rounds - share / whole) < 0.02


PHILOSOPHERS = """
import threading, time

def dine(left, right):
    with left:
        time.sleep(0.3 * SLOW)
        with right:
            time.sleep(0.3 * SLOW)

def main():
    forks = [threading.Lock() for _ in range(2)]
    pairs = [(forks[0], forks[1]), (forks[0], forks[1])]
    threads = [threading.Thread(target=dine, args=pair) for pair in pairs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

main()
"""


async def test_a_lock_is_called_as_it_was_called_first(tmp_path: Path) -> None:
    def waited(played: Played) -> bool:
        return any(event.kind == WaitKind.LOCK for event in played.of(Waiting))

    played = await play_until(
        waited, lambda slower: play(tmp_path, PHILOSOPHERS.replace("SLOW", str(slower)))
    )
    locks = [event for event in played.of(Waiting) if event.kind == WaitKind.LOCK]
    assert [event.object for event in locks] == ["forks[0]"]
