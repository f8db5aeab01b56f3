"""A screen that shows a recorded run: as it ended, and at any moment before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from tui_app.screens.base.run import LABEL_WIDTH
from tui_app.screens.base.time_cursor import TimeCursorScreen

from tui_app.language import N_, _
from tui_app.records.errors import RecordError
from tui_app.records.moments import moments_of
from tui_app.records.phrases import not_ended
from tui_app.records.reader import RecordedRun, RecordFile
from tui_app.runs.formatting import safe
from tui_app.runs.log import PLAYED, Log
from tui_app.runs.moments import RunMoments
from tui_app.runs.phrases import status_sentence
from tui_app.runs.view import RunView, Snapshot
from tui_app.system.background import aside


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """A recorded run that can be shown.

    Attributes:
        record: the record that it is in.
        number: which of the runs in `alike` it is.
        alike: the runs of the record that the same screen shows.
        moments: its moments.
        view: the run as it ended.
    """

    record: RecordFile
    number: int
    alike: Sequence[RecordedRun]
    moments: RunMoments
    view: RunView

    @property
    def run(self) -> RecordedRun:
        """The run itself."""
        return self.alike[self.number]

    @property
    def played(self) -> bool:
        """Whether it played a script."""
        return is_played(self.run)


def is_played(run: RecordedRun) -> bool:
    """Tell whether a run played a script."""
    return run.started.kind in PLAYED


def read_run(record: RecordFile, number: int | None = None) -> OpenedRun:
    """Read what is needed to show a run; this may take some seconds.

    Args:
        record: the record, which stays open.
        number: which of the runs alike; without it, the one that the record is about.

    Raises:
        RecordError: the record is damaged.
    """
    main = record.main
    alike = [run for run in record.parts if is_played(run) == is_played(main)]
    number = alike.index(main) if number is None else number
    moments = moments_of(record, alike[number], LABEL_WIDTH)
    view = moments.view(moments.end, Log(label_width=LABEL_WIDTH))
    return OpenedRun(record, number, alike, moments, view)


class RecordedRunScreen(TimeCursorScreen):
    """Shows a recorded run. It runs nothing; the record is closed with it.

    Args:
        opened: the run that is shown first.
    """

    MODE = "runs"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "replay(True)", N_("Play from here"), show=False),
        Binding("n", "other_run(1)", N_("Next run")),
        Binding("p", "other_run(-1)", N_("Previous run"), show=False),
        Binding("escape", "back", N_("Runs")),
    ]

    def __init__(self, opened: OpenedRun) -> None:
        super().__init__()
        self._opened = opened

    def on_mount(self) -> None:
        """Show the run as it ended."""
        self.call_next(self.show_opened)

    def on_unmount(self) -> None:
        """Close the record."""
        self._opened.record.close()

    def show_opened(self) -> None:
        """Show the run that is opened as it ended."""
        opened = self._opened
        self.view, self.record = opened.view, Path(opened.record.name)
        self.show_run(opened.view)
        self.cursor.open(opened.moments)
        self.show_code(opened.run.started.code)
        self.draw()
        self.refresh_bindings()

    def show_code(self, code: str) -> None:
        """Show the text that was played."""

    def run_title(self) -> str:
        """Return what the run is called, and of several runs which one it is."""
        opened = self._opened
        title = safe(opened.run.started.title)
        if len(opened.alike) == 1:
            return title
        which = _("{number} of {runs}").format(number=opened.number + 1, runs=len(opened.alike))
        return f"{which}   {title}"

    def end_status(self, snapshot: Snapshot) -> str:
        """Return the line at the bottom of the run as it ended, or as far as it is known."""
        run = self._opened.run
        if run.finished is None:
            return f"† {not_ended(run.seconds)}"
        return status_sentence(snapshot)

    def draw(self) -> None:
        """Draw the moment at the cursor; no time passes in a record."""
        if self.in_past:
            super().draw()
        else:
            self.show_moment(self.view.snapshot(), {})

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        match action:
            case "run" | "cancel" | "hold":
                return False
            case "other_run":
                return len(self._opened.alike) > 1
        return super().check_action(action, parameters)

    async def action_other_run(self, steps: int) -> None:
        """Show the next run of the record, or the one before."""
        opened = self._opened
        number = (opened.number + steps) % len(opened.alike)
        try:
            self._opened = await aside(read_run, opened.record, number)
        except RecordError as error:
            self.notify(safe(str(error)), severity="error", markup=False)
            return
        self.go_to_present()
        self.show_opened()

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss()
