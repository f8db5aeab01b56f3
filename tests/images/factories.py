"""Images and jobs for the tests."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from tui_app.files.folder import Folder
from tui_app.images.job import ImageJob, OutputPlace
from tui_app.images.output.folder import OutputFolder
from tui_app.images.output.hidden import HIDDEN, open_existing
from tui_app.images.output.journal import Journal
from tui_app.images.output.journal_lines import JournalLine
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Item, Plan
from tui_app.images.recipe import Recipe

TUTORIAL = Recipe("tutorial", "", blur=15, fit=(1200, 1200))
NOTHING = Recipe("nothing", "", quality=75)
"""Encodes anew, at the quality that Pillow has by itself."""
COPIED = Recipe("copied", "")
"""Leaves pixels as they are coded."""


def picture(size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Image.Image:
    """A picture in which every corner differs, so that a turn or a lost channel shows."""
    across = Image.linear_gradient("L").rotate(90).resize(size)
    down = Image.linear_gradient("L").resize(size)
    rings = Image.radial_gradient("L").resize(size)
    if mode == "L":
        return across
    if mode == "LA":
        return Image.merge("LA", (across, down))
    if mode in ("RGBA", "CMYK"):
        return Image.merge(mode, (across, down, rings, down))
    return Image.merge("RGB", (across, down, rings)).convert(mode)


def job(
    source: Path,
    output: Path,
    recipe: Recipe = NOTHING,
    written: str = "JPEG",
    *,
    overwrite: bool = False,
    keep_dates: bool = False,
    exact: bool = True,
) -> ImageJob:
    """A job whose folders exist, and that no journal knows of."""
    hidden(output).mkdir(parents=True, exist_ok=True)
    with Folder.open(str(output.parent)) as folder:
        place = OutputPlace(str(output.parent), folder.identity, HIDDEN, "run", journal=False)
    return ImageJob(
        str(source),
        replace(recipe, exact=exact),
        place,
        output.name,
        written,
        overwrite=overwrite,
        keep_dates=keep_dates,
    )


def output_of(job: ImageJob) -> Path:
    """The output of a job."""
    assert isinstance(job.place, OutputPlace)
    return Path(job.place.path, job.name)


def hidden(output: Path) -> Path:
    """The hidden folder of the folder that an output stands in."""
    return output.parent / HIDDEN


@contextmanager
def jobs(plan: Plan, run: str = "run") -> Iterator[Sequence[tuple[Item, ImageJob]]]:
    """The plan's images with their jobs, in its output folder, which is made; without a journal."""
    folder = OutputFolder(plan, run)
    try:
        folder.make_folders(plan)
        yield list(folder.jobs(plan))
    finally:
        folder.close()


def journalled(output: Path) -> tuple[list[JournalLine], int]:
    """The lines of an output folder's journal, and how many were read past."""
    with open_existing(str(output)) as (root, hidden):
        if hidden.folder is None:
            return [], 0
        journal = Journal(hidden.folder, root.status)
        return list(journal.lines()), journal.unread


def done(
    source: Path,
    output: Path,
    recipe: Recipe = NOTHING,
    written: str = "JPEG",
    *,
    exact: bool = True,
) -> tuple[Image.Image, list[str]]:
    """Process one image, and return its loaded output and the notes."""
    given = job(source, output, recipe, written, exact=exact)
    result = process_image(given, lambda step, fraction: None)
    notes = result["notes"]
    assert isinstance(notes, list)
    with Image.open(output) as image:
        image.load()
    return image, notes


def same_pixels(one: Image.Image, other: Image.Image) -> bool:
    """Whether two images are equal to the last bit."""
    return (one.mode, one.size, one.tobytes()) == (other.mode, other.size, other.tobytes())


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Of two images of one size and mode, in dB; of colours, by how much of them is seen."""
    assert (one.size, one.mode) == (other.size, other.mode)
    if one.mode == "RGBA":
        one, other = one.convert("RGBa"), other.convert("RGBa")
    stat = ImageStat.Stat(ImageChops.difference(one, other))
    mean = sum(stat.sum2) / (one.width * one.height * len(one.getbands()))
    return 10 * math.log10(255**2 / mean) if mean else math.inf
