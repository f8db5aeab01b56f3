"""How much memory an image needs at its worst moment, by its header.

Measured with Pillow 13 as the peak of a worker (`VmHWM`, proc(5)) beyond that of a worker that has
done a small image, in bytes a pixel, with images of 24 megapixels in each mode, format and recipe.
"""

from tui_app.images.codec.animation import MOST_BYTES
from tui_app.images.codec.formats import ANIMATED, FORMATS, most_coded
from tui_app.images.codec.headers import Header
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import output_size, reduction

WORKER_BYTES = 15_000_000
"""Bytes that a worker needs besides its image's pixels."""

_GREY = ("1", "L")
_DEEP = {"I;16": 11.1, "I;16L": 11.1, "I;16B": 11.1, "I;16N": 11.1, "I": 12.3, "F": 12.3}
"""Modes whose conversion into a working mode takes the most."""

_DECODING = {"WEBP": 16.3, "AVIF": 15.8, "JPEG2000": 24.5}
"""Formats whose decoders hold the image more than once."""

_ENCODING = {
    "WEBP": (11, 15, 35),
    "AVIF": (27, 31, 31),
    "JPEG2000": (14, 45, 53),
    "GIF": (5, 17, 17),
    "TIFF": (3, 11, 11),
}
"""Peak of saving an output in greys, in colours, and with transparency."""

_PLAIN_ENCODING = (3, 9, 9)


def memory_needed(header: Header, written: str, recipe: Recipe) -> int:
    """Return about how many bytes an image needs at its worst; 0 where its size is not known.

    `written` is the Pillow format of its output.
    """
    size = header.width, header.height
    pixels = header.width * header.height
    if not pixels:
        return 0
    output = output_size(recipe, size)
    kind = 2 if not header.opaque else 0 if header.mode in _GREY else 1
    encoding = _ENCODING.get(written, _PLAIN_ENCODING)[kind] * output[0] * output[1]
    working = _working(header, recipe, reduction(recipe, size)) * pixels
    if recipe.copies:
        # The file itself is held, as it was and as it will be.
        working += 2 * min(header.bytes, most_coded(pixels))
    if header.frames > 1 and recipe.frames == "all" and written in ANIMATED:
        # A frame is put together of the one before it, and compared with it; what is encoded stays.
        working += 3 * 4 * pixels
        coded = header.frames * FORMATS[written].likely * output[0] * output[1]
        working += 2 * min(coded, MOST_BYTES)
    return int(max(encoding, working)) + WORKER_BYTES


def _working(header: Header, recipe: Recipe, by: int) -> float:
    """Return the bytes a pixel at the worst moment between opening and saving."""
    grey = header.mode in _GREY and header.opaque
    # Pillow stores a pixel of every working mode but L in four bytes.
    stored = 1 if grey else 4
    filtered = (recipe.blur > 0 and by == 1) or (recipe.sharpen > 0 and recipe.fit is None)
    images = 3 if filtered else 2
    if not header.opaque:
        # Filters need one more image: colours weighted by their alpha.
        images += 1
    return max(images * stored, _DEEP.get(header.mode, 0), _DECODING.get(header.format or "", 0))
