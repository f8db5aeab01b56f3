"""The questions of part two, "Processes that talk", by demo; see `question.Question`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from tui_app.demos.expected_times import Machine
from tui_app.demos.parameters import number
from tui_app.demos.quiz.answers import expected_ideas, lengths, sleepers_at_once, took
from tui_app.demos.quiz.question import Answer, Question, Unit, Values
from tui_app.script.facts import Facts

_ITEM = re.compile(r"Got item (\d+) of producer (\d+)")


# Values


def _several(values: Values, _: Machine) -> bool:
    """Tell whether several do the work, each for its own number of seconds."""
    return len(lengths(values)) > 1


def _impatient(values: Values, _: Machine) -> bool:
    """Tell whether main gives up: for ever, it prints no answer."""
    return values["PATIENCE"] is not None


def _chunks(values: Values) -> float:
    return float(math.ceil(number(values, "CALLS") / number(values, "CHUNKSIZE")))


# What the facts say


def _found(facts: Facts, pattern: str) -> list[str]:
    """Return what a pattern's group is in each printed line that the pattern fits whole."""
    found = (re.fullmatch(pattern, text) for text in facts.texts())
    return [one[1] for one in found if one]


def _first_found(facts: Facts, pattern: str) -> str | None:
    return next(iter(_found(facts, pattern)), None)


def _whether(pattern: str, true: str, false: str) -> Callable[[Facts, Values], Answer | None]:
    """Make a measure: one of two answers, for a line that says True or False."""

    def measure(facts: Facts, _: Values) -> str | None:
        said = _first_found(facts, f"{pattern}: (True|False)")
        return None if said is None else true if said == "True" else false

    return measure


def _order_of_items(facts: Facts, values: Values) -> str | None:
    """Return whose items come: one `producer`'s after the other's, in `turns`, or `mixed`."""
    items = [_ITEM.match(line.text) for line in facts.said()]
    found = [(int(one[1]), int(one[2])) for one in items if one]
    if len(found) < number(values, "ITEMS") * len(lengths(values)):
        return None
    if [producer for _, producer in found] == sorted(producer for _, producer in found):
        return "producer"
    return "turns" if [item for item, _ in found] == sorted(item for item, _ in found) else "mixed"


def _sent_and_received(facts: Facts, _: Values) -> str | None:
    """Return whether each answer comes in `turns`, all after the `last` number, or `never`."""
    words = [text.split()[0] for text in facts.texts() if text.startswith(("Sent", "Received"))]
    if "Sent" not in words:
        return None
    if "Received" not in words:
        return "never"
    if words == ["Sent", "Received"] * (len(words) // 2):
        return "turns"
    return "last" if words == sorted(words, reverse=True) else None


def _who_runs(facts: Facts, _: Values) -> str | None:
    """Return who runs after the gun: all `together`, `one`, or `each` when it is ready."""
    bang, running = facts.printed("Bang!"), facts.printed("Running")
    if not bang or not running:
        return None
    if min(running) < bang[0]:
        return "each"
    return "together" if len(running) == len(facts.printed("Ready")) else "one"


def _wait_at_the_hut(facts: Facts, _: Values) -> float | None:
    """Return the seconds from when the first hiker is there until that hiker goes on."""
    there, on = "is at the hut", "goes on"
    first = next((line for line in facts.said() if line.text.endswith(there)), None)
    if first is None:
        return None
    goes_on = first.text.replace(there, on)
    return next((line.t - first.t for line in facts.said() if line.text == goes_on), None)


def _hut_ideas(values: Values, _: Machine) -> tuple[float, ...]:
    seconds = sorted(lengths(values))
    return (seconds[-1] - seconds[0], 0.0, seconds[-1], seconds[1] - seconds[0])


def _who_is_full(first: str, second: str) -> Callable[[Facts, Values], Answer | None]:
    """Make a measure: which has all that was written: `both`, `first`, `second` or `neither`."""

    def measure(facts: Facts, _: Values) -> str | None:
        full = []
        for name in (first, second):
            counts = re.search(rf"^{name}: (\d+) of (\d+)$", "\n".join(facts.texts()), re.MULTILINE)
            if counts is None:
                return None
            full.append(counts[1] == counts[2])
        return {(True, True): "both", (True, False): "first", (False, True): "second"}.get(
            (full[0], full[1]), "neither"
        )

    return measure


def _what_main_reads(facts: Facts, values: Values) -> str | None:
    """Return what main reads in the memory: the `whole` word, or `nothing`."""
    said, word = _first_found(facts, r"Main reads: (.+)"), values["WORD"]
    assert isinstance(word, str)
    empty = "\0" * len(word.encode())
    return {repr(word): "whole", repr(empty): "nothing"}.get(said or "")


def _ticks(facts: Facts, _: Values) -> str | None:
    """Return whether the loop `ticks` while the pool works, or is `silent`."""
    began, done = facts.printed("Sleeping for"), facts.printed("Done sleeping")
    if not began or not done:
        return None
    during = [t for t in facts.printed("Tick") if min(began) < t < min(done)]
    return "ticks" if during else "silent"


def _preparations(facts: Facts, _: Values) -> float | None:
    return float(len(facts.printed("Preparing"))) or None


def _who_has_both(facts: Facts, _: Values) -> str | None:
    """Return how many got both locks: `both` processes, `one`, or `neither`."""
    if not facts.printed("Has one lock"):
        return None
    return ("neither", "one", "both")[min(2, len(facts.printed("Has both locks")))]


def _still_waiting(facts: Facts, _: Values) -> float | None:
    said = _first_found(facts, r"Still waiting: (\d+) of \d+")
    return None if said is None else float(said)


TALKING_QUESTIONS: dict[str, Question] = {
    "queue-two-producers": Question(
        _order_of_items,
        asked=lambda values, machine: _several(values, machine) and number(values, "ITEMS") > 1,
    ),
    "pipe-and-answer": Question(
        _sent_and_received, asked=lambda values, machine: number(values, "QUESTIONS") > 1
    ),
    "lock-and-total": Question(
        took,
        Unit.SECONDS,
        expected_ideas(
            "lock-and-total",
            lambda values: number(values, "DEPOSITS") * number(values, "SECONDS"),
            lambda values: number(values, "SECONDS"),
        ),
        asked=lambda values, machine: number(values, "PROCESSES") > 1,
    ),
    "event-starting-gun": Question(
        _who_runs, asked=lambda values, machine: number(values, "RUNNERS") > 1
    ),
    "semaphore-three": Question(
        sleepers_at_once,
        Unit.COUNT,
        lambda values, machine: (
            min(number(values, "CALLS"), number(values, "PLACES")),
            1.0,
            number(values, "CALLS"),
            float(machine.cpus),
        ),
    ),
    "barrier-meeting": Question(_wait_at_the_hut, Unit.SECONDS, _hut_ideas, asked=_several),
    "manager-dict": Question(_who_is_full("In the ordinary dict", "In the manager's dict")),
    "shared-memory": Question(_what_main_reads),
    "threads-share": Question(_who_is_full("Results by Thread", "Results by Process")),
    "asyncio-tasks": Question(
        took,
        Unit.SECONDS,
        expected_ideas("asyncio-tasks", lambda values: sum(lengths(values)), lambda _: 0.0),
        asked=_several,
    ),
    "asyncio-pool": Question(_ticks),
    "pool-initializer": Question(
        _preparations,
        Unit.COUNT,
        lambda values, machine: (
            number(values, "WORKERS"),
            1.0,
            number(values, "CALLS"),
            _chunks(values),
        ),
        asked=lambda values, machine: number(values, "WORKERS") <= _chunks(values),
    ),
    "locks-crosswise": Question(_who_has_both, asked=_impatient),
    "join-before-get": Question(_whether("P-1 has ended", "ends", "waits"), asked=_impatient),
    "forgotten-sentinel": Question(
        _still_waiting,
        Unit.COUNT,
        lambda values, machine: (
            number(values, "CONSUMERS") - 1,
            0.0,
            number(values, "CONSUMERS"),
        ),
        asked=lambda values, machine: (
            _impatient(values, machine) and number(values, "CONSUMERS") > 1
        ),
    ),
    "lock-not-released": Question(_whether("P-2 has ended", "gets", "waits"), asked=_impatient),
    "blocking-coroutine": Question(
        took,
        Unit.SECONDS,
        expected_ideas(
            "blocking-coroutine", lambda values: max(lengths(values)), lambda values: 0.0
        ),
        asked=_several,
    ),
    "pool-waits-for-itself": Question(
        _whether("Outer has ended", "done", "waits"), asked=_impatient
    ),
}
"""The questions of part two, its pitfalls among them."""
