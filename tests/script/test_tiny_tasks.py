"""Tiny calls are told together: by their chunk, or by what a worker does in a row."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.script.playing import Played, play
from tui_app.events import TaskFailed, TaskFinished, TaskQueued, Waiting
from tui_app.summary import Summary

pytestmark = pytest.mark.slow

CALLS = 3_000


def calls(played: Played) -> int:
    return Summary.from_dict(played.finished.summary).calls


async def test_a_large_chunk_is_one_task_and_a_small_one_is_not(here: Path) -> None:
    played = await play(
        here,
        dedent(
            """
            import concurrent.futures, multiprocessing

            def f(x, y=0):
                return x + y

            if __name__ == "__main__":
                with multiprocessing.Pool(2) as pool:
                    print(sum(pool.map(f, range(3000), 1000)))
                    print(sum(pool.starmap(f, zip(range(10), range(10)), 5)))
                    pool.close()
                    pool.join()
                with concurrent.futures.ProcessPoolExecutor(1) as pool:
                    print(sum(pool.map(f, range(3000), chunksize=3000)))
            """
        ),
    )
    assert played.texts() == ["4498500", "90", "4498500"]
    labels = [event.label for event in played.of(TaskQueued)]
    assert labels[:3] == ["f(0) …", "f(1000) …", "f(2000) …"]
    assert labels[3:-1] == [f"f({n}, {n})" for n in range(10)]
    assert labels[-1] == "f(0) …"
    assert calls(played) == 2 * CALLS + 10
    assert played.of(TaskFinished)[-1].result == {"calls": CALLS}


@pytest.mark.parametrize("how", ["imap", "map"])
async def test_a_flood_of_calls_is_told_by_what_each_worker_did(here: Path, how: str) -> None:
    played = await play(
        here,
        dedent(
            f"""
            import concurrent.futures, multiprocessing

            def f(x):
                return x

            if {how!r} == "imap" and __name__ == "__main__":
                with multiprocessing.Pool(2) as pool:
                    print(sum(pool.imap_unordered(f, range({CALLS}))))
                    pool.close()
                    pool.join()
            elif __name__ == "__main__":
                with concurrent.futures.ProcessPoolExecutor(2) as pool:
                    futures = [pool.submit(f, x) for x in range({CALLS})]
                print(sum(future.result() for future in futures))
            """
        ),
    )
    assert played.texts() == [str(sum(range(CALLS)))]
    assert len(played.of(TaskQueued)) < CALLS / 2
    assert calls(played) == CALLS, "none is lost"
    assert len(played.of(Waiting)) < CALLS / 2, "nor are the waits for them told one by one"


async def test_a_failure_in_a_flood_is_told_by_itself(here: Path) -> None:
    played = await play(
        here,
        dedent(
            """
            import multiprocessing

            def f(x):
                if x in (900, 901):
                    raise ValueError("no")
                return x

            if __name__ == "__main__":
                with multiprocessing.Pool(1) as pool:
                    results = [pool.apply_async(f, (x,)) for x in range(1000)]
                    pool.close()
                    pool.join()
                print(sum(result.successful() for result in results))
            """
        ),
    )
    assert played.texts() == ["998"]
    labels = {event.task: event.label for event in played.of(TaskQueued)}
    assert [labels[event.task] for event in played.of(TaskFailed)] == ["f(900)", "f(901)"]
    assert calls(played) == 998
