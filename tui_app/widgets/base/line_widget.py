"""Widgets that repaint only what has changed: on a slow link each line that is drawn counts."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

Piece = tuple[str, Style]
"""A text and its style."""


def strip(pieces: Iterable[Piece], width: int, ground: Style, *, skip: int = 0) -> Strip:
    """Return a line of exactly `width` cells, from cell `skip` of the pieces; … where more follows.

    `ground` is the style below the pieces, and after them.
    """
    segments = [Segment(text, ground + style) for text, style in pieces if text]
    length = sum(cell_len(segment.text) for segment in segments)
    line = Strip(segments, length)
    if skip:
        line = line.crop(min(skip, length), length)
    if line.cell_length > width:
        return Strip([*line.crop(0, width - 1), Segment("…", ground)], width)
    return line.extend_cell_length(width, ground)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Return a text in exactly `width` cells: cut, or filled with spaces after (or before) it."""
    if right and cell_len(text) < width:
        return " " * (width - cell_len(text)) + text
    return set_cell_size(text, width)


def bar(fraction: float, width: int) -> tuple[str, str]:
    """Return the done and the open part of a bar of `width` cells; they differ without colour."""
    done = min(width, max(0, round(fraction * width)))
    return "━" * done, "─" * (width - done)


class LineWidget(Widget):
    """A widget that draws its own lines. Name it before Textual's class among the bases."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._painted: dict[int, Strip] = {}

    def draw_line(self, y: int) -> Strip:
        """Return line `y` of the visible part as it should look now."""
        raise NotImplementedError

    def line(
        self, pieces: Iterable[Piece] = (), *, ground: Style | None = None, skip: int = 0
    ) -> Strip:
        """Return a line as wide as the widget; its ground is the widget's where none is given."""
        width = self.scrollable_content_region.width
        return strip(pieces, width, self.rich_style if ground is None else ground, skip=skip)

    def render_line(self, y: int) -> Strip:
        """Draw a line, and remember it as painted."""
        line = self._painted[y] = self.draw_line(y)
        return line

    def redraw(self) -> None:
        """Repaint the lines that differ from what was painted."""
        width = self.scrollable_content_region.width
        lines = range(self.size.height)
        changed = [y for y in lines if self._painted.get(y) != self.draw_line(y)]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))


class LineView(LineWidget, ScrollView):
    """A widget that draws its own lines, and scrolls when there are more than fit."""

    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """


class PlainText(Static):
    """A text without markup that is often set again, and repainted when it has changed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes, markup=False)

    def set_text(self, text: str | Content, *, layout: bool = False) -> None:
        """Show a text; with `layout`, its height may change.

        The same words in other colours count as the same text.
        """
        if text != self.content:
            self.update(text, layout=layout)
