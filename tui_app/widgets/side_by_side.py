"""The timelines of several runs below each other, on one time axis."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content

from tui_app.language import N_, counted
from tui_app.runs.comparison.trial import Trial
from tui_app.runs.formatting import safe, shorten
from tui_app.runs.view import RunState, Snapshot
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.timeline import Scale, Timeline, common_scale

FEWEST_LANES = 1

MOST_LANE_ROWS = 3
"""Rows of a lane where all lanes have room; the last one is empty."""

AXIS_ROWS = 1
"""Rows below the lanes of the last run."""

SHORTEST_TITLE = 12
"""Where a title has less room, in cells, it is left out."""

HINT = N_("Its time will be drawn here.")


def share_rows(wanted: Sequence[int], room: int) -> list[int]:
    """Return how many of `room` rows each run gets: what it needs, or as much as the others.

    Each gets `FEWEST_LANES` at least, even if that is more than there is.
    """
    given = [min(want, FEWEST_LANES) for want in wanted]
    while sum(given) < room:
        short = [n for n, want in enumerate(wanted) if given[n] < want]
        if not short:
            break
        given[min(short, key=lambda n: given[n])] += 1
    return given


def rows_of_a_lane(lanes: int, room: int) -> int:
    """Return how many rows each of so many lanes has: as many as all can have, up to a few."""
    return max(1, min(MOST_LANE_ROWS, room // max(1, lanes)))


class SideBySide(Vertical):
    """Several runs, each with a title, its lanes and its wall time."""

    _shown: Sequence[tuple[Snapshot, Scale, int]] = ()
    _latest: tuple[Sequence[Trial], Sequence[str], Sequence[Snapshot]] | None = None

    def on_resize(self) -> None:
        """Share the new room."""
        if self._latest is not None:
            self.show(*self._latest)

    async def begin(self, runs: int) -> None:
        """Make room for a number of runs."""
        self._shown, self._latest = (), None
        async with self.batch():
            await self.remove_children()
            for number in range(1, runs + 1):
                timeline = Timeline(axis=number == runs, hint=HINT)
                await self.mount(PlainText(classes="title"), timeline)

    def show(
        self, trials: Sequence[Trial], titles: Sequence[str], snapshots: Sequence[Snapshot]
    ) -> None:
        """Draw all runs at this moment."""
        self._latest = trials, titles, snapshots
        scale = common_scale(snapshots)
        timelines, heads = list(self.query(Timeline)), self.query(".title").results(PlainText)
        rows = self._share_room(timelines, snapshots)
        drawn = [*self._shown, *([None] * len(snapshots))]
        shown = []
        for number, (head, snapshot) in enumerate(zip(heads, snapshots, strict=True)):
            seen, lanes = rows[number], len(snapshot.rows)
            head.set_text(self._title(trials[number], titles[number], seen, lanes))
            # A run that has ended is drawn again only where the axis grows.
            now = snapshot, scale, timelines[number].lane_rows
            if drawn[number] != now:
                timelines[number].show(snapshot, scale)
            shown.append(now)
        self._shown = shown

    def _share_room(
        self, timelines: Sequence[Timeline], snapshots: Sequence[Snapshot]
    ) -> Sequence[int]:
        """Set the height of each timeline; return how many lanes of each are seen."""
        wanted = [max(FEWEST_LANES, len(snapshot.rows)) for snapshot in snapshots]
        room = self.size.height - len(timelines) - AXIS_ROWS
        lane_rows = rows_of_a_lane(sum(wanted), room)
        # Where everything fits, an empty line separates the runs; higher lanes end with one.
        airy = lane_rows == 1 and room >= sum(wanted) + len(timelines)
        self.set_class(airy, "-airy")
        rows = share_rows(wanted, room // lane_rows)
        for timeline, lanes in zip(timelines, rows, strict=True):
            timeline.lane_rows = lane_rows
            timeline.styles.height = lanes * lane_rows + AXIS_ROWS * (timeline is timelines[-1])
        return rows

    def _title(self, trial: Trial, title: str, seen: int, lanes: int) -> Content:
        """Return a line with the wall time at its end, and how many lanes are seen if not all."""
        width = self.size.width - 2
        right = "" if trial.state is RunState.IDLE else f"{trial.wall:.2f} s"
        if seen < lanes:
            words = counted(
                lanes,
                "{seen} of {n} lane, ↓ for more",
                "{seen} of {n} lanes, ↓ for more",
                seen=seen,
            )
            right = f"{words}   {right}"
        label = shorten(safe(trial.label), width - cell_len(right) - 2)
        room = width - cell_len(label) - cell_len(right) - 4
        middle = shorten(safe(title), room) if room >= SHORTEST_TITLE else ""
        gap = " " * (width - cell_len(label) - cell_len(middle) - cell_len(right) - 2)
        return Content.assemble((label, "bold $primary"), "  ", middle, gap, (right, MUTED))
