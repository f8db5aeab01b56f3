"""From a small drawing to a photograph: its full size, and film grain."""

from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageFilter

_TILE = 1024  # pixels of the grain along a side, before it repeats
_STRIP = 256  # rows at a time: each has its grain elsewhere in the tile


@cache
def _grain(strength: float) -> Image.Image:
    """Return a tile of film grain around grey 128, a little of it coloured."""
    levels = [round(128 + (level - 127.5) * strength) for level in range(256)]
    shared = _clumps("grain").point(levels)
    bands = []
    for colour in ("red", "green", "blue"):
        own = _clumps(f"grain/{colour}").point(levels)
        bands.append(Image.blend(shared, own, 0.35))
    return Image.merge("RGB", bands)


@cache
def _clumps(seed: str) -> Image.Image:
    """Return noise of full strength, fine and coarse, the same for the same seed."""
    noise = Image.frombytes("L", (_TILE, _TILE), Random(seed).randbytes(_TILE * _TILE))
    return noise.filter(ImageFilter.GaussianBlur(0.6))


def enlarged(
    picture: Image.Image, size: tuple[int, int], grain: float, progress: Callable[[float], None]
) -> Image.Image:
    """Return the picture at its full size with film grain.

    Args:
        picture: the drawing, 8-bit RGB.
        size: of the result, in pixels.
        grain: strength of the grain; 0.1 is a clear day, 0.2 a night.
        progress: is called with how much is done, 0 to 1.
    """
    width, height = size
    tile = _grain(grain)
    tiled = Image.new("RGB", (width + _TILE, _TILE))
    for left in range(0, tiled.width, _TILE):
        tiled.paste(tile, (left, 0))
    offsets = Random("grain offsets")
    result = Image.new("RGB", size)
    scale = picture.height / height
    for top in range(0, height, _STRIP):
        rows = min(_STRIP, height - top)
        box = (0, top * scale, picture.width, (top + rows) * scale)
        strip = picture.resize((width, rows), Image.Resampling.BICUBIC, box=box)
        left, down = offsets.randrange(_TILE), offsets.randrange(_TILE - rows)
        noise = tiled.crop((left, down, left + width, down + rows))
        result.paste(ImageChops.add(strip, noise, 1, -128), (0, top))
        progress((top + rows) / height)
    return result
