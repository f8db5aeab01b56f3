"""One image's pixels, ready to be worked on: opened, reduced, upright, in a working mode.

Workers import this: Pillow, the standard library and small siblings only.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from PIL import Image, ImageFile, JpegImagePlugin

from tui_app.files.folder import stamp
from tui_app.images.codec import modes
from tui_app.images.codec.blocks import jpeg2000, kept_position
from tui_app.images.codec.colour import ICC, IMPLIED, fits, has_unknown_codes, implied_profile
from tui_app.images.codec.formats import ANIMATED, FORMATS, FRAMES_READ
from tui_app.images.codec.frames import STILL, Animation, read_animation, stored_frames
from tui_app.images.codec.metadata import FileMetadata, read_metadata
from tui_app.images.codec.opening import DAMAGED, opened, reading
from tui_app.images.codec.orientation import turned, turned_part, upright
from tui_app.images.codec.storage import Stored, is_untouched, read_stored
from tui_app.images.codec.tails import whole
from tui_app.images.errors import ImageError, Note
from tui_app.images.recipe import Metadata, Recipe
from tui_app.images.reduction import Box, Size, cropped_size, fitted_size, reduction
from tui_app.language import _

_NOT_READ = ("webp", "lerc", "jpegxl")
"""Compressions of TIFF that Pillow knows by name, and libtiff may have been built without."""

# Load the readers of the common formats once, for all workers that are forked from a server.
Image.preinit()


@dataclass(slots=True)
class Picture:
    """An image on its way from its source to its output.

    Attributes:
        image: The pixels so far, upright, in a working mode; as they are stored, where the recipe
            leaves them as they are.
        size: Width and height of the whole source, upright, in pixels.
        reduction: How many of the source's pixels, along a side, became one.
        part: The part of `image` that is the picture, in its pixels: where `size` is no multiple of
            `reduction`, the outermost row and column reach beyond it.
        metadata: What the source carries besides its pixels.
        stored: How the source stores its pixels.
        status: Status of the source's file when it was opened.
        animation: What it is the first frame of, where the output is to have them all.
    """

    image: Image.Image
    size: Size
    reduction: int
    part: Box
    metadata: FileMetadata
    stored: Stored
    status: os.stat_result
    animation: Animation = STILL


def decoded(
    source: str, recipe: Recipe, written: str, decoding: Callable[[], None], note: Note
) -> Picture:
    """Return the picture in a file, reduced as far as its recipe allows.

    Args:
        source: Path of the image.
        recipe: What is to be done with it.
        written: Pillow format of the output.
        decoding: Called when the header has been read.
        note: Called with each sentence that a person should read about the conversion.

    Raises:
        ImageError: It cannot be read.
    """
    with opened(source, lambda file: whole(file, note)) as (image, file, status):
        decoding()
        if recipe.format == "same":
            _tell_format(image, written, note)
        size, by = image.size, 1
        with reading():
            bits = _channel_bits(image, file)
            metadata = read_metadata(image, file, note)
            across = turned(metadata.orientation)
            stored = read_stored(image, file, across=across)
            if isinstance(image, JpegImagePlugin.JpegImageFile):
                by = _drafted(image, recipe, turned=across)
            load(image, source)
        if bits > 8:
            note(_("its {bits} bits a channel became 8").format(bits=bits))
        part = turned_part((size[0] / by, size[1] / by), image.size, metadata.orientation)
        size = size[::-1] if across else size
        with reading():
            working = upright(image, metadata.orientation)
            few_bits = stored.mode in modes.AS_STORED and written == stored.format
            if not (few_bits and _may_stay(image, metadata, recipe, size)):
                working = modes.to_working(working, note, bits)
        if working is image and not isinstance(image, JpegImagePlugin.JpegImageFile):
            # Where there may be more frames, looking for them would change the pixels.
            working = working.copy()
        if by == 1 and (by := reduction(recipe, size)) > 1:
            working = working.reduce(by)
            part = (0, 0, size[0] / by, size[1] / by)
        # After the pixels are taken, because looking for more may meet damage.
        animation = _animation(image, file, recipe, written, note)
    find_profile(working, metadata, note)
    return Picture(working, size, by, part, metadata, stored, status, animation)


def frames(source: str, first: Picture, note: Note) -> Iterator[tuple[Picture, float]]:
    """Yield each frame of an animation as a picture, with the milliseconds that it stands.

    Args:
        source: Path of the animation.
        first: What `decoded` returned of it.
        note: Called with each sentence that a person should read about a frame.

    Raises:
        ImageError: It cannot be read, or is not the same file any more.
    """
    with opened(source) as (image, _file, status):
        if stamp(status) != stamp(first.status):
            raise ImageError(_("it has changed while it was read"))
        stored = stored_frames(image, first.animation, note)
        while True:
            with reading():
                frame = next(stored, None)
                if frame is None:
                    return
                working = upright(frame.image, first.metadata.orientation)
                working = modes.to_working(working, note)
                if first.reduction > 1:
                    working = working.reduce(first.reduction)
            find_profile(working, first.metadata, note)
            yield replace(first, image=working), frame.time


def _animation(
    image: Image.Image, file: BinaryIO, recipe: Recipe, written: str, note: Note
) -> Animation:
    """Return the animation that an output is to be; a still one where it is to be none."""
    if not _has_more(image):
        return STILL
    if image.format in FRAMES_READ:
        if recipe.frames == "first":
            return STILL
        if written in ANIMATED:
            with reading():
                return read_animation(image, file)
    note(_("only the first of its frames or pages was processed"))
    return STILL


def _channel_bits(image: Image.Image, file: BinaryIO) -> int:
    """Return the bits that a file has for each channel. See `modes.channel_bits`."""
    if image.format != "JPEG2000":
        return modes.channel_bits(image)
    with kept_position(file):
        found = jpeg2000.bits(file)
    if found > 8 and image.mode not in modes.SIXTEEN_BITS and not jpeg2000.reads_deep_colours():
        raise ImageError(
            _("Pillow makes black of white in JPEG 2000 of {bits} bits a channel"), bits=found
        )
    return found


def _may_stay(image: Image.Image, metadata: FileMetadata, recipe: Recipe, size: Size) -> bool:
    """Tell whether a recipe leaves pixels as they are stored."""
    # Colours that are to be converted are worked on.
    plain = not (image.info.get(ICC) or metadata.colours)
    return is_untouched(recipe, size) and (plain or recipe.metadata is not Metadata.STRIP)


def find_profile(image: Image.Image, metadata: FileMetadata, note: Note) -> None:
    """Put the profile of the image's colours into its `info`, and remove what is none."""
    mode = modes.seen_as(image)
    profile = image.info.get(ICC)
    if profile and not fits(profile, mode):
        note(_("its colour profile is damaged or of other colours, and was left out"))
        del image.info[ICC]
        profile = None
    if has_unknown_codes(metadata.colours):
        note(_("its colours are of a kind that is not converted (cICP, such as HDR)"))
    codes = any(chunk.kind == b"cICP" for chunk in metadata.colours)
    if not profile or codes:
        implied = implied_profile(mode, metadata.colours, metadata.exif)
        if implied:
            image.info[IMPLIED] = implied


def _drafted(image: JpegImagePlugin.JpegImageFile, recipe: Recipe, *, turned: bool) -> int:
    """Have a JPEG decoded smaller where that is enough; return the factor."""
    width, height = image.size
    if (by := reduction(recipe, image.size[::-1] if turned else image.size)) > 1:
        wanted = width // by, height // by
    elif recipe.fit and not (recipe.blur or recipe.grayscale):
        # `thumbnail` itself would ask for this, as nothing comes before it.
        x, y = recipe.fit
        seen = image.size[::-1] if turned else image.size
        part = cropped_size(seen, recipe.crop) if recipe.crop else seen
        if fitted_size(part, (x, y)) == part:
            return 1
        # What is cut off is decoded with the rest.
        wanted = -(-2 * x * seen[0] // part[0]), -(-2 * y * seen[1] // part[1])
        wanted = wanted[::-1] if turned else wanted
    else:
        return 1
    drafted = image.draft(None, wanted)
    return round(width / drafted[1][2]) if drafted else 1


def load(image: Image.Image, source: str) -> None:
    """Load an image, and give one whose pixels lie in the file as they are a second chance.

    By a file's name Pillow maps such pixels into memory and believes less of the header. It is the
    second way, not the first: a mapped file that shrinks meanwhile kills its reader (SIGBUS).
    """
    try:
        image.load()
    except (OSError, *DAMAGED) as error:
        if image.info.get("compression") in _NOT_READ:
            raise ImageError(
                _("Pillow does not read this kind of image ({remark})"),
                remark=f"{image.format}, {image.info['compression']}",
            ) from error
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
