"""The demos' questions, and how each is answered from the events of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui_app.demos.expected_times import Machine
from tui_app.demos.parameters import number
from tui_app.demos.quiz.answers import (
    expected_ideas,
    lengths,
    sleepers_at_once,
    sleeping_lines,
    took,
)
from tui_app.demos.quiz.pitfall_questions import PITFALL_QUESTIONS
from tui_app.demos.quiz.question import Question, Unit, Values
from tui_app.demos.quiz.talking_questions import TALKING_QUESTIONS
from tui_app.events import WaitKind
from tui_app.script.facts import Facts
from tui_app.script.process_names import MAIN

DONE, FINISHED = "Done sleeping", "Finished"


def find_question(name: str) -> Question | None:
    """Return the question of the demo of a name; None where it has none."""
    return QUESTIONS.get(name) or PITFALL_QUESTIONS.get(name) or TALKING_QUESTIONS.get(name)


# Values


def _parallel(values: Values, machine: Machine) -> float:
    workers = values["WORKERS"] or machine.cpus
    assert isinstance(workers, int)
    return min(workers, machine.cpus)


def _several(values: Values, machine: Machine) -> bool:
    return number(values, "CALLS") > 1


def _orders_differ(values: Values, machine: Machine) -> bool:
    seconds = lengths(values)
    return list(seconds) != sorted(seconds)


def _one_sleep(values: Values) -> float:
    return number(values, "SECONDS")


def _all_in_turn(values: Values) -> float:
    return number(values, "CALLS") * _one_sleep(values)


def _at_once(
    likely: Callable[[Values], float],
) -> Callable[[Values, Machine], Sequence[float]]:
    """Make the ideas for a number at once: the likely one, one, the CPUs', and all."""
    return lambda values, machine: (
        likely(values),
        1.0,
        float(machine.cpus),
        number(values, "CALLS"),
    )


# What the facts say


def _first_line(facts: Facts, _: Values) -> str | None:
    """Return which line comes first, `finished` or `done`; `never` if `Done` never comes."""
    finished, done = facts.printed(FINISHED), facts.printed(DONE)
    if not finished:
        return None
    if not done:
        return "never"
    return "finished" if min(finished) < min(done) else "done"


def _what_was_timed(facts: Facts, _: Values) -> str | None:
    """Return what `Finished in` is nearest to: `start` (no sleep), `one`, or `all` in turn."""
    sleeps = [one.seconds for one in facts.stretches(WaitKind.SLEEP)]
    if facts.took is None or len(sleeps) < 2:
        return None
    took = facts.took
    times = {"start": 0.0, "one": max(sleeps), "all": sum(sleeps)}
    return min(times, key=lambda name: abs(times[name] - took))


def _who_got_the_argument(facts: Facts, values: Values) -> str | None:
    """Return who slept as long as the argument says: `each`, all together (`shared`), `first`."""
    seconds = number(values, "SECONDS")
    others = [name for name in facts.processes if name != MAIN]
    waits = [wait for name in others for wait in facts.waits(name)]
    lengths = [wait.timeout or 0.0 for wait in waits if wait.kind == WaitKind.SLEEP]
    if len(others) < 2 or not lengths:
        return None
    if len(lengths) == len(others) and all(length == seconds for length in lengths):
        return "each"
    if len(lengths) == len(others) and sum(lengths) <= seconds:
        return "shared"
    return "first" if lengths == [seconds] else None


def _who_prints(facts: Facts, _: Values) -> str | None:
    """Return who prints `Done sleeping`: `main`, the `worker`, or `both`."""
    who = {name == MAIN for name in facts.by(DONE)}
    return {(True,): "main", (False,): "worker", (False, True): "both"}.get(tuple(sorted(who)))


def _order(facts: Facts, values: Values) -> str | None:
    """Return the order of the `Done` lines: as `submitted`, `shortest` first, or `other`."""
    submitted = [f"{DONE} for {seconds} second(s)" for seconds in lengths(values)]
    shortest = [f"{DONE} for {seconds} second(s)" for seconds in sorted(lengths(values))]
    done = [line.text for line in sorted(facts.said(), key=lambda line: line.t)]
    done = [text for text in done if text.startswith(DONE)]
    if submitted == shortest or sorted(done) != sorted(submitted):
        return None
    return "submitted" if done == submitted else "shortest" if done == shortest else "other"


def _working_at_once(facts: Facts, _: Values) -> float | None:
    return float(facts.most_at_once()) or None


def _times_faster(facts: Facts, _: Values) -> float | None:
    """Return work over wall time; None where tasks shared CPUs: waits would count as work."""
    started, stretches = facts.started, facts.task_stretches()
    if started is None or not facts.wall or not 0 < facts.most_at_once() <= started.cpus:
        return None
    return sum(one.seconds for one in stretches) / facts.wall


def _times_ideas(values: Values, machine: Machine) -> Sequence[float]:
    parallel = _parallel(values, machine)
    return (parallel, 1.0, parallel // 2, 2 * parallel, number(values, "PHOTOS"))


def _cpu_for_each(values: Values, machine: Machine) -> bool:
    return values["WORKERS"] is None or number(values, "WORKERS") <= machine.cpus


QUESTIONS: dict[str, Question] = {
    "one-call": Question(
        took, Unit.SECONDS, expected_ideas("one-call", lambda _: 0.0, lambda v: 2 * _one_sleep(v))
    ),
    "two-calls": Question(
        took, Unit.SECONDS, expected_ideas("two-calls", _one_sleep, lambda _: 0.0)
    ),
    "process-created": Question(sleeping_lines, Unit.COUNT, lambda *_: (0.0, 1.0, 2.0, 4.0)),
    "process-started": Question(_first_line),
    "process-joined": Question(
        took,
        Unit.SECONDS,
        expected_ideas("process-joined", lambda v: 2 * _one_sleep(v), lambda _: 0.0),
    ),
    "loop-not-joined": Question(_what_was_timed, asked=_several),
    "loop-joined": Question(
        sleepers_at_once, Unit.COUNT, _at_once(lambda values: number(values, "CALLS"))
    ),
    "process-args": Question(_who_got_the_argument, asked=_several),
    "pool-submit": Question(_first_line),
    "pool-result": Question(_who_prints),
    "pool-two": Question(
        took,
        Unit.SECONDS,
        expected_ideas("pool-two", _one_sleep, lambda v: 2 * _one_sleep(v), lambda _: 0.0),
    ),
    "pool-list": Question(
        sleepers_at_once,
        Unit.COUNT,
        _at_once(lambda values: min(number(values, "CALLS"), number(values, "WORKERS"))),
    ),
    "pool-as-completed": Question(
        took,
        Unit.SECONDS,
        expected_ideas("pool-as-completed", _one_sleep, _all_in_turn, lambda _: 0.0),
    ),
    "pool-completion-order": Question(_order, asked=_orders_differ),
    "pool-map-order": Question(_order, asked=_orders_differ),
    "images-sequential": Question(
        _working_at_once,
        Unit.COUNT,
        lambda values, machine: (1.0, float(machine.cpus), number(values, "PHOTOS")),
    ),
    "images-pool": Question(
        _times_faster, Unit.TIMES, _times_ideas, _cpu_for_each, of_computing=True
    ),
}
"""The tutorial's questions. The others are in `pitfall_questions` and `talking_questions`."""
