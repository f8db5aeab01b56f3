"""How long each demo should take, by the values of its parameters and by the machine."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tui_app.demos.parameters import Value, number


@dataclass(frozen=True, slots=True)
class Machine:
    """What an expected time depends on, besides the parameters.

    Attributes:
        cpus: How many CPUs may be used.
        sequential: The seconds that `images-sequential` took here; None where it was not measured.
    """

    cpus: int
    sequential: float | None = None


def _one(values: Mapping[str, Value], _: Machine) -> float:
    return number(values, "SECONDS")


def _in_turn(values: Mapping[str, Value], _: Machine) -> float:
    return number(values, "CALLS") * number(values, "SECONDS")


def _two_in_pool(values: Mapping[str, Value], _: Machine) -> float:
    return math.ceil(2 / number(values, "WORKERS")) * number(values, "SECONDS")


def _rounds(values: Mapping[str, Value], _: Machine) -> float:
    rounds = math.ceil(number(values, "CALLS") / number(values, "WORKERS"))
    return rounds * number(values, "SECONDS")


def _taking_turns(values: Mapping[str, Value], _: Machine) -> float:
    """Return the time of a list schedule: a worker that has done a call takes the next one.

    R. L. Graham, Bounds for certain multiprocessing anomalies: https://doi.org/10.1002/j.1538-7305.1966.tb01709.x
    """
    free = [0.0] * int(number(values, "WORKERS"))
    for seconds in _lengths(values):
        heapq.heappush(free, heapq.heappop(free) + seconds)
    return max(free)


def _divided(values: Mapping[str, Value], machine: Machine) -> float | None:
    workers = values["WORKERS"] or machine.cpus
    assert isinstance(workers, int)
    if machine.sequential is None:
        return None
    return machine.sequential / min(workers, machine.cpus)


def _asleep_then_at_work(values: Mapping[str, Value], machine: Machine) -> float:
    """All calls sleep at once; when they compute, they share the CPUs."""
    calls, seconds = number(values, "CALLS"), number(values, "SECONDS")
    return seconds + seconds * max(1.0, calls / machine.cpus)


def _longest(values: Mapping[str, Value], _: Machine) -> float:
    return max(_lengths(values))


def _lengths(values: Mapping[str, Value]) -> tuple[float, ...]:
    lengths = values["SECONDS"]
    assert isinstance(lengths, tuple)
    return lengths


def _patience(values: Mapping[str, Value], _: Machine) -> float | None:
    """Return how long main waits for what hangs; None: for ever."""
    return None if values["PATIENCE"] is None else number(values, "PATIENCE")


def _deposits(values: Mapping[str, Value], _: Machine) -> float:
    return number(values, "PROCESSES") * number(values, "DEPOSITS") * number(values, "SECONDS")


def _parking(values: Mapping[str, Value], _: Machine) -> float:
    rounds = math.ceil(number(values, "CALLS") / number(values, "PLACES"))
    return rounds * number(values, "SECONDS")


def _prepared(values: Mapping[str, Value], _: Machine) -> float:
    """Each worker prepares once; then they take chunks of calls, of a tenth of that time each."""
    calls, size = number(values, "CALLS"), number(values, "CHUNKSIZE")
    rounds = math.ceil(math.ceil(calls / size) / number(values, "WORKERS"))
    return number(values, "SECONDS") * (1 + rounds * min(size, calls) / 10)


def _items_shared(values: Mapping[str, Value], _: Machine) -> float:
    rounds = math.ceil(number(values, "ITEMS") / number(values, "CONSUMERS"))
    return rounds * number(values, "SECONDS")


def _late_consumers(values: Mapping[str, Value], machine: Machine) -> float | None:
    """All consumers but one wait for a sentinel; main waits for one after the other."""
    if (patience := _patience(values, machine)) is None:
        return None
    return max(_items_shared(values, machine), (number(values, "CONSUMERS") - 1) * patience)


def _one_and_a_half(values: Mapping[str, Value], _: Machine) -> float:
    return 1.5 * number(values, "SECONDS")


EXPECTED: dict[str, Callable[[Mapping[str, Value], Machine], float | None]] = {
    "one-call": _one,
    "two-calls": _in_turn,
    "process-created": lambda *_: 0.0,
    "process-started": _one,
    "process-joined": _one,
    "loop-not-joined": _one,
    "loop-joined": _one,
    "process-args": _one,
    "pool-submit": _one,
    "pool-result": _one,
    "pool-two": _two_in_pool,
    "pool-list": _rounds,
    "pool-as-completed": _rounds,
    "pool-completion-order": _taking_turns,
    "pool-map-order": _taking_turns,
    "images-sequential": lambda _, machine: machine.sequential,
    "images-pool": _divided,
    "map-not-read": _rounds,
    "no-main-guard": lambda *_: None,
    "called-target": _in_turn,
    "join-in-loop": _in_turn,
    "cannot-pickle": lambda *_: 0.0,
    "globals-not-shared": _rounds,
    "lost-updates": lambda *_: None,
    "more-is-not-faster": lambda *_: None,
    "threads-or-processes": lambda *_: None,
    "sleeping-is-not-working": _asleep_then_at_work,
    "too-small-tasks": lambda *_: None,
    "cancel-does-not-stop": _one_and_a_half,
    "queue-two-producers": lambda values, machine: (
        number(values, "ITEMS") * _longest(values, machine)
    ),
    "pipe-and-answer": lambda values, _: number(values, "QUESTIONS") * number(values, "SECONDS"),
    "lock-and-total": _deposits,
    "event-starting-gun": _one,
    "semaphore-three": _parking,
    "barrier-meeting": _longest,
    "manager-dict": _one,
    "shared-memory": _one,
    "threads-share": lambda values, _: 2 * number(values, "SECONDS"),
    "asyncio-tasks": _longest,
    "asyncio-pool": _one,
    "pool-initializer": _prepared,
    "locks-crosswise": _patience,
    "join-before-get": _patience,
    "forgotten-sentinel": _late_consumers,
    "lock-not-released": _patience,
    "blocking-coroutine": lambda values, _: sum(_lengths(values)),
    "pool-waits-for-itself": lambda values, machine: (
        _patience(values, machine) if values["WORKERS"] == 1 else _one(values, machine)
    ),
}

EXPECTED_MENDED: dict[str, Callable[[Mapping[str, Value], Machine], float | None]] = {
    "no-main-guard": _one,
    "called-target": _one,
    "join-in-loop": _one,
    "cancel-does-not-stop": _one,
    "locks-crosswise": lambda values, _: 2 * number(values, "SECONDS"),
    "join-before-get": lambda *_: 0.0,
    "forgotten-sentinel": _items_shared,
    "lock-not-released": lambda *_: 0.0,
    "blocking-coroutine": _longest,
    "pool-waits-for-itself": _one,
}
"""The mended scripts that should take another time."""
