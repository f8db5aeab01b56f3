"""One image, in a worker: decoded, worked on, and saved whole.

Workers import this: Pillow, the standard library and small siblings only.
"""

import math
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image, ImageFile, JpegImagePlugin

from tui_app.images.blur import fitted, smoothed
from tui_app.images.codec import animation, colour, modes
from tui_app.images.codec.coded import as_animation
from tui_app.images.codec.copying import Copy, copy_of
from tui_app.images.codec.decoding import Picture, decoded, frames
from tui_app.images.codec.embedding import completed, encoder_options, outgoing
from tui_app.images.codec.formats import FORMATS
from tui_app.images.codec.frames import Frame
from tui_app.images.codec.metadata import FileMetadata
from tui_app.images.codec.opening import DAMAGED, admit
from tui_app.images.codec.storage import growth, is_untouched, save_options
from tui_app.images.errors import ImageError, Note
from tui_app.images.job import ImageJob
from tui_app.images.output.saving import begin, failed, not_written, save_output
from tui_app.images.recipe import Metadata, Recipe
from tui_app.images.reduction import Size, cropped_size, fitted_size
from tui_app.images.savings import worth_it
from tui_app.images.sharpening import sharpened
from tui_app.images.store_source import fetched
from tui_app.language import _
from tui_app.stores.urls import is_url

# Pillow refuses images above 179 megapixels. Its warning above 89 says nothing to a person.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class _PixelStep:
    """A step of the work on pixels, and what it costs beside the others."""

    name: str
    cost: int
    wanted: Callable[[Recipe], bool]
    done: Callable[[Picture, Recipe], Image.Image]


def _blurred(picture: Picture, recipe: Recipe) -> Image.Image:
    by = picture.reduction
    return smoothed(picture.image, _size(picture, recipe), recipe.blur / by, by)


def _fitted(picture: Picture, recipe: Recipe) -> Image.Image:
    size, by = _size(picture, recipe), picture.reduction
    if size == picture.image.size and by == 1:
        return picture.image
    return fitted(picture.image, size, picture.part, recipe.blur / by, by)


def _size(picture: Picture, recipe: Recipe) -> Size:
    return fitted_size(picture.size, recipe.fit) if recipe.fit else picture.size


def _cropped(picture: Picture, recipe: Recipe) -> Image.Image:
    """Return the middle of a picture, whose size and part become those of it."""
    (width, height), by = cropped_size(picture.size, recipe.crop or ""), picture.reduction
    across, down = (whole - part for whole, part in zip(picture.size, (width, height), strict=True))
    left, top = picture.part[0] + across // 2 / by, picture.part[1] + down // 2 / by
    right, bottom = left + width / by, top + height / by
    # Whole pixels, of which those at the edge may belong to it in part.
    x, y = math.floor(left), math.floor(top)
    outer = x, y, math.ceil(right), math.ceil(bottom)
    picture.size, picture.part = (width, height), (left - x, top - y, right - x, bottom - y)
    return picture.image.crop(outer)


def _sharpened(picture: Picture, recipe: Recipe) -> Image.Image:
    return sharpened(picture.image, recipe.sharpen)


# The costs are percents of the time that the tutorial's recipe takes on a photograph.
_DECODING, _SAVING = 18, 4
_FRAMES_TOLD = 50
"""How often it is told, about, how far the frames of an animation are."""
_WORK = (
    _PixelStep("crop", 0, lambda r: r.crop is not None, _cropped),
    _PixelStep("grayscale", 2, lambda r: r.grayscale, lambda p, r: modes.to_grayscale(p.image)),
    _PixelStep("blur", 74, lambda r: r.blur > 0, _blurred),
    _PixelStep("fit", 4, lambda r: r.fit is not None, _fitted),
    _PixelStep("sharpen", 2, lambda r: r.sharpen > 0, _sharpened),
)


def process_image(job: ImageJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    """Process one image.

    Args:
        job: The image to be done.
        progress: Called as each step begins, with its name and the share of the work that is done,
            0 to 1.

    Returns:
        Values for JSON: `width` and `height` (of the source, upright), `out_width`, `out_height`,
        `megapixels` (of the source), `reduction` (the factor by which it was reduced for the work),
        `bytes_in`, `bytes_out`, and `notes`.

    Raises:
        ImageError: The image failed, and nothing was written; `DiskError` where the disk was to
            blame.
    """
    progress("open", 0.0)
    admit(job.max_pixels)
    begin(job)
    try:
        if not is_url(job.source):
            return _process(job, progress)
        progress("fetch", 0.0)
        with fetched(job) as here:
            return _process(here, progress)
    except MemoryError as error:
        failed(job)
        raise ImageError(_("there is not enough memory for it")) from error
    except ImageError:
        failed(job)
        raise


def _process(job: ImageJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    notes: list[str] = []
    if job.recipe.copies:
        if copy := copy_of(
            job.source, job.recipe, job.format, lambda: progress("decode", 0.0), notes.append
        ):
            progress("save", _DECODING / (_DECODING + _SAVING))
            return _copied(copy, job, notes)
        notes.append(_("its pixels were encoded anew"))
    work = [step for step in _WORK if step.wanted(job.recipe)]

    picture = decoded(
        job.source, job.recipe, job.format, lambda: progress("decode", 0.0), notes.append
    )
    if picture.animation.frames > 1:
        return _animated(picture, work, job, progress, notes)
    # Fewer pixels make the steps cheaper; they hardly make decoding cheaper.
    costs = [step.cost / picture.reduction**2 for step in work]
    whole = _DECODING + sum(costs) + _SAVING
    behind: float = _DECODING
    source, untouched = picture.size, is_untouched(job.recipe, picture.size)
    for step, cost in zip(work, costs, strict=True):
        progress(step.name, behind / whole)
        # One name holds the image, so that each step frees what it replaces.
        picture.image = step.done(picture, job.recipe)
        behind += cost
    progress("save", behind / whole)
    picture.image = _ready(picture.image, job, notes.append)
    written = _saved(picture, job, notes, untouched=untouched)
    sizes = source, picture.image.size
    return _result(*sizes, picture.reduction, picture.status.st_size, written, notes)


def _copied(copy: Copy, job: ImageJob, notes: list[str]) -> dict[str, object]:
    """Save a copy of an image whose pixels stay as they are coded."""
    written = save_output(job, copy.data, copy.status)
    return _result(copy.size, copy.size, 1, copy.status.st_size, written, notes)


def _result(
    size: Size, output: Size, reduction: int, before: int, after: int, notes: list[str]
) -> dict[str, object]:
    """Return what `process_image` does."""
    return {
        "width": size[0],
        "height": size[1],
        "out_width": output[0],
        "out_height": output[1],
        "megapixels": size[0] * size[1] / 1e6,
        "reduction": reduction,
        "bytes_in": before,
        "bytes_out": after,
        "notes": notes,
    }


def _ready(image: Image.Image, job: ImageJob, note: Note) -> Image.Image:
    """Return the image in colours and a mode that the output's format and policy allow."""
    profile = colour.profile_of(image)
    if profile and image.mode not in modes.AS_STORED:
        kept = job.recipe.metadata is not Metadata.STRIP and FORMATS[job.format].icc
        if not (kept and colour.fits(profile, modes.saved_mode(image, job.format))):
            image = _converted(image, job, note)
    return modes.to_format(image, job.format, note)


def _converted(image: Image.Image, job: ImageJob, note: Note) -> Image.Image:
    """Return the image in sRGB, where its output cannot tell of other colours."""
    if image.mode == "CMYK" and "CMYK" not in FORMATS[job.format].modes:
        # Its colours are converted with its mode.
        return image
    converted = colour.to_srgb(image)
    if converted is None:
        note(_("its colour profile could not be applied, so colours may look different"))
        return colour.without_profile(image)
    if converted is not image and job.recipe.metadata is not Metadata.STRIP:
        sentence = _("{written} carries no colour profile: colours were converted to sRGB")
        note(sentence.format(written=job.format))
    return colour.without_profile(converted)


def _outgoing(picture: Picture, image: Image.Image, job: ImageJob, note: Note) -> FileMetadata:
    """Return the metadata that the output of an image that is ready carries."""
    metadata = picture.metadata
    if colour.CONVERTED in image.info:
        metadata = replace(metadata, colours=())
    return outgoing(metadata, job.recipe.metadata, job.format, image.size, note)


def _profile(image: Image.Image, metadata: FileMetadata) -> object:
    """Return the colour profile that an output with this metadata carries, or None."""
    own = image.info.get(colour.ICC)
    # Without a profile, these tell what the colours are.
    told = metadata.colours or colour.is_adobe_rgb(metadata.exif)
    return own if own or told else colour.profile_of(image)


def _saved(picture: Picture, job: ImageJob, notes: list[str], *, untouched: bool) -> int:
    """Encode an image that is ready, save it with its metadata, and return its size in bytes.

    `untouched` tells whether its pixels are those of its source.
    """
    image, status, policy = picture.image, picture.status, job.recipe.metadata
    if isinstance(image, ImageFile.ImageFile) and type(image) is not JpegImagePlugin.JpegImageFile:
        # A plain copy carries no more of the file than pixels and `info`: savers look for frames
        # and tags, of which a JPEG has none.
        image = image.copy()
    metadata = _outgoing(picture, image, job, notes.append)
    options = save_options(image, picture.stored, job.format, job.recipe, notes.append)
    if policy is not Metadata.STRIP and (profile := _profile(image, metadata)):
        options["icc_profile"] = profile
    # Savers would copy what else the source's file said into the output.
    image.info = {}
    # Through memory: on a file, Pillow's encoders lose the reason of a failed write.
    encoded = BytesIO()
    try:
        image.save(encoded, job.format, **options, **encoder_options(metadata, job.format))
        data = completed(encoded.getvalue(), metadata, job.format)
    except (OSError, *DAMAGED) as error:
        raise not_written(error) from error
    if untouched:
        data = worth_it(job, picture, data, notes.append)
    size = save_output(job, data, status)
    if job.format == picture.stored.format and (sentence := growth(status.st_size, size)):
        notes.append(sentence)
    return size


def _animated(
    picture: Picture,
    work: Sequence[_PixelStep],
    job: ImageJob,
    progress: Callable[[str, float], None],
    notes: list[str],
) -> dict[str, object]:
    """Do the work on each frame of an animation, and save them as one."""
    count, reached = picture.animation.frames, 0
    told_each = count // _FRAMES_TOLD + 1

    def note(sentence: str) -> None:
        # Frames are alike: what is said of one is said once.
        if sentence not in notes:
            notes.append(sentence)

    def ready() -> Generator[Frame, None, None]:
        for number, (frame, time) in enumerate(frames(job.source, picture, note)):
            nonlocal reached
            if number >= reached and number % told_each == 0:
                reached = number
                progress("frames", number / (count + 1))
            for step in work:
                frame.image = step.done(frame, job.recipe)
            if job.format == "GIF":
                # What of it is seen is decided when the frames are put together.
                image = frame.image.convert("RGBA") if frame.image.mode == "LA" else frame.image
            else:
                image = _ready(frame.image, job, note)
            yield Frame(image, time)

    with closing(ready()) as once:
        first = next(once).image
    size, policy = first.size, job.recipe.metadata
    metadata = _outgoing(picture, first, job, note)
    options = save_options(first, picture.stored, job.format, job.recipe, note)
    profile = _profile(first, metadata) if policy is not Metadata.STRIP else None
    try:
        data = animation.encoded(ready, picture.animation, job.format, options, metadata.comments)
        data = as_animation(data, metadata, profile, job.format)
    except (OSError, *DAMAGED) as error:
        raise not_written(error) from error
    if is_untouched(job.recipe, picture.size):
        data = worth_it(job, picture, data, note)
    progress("save", count / (count + 1))
    written = save_output(job, data, picture.status)
    if job.format == picture.stored.format and (
        sentence := growth(picture.status.st_size, written)
    ):
        notes.append(sentence)
    before = picture.status.st_size
    return _result(picture.size, size, picture.reduction, before, written, notes)
