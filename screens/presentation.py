"""In front of a class: few controls, strong contrast, the question on top, a lesson of demos.

A teacher talks meanwhile, so nothing moves by itself: the log stays at its first line, and no tab
comes to the front. Only the line that runs is kept in sight, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_app.screens.base.script import ScriptScreen

from tui_app.demos.catalogue import Demo, demos
from tui_app.runs.log import Level
from tui_app.settings import Settings
from tui_app.widgets.base.palette import for_projector
from tui_app.widgets.log_view import LogView
from tui_app.widgets.question_board import QuestionBoard

PRINTED = frozenset({Level.STDOUT, Level.STDERR, Level.FAILED})
"""What a class sees of the log. The timeline shows what else happened."""

FIRST_FOR_CLASS = "log"
"""The tab that a class sees at first: a lesson is read aloud, not shown."""


class Presentation:
    """A screen of demos in front of a class, and the demos that the lesson has.

    Args:
        screen: has a `QuestionBoard`, and the fields of parameters under `#fields`.
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

    def turn(self, demo: Demo) -> None:
        """Turn the screen towards the class, or back.

        Args:
            demo: what the screen shows.
        """
        screen, board = self._screen, self._screen.query_one(QuestionBoard)
        presenting = not screen.presenting
        screen.set_class(presenting, "-presenting")
        for widget in (
            *screen.query("TopBar"),
            *screen.query("KeysLine"),
            *screen.query("#fields"),
        ):
            widget.display = not presenting
        board.display = presenting
        log = screen.query_one(LogView)
        log.follows = not presenting
        log.filter("", PRINTED if presenting else frozenset(Level))
        if presenting:
            screen.remove_class("-choosing")
            self._theme = screen.app.theme
            screen.app.theme = for_projector(screen.app.current_theme).name
            screen.query_one("#code").focus()
            screen.action_show_tab(FIRST_FOR_CLASS)
        else:
            screen.app.theme = self._theme
        self.show_place(demo)

    def show_place(self, demo: Demo) -> None:
        """Say on the board which demo of how many this is."""
        names = [one.name for one in self.lesson]
        at = names.index(demo.name) + 1 if demo.name in names else 0
        self._screen.query_one(QuestionBoard).place(at, len(names))
