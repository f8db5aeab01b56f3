"""The demos: their scripts, parameters and lessons, and how long each should take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path

from tui_app.demos.expected_times import EXPECTED, EXPECTED_MENDED, Machine
from tui_app.demos.lessons import Lesson, load_lesson
from tui_app.demos.parameters import Parameter, ParameterError, Value, parameters
from tui_app.engine.machine import StartMethod
from tui_app.language import _, counted, present

PHOTOGRAPHS = ("images-sequential", "images-pool")
"""The names of the demos that work on photographs."""

PART_TWO = 30
"""The number of the first demo of part two, "Processes that talk"."""

LISTED = 10
"""How many items of a list a text names."""


class DemoError(ValueError):
    """An error: there is no such demo. Its text is one sentence."""


class Group(StrEnum):
    """What a demo is for."""

    TUTORIAL = "tutorial"
    PITFALL = "pitfall"
    TALKING = "talking"


@dataclass(frozen=True, slots=True)
class ExpectedFailure:
    """What goes wrong in a pitfall, as it is meant to.

    Attributes:
        errors: By which tasks fail: classes of errors, or how processes exit.
        methods: The start methods under which tasks fail; where empty, all of them.
        ends: Errors of a start by which the script may end afterwards; else it exits with 0.
    """

    errors: frozenset[str] = frozenset()
    methods: frozenset[StartMethod] = frozenset()
    ends: frozenset[str] = frozenset()

    def errors_under(self, method: str) -> frozenset[str]:
        """Return the errors that tasks may fail by under a start method. One must be seen."""
        return self.errors if not self.methods or method in self.methods else frozenset()


@dataclass(frozen=True, slots=True)
class Demo:
    """A script that shows one thing.

    Attributes:
        number: Its step of the course, from 1.
        name: Its name, such as `one-call`.
        script: Its file.
        source: Its text.
        parameters: What may be changed in it.
        group: What it is for.
        mended: The text of the mended script; None unless it is a pitfall that can be mended.
        start_method: How its processes start where nobody says; None for Python's own way.
        flaw: What goes wrong in it, as it is meant to.
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
    def part(self) -> int:
        """The part of the course to which it belongs: 1 or 2."""
        return 1 if self.number < PART_TWO else 2

    @property
    def of_photographs(self) -> bool:
        """Whether it works on photographs, which may have to be made first."""
        return self.name in PHOTOGRAPHS

    def title(self) -> str:
        """Return the lesson's title, in the present language."""
        return load_lesson(self.name, present()).title

    def lesson(self, machine: Machine, values: Mapping[str, Value] | None = None) -> Lesson:
        """Return the lesson in the present language, with the values and the machine in it."""
        values = self.values | dict(values or {})
        workers = values.get("WORKERS") or machine.cpus
        lengths = values.get("SECONDS")
        return load_lesson(self.name, present()).filled(
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
        """Return the seconds that it, or its mended script, should take until all processes end.

        The time to start Python and the processes is left out. None where only a measurement tells.
        """
        expected = EXPECTED[self.name]
        if mended:
            expected = EXPECTED_MENDED.get(self.name, expected)
        return expected(self.values | dict(values or {}), machine)

    def parse(self, assignments: Mapping[str, str]) -> dict[str, Value]:
        """Return values for the parameters, from texts by name, in capitals or not.

        Raises:
            ParameterError: There is no such parameter, or it cannot have such a value.
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
    """Return a list of seconds as text: `5, 4, 3, 2, 1`."""
    if not isinstance(value, tuple):
        return str(value)
    shown = [f"{one:g}" for one in (sorted(value) if sort else value)]
    return ", ".join([*shown[:LISTED], *(["…"] if len(shown) > LISTED else [])])


@cache
def demos() -> tuple[Demo, ...]:
    """Return all demos in the order of the course: of each part the steps, then the pitfalls."""
    folder = Path(str(resources.files("tui_app.assets") / "demos"))
    found = (
        *_found(folder, Group.TUTORIAL),
        *_found(folder / "talking", Group.TALKING),
        *_found(folder / "pitfalls", Group.PITFALL),
    )
    return tuple(sorted(found, key=lambda demo: demo.number))


def count_demos() -> int:
    """Return how many demos there are, without reading them."""
    return len(EXPECTED)


def _found(folder: Path, group: Group) -> Iterator[Demo]:
    for script in sorted(folder.iterdir()):
        if match := re.fullmatch(r"(\d+)_(\w+)\.py", script.name):
            name, source = match[2].replace("_", "-"), script.read_text("utf-8")
            mended = folder.parent / "mended" / script.name
            yield Demo(
                int(match[1]),
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
    """Return the demo of a name or a number.

    Raises:
        DemoError: There is none.
    """
    for demo in demos():
        if name.lower().replace("_", "-") == demo.name or name == str(demo.number):
            return demo
    sentence = _("there is no demo {name!r}; `procession demo --list` names them")
    raise DemoError(sentence.format(name=name))


_NOT_FORK = frozenset({StartMethod.SPAWN, StartMethod.FORKSERVER})

_START_METHODS = {"no-main-guard": StartMethod.SPAWN}
"""The demos that go wrong only under some start methods."""

_SERVER_GONE = frozenset({"EOFError", "ConnectionResetError", "BrokenPipeError"})
"""The errors of a process whose fork server imported the script, and was ended by it.

That is so in Python 3.13.8 to 3.14. Before, the server does not import the script; from 3.15 on it
goes on: https://github.com/python/cpython/issues/126631
"""

_FLAWS = {
    "map-not-read": ExpectedFailure(frozenset({"TypeError"})),
    "no-main-guard": ExpectedFailure(
        frozenset({"RuntimeError", "exit code 1"}), _NOT_FORK, _SERVER_GONE
    ),
    "cannot-pickle": ExpectedFailure(frozenset({"PicklingError", "TypeError"})),
    "cancel-does-not-stop": ExpectedFailure(frozenset({"SIGKILL", "SIGTERM", "BrokenProcessPool"})),
    "lock-not-released": ExpectedFailure(frozenset({"ZeroDivisionError"})),
}
"""The pitfalls whose tasks fail. The others print something wrong, or take too long."""
