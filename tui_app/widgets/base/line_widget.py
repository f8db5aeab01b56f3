"""Widgets that repaint only what has changed: on a slow link each line that is drawn counts."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static


class LineWidget(Widget):
    """A widget that draws its own lines; stands before Textual's class in a list of bases."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._painted: dict[int, Strip] = {}

    def draw_line(self, y: int) -> Strip:
        """Line `y` of what is seen, as it shall be now."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draws the line, and remembers it as painted."""
        line = self._painted[y] = self.draw_line(y)
        return line

    def redraw(self) -> None:
        """Repaints the lines that are not any more as they were painted."""
        width = self.scrollable_content_region.width
        lines = range(self.size.height)
        changed = [y for y in lines if self._painted.get(y) != self.draw_line(y)]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))


class Said(Static):
    """A text that is often said again, and repainted where it says something else."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes, markup=False)

    def say(self, text: str | Content, *, layout: bool = False) -> None:
        """Shows this text; with `layout` its height may be another one than before.

        The same words in other colours are the same text.
        """
        if text != self.content:
            self.update(text, layout=layout)
