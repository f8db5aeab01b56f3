"""The first row of a played script: what it is, and at its end what is said of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from tui_app.widgets.base.line_widget import PlainText

AIR = 2
"""Cells between both parts, at least."""


class TitleRow(PlainText):
    """One row with a title on its left, and something on its right, which is shown whole.

    A title that is too long is cut; before that, a shorter one is taken.
    """

    DEFAULT_CSS = """
    TitleRow { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    _titles: Sequence[Content] = (Content(""),)
    _end = Content("")

    def name_it(self, *titles: Content) -> None:
        """Show a title; of several, the first that fits, else the last."""
        self._titles = titles
        self._put()

    def end_with(self, end: Content) -> None:
        """Show this at the right end."""
        if end != self._end:
            self._end = end
            self._put()

    def on_resize(self) -> None:
        """Arrange both parts anew."""
        self._put()

    def _put(self) -> None:
        width = self.content_region.width or self.app.size.width - 2
        end = cell_len(self._end.plain)
        room = width - end - (AIR if end else 0)
        title = next((one for one in self._titles if cell_len(one.plain) <= room), self._titles[-1])
        title = title.truncate(max(0, room), ellipsis=True)
        air = " " * max(0, width - cell_len(title.plain) - end)
        self.update(Content.assemble(title, air, self._end) if end else title)
