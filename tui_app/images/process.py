"""One image, in a worker: opened, worked on at full size, and saved whole.

Workers import this: Pillow, the standard library and small siblings only.
"""

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageFile, ImageFilter

from tui_app.images import modes
from tui_app.images.colour import fits, to_srgb
from tui_app.images.files import write_whole
from tui_app.images.formats import FORMATS
from tui_app.images.metadata import read_exif, saved_metadata, upright
from tui_app.images.opening import DAMAGED, DiskError, ImageError, opened, reading, reason
from tui_app.images.paths import is_within
from tui_app.images.recipe import Metadata, Recipe
from tui_app.language import _

# Above 89 megapixels Pillow warns, above 179 it refuses: the warning says nothing to a person.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class ImageJob:
    """One image to be done, as it travels to a worker.

    Attributes:
        source: Path of the image.
        output: Path of the output; its folder exists.
        format: Pillow format of the output.
        temporary_folder: Where the output is written before it gets its name.
        run: The run's id.
        recipe: What is done.
        overwrite: Whether an output that stands there is replaced.
        keep_dates: Whether the output gets its source's access and modification times.
    """

    source: str
    output: str
    format: str
    temporary_folder: str
    run: str
    recipe: Recipe
    overwrite: bool
    keep_dates: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the work on pixels, and what it costs beside the others."""

    name: str
    cost: int
    wanted: Callable[[Recipe], bool]
    done: Callable[[Image.Image, Recipe], Image.Image]


def _fitted(image: Image.Image, recipe: Recipe) -> Image.Image:
    if recipe.fit is not None:
        image.thumbnail(recipe.fit)
    return image


# The costs are percents of the tutorial's recipe on a photograph (FACTS, Images 12).
_DECODING, _SAVING = 18, 4
_WORK = (
    _Step("grayscale", 2, lambda r: r.grayscale, lambda image, r: modes.to_grayscale(image)),
    _Step(
        "blur",
        74,
        lambda r: r.blur > 0,
        lambda image, r: modes.filtered(image, ImageFilter.GaussianBlur(r.blur)),
    ),
    _Step("fit", 4, lambda r: r.fit is not None, _fitted),
    # A radius of one output pixel sharpens what shrinking softened; the threshold spares noise.
    _Step(
        "sharpen",
        2,
        lambda r: r.sharpen > 0,
        lambda image, r: modes.filtered(image, ImageFilter.UnsharpMask(1, r.sharpen, 2)),
    ),
)


def process_image(job: ImageJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    """Do one image exactly: the pixels of open, filter, thumbnail and save.

    Args:
        job: What is to be done.
        progress: Is told each step as it begins, and the share of the work behind it, 0 to 1.

    Returns:
        What can be told as JSON: `width` and `height` (of the source, upright), `out_width`,
        `out_height`, `megapixels` (of the source), `bytes_in`, `bytes_out`, and `notes`.

    Raises:
        ImageError: The image failed, and nothing was written; `DiskError` where the disk was to
            blame.
    """
    try:
        return _process(job, progress)
    except MemoryError as error:
        raise ImageError(_("there is not enough memory for it")) from error


def _process(job: ImageJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    notes: list[str] = []
    work = [step for step in _WORK if step.wanted(job.recipe)]
    whole = _DECODING + sum(step.cost for step in work) + _SAVING

    progress("open", 0.0)
    _check_place(job)
    image, exif, status = _decoded(job, lambda: progress("decode", 0.0), notes)
    width, height = image.size
    behind = _DECODING
    # One name holds the image, so that each step frees what it replaces.
    for step in work:
        progress(step.name, behind / whole)
        image = step.done(image, job.recipe)
        behind += step.cost
    progress("save", behind / whole)
    image = _ready(image, job, notes)
    written = _saved(image, exif, status, job, notes)
    return {
        "width": width,
        "height": height,
        "out_width": image.width,
        "out_height": image.height,
        "megapixels": width * height / 1e6,
        "bytes_in": status.st_size,
        "bytes_out": written,
        "notes": notes,
    }


def _check_place(job: ImageJob) -> None:
    """Fail before the work where no output can ever stand, or would stand elsewhere."""
    if not is_within(Path(job.output).parent, Path(job.temporary_folder).parent):
        raise ImageError(_("the output cannot be written: a link leads out of the output folder"))
    try:
        os.lstat(job.output)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise _not_written(error) from error


def _decoded(
    job: ImageJob, decoding: Callable[[], None], notes: list[str]
) -> tuple[Image.Image, Image.Exif, os.stat_result]:
    """Return a source's pixels, upright and in a working mode, its EXIF and its file's stat."""
    with opened(job.source) as (image, status):
        decoding()
        if job.recipe.format == "same":
            _tell_format(image, job.format, notes)
        with reading():
            bits = modes.channel_bits(image)
            _load(image, job.source)
        if bits > 8:
            notes.append(_("its {bits} bits a channel became 8").format(bits=bits))
        exif = read_exif(image, notes.append)
        with reading():
            working = modes.to_working(upright(image, exif), notes.append, bits)
        # A plain copy carries no more of the file than pixels and `info`.
        working = working.copy() if working is image else working
        # After the pixels are taken: looking for more may meet damage, and leave the first frame.
        if _has_more(image):
            notes.append(_("only the first of its frames or pages was processed"))
    if working.info.get("icc_profile") and not fits(working.info["icc_profile"], working.mode):
        notes.append(_("its colour profile is damaged or of other colours, and was left out"))
        del working.info["icc_profile"]
    return working, exif, status


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


def _tell_format(image: Image.Image, written: str, notes: list[str]) -> None:
    """Note why an output is not in the format of its source."""
    own = image.format or ""
    if own not in FORMATS:
        if own != "MPO":
            notes.append(
                _("saved as {written}: {own} files are only read").format(written=written, own=own)
            )
    elif image.has_transparency_data and FORMATS[written].alpha and not FORMATS[own].alpha:
        notes.append(
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


def _ready(image: Image.Image, job: ImageJob, notes: list[str]) -> Image.Image:
    """Return the image in colours and a mode that the output's format and policy allow."""
    stripped = job.recipe.metadata is Metadata.STRIP
    if stripped or not FORMATS[job.format].icc:
        converted = to_srgb(image)
        if converted is None:
            notes.append(
                _("its colour profile could not be applied, so colours may look different")
            )
        elif converted is not image:
            image = converted
            if not stripped:
                sentence = _("{written} carries no colour profile: colours were converted to sRGB")
                notes.append(sentence.format(written=job.format))
    return modes.to_format(image, job.format, notes.append)


def _saved(
    image: Image.Image, exif: Image.Exif, status: os.stat_result, job: ImageJob, notes: list[str]
) -> int:
    options = saved_metadata(image, exif, job.recipe.metadata, job.format, notes.append)
    if job.recipe.quality is not None and FORMATS[job.format].lossy:
        options["quality"] = job.recipe.quality
    # Whatever else the source's file said, savers would copy into the output.
    image.info = {}

    def save(file: BinaryIO) -> None:
        # Through memory: on a file, Pillow's encoders lose the reason of a failed write.
        encoded = BytesIO()
        image.save(encoded, job.format, **options)
        file.write(encoded.getbuffer())

    times = (status.st_atime_ns, status.st_mtime_ns) if job.keep_dates else None
    try:
        return write_whole(
            job.output, job.temporary_folder, job.run, save, overwrite=job.overwrite, times=times
        )
    except FileExistsError as error:
        raise ImageError(_("an output of that name has appeared meanwhile")) from error
    except FileNotFoundError as error:
        raise DiskError(_("the output cannot be written: its folder has gone")) from error
    # Besides what the system says: what Pillow's encoders raise on what they cannot hold.
    except (OSError, *DAMAGED) as error:
        raise _not_written(error) from error


def _not_written(error: Exception) -> ImageError:
    why = reason(error) if isinstance(error, OSError) else str(error)
    # Pillow's own OSErrors, about what it cannot encode, have no number.
    kind = DiskError if getattr(error, "errno", None) else ImageError
    return kind(_("the output cannot be written: {reason}").format(reason=why))
