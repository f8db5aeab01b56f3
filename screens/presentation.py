"""In front of a class: few controls, strong contrast, the question on top, a lesson of demos.

A teacher talks meanwhile, so little moves by itself: no tab comes to the front, and the log stays
at its first line until the run has ended. The rule of the three moments holds as everywhere.
"""

from __future__ import annotations

from tui_app.screens.base.script import PRINTS, ScriptScreen

from tui_app.demos.catalogue import Demo, demos
from tui_app.demos.lesson_plan import LessonPlan
from tui_app.language import _
from tui_app.runs.log import Level
from tui_app.widgets.base.palette import for_projector
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.log_view import LogView

PRINTED = frozenset({Level.STDOUT, Level.STDERR, Level.FAILED})
"""What a class sees of the log. The timeline shows what else happened."""


class Presentation:
    """A screen of demos in front of a class, and the demos that the lesson has.

    Args:
        screen: plays the demos.
    """

    def __init__(self, screen: ScriptScreen) -> None:
        self._screen = screen
        self._theme = ""
        self.plan = LessonPlan.load()
        """The lesson. Where no demo is picked, all of them are it."""
        self._left_at = ""

    def pick(self, demo: Demo) -> None:
        """Take a demo into the lesson, at its end, or out of it."""
        self._change(self.plan.toggled(demo))

    def move(self, demo: Demo, steps: int) -> None:
        """Move a demo of the lesson one place later, or earlier if `steps` is -1."""
        self._change(self.plan.moved(demo, steps))

    def _change(self, plan: LessonPlan) -> None:
        if plan != self.plan:
            self.plan = plan
            plan.save()

    def follow(self, demo: Demo) -> None:
        """Know which demo is shown: after others, the lesson goes on where it was left."""
        if self.plan.place(demo) is not None:
            self._left_at = demo.name

    def neighbour(self, demo: Demo, steps: int) -> Demo | None:
        """Return the demo of the lesson after this one, or before it if `steps` is -1."""
        return self.plan.neighbour(demo, steps, self._left_at)

    def turn(self) -> None:
        """Turn the screen towards the class, or back."""
        screen = self._screen
        presenting = not screen.presenting
        screen.set_class(presenting, "-presenting")
        log = screen.query_one(LogPane).query_one(LogView)
        log.follows = not presenting
        log.filter("", PRINTED if presenting else frozenset(Level))
        if presenting:
            screen.remove_class("-choosing")
            self._theme = screen.app.theme
            screen.app.theme = for_projector(screen.app.current_theme).name
            screen.query_one("#code").focus()
            screen.action_show_tab(PRINTS)
        else:
            screen.app.theme = self._theme

    def place(self, demo: Demo) -> str:
        """Return which demo of how many of the lesson this is; empty where there is no lesson."""
        every = self.plan.demos
        if not every and self._screen.presenting:
            every = demos()
        names = [one.name for one in every]
        if demo.name not in names:
            return ""
        return _("{n} of {of}").format(n=names.index(demo.name) + 1, of=len(names))
