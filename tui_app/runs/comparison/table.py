"""Runs that are compared: a table, and what it says in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui_app.demos.catalogue import PHOTOGRAPHS
from tui_app.demos.variant import Variant
from tui_app.language import _
from tui_app.runs.comparison.trial import Trial
from tui_app.runs.disturbance import Disturbance
from tui_app.runs.formatting import shorten
from tui_app.runs.phrases import STATE_MARKS, count_cpus
from tui_app.runs.view import RunState

TUTORIAL_SECONDS = (53.8, 15.6)
"""What `images-sequential` and `images-pool` took the tutorial's author."""

ALIKE = 1.05
"""Times whose ratio is below this count as the same."""

OTHER_WORK = 1.25
"""Work times whose ratio is above this are of different work."""

LABEL_CHARACTERS = 30
"""Characters of a label in a sentence, at most."""

SECONDS_CELLS, RATIO_CELLS, COUNT_CELLS = 8, 8, 3
"""Cells of `123.45 s`, of `123.45 x`, and of a number of processes."""


def labels(variants: Sequence[Variant]) -> list[str]:
    """Return a label for each variant: number, name and what is changed.

    Where all are of one demo, a label is only what is changed.
    """
    if len(variants) > 1 and len({variant.demo.name for variant in variants}) == 1:
        return [variant.settings or _("unchanged") for variant in variants]
    return [
        ", ".join(filter(None, [f"{variant.demo.number} {variant.demo.name}", variant.settings]))
        for variant in variants
    ]


def is_tutorial(variants: Sequence[Variant]) -> bool:
    """Return whether these are the two demos that the tutorial timed, in its order."""
    return tuple(variant.demo.name for variant in variants) == PHOTOGRAPHS


class TrialColumn(StrEnum):
    """The columns of the table."""

    WALL = "wall"
    SAID = "said"
    WORK = "work"
    SPEED_UP = "speed-up"
    AGAINST_FIRST = "against first"
    AT_ONCE = "at once"


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """A header, a line for each run, and limits to compare them with."""

    header: str
    rows: tuple[str, ...]
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs, all compared with the first.

    Attributes:
        trials: in the order in which they were played.
        cpus: how many may be used here.
        tutorial: whether the tutorial's own times are shown beside them: see `is_tutorial`.
    """

    trials: Sequence[Trial]
    cpus: int
    tutorial: bool = False

    @property
    def has_ceiling(self) -> bool:
        """Whether the CPUs limit the speed-up: all computed, the first one task at a time."""
        if self.tutorial:
            return True
        ended = all(trial.ok for trial in self.trials)
        return ended and not self._slept and self.trials[0].at_once == 1

    @property
    def _slept(self) -> bool:
        return any(trial.slept for trial in self.trials)

    def table(self, width: int) -> ComparisonTable:
        """Return the table in lines of at most `width` cells; long labels are cut."""
        heads = self._heads()
        columns = {column: max(len(head), cells) for column, (head, cells) in heads.items()}
        longest = max((len(trial.label) for trial in self.trials), default=0)
        room = width - sum(cells + 1 for cells in columns.values())
        names = max(8, min(max(longest, len(self._ceiling())), room))

        def line(label: str, values: Mapping[TrialColumn, str], note: str = "") -> str:
            text = "".join(
                f" {values.get(column, ''):>{cells}}" for column, cells in columns.items()
            )
            if note:
                text = f"{text.rstrip()}  {note}"
            # A long label may continue in empty cells beside it, never in a value.
            free = names + len(text) - len(text.lstrip()) - 1
            label = shorten(label, max(names, free))
            return f"{label:<{names}}{text[max(0, len(label) - names) :]}"[:width].rstrip()

        limits = []
        if self.has_ceiling:
            limits.append(line(self._ceiling(), {TrialColumn.AGAINST_FIRST: _ratio(self.cpus)}))
        if self.tutorial:
            first, second = TUTORIAL_SECONDS
            label = _("the tutorial: {first} s, then {second} s")
            text = label.format(first=first, second=second)
            limits.append(line(text, {TrialColumn.AGAINST_FIRST: _ratio(first / second)}))
        return ComparisonTable(
            line("", {column: head for column, (head, _cells) in heads.items()}),
            tuple(line(t.label, self._values(t), _state_words(t)) for t in self.trials),
            tuple(limits),
        )

    def _heads(self) -> dict[TrialColumn, tuple[str, int]]:
        """Return the heading of each column that is shown, and the cells of its values."""
        heads = {
            TrialColumn.WALL: (_("Wall"), SECONDS_CELLS),
            TrialColumn.SAID: (_("Finished in"), SECONDS_CELLS),
            TrialColumn.WORK: (_("Work"), SECONDS_CELLS),
            TrialColumn.SPEED_UP: (_("Work/wall"), RATIO_CELLS),
            TrialColumn.AGAINST_FIRST: (_("vs first"), RATIO_CELLS),
            TrialColumn.AT_ONCE: (_("At once"), COUNT_CELLS),
        }
        if not self.tutorial:
            del heads[TrialColumn.SAID]
        return heads

    def _values(self, trial: Trial) -> dict[TrialColumn, str]:
        if trial.state is RunState.IDLE:
            return {}
        if not trial.ok:
            return {TrialColumn.WALL: _seconds(trial.wall)}
        against = trial.times_as_fast(self.trials[0])
        return {
            TrialColumn.WALL: _seconds(trial.wall),
            TrialColumn.SAID: "-" if trial.said is None else _seconds(trial.said),
            TrialColumn.WORK: _seconds(trial.work),
            TrialColumn.SPEED_UP: _ratio(trial.work / trial.wall) if trial.wall > 0 else "-",
            TrialColumn.AGAINST_FIRST: "-" if against is None else _ratio(against),
            TrialColumn.AT_ONCE: str(trial.at_once),
        }

    def _ceiling(self) -> str:
        return _("limit here, {cpus}").format(cpus=count_cpus(self.cpus))

    def sentences(self) -> Iterator[str]:
        """Yield what the table says; nothing while there is nothing to say."""
        if not self.trials:
            return
        first = self.trials[0]
        for trial in self.trials:
            yield from _troubles(trial)
        if not (first.ok or first.open):
            yield _("Nothing can be compared with {first}.").format(first=_label(first))
        yield from self._disturbances()
        for trial in self.trials[1:]:
            yield from _compared(trial, first)
        if any(trial.open for trial in self.trials):
            return
        if self._slept and max(trial.at_once for trial in self.trials) > 1:
            sentence = _("Sleeping needs no CPU, so the {cpus} here are no limit.")
            yield sentence.format(cpus=count_cpus(self.cpus))
        elif not self.has_ceiling and not self._slept and all(t.ok for t in self.trials):
            sentence = _("Only as many can compute at once as there are CPUs here: {cpus}.")
            yield sentence.format(cpus=count_cpus(self.cpus))
        if self.tutorial:
            yield _("The tutorial's times are its author's; it does not say on how many CPUs.")

    def _disturbances(self) -> Iterator[str]:
        """Yield what disturbed the runs: once for each who did, with how much in the worst one."""
        found = [trial.disturbance for trial in self.trials if trial.disturbed]
        worst = {one.disturber: one for one in sorted(filter(None, found), key=_share)}
        yield from (one.unsure() for one in worst.values())


def _share(disturbance: Disturbance) -> float:
    return disturbance.share


def _label(trial: Trial) -> str:
    return shorten(trial.label, LABEL_CHARACTERS)


def _troubles(trial: Trial) -> Iterator[str]:
    if trial.state is RunState.FAILED:
        yield _("{name} failed: {reason}.").format(name=_label(trial), reason=trial.reason)
    elif trial.state is RunState.CANCELLED:
        yield _("{name} was stopped: {reason}.").format(name=_label(trial), reason=trial.reason)


def _compared(trial: Trial, first: Trial) -> Iterator[str]:
    times = trial.times_as_fast(first)
    if times is None:
        return
    names = {"name": _label(trial), "first": _label(first)}
    if times >= ALIKE:
        sentence = _("{name} was {times:.2f} x as fast as {first}.")
        yield sentence.format(times=times, **names)
    elif times > 1 / ALIKE:
        yield _("{name} took as long as {first}.").format(**names)
    else:
        sentence = _("{name} took {times:.2f} x as long as {first}.")
        yield sentence.format(times=1 / times, **names)
    # Tasks that share a CPU wait for each other, so their times differ; the times of sleep do not.
    more, less = max(trial.work, first.work), min(trial.work, first.work)
    if (trial.slept or first.slept) and more > OTHER_WORK * less:
        sentence = _("{name} had other work to do: {this:.2f} s, not {that:.2f} s.")
        yield sentence.format(name=names["name"], this=trial.work, that=first.work)


def _state_words(trial: Trial) -> str:
    """Return the state of a run that has not ended well; empty for others."""
    if trial.ok:
        return ""
    return _("○ not played") if trial.state is RunState.IDLE else _(STATE_MARKS[trial.state])


def _seconds(value: float) -> str:
    return f"{_number(value)} s"


def _ratio(value: float) -> str:
    return f"{_number(value)} x"


def _number(value: float) -> str:
    """Return a number of at most six characters up to 999,999."""
    return f"{value:.2f}" if round(value, 2) < 1000 else f"{value:.0f}"
