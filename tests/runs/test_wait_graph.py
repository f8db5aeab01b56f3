from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.runs.factories import begun, demo_started, queued, up
from tui_app.events import Deadlock, Event, ProcessExited, Resumed, Waiting, WaitKind
from tui_app.runs.lanes import ProcessRow, Span
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.runs.wait_graph import Chain, GraphPart, wait_chains

NAMES = ("main", *(f"P-{number}" for number in range(1, 9)))

HOLDERS = st.none() | st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(
    ", ".join
)
WAITS = st.none() | st.builds(
    Waiting,
    t=st.just(0.0),
    pid=st.just(1),
    kind=st.sampled_from([WaitKind.JOIN, WaitKind.LOCK, WaitKind.QUEUE_GET, WaitKind.SLEEP]),
    object=st.sampled_from([None, "lock", "a long name of some lock in a dict", *NAMES]),
    holder=HOLDERS,
)


def rows_of(waits: Sequence[Waiting | None], dead: Sequence[bool] = ()) -> tuple[ProcessRow, ...]:
    rows = []
    for number, wait in enumerate(waits):
        deadlocked = number < len(dead) and dead[number]
        spans = [Span(0.0, "", wait=wait, deadlocked=deadlocked)]
        rows.append(ProcessRow((number, None), NAMES[number], number, spans=spans, wait=wait))
    return tuple(rows)


def chains_of(rows: tuple[ProcessRow, ...]) -> list[str]:
    snapshot = Snapshot(state=RunState.RUNNING, kind="demo", rows=rows)
    return [text(chain) for chain in wait_chains(snapshot)]


def text(chain: Chain) -> str:
    return "".join(piece.text for step in chain for piece in step)


def waits_of(names: str) -> set[str]:
    """Who stands at the left of an arrow."""
    first, between, last = names.partition(" … ")
    if not between:
        return set(names.split(", "))
    at = NAMES.index(first), NAMES.index(last.partition(" ")[0])
    return set(NAMES[at[0] : at[1] + 1])


@given(st.lists(WAITS, min_size=1, max_size=len(NAMES)), st.lists(st.booleans(), max_size=9))
def test_each_who_waits_stands_at_the_left_of_one_arrow_and_nobody_else_does(
    waits: list[Waiting | None], dead: list[bool]
) -> None:
    rows = rows_of(waits, dead)
    lefts: list[str] = []
    counted = 0
    for line in chains_of(rows):
        steps = line.split(" ──")
        names = [steps[0], *(step.partition("──▶ ")[2].partition("   ")[0] for step in steps[1:-1])]
        for name in names:
            folded = name.partition(" (")[2].rstrip(")")
            counted += int(folded) if folded else len(waits_of(name))
            lefts += waits_of(name)
    waiting = {r.name for r in rows if r.wait is not None and r.wait.kind != WaitKind.SLEEP}
    assert waiting <= set(lefts)
    assert counted == len(waiting)


@given(st.permutations(range(2, 7)), st.integers(2, 5))
def test_a_circle_comes_first_and_ends_with_whom_it_begins(order: list[int], size: int) -> None:
    circle = [NAMES[number] for number in order[:size]]
    waits: list[Waiting | None] = [None] * len(NAMES)
    for name, holder in zip(circle, [*circle[1:], circle[0]], strict=True):
        waits[NAMES.index(name)] = Waiting(t=0.0, pid=1, kind="lock", object="x", holder=holder)
    waits[0] = Waiting(t=0.0, pid=1, kind="join", object=circle[0])
    dead = [wait is not None for wait in waits]
    first, second = chains_of(rows_of(waits, dead))
    start = min(circle, key=NAMES.index)
    assert first.startswith(f"{start} ──waits for the lock x──▶ ")
    assert first.endswith(f"──▶ {start}   deadlock")
    assert first.count("──▶") == size
    assert second == f"main ──waits in join()──▶ {circle[0]}   deadlock"


def test_a_chain_ends_with_what_the_last_one_does() -> None:
    lock = Waiting(t=0.0, pid=1, kind="lock", object="total", holder="P-2")
    rows = rows_of([Waiting(t=0.0, pid=1, kind="join", object="P-1"), lock, None, None])
    rows[2].is_main = True  # It works.
    assert chains_of(rows) == [
        "main ──waits in join()──▶ P-1 ──waits for the lock total──▶ P-2   works"
    ]
    rows[2].exited = True
    assert chains_of(rows)[0].endswith("P-2   has ended")


def test_many_who_wait_for_the_same_share_a_line() -> None:
    lock = Waiting(t=0.0, pid=1, kind="lock", object="total", holder="main")
    get = Waiting(t=0.0, pid=1, kind="queue_get", object="q")
    assert chains_of(rows_of([None, get, lock, lock, lock, lock, lock, get])) == [
        "P-1, P-7 ──waits in get() for an item of q──▶ ?",
        "P-2 … P-6 (5) ──waits for the lock total──▶ main",
    ]


def snapshot_of(*events: Event) -> Snapshot:
    view = RunView()
    for event in (demo_started(), up(1, "main"), up(2, "P-1"), *events):
        view.add(event)
    return view.snapshot()


def test_a_result_is_waited_for_from_whom_it_comes() -> None:
    wait = Waiting(t=1.5, pid=1, kind="result", object="fib(30)")
    snapshot = snapshot_of(queued(1, "fib(30)"), begun(1, 2), wait)
    assert [text(chain) for chain in wait_chains(snapshot)] == [
        "main ──waits for the result of fib(30)──▶ P-1   works"
    ]


def test_threads_of_a_deadlock_have_their_lines_until_one_of_them_goes_on() -> None:
    def wait(thread: str, held: str, holder: str) -> dict[str, object]:
        return {"pid": 1, "thread": thread, "kind": "lock", "object": held, "holder": holder}

    dead = Deadlock(t=2.0, waits=[wait("one", "a", "two"), wait("two", "b", "one")])
    snapshot = snapshot_of(dead)
    chains = wait_chains(snapshot)
    assert [text(chain) for chain in chains] == [
        "main·one ──waits for the lock a──▶ main·two ──waits for the lock b──▶ main·one   deadlock"
    ]
    assert chains[0][-1][-1].part is GraphPart.DEADLOCK
    assert not wait_chains(snapshot_of(dead, Resumed(t=3.0, pid=1)))
    assert not wait_chains(snapshot_of(dead, ProcessExited(t=3.0, pid=1, exitcode=1)))


def test_nobody_waits_before_a_run_and_who_sleeps_waits_for_nobody() -> None:
    assert not wait_chains(Snapshot())
    assert not chains_of(rows_of([Waiting(t=0.0, pid=1, kind="sleep", timeout=1.0)]))
