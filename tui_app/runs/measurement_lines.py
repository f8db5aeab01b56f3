"""What a demo measured, as lines of plain text: the same with and without a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tui_app.demos.measurements import Bin, CountSpread, Measured, MeasurementTable, Meter
from tui_app.events import Event, RunFinished
from tui_app.language import _, counted, grouped
from tui_app.runs.disturbance import DisturbanceReader
from tui_app.runs.formatting import shorten

WIDTH = 72
"""Cells that are used where there is no screen."""

MOST_BAR, FEWEST_BAR = 40, 6
"""Cells of a bar."""

SHORT = 0.1
"""Times below so many seconds have three decimals."""


@dataclass(frozen=True, slots=True)
class MeasurementLine:
    """A line: a label, a bar, a value and a note; or only a sentence."""

    label: str = ""
    bar: str = ""
    value: str = ""
    note: str = ""
    sentence: str = ""

    @property
    def text(self) -> str:
        """The line as plain text."""
        parts = (self.label, self.value, self.bar, self.note)
        return self.sentence or "  ".join(part for part in parts if part).rstrip()


def measurement_lines(measured: Measured, width: int) -> Iterator[MeasurementLine]:
    """Yield the lines of what was measured, in `width` cells or less where that is possible."""
    if isinstance(measured, CountSpread):
        yield from _spread(measured, width)
    else:
        yield from _table(measured, width)


def _table(table: MeasurementTable, width: int) -> Iterator[MeasurementLine]:
    ideal = _("ideal {n} s")
    yield from _bars(
        [row.label for row in table.rows],
        [f"{_seconds(row.seconds)} s" for row in table.rows],
        ["" if row.ideal is None else ideal.format(n=_seconds(row.ideal)) for row in table.rows],
        [row.seconds for row in table.rows],
        width,
    )
    if table.note:
        yield MeasurementLine()
        yield MeasurementLine(sentence=table.note)


def _spread(spread: CountSpread, width: int) -> Iterator[MeasurementLine]:
    yield MeasurementLine(
        sentence=_("The sums of {rounds}; {right} is right.").format(
            rounds=counted(len(spread.counts), "{n} round", "{n} rounds"),
            right=grouped(spread.right),
        )
    )
    yield MeasurementLine()
    bins = spread.bins()
    yield from _bars(
        [_range(one) for one in bins],
        [f"{one.rounds}" for one in bins],
        [*([""] * (len(bins) - 1)), _("right")],
        [one.rounds for one in bins],
        width,
        align=">",
    )
    yield MeasurementLine()
    yield MeasurementLine(
        sentence=_("mean {mean}, least {least}, most {most}").format(
            mean=grouped(round(spread.mean)),
            least=grouped(min(spread.counts)),
            most=grouped(max(spread.counts)),
        )
    )


def _range(one: Bin) -> str:
    return grouped(one.low) if one.low == one.high else f"{grouped(one.low)}–{grouped(one.high)}"


def _bars(
    labels: Sequence[str],
    values: Sequence[str],
    notes: Sequence[str],
    lengths: Sequence[float],
    width: int,
    *,
    align: str = "<",
) -> Iterator[MeasurementLine]:
    """Yield lines in columns; where they are too narrow for a bar, the notes are left out."""
    label_cells, value_cells = max(map(len, labels)), max(map(len, values))
    note_cells = max(map(len, notes))
    room = width - label_cells - value_cells - 4
    if note_cells:
        if room - note_cells - 2 < FEWEST_BAR:
            notes = [""] * len(notes)
        else:
            room -= note_cells + 2
    if room < FEWEST_BAR:
        label_cells = max(1, label_cells + room - FEWEST_BAR)
    room = min(max(room, FEWEST_BAR), MOST_BAR)
    most = max(lengths) or 1
    for label, value, note, length in zip(labels, values, notes, lengths, strict=True):
        # Anything above nothing is seen.
        cells = max(1, round(length / most * room)) if length else 0
        yield MeasurementLine(
            f"{shorten(label, label_cells):{align}{label_cells}}",
            f"{'█' * cells:<{room}}",
            f"{value:>{value_cells}}",
            note,
        )


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < SHORT else f"{seconds:.2f}"


class MeasuredPrinter:
    """Prints what a demo measured, when it has ended.

    Args:
        name: the demo's.
        write: takes each line, with its newline.
    """

    def __init__(self, name: str, write: Callable[[str], object]) -> None:
        self._meter, self._write, self._cpus = Meter(name), write, DisturbanceReader()

    def add(self, event: Event) -> None:
        """Take one event."""
        self._meter.add(event)
        self._cpus.add(event)
        if isinstance(event, RunFinished) and (measured := self._meter.measured()):
            self._write("\n")
            for line in measurement_lines(measured, WIDTH):
                self._write(f"  {line.text}".rstrip() + "\n")
            if isinstance(measured, MeasurementTable) and (disturbed := self._cpus.disturbance):
                self._write(f"  {disturbed.unsure()}\n")
