"""Outlines drawn with soft edges: trunks, branches, threads, fish."""

from collections.abc import Iterable

from PIL import Image, ImageDraw

from tui_app.images.scenery.field import Field, Frame

Points = Iterable[tuple[float, float]]

_SUPERSAMPLED = 2


class Sketch:
    """A sheet to draw on in picture heights; what is drawn becomes a field from 0 to 1."""

    def __init__(self, frame: Frame) -> None:
        self._scale = frame.height * _SUPERSAMPLED
        size = (frame.width * _SUPERSAMPLED, frame.height * _SUPERSAMPLED)
        self._image = Image.new("L", size)
        self._pen = ImageDraw.Draw(self._image)

    def shape(self, outline: Points, level: int = 255) -> None:
        """Fills an outline; `level` is how opaque, to 255."""
        self._pen.polygon(self._pixels(outline), level)

    def thread(self, points: Points, level: int = 255) -> None:
        """Draws a line a pixel wide."""
        self._pen.line(self._pixels(points), level, _SUPERSAMPLED)

    def field(self) -> Field:
        """What was drawn."""
        return Field(self._image.reduce(_SUPERSAMPLED)) / 255.0

    def _pixels(self, points: Points) -> list[tuple[float, float]]:
        return [(x * self._scale, y * self._scale) for x, y in points]
