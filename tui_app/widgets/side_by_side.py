"""The timelines of several runs under each other, on one time axis."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content

from tui_app.language import N_, _
from tui_app.runs.comparison.trial import Trial
from tui_app.runs.formatting import safe, shorten
from tui_app.runs.view import RunState, Snapshot
from tui_app.widgets.base.line_widget import Said
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.timeline import Scale, Timeline, common_scale

FEWEST_LANES = 1

AXIS_ROWS = 1
"""Below the lanes of the last run."""

SHORTEST_TITLE = 12
"""With less room for it a title is left out."""

WAITS = N_("Its time will be drawn here.")


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """How `room` rows are shared: each gets what it wants, or as much as the others that want more.

    Each gets `FEWEST_LANES` at least, though it be more than there is.
    """
    given = [min(want, FEWEST_LANES) for want in wanted]
    while sum(given) < room:
        hungry = [n for n, want in enumerate(wanted) if given[n] < want]
        if not hungry:
            break
        given[min(hungry, key=lambda n: given[n])] += 1
    return given


class SideBySide(Vertical):
    """Shows so many runs, each with a title, its lanes and its wall time."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._shown: list[tuple[Snapshot, Scale]] = []
        self._latest: tuple[Sequence[Trial], Sequence[str], Sequence[Snapshot]] | None = None

    def on_resize(self) -> None:
        """Shares the room that there is now."""
        if self._latest is not None:
            self.show(*self._latest)

    async def begin(self, runs: int) -> None:
        """Makes room for so many runs."""
        self._shown, self._latest = [], None
        async with self.batch():
            await self.remove_children()
            for number in range(1, runs + 1):
                await self.mount(
                    Said(classes="title"),
                    Timeline(axis=number == runs, hint=WAITS),
                )

    def show(
        self, trials: Sequence[Trial], titles: Sequence[str], snapshots: Sequence[Snapshot]
    ) -> None:
        """Draws all of them as they are now."""
        self._latest = trials, titles, snapshots
        scale = common_scale(snapshots)
        rows = self._share_room(snapshots)
        timelines, heads = list(self.query(Timeline)), list(self.query(".title").results(Said))
        for number, snapshot in enumerate(snapshots):
            timeline = timelines[number]
            hidden = rows[number] < len(snapshot.lanes)
            more = (rows[number], len(snapshot.lanes)) if hidden else None
            heads[number].say(self._title(trials[number], titles[number], more))
            # One that has ended stands still, until the axis grows.
            drawn = self._shown[number] if number < len(self._shown) else None
            if drawn != (snapshot, scale):
                timeline.show(snapshot, scale)
        self._shown = [(snapshot, scale) for snapshot in snapshots]

    def _share_room(self, snapshots: Sequence[Snapshot]) -> list[int]:
        """Gives each its rows; returns how many lanes of each can be seen."""
        timelines = list(self.query(Timeline))
        wanted = [max(FEWEST_LANES, len(snapshot.lanes)) for snapshot in snapshots]
        room = self.size.height - len(timelines) - AXIS_ROWS
        # Where all is seen anyway, a line of air tells one run from the next.
        airy = room >= sum(wanted) + len(timelines)
        self.set_class(airy, "-airy")
        rows = shared(wanted, room)
        for timeline, lanes in zip(timelines, rows, strict=True):
            timeline.styles.height = lanes + AXIS_ROWS * (timeline is timelines[-1])
        return rows

    def _title(self, trial: Trial, title: str, more: tuple[int, int] | None) -> Content:
        """A line with the wall time at its end; `more`: so many lanes are seen, of so many."""
        width = self.size.width - 2
        right = "" if trial.state is RunState.IDLE else f"{trial.wall:.2f} s"
        if more is not None:
            words = _("{seen} of {lanes} lanes, ↓ for more").format(seen=more[0], lanes=more[1])
            right = f"{words}   {right}"
        label = shorten(safe(trial.label), width - cell_len(right) - 2)
        room = width - cell_len(label) - cell_len(right) - 4
        said = shorten(safe(title), room) if room >= SHORTEST_TITLE else ""
        gap = " " * (width - cell_len(label) - cell_len(said) - cell_len(right) - 2)
        return Content.assemble((label, "bold $primary"), "  ", said, gap, (right, MUTED))
