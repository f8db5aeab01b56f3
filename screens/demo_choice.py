"""The choice of a demo: the list, its search, and the lesson that is planned in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from tui_app.screens.base.script import ScriptScreen
from tui_app.screens.dialogs.note import NoteDialog
from tui_app.screens.presentation import Presentation

from tui_app.demos.catalogue import Demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.notes import Notes
from tui_app.language import _, counted
from tui_app.runs.formatting import duration
from tui_app.widgets.demo_chooser import DemoChooser
from tui_app.widgets.demo_list import DemoList


class DemoChoice:
    """Picks demos for the lesson, moves them in it, and keeps notes about them.

    Args:
        screen: has a `DemoChooser`, and the class `-choosing` while the list is up.
        presentation: has the lesson.
    """

    def __init__(self, screen: ScriptScreen, presentation: Presentation) -> None:
        self._screen, self._presentation = screen, presentation
        self.notes = Notes()
        """What is written down about the demos."""

    @property
    def chooser(self) -> DemoChooser:
        """The list and its search."""
        return self._screen.query_one(DemoChooser)

    @property
    def list(self) -> DemoList:
        """The list."""
        return self._screen.query_one(DemoList)

    @property
    def choosing(self) -> bool:
        """Whether the list is there, and nothing else."""
        return self._screen.has_class("-choosing")

    @property
    def searching(self) -> bool:
        """Whether the list is searched."""
        return self.choosing and self.chooser.searching

    @property
    def listed(self) -> Demo | None:
        """The demo under the cursor, if the list has the focus."""
        return self.list.demo if self._screen.focused is self.list else None

    @property
    def can_move(self) -> bool:
        """Whether the demo under the cursor has a place in the lesson."""
        return self._is_planned(self.listed)

    def _is_planned(self, demo: Demo | None) -> bool:
        return demo is not None and self._presentation.plan.place(demo) is not None

    def status(self) -> str:
        """Return the line at the bottom while somebody chooses."""
        if self.searching:
            return self.chooser.status()
        if self._is_planned(self.list.demo):
            return _("○ enter chooses   space takes it out   [ earlier   ] later   / searches")
        return _("○ ← → go by parts   space picks it for the lesson   / searches   esc closes")

    def summary(self, machine: Machine, times: Mapping[str, float]) -> str:
        """Return how many demos the lesson has, and how long they run; empty where it has none."""
        plan = self._presentation.plan
        number = len(plan.demos)
        if not number:
            return ""
        seconds, known = plan.seconds(machine, times)
        time = duration(seconds)
        if known:
            return counted(
                number,
                "lesson: {n} demo, about {time}",
                "lesson: {n} demos, about {time}",
                time=time,
            )
        # Of some only a measurement tells.
        return counted(
            number,
            "lesson: {n} demo, more than {time}",
            "lesson: {n} demos, more than {time}",
            time=time,
        )

    def pick(self) -> None:
        """Take the demo under the cursor into the lesson, or out of it."""
        if (demo := self.listed) is not None:
            self._presentation.pick(demo)
            self._follow()

    def move(self, steps: int) -> None:
        """Move the demo under the cursor in the lesson."""
        if (demo := self.listed) is not None:
            self._presentation.move(demo, steps)
            self._follow()

    def _follow(self) -> None:
        self.list.update_texts()
        self._screen.share_room()
        self._screen.tell_status()
        self._screen.refresh_bindings()

    async def write_note(self, demo: Demo) -> None:
        """Show a demo's note, which can be changed there."""
        demo = self.listed or demo
        await self._screen.app.push_screen_wait(NoteDialog(demo, self.notes))
        self.list.show_marks(demo)

    def save(self) -> None:
        """Write what is not yet written of the notes, where that is possible."""
        with suppress(OSError):
            self.notes.save()
