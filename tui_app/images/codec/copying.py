"""Copying coded pixels: for recipes that leave pixels alone, and only take metadata out.

Decoding and encoding again would blur a JPEG's colours and lose detail. So the file's own coded
data go into the output, byte for byte, with the metadata that the policy keeps. The pixels are
decoded all the same, as for any other output: a file that is cut off or damaged fails by its name,
and never counts as done.

Workers import this: Pillow, the standard library and small siblings only.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from tui_app.images.codec import colour
from tui_app.images.codec.blocks import DamagedBlockError
from tui_app.images.codec.coded import copied
from tui_app.images.codec.decoding import find_profile, load
from tui_app.images.codec.embedding import outgoing
from tui_app.images.codec.formats import most_coded
from tui_app.images.codec.frames import Animation, count_frames, read_animation, stored_frames
from tui_app.images.codec.metadata import FileMetadata, read_metadata
from tui_app.images.codec.opening import opened, reading
from tui_app.images.codec.orientation import turned
from tui_app.images.codec.tails import whole
from tui_app.images.errors import Note
from tui_app.images.recipe import Metadata, Recipe
from tui_app.images.reduction import Size
from tui_app.language import _

COPIED = ("JPEG", "PNG", "WEBP")
"""Formats whose coded pixels can be copied."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file with its coded pixels as they were, ready to be saved.

    Attributes:
        data: The file.
        size: Width and height in pixels, as it is seen: upright.
        status: Status of the source's file when it was opened.
    """

    data: bytes
    size: Size
    status: os.stat_result


def copy_of(
    source: str, recipe: Recipe, written: str, decoding: Callable[[], None], note: Note
) -> Copy | None:
    """Return a copy of an image with other metadata, or None where it has to be encoded anew.

    Args:
        source: Path of the image.
        recipe: What is to be done with it: one that `copies`.
        written: Pillow format of the output.
        decoding: Called when the header has been read, if it may be copied.
        note: Called with each sentence that a person should read about the copy.

    Raises:
        ImageError: It cannot be read.
    """
    if written not in COPIED:
        return None
    said: list[str] = []
    with opened(source, lambda file: whole(file, said.append)) as (image, file, status):
        # A phone's photograph may have a second picture behind it.
        if written != ("JPEG" if image.format == "MPO" else image.format):
            return None
        with reading():
            metadata = read_metadata(image, file, said.append)
            turns = metadata.orientation if metadata.orientation in range(2, 9) else 1
            if recipe.upright and turns > 1:
                return None
            if recipe.frames == "first" and count_frames(image, file)[0] > 1:
                return None
            animation = read_animation(image, file)
            find_profile(image, metadata, said.append)
            if recipe.metadata is Metadata.STRIP and not _is_srgb(image, said.append):
                return None
            decoding()
            load(image, source)
            if animation.frames > 1 and not _can_be_read(image, animation):
                return None
        size = image.size
        file.seek(0)
        data = file.read(most_coded(size[0] * size[1] * animation.frames))
        kept = outgoing(metadata, recipe.metadata, written, size, said.append, orientation=turns)
        profile = _profile(image, metadata, kept, recipe)
    try:
        data = copied(data, kept, profile, written, looks=recipe.metadata is not Metadata.STRIP)
    except DamagedBlockError:
        return None
    for sentence in said:
        note(sentence)
    return Copy(data, size[::-1] if turned(turns) else size, status)


def _is_srgb(image: Image.Image, note: Note) -> bool:
    """Tell whether an image needs no profile to be seen as it is meant, or has none that helps."""
    profile = colour.profile_of(image)
    if not isinstance(profile, bytes):
        return True
    try:
        return colour.is_srgb(profile)
    except colour.ProfileError:
        note(_("its colour profile could not be applied, so colours may look different"))
        return True


def _profile(
    image: Image.Image, metadata: FileMetadata, kept: FileMetadata, recipe: Recipe
) -> bytes:
    """Return the colour profile that the copy is to have: its own, or what the source implied."""
    if recipe.metadata is Metadata.STRIP:
        return b""
    own = image.info.get(colour.ICC)
    told = metadata.colours or colour.is_adobe_rgb(kept.exif)
    profile = own if own or told else colour.profile_of(image)
    return profile if isinstance(profile, bytes) else b""


def _can_be_read(image: Image.Image, animation: Animation) -> bool:
    """Tell whether all frames of an animation can be read."""
    flaws: list[str] = []
    for _frame in stored_frames(image, animation, flaws.append):
        pass
    return not flaws
