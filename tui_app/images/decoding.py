"""One image's pixels, ready to be worked on: opened, reduced, upright, in a working mode.

Workers import this: Pillow, the standard library and small siblings only.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageFile, JpegImagePlugin

from tui_app.images import modes
from tui_app.images.colour import fits
from tui_app.images.formats import FORMATS
from tui_app.images.metadata import read_exif, turned, turned_part, upright
from tui_app.images.opening import DAMAGED, opened, reading
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import Box, Size, fitted_size, reduction
from tui_app.language import _

Note = Callable[[str], None]

# The readers of the common formats, once for all workers that are forked from a server.
Image.preinit()


@dataclass(slots=True)
class Picture:
    """An image on its way from its source to its output.

    Attributes:
        image: The pixels so far, in a working mode; upright.
        size: Of the whole source, upright, in pixels.
        reduction: How many of the source's pixels, along a side, became one.
        part: Of `image`, in its pixels, what is the picture: where `size` is no multiple of
            `reduction`, the outermost row and column reach beyond it.
        exif: The source's.
        status: Of the source's file, when it was opened.
    """

    image: Image.Image
    size: Size
    reduction: int
    part: Box
    exif: Image.Exif
    status: os.stat_result


def decoded(
    source: str, recipe: Recipe, written: str, exact: bool, decoding: Callable[[], None], note: Note
) -> Picture:
    """Return the picture in a file, reduced as far as its recipe allows.

    Args:
        source: Path of the image.
        recipe: What is to be done with it.
        written: Pillow format of the output.
        exact: Whether it is to be done the exact way.
        decoding: Is called when the header has been read.
        note: Is told what a person should know about the conversion.

    Raises:
        ImageError: It cannot be read.
    """
    with opened(source) as (image, status):
        decoding()
        if recipe.format == "same":
            _tell_format(image, written, note)
        size, by, exif = image.size, 1, None
        with reading():
            bits = modes.channel_bits(image)
            # A JPEG is decoded small, and of a JPEG all metadata stands before the pixels.
            if isinstance(image, JpegImagePlugin.JpegImageFile):
                exif = read_exif(image, note)
                by = _drafted(image, recipe, exact, turned=turned(exif))
            _load(image, source)
        if bits > 8:
            note(_("its {bits} bits a channel became 8").format(bits=bits))
        exif = read_exif(image, note) if exif is None else exif
        part = turned_part((size[0] / by, size[1] / by), image.size, exif)
        size = size[::-1] if turned(exif) else size
        with reading():
            working = modes.to_working(upright(image, exif), note, bits)
        if working is image and not isinstance(image, JpegImagePlugin.JpegImageFile):
            # Where there may be more frames, looking for them would change the pixels.
            working = working.copy()
        if by == 1 and (by := reduction(recipe, exact, size)) > 1:
            working = working.reduce(by)
            part = (0, 0, size[0] / by, size[1] / by)
        # After the pixels are taken: looking for more may meet damage.
        if _has_more(image):
            note(_("only the first of its frames or pages was processed"))
    if working.info.get("icc_profile") and not fits(working.info["icc_profile"], working.mode):
        note(_("its colour profile is damaged or of other colours, and was left out"))
        del working.info["icc_profile"]
    return Picture(working, size, by, part, exif, status)


def _drafted(
    image: JpegImagePlugin.JpegImageFile, recipe: Recipe, exact: bool, *, turned: bool
) -> int:
    """Have a JPEG decoded smaller where that is enough; return by how much."""
    width, height = image.size
    if (by := reduction(recipe, exact, image.size[::-1] if turned else image.size)) > 1:
        wanted = width // by, height // by
    elif recipe.fit and not (recipe.blur or recipe.grayscale):
        # What `thumbnail` itself would ask for, as nothing comes before it.
        x, y = recipe.fit[::-1] if turned else recipe.fit
        if fitted_size(image.size, (x, y)) == image.size:
            return 1
        wanted = 2 * x, 2 * y
    else:
        return 1
    drafted = image.draft(None, wanted)
    return round(width / drafted[1][2]) if drafted else 1


def _load(image: Image.Image, source: str) -> None:
    """Load an image, and give one whose pixels lie in the file as they are a second chance.

    By a file's name Pillow maps such pixels into memory and believes less of the header. It is the
    second way, not the first: a mapped file that shrinks meanwhile kills its reader (SIGBUS).
    """
    try:
        image.load()
    except (OSError, *DAMAGED):
        if not isinstance(image, ImageFile.ImageFile):
            raise
        if [tile.codec_name for tile in image.tile] != ["raw"]:
            raise
        image.filename = source
        image.load()


def _tell_format(image: Image.Image, written: str, note: Note) -> None:
    """Note why an output is not in the format of its source."""
    own = image.format or ""
    if own not in FORMATS:
        if own != "MPO":
            note(
                _("saved as {written}: {own} files are only read").format(written=written, own=own)
            )
    elif image.has_transparency_data and FORMATS[written].alpha and not FORMATS[own].alpha:
        note(
            _("saved as {written}: {own} would lose its transparency").format(
                written=written, own=own
            )
        )


def _has_more(image: Image.Image) -> bool:
    """Tell whether a file has more frames or pages than the first."""
    # Phones add a second picture to a photograph (MPO), Photoshop its layers.
    if image.format in ("MPO", "PSD"):
        return False
    try:
        return getattr(image, "is_animated", False)
    except (OSError, *DAMAGED):
        return True
