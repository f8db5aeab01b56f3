"""Who holds a lock is told while the wait goes on, also where it has changed, or has ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.playing import Played, play, play_until
from tui_app.events import HolderChanged, ProcessExited, Waiting
from tui_app.runs.view import RunView
from tui_app.runs.wait_words import wait_words

ONE_AFTER_ANOTHER = """
import multiprocessing, time
def hold(lock, before, seconds):
    time.sleep(before)
    with lock:
        time.sleep(seconds)
if __name__ == "__main__":
    total = multiprocessing.Lock()
    ps = [multiprocessing.Process(target=hold, args=(total, n * {0}, {0} * 3)) for n in range(3)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
"""

LEFT_LOCKED = """
import multiprocessing, os, sys, time
def take(lock, how):
    lock.acquire()
    if how == "killed later":
        time.sleep({0})
    if how != "ends":
        os.kill(os.getpid(), 9)
def want(lock):
    lock.acquire(timeout={0} * 3)
if __name__ == "__main__":
    how, method = sys.argv[1:]
    multiprocessing.set_start_method(method)
    total = multiprocessing.Lock()
    first = multiprocessing.Process(target=take, args=(total, how))
    first.start()
    if how != "killed later":
        first.join()
    else:
        time.sleep({0} / 2)
    second = multiprocessing.Process(target=want, args=(total,))
    second.start()
    second.join()
"""


def holders_of_a_wait(played: Played, number: int) -> list[tuple[str | None, bool]]:
    """The holders of what a process waited for last, one after another."""
    pids = {pid for pid, name in played.names.items() if name == f"P-{number}"}
    found = [one for one in played.events if getattr(one, "pid", None) in pids]
    return [
        (one.holder, one.holder_ended)
        for one in found
        if isinstance(one, HolderChanged) or (isinstance(one, Waiting) and one.kind == "lock")
    ]


async def test_who_has_it_now_is_told_and_shown(tmp_path: Path) -> None:
    async def slower(times: int) -> Played:
        return await play(tmp_path, ONE_AFTER_ANOTHER.format(0.2 * times))

    wanted = [("P-1", False), ("P-2", False)]
    played = await play_until(lambda one: holders_of_a_wait(one, 3) == wanted, slower)
    assert holders_of_a_wait(played, 3) == wanted
    view, seen = RunView(), set()
    for event in played.events:
        view.add(event)
        if isinstance(event, HolderChanged):
            row = next(row for row in view.snapshot().rows if row.key[0] == event.pid)
            assert row.wait is not None
            assert row.wait is row.spans[-1].wait
            seen.add(wait_words(row.wait))
    assert "waits for the lock total, held by P-2" in seen


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "method", "last"),
    [
        ("ends", "fork", ("P-1", True)),
        ("killed", "spawn", (None, True)),
        ("killed later", "forkserver", ("P-1", True)),
    ],
)
async def test_a_holder_that_has_ended_is_told(
    tmp_path: Path, how: str, method: str, last: tuple[str | None, bool]
) -> None:
    async def slower(times: int) -> Played:
        return await play(tmp_path, LEFT_LOCKED.format(0.5 * times), how, method)

    played = await play_until(lambda one: holders_of_a_wait(one, 2)[-1:] == [last], slower)
    told = holders_of_a_wait(played, 2)
    assert told[-1] == last
    gone = next(one.t for one in played.of(ProcessExited) if played.names[one.pid] == "P-1")
    first = next(one for one in played.of(Waiting) if one.kind == "lock")
    if how == "killed later":
        assert first.t < gone
        assert told[0] == ("P-1", False)
    else:
        assert gone < first.t
