"""The command palette, which says in the present language that it has found nothing."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets.option_list import Option

from tui_app.language import _


class Palette(CommandPalette):
    """Textual's palette, with its one text that is not handed to it."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()

        def say() -> None:
            # Nobody has asked for anything yet where the search is empty.
            self._list_visible = bool(search_value)
            if search_value:
                words = Content(_("Nothing of that name."))
                nothing = Option(words, disabled=True, id=self._NO_MATCHES)
                self.query_one(CommandList).add_option(nothing)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, say)
