"""The demos: their scripts, parameters and lessons, and how long they should take."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path

from tui_app.demos.lessons import Lesson, load_lesson
from tui_app.demos.parameters import Parameter, ParameterError, Value, parameters
from tui_app.engine.machine import StartMethod
from tui_app.language import _, counted, present

PHOTOGRAPHS = ("images-sequential", "images-pool")
"""The demos that work on photographs."""

LISTED = 10
"""Seconds of a list that are named in a text."""


class DemoError(ValueError):
    """There is no such demo; the text is one sentence."""


class Group(StrEnum):
    """What a demo is for."""

    TUTORIAL = "tutorial"
    PITFALL = "pitfall"


@dataclass(frozen=True, slots=True)
class ExpectedFailure:
    """What goes wrong in a pitfall, as it is meant to.

    Attributes:
        errors: of the tasks that fail, each by its class, or by how its process exited.
        methods: the start methods under which it does; empty: under all.
        ends: errors of a start by which the script may end after it; else it exits with 0.
    """

    errors: frozenset[str] = frozenset()
    methods: frozenset[StartMethod] = frozenset()
    ends: frozenset[str] = frozenset()

    def errors_under(self, method: str) -> frozenset[str]:
        """Those that its tasks may fail by when its processes start so; one must be seen."""
        return self.errors if not self.methods or method in self.methods else frozenset()


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
    """A script that shows one thing.

    Attributes:
        number: its step of the course, from 1.
        name: what it is asked for by.
        script: its file.
        source: its text.
        parameters: what may be changed in it.
        group: what it is for.
        mended: of a pitfall that can be mended, the text of the mended script.
        start_method: how its processes start where nobody says; `None`: as Python does.
        flaw: which of its tasks fail, and are meant to.
    """

    number: int
    name: str
    script: Path
    source: str
    parameters: tuple[Parameter, ...]
    group: Group = Group.TUTORIAL
    mended: str | None = None
    start_method: StartMethod | None = None
    flaw: ExpectedFailure = field(default=ExpectedFailure())

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
        self, machine: Machine, values: Mapping[str, Value] | None = None, *, mended: bool = False
    ) -> float | None:
        """How long it, or its mended script, should take to the end of its last process.

        Without what it costs to start Python and its processes; `None` where nothing can be said
        without a measurement.
        """
        expected = _EXPECTED[self.name]
        if mended:
            expected = _EXPECTED_MENDED.get(self.name, expected)
        return expected(self.values | dict(values or {}), machine)

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
                here = ", ".join(known) or _("none")
                sentence = _("{demo} has no parameter {name}; it has: {here}")
                raise ParameterError(sentence.format(demo=self.name, name=name, here=here))
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
    """All of them, in the order of the course: the tutorial's steps, then the pitfalls."""
    folder = Path(str(resources.files("tui_app.assets") / "demos"))
    return (*_found(folder, Group.TUTORIAL), *_found(folder / "pitfalls", Group.PITFALL))


def count_demos() -> int:
    """How many there are, without reading them."""
    return len(_EXPECTED)


def _found(folder: Path, group: Group) -> Iterator[Demo]:
    for script in sorted(folder.iterdir()):
        if match := re.fullmatch(r"(\d+)_(\w+)\.py", script.name):
            yield _demo(script, int(match[1]), match[2].replace("_", "-"), group)


def _demo(script: Path, number: int, name: str, group: Group) -> Demo:
    source = script.read_text("utf-8")
    mended = script.parent.parent / "mended" / script.name
    return Demo(
        number,
        name,
        script,
        source,
        parameters(source),
        group,
        mended.read_text("utf-8") if mended.is_file() else None,
        _START_METHODS.get(name),
        _FLAWS.get(name, ExpectedFailure()),
    )


def find_demo(name: str) -> Demo:
    """The demo of that name, or of that number.

    Raises:
        DemoError: there is none.
    """
    for demo in demos():
        if name.lower().replace("_", "-") == demo.name or name == str(demo.number):
            return demo
    sentence = _("there is no demo {name!r}; `procession demo --list` names them")
    raise DemoError(sentence.format(name=name))


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


def _asleep_then_at_work(values: Mapping[str, Value], machine: Machine) -> float:
    """All sleep at once; computing they share the CPUs that there are."""
    calls, seconds = _number(values, "CALLS"), _number(values, "SECONDS")
    return seconds + seconds * max(1.0, calls / machine.cpus)


def _one_and_a_half(values: Mapping[str, Value], _: Machine) -> float:
    return 1.5 * _number(values, "SECONDS")


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
}

_EXPECTED_MENDED: dict[str, Callable[[Mapping[str, Value], Machine], float | None]] = {
    "no-main-guard": _one,
    "called-target": _one,
    "join-in-loop": _one,
    "cancel-does-not-stop": _one,
}
"""Where mending changes it."""

_NOT_FORK = frozenset({StartMethod.SPAWN, StartMethod.FORKSERVER})

_START_METHODS = {"no-main-guard": StartMethod.SPAWN}
"""Of those that go wrong under some start methods only."""

_SERVER_GONE = frozenset({"EOFError", "ConnectionResetError", "BrokenPipeError"})
"""What who asks a fork server meets where it imported the script first, and has ended by it.

Python 3.13.8 to 3.14 (https://github.com/python/cpython/issues/126631); before, it does not
import the script, and from 3.15 on it goes on.
"""

_FLAWS = {
    "map-not-read": ExpectedFailure(frozenset({"TypeError"})),
    "no-main-guard": ExpectedFailure(
        frozenset({"RuntimeError", "exit code 1"}), _NOT_FORK, _SERVER_GONE
    ),
    "cannot-pickle": ExpectedFailure(frozenset({"PicklingError", "TypeError"})),
    "cancel-does-not-stop": ExpectedFailure(frozenset({"SIGKILL", "SIGTERM", "BrokenProcessPool"})),
}
"""Whose tasks fail; the others go wrong in what they print, or in the time that they take."""
