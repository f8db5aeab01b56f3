"""What a demo measured, drawn in lines of plain text: the same on the screen and off it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tui_app.demos.measurements import Bin, CountSpread, Measured, MeasurementTable, Meter
from tui_app.events import Event, RunFinished
from tui_app.language import _, counted, grouped
from tui_app.runs.formatting import shorten

WIDTH = 72
"""Cells that are used where there is no screen."""

MOST_BAR, FEWEST_BAR = 40, 6

FINE = 0.1
"""Below so many seconds a time has three decimals."""


@dataclass(frozen=True, slots=True)
class MeasurementLine:
    """A line: what, a bar, how much, and what is said in passing. `whole` is a line of words."""

    label: str = ""
    bar: str = ""
    value: str = ""
    aside: str = ""
    whole: str = ""

    @property
    def text(self) -> str:
        """The line as plain text."""
        parts = (self.label, self.value, self.bar, self.aside)
        return self.whole or "  ".join(part for part in parts if part).rstrip()


def drawn(measured: Measured, width: int) -> Iterator[MeasurementLine]:
    """The lines of what was measured, each of at most `width` cells where that is possible."""
    if isinstance(measured, CountSpread):
        yield from _spread(measured, width)
    else:
        yield from _table(measured, width)


def _table(table: MeasurementTable, width: int) -> Iterator[MeasurementLine]:
    times = [f"{_seconds(row.seconds)} s" for row in table.rows]
    asides = [
        _("ideal {n} s").format(n=_seconds(row.ideal)) if row.ideal is not None else ""
        for row in table.rows
    ]
    most = max(row.seconds for row in table.rows)
    yield from _bars(
        [row.label for row in table.rows],
        times,
        asides,
        [row.seconds / most if most else 0.0 for row in table.rows],
        width,
    )
    if table.note:
        yield MeasurementLine()
        yield MeasurementLine(whole=table.note)


def _spread(spread: CountSpread, width: int) -> Iterator[MeasurementLine]:
    yield MeasurementLine(
        whole=_("What {rounds} counted to; {right} would be right.").format(
            rounds=counted(len(spread.counts), "{n} round", "{n} rounds"),
            right=grouped(spread.right),
        )
    )
    yield MeasurementLine()
    bins = spread.bins()
    most = max(one.rounds for one in bins)
    asides = [*([""] * (len(bins) - 1)), _("right")]
    yield from _bars(
        [_range(one) for one in bins],
        [f"{one.rounds}" for one in bins],
        asides,
        [one.rounds / most for one in bins],
        width,
        right=True,
    )
    yield MeasurementLine()
    yield MeasurementLine(
        whole=_("mean {mean}, least {least}, most {most}").format(
            mean=grouped(round(spread.mean)),
            least=grouped(min(spread.counts)),
            most=grouped(max(spread.counts)),
        )
    )


def _range(one: Bin) -> str:
    return grouped(one.low) if one.low == one.high else f"{grouped(one.low)}–{grouped(one.high)}"


def _bars(
    labels: list[str],
    values: list[str],
    asides: list[str],
    shares: list[float],
    width: int,
    *,
    right: bool = False,
) -> Iterator[MeasurementLine]:
    """Lines with their columns under each other; what stands in passing goes where it is narrow."""
    labels_cells = max(map(len, labels))
    values_cells = max(map(len, values))
    asides_cells = max(map(len, asides))
    room = width - labels_cells - values_cells - 4
    if room - asides_cells - 2 < FEWEST_BAR and asides_cells:
        asides, asides_cells = [""] * len(asides), 0
    room -= asides_cells + 2 if asides_cells else 0
    if room < FEWEST_BAR:
        labels_cells = max(1, labels_cells + room - FEWEST_BAR)
        labels = [shorten(label, labels_cells) for label in labels]
        room = FEWEST_BAR
    room = min(room, MOST_BAR)
    pad: Callable[[str], str] = lambda label: " " * (labels_cells - len(label))  # noqa: E731
    for label, value, aside, share in zip(labels, values, asides, shares, strict=True):
        # What is not nothing is seen.
        cells = max(1, round(share * room)) if share else 0
        yield MeasurementLine(
            pad(label) + label if right else label + pad(label),
            "█" * cells + " " * (room - cells),
            f"{value:>{values_cells}}",
            aside,
        )


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < FINE else f"{seconds:.2f}"


class MeasuredPrinter:
    """Prints what a demo measured, when it has ended.

    Args:
        name: the demo's.
        write: takes each line, with its newline.
    """

    def __init__(self, name: str, write: Callable[[str], object]) -> None:
        self._meter, self._write = Meter(name), write

    def add(self, event: Event) -> None:
        """Takes one event."""
        self._meter.add(event)
        if isinstance(event, RunFinished) and (measured := self._meter.measured()):
            self._write("\n")
            for line in drawn(measured, WIDTH):
                self._write(f"  {line.text}".rstrip() + "\n")
