"""The frames of an animation, read one by one.

Workers import this: Pillow, the standard library and small siblings only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from PIL import Image

from tui_app.images.codec.blocks import gif, kept_position
from tui_app.images.codec.formats import FRAMES_READ
from tui_app.images.codec.opening import DAMAGED
from tui_app.images.errors import ImageError, Note
from tui_app.images.reduction import Size
from tui_app.language import _, grouped

MOST_FRAMES = 10_000
"""Frames of an animation that are worked on: at 25 a second, they last seven minutes."""

MOST_PIXELS = 4_000_000_000
"""Pixels of all frames together: 1,900 frames of 1920x1080."""


class Frame(NamedTuple):
    """A frame of an animation: the whole picture, and how many milliseconds it stands."""

    image: Image.Image
    time: float


@dataclass(frozen=True, slots=True)
class Animation:
    """What an animation is, besides its frames.

    Attributes:
        frames: Number of its frames.
        plays: How often it is played; 0 for without end.
        still: Whether its first picture is shown only by those who play no animations.
        whole: Whether its end is there, as far as that is known.
    """

    frames: int = 1
    plays: int = 0
    still: bool = False
    whole: bool = True


STILL = Animation()
"""What is no animation."""


def count_frames(image: Image.Image, file: BinaryIO) -> tuple[int, bool]:
    """Return the frames of the image that is opened from a file, and whether its end is there.

    Of what is no animation, and of a second picture or page, it is one. Frames are counted up to
    one more than are worked on.
    """
    if image.format not in FRAMES_READ:
        return 1, True
    if image.format != "GIF":
        return getattr(image, "n_frames", 1), True
    with kept_position(file):
        frames, whole = gif.count_frames(file, MOST_FRAMES + 1)
    return max(frames, 1), whole


def read_animation(image: Image.Image, file: BinaryIO) -> Animation:
    """Return what the animation is that an image is opened from. Its frames are not read.

    Raises:
        ImageError: It has more frames or pixels than are worked on.
    """
    frames, whole = count_frames(image, file)
    _check_bounds(frames, image.size)
    loop = image.info.get("loop")
    plays = loop if isinstance(loop, int) and loop >= 0 else None
    if image.format == "GIF":
        # A GIF tells how often it is played again, and nothing where it is played once.
        plays = 1 if plays is None else plays + 1 if plays else 0
    return Animation(frames, plays or 0, bool(image.info.get("default_image")), whole)


def _check_bounds(frames: int, size: Size) -> None:
    """Check that an animation is not more than anybody makes: it would take the machine.

    Raises:
        ImageError: It has too many frames, or too many pixels in all of them.
    """
    pixels = frames * size[0] * size[1]
    if frames > MOST_FRAMES:
        raise ImageError(
            _('it has more than {most} frames: a recipe with frames = "first" takes one of them'),
            most=grouped(MOST_FRAMES),
        )
    if pixels > MOST_PIXELS:
        raise ImageError(
            _(
                "its {frames} frames have {size} megapixels in all, more than the {limit} that are"
                ' worked on: a recipe with frames = "first" takes one of them'
            ),
            frames=grouped(frames),
            size=grouped(pixels / 1e6),
            limit=grouped(MOST_PIXELS / 1e6),
        )


def stored_frames(image: Image.Image, animation: Animation, note: Note) -> Iterator[Frame]:
    """Yield the frames of an open image, up to the first that cannot be read.

    `note` is called with a sentence where that comes before the end.

    Raises:
        OSError: The first frame cannot be read; or any of `DAMAGED`.
    """
    for number in range(animation.frames):
        try:
            image.seek(number)
            image.load()
            time = image.info.get("duration", 0)
            frame = Frame(image.copy(), max(float(time), 0.0) if time else 0.0)
        except (OSError, *DAMAGED):
            if number == 0:
                raise
            note(
                _("its frames from number {n} on are damaged and were left out").format(
                    n=number + 1
                )
            )
            return
        yield frame
    if not animation.whole:
        note(_("its end is missing, and perhaps frames with it"))
