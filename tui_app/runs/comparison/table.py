"""Runs that were made one after another, side by side: a table, and what it says in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui_app.demos.catalogue import PHOTOGRAPHS
from tui_app.demos.variant import Variant
from tui_app.language import _
from tui_app.runs.comparison.trial import Trial
from tui_app.runs.formatting import shorten
from tui_app.runs.phrases import STATE_MARKS, count_cpus
from tui_app.runs.view import RunState

TUTORIAL_SECONDS = (53.8, 15.6)
"""What `images-sequential` and `images-pool` took the tutorial's author."""

ALIKE = 1.05
"""Times that differ by less are called the same."""

OTHER_WORK = 1.25
"""Work that differs by more is not the same work."""

CALLED = 30
"""Characters of a label in a sentence."""

SECONDS_CELLS, RATIO_CELLS, COUNT_CELLS = 8, 8, 3
"""Cells of `123.45 s`, of `123.45 x`, and of a number of processes."""


def labels(variants: Sequence[Variant]) -> list[str]:
    """What to call each: number and name with what is changed; of one demo, only what differs."""
    if len(variants) > 1 and len({variant.demo.name for variant in variants}) == 1:
        return [variant.settings or _("as it stands") for variant in variants]
    names = [f"{variant.demo.number} {variant.demo.name}" for variant in variants]
    return [
        f"{name}, {variant.settings}" if variant.settings else name
        for name, variant in zip(names, variants, strict=True)
    ]


def is_tutorial(variants: Sequence[Variant]) -> bool:
    """Whether these are the two that the tutorial timed, in its order."""
    return tuple(variant.demo.name for variant in variants) == PHOTOGRAPHS


class Figure(StrEnum):
    """What is told of each run."""

    WALL = "wall"
    SAID = "said"
    WORK = "work"
    SPEED_UP = "speed-up"
    MEASURED = "measured"
    AT_ONCE = "at once"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table."""

    figure: Figure
    head: str
    cells: int

    @classmethod
    def of(cls, figure: Figure, head: str, cells: int) -> Column:
        """A column that holds its heading, and values of so many cells."""
        return cls(figure, head, max(len(head), cells))


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """Lines in columns: a header, a row for each run, and limits to measure them by."""

    header: str
    rows: tuple[str, ...]
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The runs, the first of which the others are measured against.

    Attributes:
        trials: in the order in which they were played.
        cpus: how many may be used here.
        tutorial: whether the tutorial's own times belong beside them: see `is_tutorial`.
    """

    trials: Sequence[Trial]
    cpus: int
    tutorial: bool = False

    @property
    def has_ceiling(self) -> bool:
        """Whether the CPUs bound the speed-up: all computed, and the first one task at a time."""
        if self.tutorial:
            return True
        ended = all(trial.ok for trial in self.trials)
        return ended and not self._slept and self.trials[0].at_once == 1

    @property
    def _slept(self) -> bool:
        return any(trial.slept for trial in self.trials)

    def table(self, width: int) -> ComparisonTable:
        """The figures, in lines of at most `width` cells; long labels are cut in their middle."""
        columns = self._columns()
        figures = sum(column.cells + 1 for column in columns)
        longest = max((len(trial.label) for trial in self.trials), default=0)
        names = max(8, min(max(longest, len(self._ceiling())), width - figures))

        def line(label: str, cells: Mapping[Figure, str], note: str = "") -> str:
            figures = "".join(f" {cells.get(c.figure, ''):>{c.cells}}" for c in columns)
            if note:
                figures = f"{figures.rstrip()}  {note}"
            # A long label may run into empty cells beside it, never into a figure.
            room = names + len(figures) - len(figures.lstrip()) - 1
            label = shorten(label, max(names, room))
            return f"{label:<{names}}{figures[max(0, len(label) - names) :]}"[:width].rstrip()

        limits = []
        if self.has_ceiling:
            limits.append(line(self._ceiling(), {Figure.MEASURED: _ratio(self.cpus)}))
        if self.tutorial:
            first, second = TUTORIAL_SECONDS
            label = _("the tutorial: {first} s, then {second} s")
            text = label.format(first=first, second=second)
            limits.append(line(text, {Figure.MEASURED: _ratio(first / second)}))
        return ComparisonTable(
            line("", {column.figure: column.head for column in columns}),
            tuple(line(t.label, self._cells(t), _state_words(t)) for t in self.trials),
            tuple(limits),
        )

    def _columns(self) -> tuple[Column, ...]:
        columns = (
            Column.of(Figure.WALL, _("Wall"), SECONDS_CELLS),
            Column.of(Figure.SAID, _("Finished in"), SECONDS_CELLS),
            Column.of(Figure.WORK, _("Work"), SECONDS_CELLS),
            Column.of(Figure.SPEED_UP, _("Work/wall"), RATIO_CELLS),
            Column.of(Figure.MEASURED, _("vs first"), RATIO_CELLS),
            Column.of(Figure.AT_ONCE, _("At once"), COUNT_CELLS),
        )
        return tuple(c for c in columns if self.tutorial or c.figure is not Figure.SAID)

    def _cells(self, trial: Trial) -> dict[Figure, str]:
        if trial.state is RunState.IDLE:
            return {}
        cells = {Figure.WALL: _seconds(trial.wall)}
        if trial.ok:
            against = trial.times_as_fast(self.trials[0])
            cells |= {
                Figure.SAID: "-" if trial.said is None else _seconds(trial.said),
                Figure.WORK: _seconds(trial.work),
                Figure.SPEED_UP: _ratio(trial.work / trial.wall) if trial.wall > 0 else "-",
                Figure.MEASURED: "-" if against is None else _ratio(against),
                Figure.AT_ONCE: str(trial.at_once),
            }
        return cells

    def _ceiling(self) -> str:
        return _("ceiling here, {cpus}").format(cpus=count_cpus(self.cpus))

    def sentences(self) -> Iterator[str]:
        """What the figures say, in sentences; nothing while there is nothing to say."""
        if not self.trials:
            return
        first = self.trials[0]
        for trial in self.trials:
            yield from _troubles(trial)
        if not (first.ok or first.open):
            yield _("Nothing is measured against {first}.").format(first=_called(first))
        for trial in self.trials[1:]:
            yield from _compared(trial, first)
        if any(trial.open for trial in self.trials):
            return
        if self._slept and max(trial.at_once for trial in self.trials) > 1:
            sentence = _("Sleeping needs no CPU, so the {cpus} here are no ceiling.")
            yield sentence.format(cpus=count_cpus(self.cpus))
        elif not self.has_ceiling and not self._slept and all(t.ok for t in self.trials):
            sentence = _("No more can compute at once here than there are CPUs: {cpus}.")
            yield sentence.format(cpus=count_cpus(self.cpus))
        if self.tutorial:
            yield _("The tutorial's times are its author's; how many CPUs is not told.")


def _called(trial: Trial) -> str:
    return shorten(trial.label, CALLED)


def _troubles(trial: Trial) -> Iterator[str]:
    if trial.state is RunState.FAILED:
        yield _("{name} failed: {reason}.").format(name=_called(trial), reason=trial.reason)
    elif trial.state is RunState.CANCELLED:
        yield _("{name} was stopped: {reason}.").format(name=_called(trial), reason=trial.reason)


def _compared(trial: Trial, first: Trial) -> Iterator[str]:
    times = trial.times_as_fast(first)
    if times is None:
        return
    names = {"name": _called(trial), "first": _called(first)}
    if times >= ALIKE:
        sentence = _("{name} was {times:.2f} x as fast as {first}.")
        yield sentence.format(times=times, **names)
    elif times > 1 / ALIKE:
        yield _("{name} took as long as {first}.").format(**names)
    else:
        sentence = _("{name} took {times:.2f} x as long as {first}.")
        yield sentence.format(times=1 / times, **names)
    # Tasks that share a CPU wait for each other, and so compute longer; sleeping is the same.
    more, less = max(trial.work, first.work), min(trial.work, first.work)
    if (trial.slept or first.slept) and more > OTHER_WORK * less:
        sentence = _("{name} had other work to do: {this:.2f} s, not {that:.2f} s.")
        yield sentence.format(name=names["name"], this=trial.work, that=first.work)


def _state_words(trial: Trial) -> str:
    """What there is to say of a run that has no figures."""
    if trial.ok:
        return ""
    return _("○ not played") if trial.state is RunState.IDLE else _(STATE_MARKS[trial.state])


def _seconds(value: float) -> str:
    return f"{_figure(value)} s"


def _ratio(value: float) -> str:
    return f"{_figure(value)} x"


def _figure(value: float) -> str:
    """At most six characters of a value up to 999,999."""
    return f"{value:.2f}" if round(value, 2) < 1000 else f"{value:.0f}"
