"""Putting frames together into a GIF, a WebP or an APNG.

Only one frame's pixels are held at a time, and the one before it, of which a frame shows what has
changed. Encoders may merge frames that are equal, and so do we: the law is that the same is seen at
the same time.

Workers import this: Pillow, the standard library and small siblings only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops

from tui_app.images.codec.blocks import CodedFrame, gif, png, webp
from tui_app.images.codec.frames import Animation, Frame
from tui_app.images.errors import ImageError
from tui_app.images.reduction import Box
from tui_app.language import _, in_bytes

MOST_BYTES = 2**30
"""Bytes of all frames together, encoded: they are held until the last one is done."""

_SEEN = 128
"""Alpha from which on a pixel is seen in a GIF, which knows no half."""


class _OtherModeError(Exception):
    """The frames need another mode than was begun with."""

    def __init__(self, mode: str) -> None:
        super().__init__(mode)
        self.mode = mode


@dataclass(slots=True)
class _Sequence:
    """Coded frames, as they come to be.

    Attributes:
        written: Pillow format of the animation.
        mode: The mode of all its frames; empty until the first one is there.
        options: For Pillow's encoder of each frame.
        coded: The frames so far.
    """

    written: str
    mode: str
    options: dict[str, Any]
    coded: list[CodedFrame] = field(default_factory=list)
    shown: Image.Image | None = None
    _bytes: int = 0
    _time: float = 0.0
    _told: int = 0

    def add(self, frame: Frame) -> None:
        """Add the next frame."""
        image = self._in_mode(frame.image)
        box = self._changed(image)
        self.shown = image
        time = self._rounded(frame.time)
        if box is None:
            last = self.coded[-1]
            whole = last.time + time
            most = _MOST_TIME[self.written]
            self.coded[-1] = last._replace(time=min(whole, most))
            time = whole - self.coded[-1].time
            if not time:
                return
            box = (0, 0, *image.size) if last.cleared else (0, 0, 1, 1)
        while True:
            now = min(time, _MOST_TIME[self.written])
            self.coded.append(self._coded(image, box, now))
            time -= now
            if not time:
                return

    def _rounded(self, time: float) -> int:
        """Return a time in the format's unit: rounding never adds up."""
        self._time += time / (10 if self.written == "GIF" else 1)
        now = round(self._time) - self._told
        self._told += now
        return now

    def _in_mode(self, image: Image.Image) -> Image.Image:
        """Return a frame in the mode of all of them, without alpha where all of it is seen."""
        if "A" in image.mode:
            lowest, _highest = image.getchannel("A").getextrema()
            opaque = _SEEN if self.written == "GIF" else 255
            if isinstance(lowest, (int, float)) and lowest >= opaque:
                image = image.convert(image.mode.removesuffix("A"))
        self.mode = self.mode or ("RGBA" if "A" in image.mode else image.mode)
        if image.mode != self.mode and self.mode != "RGBA":
            if "A" in image.mode:
                raise _OtherModeError("RGBA")
            if self.mode == "L":
                raise _OtherModeError(image.mode)
        image = image if image.mode == self.mode else image.convert(self.mode)
        if self.mode == "RGBA" and self.written == "GIF":
            seen = image.getchannel("A").point([255 * (value >= _SEEN) for value in range(256)])
            image.putalpha(seen)
            image = Image.composite(image, Image.new("RGBA", image.size), seen)
        return image

    def _changed(self, image: Image.Image) -> Box | None:
        """Return where a frame differs from what is shown; None where it does not."""
        if self.shown is None:
            return (0, 0, *image.size)
        box = ImageChops.difference(self.shown, image).getbbox(alpha_only=False)
        if box is None or not self._cleared:
            return box
        # All that was there is gone: what is seen is drawn.
        return image.getchannel("A").getbbox() or (0, 0, 1, 1)

    @property
    def _cleared(self) -> bool:
        """Whether each frame is cleared: a GIF cannot draw holes into what is there."""
        return self.written == "GIF" and self.mode == "RGBA"

    def _coded(self, image: Image.Image, box: Box, time: int) -> CodedFrame:
        left, top, right, bottom = map(int, box)
        if self.written == "WEBP":
            left, top = left - left % 2, top - top % 2
        part = image.crop((left, top, right, bottom))
        options = dict(self.options)
        if self.written == "GIF":
            part = _with_palette(part, options)
        part.info = {}
        encoded = BytesIO()
        part.save(encoded, self.written, **options)
        self._bytes += encoded.tell()
        if self._bytes > MOST_BYTES:
            raise ImageError(
                _(
                    "its frames take more than {most} as {format}: a recipe with"
                    ' frames = "first" takes one of them'
                ),
                most=in_bytes(MOST_BYTES),
                format=self.written,
            )
        return CodedFrame(encoded.getvalue(), left, top, part.size, time, self._cleared)


_MOST_TIME = {"GIF": gif.MOST_TIME, "PNG": png.MOST_TIME, "WEBP": webp.MOST_TIME}


def _with_palette(image: Image.Image, options: dict[str, Any]) -> Image.Image:
    """Return a frame of a GIF with its own palette; a hole has the last of its colours."""
    if image.mode == "L":
        return image
    if image.mode == "RGB":
        return image.convert("P", palette=Image.Palette.ADAPTIVE, colors=256)
    found = image.convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE, colors=255)
    colours = (found.getpalette() or [])[: 255 * 3]
    found.putpalette(colours + [0] * (768 - len(colours)))
    found.paste(255, mask=image.getchannel("A").point([255 * (n == 0) for n in range(256)]))
    options["transparency"] = 255
    return found


def encoded(
    frames: Callable[[], Iterator[Frame]],
    animation: Animation,
    written: str,
    options: dict[str, Any],
    comments: tuple[bytes, ...] = (),
) -> bytes:
    """Return an animation as a file, without metadata but for a GIF's comments.

    Args:
        frames: Returns the frames, from the first one on; it may be called again.
        animation: What it is.
        written: Pillow format of the file: `GIF`, `PNG` or `WEBP`.
        options: For Pillow's encoder of each frame.
        comments: Comments of a GIF.
    """
    mode = ""
    while True:
        try:
            return _encoded(frames(), animation, _Sequence(written, mode, options), comments)
        except _OtherModeError as error:
            mode = error.mode


def _encoded(
    frames: Iterator[Frame],
    animation: Animation,
    sequence: _Sequence,
    comments: tuple[bytes, ...],
) -> bytes:
    still, size = b"", (0, 0)
    for number, frame in enumerate(frames):
        if number == 0:
            size = frame.image.size
            if animation.still and animation.frames > 1:
                if sequence.written == "PNG":
                    alone = _Sequence("PNG", sequence.mode, sequence.options)
                    alone.add(frame)
                    sequence.mode, still = alone.mode, alone.coded[0].coded
                continue
        sequence.add(frame)
    if sequence.written == "GIF":
        return gif.animated(sequence.coded, size, animation.plays, comments)
    if sequence.written == "PNG":
        return png.animated(sequence.coded, animation.plays, still)
    alpha = sequence.mode == "RGBA"
    return webp.animated(sequence.coded, size, animation.plays, alpha=alpha)
