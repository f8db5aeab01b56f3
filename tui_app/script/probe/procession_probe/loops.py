"""The tasks of asyncio's event loops: which there are, what each awaits, and who blocks a loop.

Of asyncio one method is wrapped that runs once in a turn of a loop, not once in a task. All else is
seen by looks from the thread that answers, some times a second, and seldomer the more tasks there
are.
"""

from __future__ import annotations

import _thread
import sys
import time
from time import monotonic

from .coroutines import awaited, place, task_name
from .counting import counts, is_own
from .frames import stack
from .wrapping import like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

LOOK_SECONDS = 0.05
"""Seconds between two looks, at least."""

LOOKS_SHARE = 0.03
"""The share of the time that looks take, at most."""

BLOCKED_SECONDS = 0.1
"""Seconds of one turn of a loop after which its task is said to block it."""

MOST_CHANGES = 600
"""How often in a second it is told of tasks that they do something else. Of more, each is told of
in turn."""

MOST_TOLD = 100
"""Tasks of a report."""

MOST_TASKS = 5_000
"""Tasks that are told; of more there is only their number."""


class SeenLoop:
    """A loop, and the turn that it is in.

    Attributes:
        turn: how many there were.
        thread: the thread that runs it.
        current: the task that had the loop at the last look.
        since: the first look at this turn.
        tasks: the ids of its tasks at the last look.
    """

    def __init__(self, ref: Any) -> None:
        self.ref, self.thread = ref, _thread.get_ident()
        self.turn = self.looked = 0
        self.current: Any = None
        self.since = 0.0
        self.tasks: set[int] = set()


class SeenTask:
    """A task, and what was told of it. `future` is a weak reference to what it waited for then."""

    def __init__(self, number: int, ref: Any) -> None:
        self.number, self.ref = number, ref
        self.future: Any = None
        self.until: float | None = None
        self.told: dict[str, Any] = {}


_loops: dict[int, SeenLoop] = {}
_tasks: dict[int, SeenTask] = {}
_numbers = 0
_next = _looked = 0.0
_first = 0
_notice: Callable[[], None] = lambda: None  # noqa: E731


def change_base_events(module: Any) -> None:
    """Count the turns of each loop."""
    if sys.version_info < (3, 11):
        return  # Its frames do not tell enough.
    loop = module.BaseEventLoop
    real, seen = loop._run_once, _loops.get

    def _run_once(self: Any) -> None:
        known = seen(id(self))
        if known is None:
            known = _meet(self)
        known.turn += 1
        real(self)

    loop._run_once = like(real, _run_once)


def _meet(loop: Any) -> SeenLoop:
    from _weakref import ref

    key = id(loop)
    known = _loops[key] = SeenLoop(ref(loop, lambda _: _loops.pop(key, None)))
    _notice()
    return known


def notice(call: Callable[[], None]) -> None:
    """Have this called when there is a loop that was not there before, or not since `rest`."""
    global _notice
    _notice = call


def rest() -> None:
    """Forget the loops until they go on: nobody looks meanwhile."""
    _loops.clear()


def forget() -> None:
    """Forget all: the child of a fork has no running loop."""
    _loops.clear()
    _tasks.clear()


def pause() -> float | None:
    """Return the seconds until the next look; `None`: there is no loop to look at."""
    return max(0.0, _next - monotonic()) if _loops else None


def look() -> Iterator[dict[str, Any]]:
    """Look at all tasks, if it is time to, and yield reports of what is new."""
    global _next
    now = monotonic()
    if not _loops or now < _next:
        return
    began = time.thread_time()
    try:
        yield from list(_look(now))
    except Exception:  # noqa: BLE001 - the loop goes on beneath the look; the next one comes soon
        return
    finally:
        cost = time.thread_time() - began
        _next = monotonic() + max(LOOK_SECONDS, cost / LOOKS_SHARE)


def _look(now: float) -> Iterator[dict[str, Any]]:
    global _looked
    asyncio = sys.modules.get("asyncio.tasks")
    if asyncio is None:
        return
    most = int(MOST_CHANGES * min(1.0, now - _looked))
    _looked = now
    told: list[dict[str, Any]] = []
    seen: set[int] = set()
    made = counts.tasks
    for key, known in list(_loops.items()):
        loop = known.ref()
        if loop is None:
            continue
        if loop.is_closed():
            del _loops[key]
        try:
            current, tasks = asyncio.current_task(loop), asyncio.all_tasks(loop)
        except RuntimeError:
            seen |= known.tasks
            made = 0
            continue  # They changed all the while.
        if (known.turn, current) != (known.looked, known.current):
            known.looked, known.current, known.since = known.turn, current, now
        elif current is None:
            seen |= known.tasks
            made = 0
            continue  # It waits for something to happen.
        blocks = current is not None and now - known.since >= BLOCKED_SECONDS
        known.tasks = _told_tasks(known, loop, tasks, blocks, most, told)
        seen |= known.tasks
    for key, gone in list(_tasks.items()):
        if key not in seen:
            del _tasks[key]
            told.append({"n": gone.number, "done": True})
    for at in range(0, len(told), MOST_TOLD):
        part = told[at : at + MOST_TOLD]
        last = at + MOST_TOLD >= len(told)
        # Those of the next part have not been told.
        yield {"event": "tasks", "made": made if last else 0, "t": now, "tasks": part}


def _told_tasks(
    known: SeenLoop, loop: Any, there: set[Any], blocks: bool, most: int, told: list[dict[str, Any]]
) -> set[int]:
    """Add what is new of the tasks of a loop; return their ids.

    Args:
        known: the loop as it was seen.
        loop: the loop.
        there: its tasks.
        blocks: whether the task that has the loop keeps it from the others.
        most: how many tasks that were told may be told anew.
        told: takes what is told.
    """
    global _first
    seen: set[int] = set()
    blocker = task_name(known.current) if blocks else ""
    now = loop.time()
    for task in _new(there):
        one = _meet_task(task)
        one.told = _state_of(known, one, task, blocker, now)
        told.append({"n": one.number, "name": task_name(task), **one.told})
    changed = 0
    tasks = list(there)
    if len(tasks) > most:
        _first = (_first + most) % len(tasks)
        tasks = tasks[_first:] + tasks[:_first]
        # Whoever had the loop at the last look has it no more.
        tasks.sort(key=_waits)
    for task in tasks:
        known_task = _tasks.get(id(task))
        if known_task is None:
            continue
        seen.add(id(task))
        if changed >= most and not blocker and task is not known.current:
            continue
        state = _state_of(known, known_task, task, blocker, now)
        if state != known_task.told:
            changed += 1
            known_task.told = state
            told.append({"n": known_task.number, **state})
    return seen


def _new(tasks: set[Any]) -> list[Any]:
    """Return the tasks that were not told yet, in the order of their numbers, if they have any."""
    found = []
    for task in tasks:
        one = _tasks.get(id(task))
        if (one is None or one.ref() is not task) and not is_own(task):
            found.append(task)
    found.sort(key=_order)
    return found[: max(0, MOST_TASKS - len(_tasks))]


def _order(task: Any) -> tuple[int, str]:
    name = task.get_name()
    return len(name), name


def _waits(task: Any) -> bool:
    known = _tasks.get(id(task))
    return known is not None and bool(known.told.get("kind"))


def _meet_task(task: Any) -> SeenTask:
    global _numbers
    from _weakref import ref

    _numbers += 1
    one = _tasks[id(task)] = SeenTask(_numbers, ref(task))
    return one


def _state_of(
    known: SeenLoop, one: SeenTask, task: Any, blocker: str, now: float
) -> dict[str, Any]:
    """Return what a task does now, or what was told of it, if the loop goes on beneath the look."""
    try:
        state = dict(_state(known, one, task, blocker, now))
    except Exception:  # noqa: BLE001 - any of its parts may be another one by now
        return one.told
    # Nothing is told of what is not there.
    return {
        name: value for name, value in state.items() if value not in (None, "") or name == "kind"
    }


def _state(known: SeenLoop, one: SeenTask, task: Any, blocker: str, now: float) -> dict[str, Any]:
    from _weakref import ref

    if task is known.current:
        one.future = one.until = None
        if not blocker:
            return {"kind": ""}
        if one.told.get("blocks"):
            return one.told
        frames = list(stack(sys._current_frames().get(known.thread)))[::-1]
        return {"kind": "", "blocks": True, "since": known.since, **place(frames)}
    future = getattr(task, "_fut_waiter", None)
    if future is None or future.done():
        one.future = one.until = None
        return {"kind": "turn", "holder": blocker}
    same = one.future is not None and one.future() is future
    found = one.told
    if not same or one.told.get("kind") != "await":
        found = {"kind": "await", **awaited(task, future)}
        one.future, one.until = ref(future), found.get("until")
    # A sleep that is over ends when the loop comes to it.
    if blocker and one.until is not None and now > one.until + LOOK_SECONDS:
        return {"kind": "turn", "holder": blocker, "since": one.until}
    return found
