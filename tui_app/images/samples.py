"""The 15 sample photographs: drawn, not taken, and the same pixels wherever they are made.

The drawings are shipped small, and each becomes a photograph by enlarging with film grain. What
does it is imported where one is made: whoever only asks what there is need not wait.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from tui_app.files.atomic_write import Place, write_whole
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder
from tui_app.images.codec.opening import reading
from tui_app.images.errors import ImageError
from tui_app.language import N_
from tui_app.system.user_folders import cache_folder

VERSION = 2
"""Of the photographs; to be raised whenever a pixel of one changes."""

QUALITY = 90
_UNREAD = N_("this Pillow cannot read WebP, as which the sample photographs are shipped")
_UPRIGHT, _TURNED_LEFT = 1, 6  # EXIF orientations; the second is to be turned right to be upright
_END_OF_JPEG = b"\xff\xd9"
_PROFILE_DATE, _DATE = slice(24, 36), bytes((7, 232, 0, 6, 0, 21, 0, 5, 0, 30, 0, 0))


@dataclass(frozen=True, slots=True)
class Sample:
    """One photograph: what it is called and how large it is."""

    name: str
    """File name, e.g. `misty-mountains.jpg`; its stem is the drawing's."""
    width: int
    """Of the stored pixels."""
    height: int
    """Of the stored pixels."""
    grain: float = 0.13
    """Strength of the film grain: 0.1 is a clear day, 0.2 a night."""
    orientation: int = _UPRIGHT
    """The EXIF tag: 1 is upright, 6 is stored turned left, as a camera held upright does."""
    profiled: bool = False
    """Whether it carries an ICC profile (sRGB)."""

    @property
    def megapixels(self) -> float:
        """Return width times height, in millions."""
        return self.width * self.height / 1e6


SAMPLES: tuple[Sample, ...] = (
    Sample("misty-mountains.jpg", 6000, 4000),
    Sample("aurora-lake.jpg", 5472, 3648, grain=0.16),
    Sample("desert-dunes.jpg", 5760, 3240),
    Sample("sunset-sea.jpg", 5184, 3456),
    Sample("milky-way.jpg", 5184, 3456, grain=0.18, orientation=_TURNED_LEFT),
    Sample("rain-on-glass.jpg", 4608, 3456, grain=0.15),
    Sample("autumn-forest.jpg", 4000, 3000),
    Sample("moonrise.jpg", 3600, 3600),
    Sample("lavender-field.jpg", 5616, 3744, profiled=True),
    Sample("alpenglow.jpg", 4896, 3672),
    Sample("spider-web.jpg", 4512, 3008),
    Sample("hot-air-balloons.jpg", 4288, 3216),
    Sample("lighthouse.jpg", 3000, 4500, grain=0.15),
    Sample("underwater.jpg", 3456, 4608),
    Sample("sea-of-clouds.jpg", 7680, 2880),
)


@dataclass(frozen=True, slots=True)
class SampleJob:
    """What a worker gets: which photograph to make, and where."""

    sample: Sample
    path: str
    """The file that shall be there at the end."""
    overwrite: bool = False
    """Whether a file of that name is replaced: it is ours in our own folder alone."""


def make_sample(job: SampleJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    """Make a photograph and write it; its file appears whole or not at all.

    Args:
        job: which one, and where to; the folder is there.
        progress: is called with the step (`open`, `enlarge`, `save`) and how much of the whole
            work is done by then, 0 to 1.

    Returns:
        `width` and `height` in stored pixels, `megapixels`, and `bytes_out`.

    Raises:
        ImageError: the file could not be written, another one has its name, or Pillow does not
            read the drawing.
    """
    from tui_app.images.film import enlarged

    sample = job.sample
    progress("open", 0.0)
    drawing = _drawing(sample)
    size = (sample.width, sample.height)
    picture = enlarged(
        drawing, size, sample.grain, lambda done: progress("enlarge", 0.05 + 0.75 * done)
    )
    progress("save", 0.8)
    bytes_out = _written(job, picture)
    progress("save", 1.0)
    return {
        "width": sample.width,
        "height": sample.height,
        "megapixels": sample.megapixels,
        "bytes_out": bytes_out,
    }


def _written(job: SampleJob, picture: Image.Image) -> int:
    """Write the file, and return its size in bytes."""
    path = Path(job.path)
    try:
        with Folder.open(str(path.parent)) as folder:
            run = temporary_run(job.sample)
            place = Place(folder, path.name, folder, run, overwrite=job.overwrite)
            return write_whole(place, lambda file: _save(picture, job.sample, file))
    except OSError as error:
        raise ImageError(reason(error)) from error


def temporary_run(sample: Sample) -> str:
    """Return what marks a photograph's temporary file, where a run's id marks an output's."""
    return f".{Path(sample.name).stem}"


def _drawing(sample: Sample) -> Image.Image:
    """Return the drawing that is shipped, turned as it is to be stored."""
    from importlib.resources import files

    from PIL import WebPImagePlugin  # noqa: F401 - else Pillow would load all its readers

    shipped = files("tui_app.assets").joinpath("samples", f"{Path(sample.name).stem}.webp")
    with reading(_UNREAD), shipped.open("rb") as file, Image.open(file, formats=["WEBP"]) as image:
        return image.convert("RGB")


def _save(picture: Image.Image, sample: Sample, file: BinaryIO) -> None:
    """Encode a photograph with its metadata."""
    profile = _srgb_profile() if sample.profiled else None
    picture.save(file, "JPEG", quality=QUALITY, exif=_exif(sample), icc_profile=profile)


def _exif(sample: Sample) -> Image.Exif:
    """Return what a camera would have noted."""
    from PIL import ExifTags

    taken = "2024:06:21 05:30:00"
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = Path(sample.name).stem.replace("-", " ").capitalize()
    exif[ExifTags.Base.Make] = "Procession"
    exif[ExifTags.Base.Model] = "Procession Scenery"
    exif[ExifTags.Base.Orientation] = sample.orientation
    exif[ExifTags.Base.DateTime] = taken
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    return exif


def _srgb_profile() -> bytes:
    """Return an sRGB profile; its date is a fixed one, where the library writes that of today."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_PROFILE_DATE] = _DATE
    return bytes(profile)


def samples_folder() -> Path:
    """Return where the samples are kept; another version of them has another folder."""
    return cache_folder() / f"samples-{VERSION}"


def missing_samples(folder: Path) -> tuple[Sample, ...]:
    """Return the samples that are not there yet as complete files."""
    return tuple(sample for sample in SAMPLES if not _is_complete(folder / sample.name))


def _is_complete(path: Path) -> bool:
    """Tell whether a JPEG file is there and ends as one does."""
    try:
        with path.open("rb") as file:
            file.seek(-len(_END_OF_JPEG), os.SEEK_END)
            return file.read() == _END_OF_JPEG
    except OSError:
        return False
