"""In front of a class: little chrome, strong contrast, the question up front, a list of demos.

A teacher talks meanwhile, so nothing moves by itself: the log stays at its first line, and no tab
comes to the front. While a script runs the lit line is kept in sight, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from tui_app.screens.base.script import ScriptScreen

from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.language import N_
from tui_app.runs.log import Level
from tui_app.settings import Settings
from tui_app.widgets.base.palette import for_projector
from tui_app.widgets.log_view import LogView
from tui_app.widgets.question_board import QuestionBoard

PRINTED = frozenset({Level.STDOUT, Level.STDERR, Level.FAILED})
"""What a class sees of the log; what else happened the timeline shows."""

FIRST_FOR_CLASS = "log"
"""The tab that a class sees at first: a lesson is read aloud, not shown."""

BROAD = 96
"""Columns from which on code and log stand beside each other in front of a class."""


class PresentingScreen(ScriptScreen):
    """A screen of demos that can be turned towards a class.

    A subclass shows a demo (`show_demo`), says which it shows (`demo`), composes a
    `QuestionBoard`, and binds escape to `end_presenting` beside whatever else it ends.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "present", N_("Present"), show=False),
        Binding("pagedown", "turn(1)", N_("Next of the lesson"), show=False, priority=True),
        Binding("pageup", "turn(-1)", N_("Previous of the lesson"), show=False, priority=True),
        Binding("space", "pick", N_("Pick for the lesson"), show=False, priority=True),
    ]

    demo: Demo

    def __init__(self) -> None:
        super().__init__()
        self.picked = set(Settings.load().lesson)
        """The names of the demos that the lesson consists of; none: all of them."""
        self._theme = ""

    async def show_demo(self, demo: Demo) -> None:
        """Shows a demo, nothing run yet."""
        raise NotImplementedError

    def marks_changed(self, demo: Demo) -> None:
        """Shows whether a demo is picked."""
        raise NotImplementedError

    @property
    def presenting(self) -> bool:
        """Whether it is turned towards a class."""
        return self.has_class("-presenting")

    @property
    def timeline_rows(self) -> int:
        """The most rows that lanes may take: of a class's screen, two fifths."""
        return 2 * self.size.height // 5 if self.presenting else super().timeline_rows

    def on_resize(self) -> None:
        """Puts code and log beside each other where there is room for both."""
        self.set_class(self.size.width >= BROAD, "-broad")

    @property
    def lesson_plan(self) -> Sequence[Demo]:
        """The demos that are stepped through, in the order of the course."""
        return [demo for demo in demos() if demo.name in self.picked] or demos()

    def action_present(self) -> None:
        """Turns the screen towards the class, or back."""
        presenting = not self.presenting
        self.set_class(presenting, "-presenting")
        for widget in (*self.query("TopBar"), *self.query("KeysLine"), *self.query("#fields")):
            widget.display = not presenting
        self.query_one(QuestionBoard).display = presenting
        log = self.query_one(LogView)
        log.follows = not presenting
        log.filter("", PRINTED if presenting else frozenset(Level))
        if presenting:
            self.remove_class("-choosing")
            self._theme = self.app.theme
            self.app.theme = for_projector(self.app.current_theme).name
            self.query_one("#code").focus()
            self.action_show_tab(FIRST_FOR_CLASS)
        else:
            self.app.theme = self._theme
        self.show_place()
        self.show_moment(self.view.snapshot(), {})
        self.refresh_bindings()

    def action_end_presenting(self) -> None:
        """Turns the screen back."""
        self.action_present()

    def show_place(self) -> None:
        """Says on the board which demo of how many this is."""
        plan = [demo.name for demo in self.lesson_plan]
        at = plan.index(self.demo.name) + 1 if self.demo.name in plan else 0
        self.query_one(QuestionBoard).place(at, len(plan))

    async def action_turn(self, steps: int) -> None:
        """Goes to the next or the previous demo of the lesson: what a presenter's clicker sends."""
        plan = self.lesson_plan
        names = [demo.name for demo in demos()]
        here = names.index(self.demo.name)
        ahead = [demo for demo in plan if (names.index(demo.name) - here) * steps > 0]
        if ahead:
            await self.show_demo(find_demo(ahead[0 if steps > 0 else -1].name))
            self.show_place()

    def action_pick(self) -> None:
        """Takes the demo into the lesson, or out of it."""
        self.picked ^= {self.demo.name}
        replace(Settings.load(), lesson=tuple(sorted(self.picked))).save()
        self.marks_changed(self.demo)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there when it means something."""
        match action:
            case "turn":
                return self.presenting and not self.busy
            case "pick":
                listed = isinstance(self.focused, OptionList)
                return listed and not self.presenting and not self.busy
            case "end_presenting":
                return self.presenting
        return super().check_action(action, parameters)
