"""The demos: their scripts, parameters and lessons, and how long they should take."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from tui_app.demos.lessons import Lesson, load_lesson
from tui_app.demos.script import Parameter, ParameterError, Value, parameters
from tui_app.language import counted, present

PHOTOGRAPHS = ("images-sequential", "images-pool")
"""The demos that work on photographs."""

LISTED = 10
"""Seconds of a list that are named in a text."""


class DemoError(ValueError):
    """There is no such demo; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What an expected time depends on besides the parameters.

    Attributes:
        cpus: how many may be used.
        sequential: the seconds that `images-sequential` took here, where it was measured.
    """

    cpus: int
    sequential: float | None = None


@dataclass(frozen=True, slots=True)
class Demo:
    """A script that shows one thing. `number` is its step of the course, from 1.

    Attributes:
        mended: of a script that goes wrong, one that does not; `None` where there is none.
    """

    number: int
    name: str
    script: Path
    source: str
    parameters: tuple[Parameter, ...]
    mended: str | None = None

    @property
    def values(self) -> dict[str, Value]:
        """The parameters' own values, by name."""
        return {parameter.name: parameter.value for parameter in self.parameters}

    @property
    def of_photographs(self) -> bool:
        """Whether it works on photographs, which may have to be drawn first."""
        return self.name in PHOTOGRAPHS

    def title(self, language: str | None = None) -> str:
        """The lesson's title, in the present language unless another one is asked for."""
        return load_lesson(self.name, language or present()).title

    def lesson(
        self,
        machine: Machine,
        values: Mapping[str, Value] | None = None,
        language: str | None = None,
    ) -> Lesson:
        """The lesson, with these values and this machine in it.

        In the present language unless another one is asked for.
        """
        values = self.values | dict(values or {})
        workers = values.get("WORKERS") or machine.cpus
        lengths = values.get("SECONDS")
        return load_lesson(self.name, language or present()).filled(
            values
            | {
                "cpus": machine.cpus,
                "cpu_words": counted(machine.cpus, "{n} CPU", "{n} CPUs"),
                "parallel": min(machine.cpus, workers) if isinstance(workers, int) else workers,
                "expected": self.expected_seconds(machine, values),
                "submitted": _listed(lengths, sort=False),
                "shortest_first": _listed(lengths, sort=True),
            }
        )

    def expected_seconds(
        self, machine: Machine, values: Mapping[str, Value] | None = None
    ) -> float | None:
        """How long it should take from its start to the end of its last process.

        Without what it costs to start Python and its processes; `None` where nothing can be said
        without a measurement.
        """
        return _EXPECTED[self.name](self.values | dict(values or {}), machine)

    def parse(self, assignments: Mapping[str, str]) -> dict[str, Value]:
        """Values for the parameters, from texts by name; names in capitals or not.

        Raises:
            ParameterError: no such parameter, or a value that it cannot have.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        values: dict[str, Value] = {}
        for name, text in assignments.items():
            parameter = known.get(name.upper())
            if parameter is None:
                here = ", ".join(known) or "none"
                raise ParameterError(f"{self.name} has no parameter {name}; it has: {here}")
            values[parameter.name] = parameter.parse(text)
        return values


def _listed(value: Value, *, sort: bool) -> str:
    """Some seconds, one after the other: `5, 4, 3, 2, 1`."""
    if not isinstance(value, tuple):
        return str(value)
    shown = [f"{one:g}" for one in (sorted(value) if sort else value)]
    return ", ".join([*shown[:LISTED], *(["…"] if len(shown) > LISTED else [])])


@cache
def demos() -> tuple[Demo, ...]:
    """All of them, in the order of the course."""
    folder = Path(str(resources.files("tui_app.assets") / "demos"))
    found = (re.fullmatch(r"(\d+)_(\w+)\.py", file.name) for file in sorted(folder.iterdir()))
    return tuple(
        _demo(folder / match.group(), int(match.group(1)), match.group(2))
        for match in found
        if match is not None
    )


def _demo(script: Path, number: int, name: str) -> Demo:
    source = script.read_text("utf-8")
    return Demo(number, name.replace("_", "-"), script, source, parameters(source))


def find_demo(name: str) -> Demo:
    """The demo of that name, or of that number.

    Raises:
        DemoError: there is none.
    """
    for demo in demos():
        if name.lower().replace("_", "-") == demo.name or name == str(demo.number):
            return demo
    raise DemoError(f"there is no demo {name!r}; `procession demo --list` names them")


def _number(values: Mapping[str, Value], name: str) -> float:
    value = values[name]
    assert isinstance(value, int | float)
    return value


def _one(values: Mapping[str, Value], _: Machine) -> float:
    return _number(values, "SECONDS")


def _in_turn(values: Mapping[str, Value], _: Machine) -> float:
    return _number(values, "CALLS") * _number(values, "SECONDS")


def _two_in_pool(values: Mapping[str, Value], _: Machine) -> float:
    return math.ceil(2 / _number(values, "WORKERS")) * _number(values, "SECONDS")


def _rounds(values: Mapping[str, Value], _: Machine) -> float:
    rounds = math.ceil(_number(values, "CALLS") / _number(values, "WORKERS"))
    return rounds * _number(values, "SECONDS")


def _taking_turns(values: Mapping[str, Value], _: Machine) -> float:
    """Each worker takes the next call when it has done one: the list schedule of Graham (1966)."""
    calls = values["SECONDS"]
    assert isinstance(calls, tuple)
    free = [0.0] * int(_number(values, "WORKERS"))
    for seconds in calls:
        heapq.heappush(free, heapq.heappop(free) + seconds)
    return max(free)


def _divided(values: Mapping[str, Value], machine: Machine) -> float | None:
    workers = values["WORKERS"] or machine.cpus
    assert isinstance(workers, int)
    if machine.sequential is None:
        return None
    return machine.sequential / min(workers, machine.cpus)


_EXPECTED: dict[str, Callable[[Mapping[str, Value], Machine], float | None]] = {
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
}
