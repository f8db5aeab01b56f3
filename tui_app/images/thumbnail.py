"""A small picture of an image, for a screen. Made by a worker: the app decodes nothing."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tui_app.images.job import ImageJob, OutputPlace

LARGER = 4
"""How much larger than its picture an image is decoded, at least, where it can be decoded small."""

GROUND = (128, 128, 128, 255)
"""The grey behind what is transparent."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture in memory.

    Attributes:
        width: In pixels.
        height: In pixels.
        pixels: Three bytes each, red, green and blue, row by row.
        source: Width and height of the image that it shows, upright.
        bytes: Size of that image's file.
    """

    width: int
    height: int
    pixels: bytes
    source: tuple[int, int]
    bytes: int

    def to_dict(self) -> dict[str, object]:
        """Return it as data for JSON, as a task returns it."""
        return {
            "width": self.width,
            "height": self.height,
            "pixels": base64.b64encode(self.pixels).decode("ascii"),
            "source": list(self.source),
            "bytes": self.bytes,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Thumbnail:
        """Return the thumbnail in such data."""
        pixels = base64.b64decode(data["pixels"])
        across, down = data["source"]
        return cls(data["width"], data["height"], pixels, (across, down), data["bytes"])


@dataclass(frozen=True, slots=True)
class ThumbnailJob:
    """What a worker shows small.

    Attributes:
        path: Path of the image; unused where it is made by a `job` first.
        most: Width and height of the thumbnail in pixels, at most.
        max_pixels: Pixels of the largest image that is opened; None: as many as Pillow opens.
        job: Makes the image that is shown; None: it is there.
    """

    path: str
    most: tuple[int, int]
    max_pixels: int | None = None
    job: ImageJob | None = None


def show_small(job: ThumbnailJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    """Return the thumbnail of an image in a worker, as data.

    Raises:
        ImageError: The image cannot be read, or not be made.
    """
    from tui_app.images.task import do_image

    path = job.path
    if job.job is not None:
        do_image(job.job, progress)
        assert isinstance(job.job.place, OutputPlace)
        path = os.path.join(job.job.place.path, job.job.name)  # noqa: PTH118
    return thumbnail(path, job.most, job.max_pixels).to_dict()


def thumbnail(path: str, most: tuple[int, int], max_pixels: int | None = None) -> Thumbnail:
    """Return a small picture of the image in a file: upright, of an animation the first frame.

    Args:
        path: Path of the image.
        most: Width and height in pixels, at most.
        max_pixels: See `ThumbnailJob`.

    Raises:
        ImageError: It cannot be read.
    """
    # The app imports this module, and no Pillow with it.
    from PIL import Image

    from tui_app.images.codec.decoding import decoded
    from tui_app.images.codec.opening import admit
    from tui_app.images.recipe import Recipe

    admit(max_pixels)
    wanted = Recipe("", "", fit=(LARGER * most[0], LARGER * most[1]), frames="first")
    picture = decoded(path, wanted, "PNG", lambda: None, lambda _note: None)
    image = picture.image
    if "transparency" not in image.info and image.mode not in ("RGBA", "LA", "PA"):
        image = image.convert("RGB")
    image = image.convert("RGBA")
    far = image.width > LARGER * most[0] or image.height > LARGER * most[1]
    image.thumbnail(most, Image.Resampling.BOX if far else Image.Resampling.LANCZOS)
    flat = Image.new("RGBA", image.size, GROUND)
    flat.alpha_composite(image)
    pixels = flat.convert("RGB").tobytes()
    return Thumbnail(*flat.size, pixels, picture.size, picture.status.st_size)
