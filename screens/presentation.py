"""In front of a class: few controls, strong contrast, the question on top, a lesson of demos.

A teacher talks meanwhile, so little moves by itself: no tab comes to the front, and the log stays
at its first line until the run has ended. The rule of the three moments holds as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_app.screens.base.script import PRINTS, ScriptScreen

from tui_app.demos.catalogue import Demo, demos
from tui_app.language import _
from tui_app.runs.log import Level
from tui_app.settings import Settings
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
        self.picked = set(Settings.load().lesson)
        """The names of the demos in the lesson; if empty, all of them."""

    def pick(self, demo: Demo) -> None:
        """Take a demo into the lesson, or out of it."""
        self.picked ^= {demo.name}
        replace(Settings.load(), lesson=tuple(sorted(self.picked))).save()

    @property
    def lesson(self) -> Sequence[Demo]:
        """The demos that are stepped through, in the order of the course."""
        return [demo for demo in demos() if demo.name in self.picked] or demos()

    def neighbour(self, demo: Demo, steps: int) -> Demo | None:
        """Return the demo of the lesson after this one, or before it if `steps` is negative."""
        names = [one.name for one in demos()]
        here = names.index(demo.name)
        ahead = [one for one in self.lesson if (names.index(one.name) - here) * steps > 0]
        return ahead[0 if steps > 0 else -1] if ahead else None

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
        """Return which demo of how many this is; empty where nobody is taught."""
        names = [one.name for one in self.lesson]
        if not self._screen.presenting or demo.name not in names:
            return ""
        return _("{n} of {of}").format(n=names.index(demo.name) + 1, of=len(names))
