"""A picture in half blocks: two pixels in a cell, one above the other."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_app.images.thumbnail import Thumbnail
from tui_app.runs.formatting import safe
from tui_app.widgets.base.line_widget import LineWidget
from tui_app.widgets.base.palette import muted_style
from tui_app.widgets.base.quoting import wrapped

Pixel = tuple[int, int, int]


@lru_cache(8_192)
def _style(upper: Pixel, lower: Pixel | None) -> Style:
    below = None if lower is None else Color.from_triplet(ColorTriplet(*lower))
    return Style(color=Color.from_triplet(ColorTriplet(*upper)), bgcolor=below)


def half_blocks(picture: Thumbnail) -> list[Strip]:
    """Return the lines of a picture, as wide as it is."""
    across = 3 * picture.width
    rows = [picture.pixels[at : at + across] for at in range(0, len(picture.pixels), across)]
    lines: list[list[Pixel | None]] = [
        [(row[at], row[at + 1], row[at + 2]) for at in range(0, across, 3)] for row in rows
    ]
    if len(lines) % 2:
        lines.append([None] * picture.width)
    return [
        Strip(
            [
                Segment("▀", _style(upper, lower))
                for upper, lower in zip(lines[at], lines[at + 1], strict=True)
                if upper is not None
            ],
            picture.width,
        )
        for at in range(0, len(lines), 2)
    ]


class PictureView(LineWidget):
    """Shows a picture in its middle, or a sentence. Drawing is slicing: nothing is decoded here."""

    _sentence = ""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._strips: list[Strip] = []

    @property
    def most(self) -> tuple[int, int]:
        """The width and height in pixels of a picture that fills it."""
        return max(1, self.size.width), max(1, 2 * self.size.height)

    def show_picture(self, picture: Thumbnail) -> None:
        """Show a picture."""
        self._strips, self._sentence = half_blocks(picture), ""
        self.redraw()

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence in a picture's place."""
        self._strips, self._sentence = [], sentence
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return a line of the picture, or of the sentence."""
        width = self.size.width
        if self._sentence:
            rows = wrapped([(safe(self._sentence), muted_style(self.app))], max(1, width))
            return self.line(rows[y] if y < len(rows) else ())
        y -= max(0, self.size.height - len(self._strips)) // 2
        if not 0 <= y < len(self._strips):
            return self.line()
        ground = self.rich_style
        # Below the last row of an odd number there is nothing but the ground.
        picture = self._strips[y].apply_style(Style(bgcolor=ground.bgcolor))
        left = max(0, width - picture.cell_length) // 2
        before = Strip([Segment(" " * left, ground)], left)
        return Strip.join([before, picture]).adjust_cell_length(width, ground)
