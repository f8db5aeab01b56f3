"""The command palette's search over demos: as in the list, by title, name, lesson and code."""

from __future__ import annotations

from functools import partial
from typing import cast

from textual.command import Hit, Hits, Provider
from textual.screen import ModalScreen
from tui_app.screens.base.app import BaseApp

from tui_app.demos.search import DemoHit, FoundIn, find_demos
from tui_app.language import N_, _

FOUND = {
    FoundIn.TITLE: N_("Demo, found in its title"),
    FoundIn.NAME: N_("Demo, found in its name"),
    FoundIn.LESSON: N_("Demo, found in its lesson"),
    FoundIn.CODE: N_("Demo, found in its code"),
}


class DemoFinder(Provider):
    """Finds demos. Above a dialog it finds none: the demo would be hidden below it."""

    async def search(self, query: str) -> Hits:
        """Yield the demos that are found, after the commands of that name."""
        if isinstance(self.screen, ModalScreen):
            return
        hits = find_demos(query)
        for number, hit in enumerate(hits):
            yield self._offer(hit, 1 - (number + 1) / (len(hits) + 1))

    def _offer(self, hit: DemoHit, score: float) -> Hit:
        app = cast("BaseApp", self.app)
        title = f"{hit.demo.number} {hit.demo.name}: {hit.demo.title()}"
        return Hit(score, title, partial(app.open_demo, hit.demo), help=_(FOUND[hit.place]))
