"""Keeping what a source has, where encoding it anew saves hardly anything.

Workers import this: Pillow, the standard library and small siblings only.
"""

import os

from tui_app.files.folder import stamp
from tui_app.images.codec.copying import copy_of
from tui_app.images.codec.decoding import Picture
from tui_app.images.codec.formats import most_coded
from tui_app.images.errors import Note
from tui_app.images.job import ImageJob
from tui_app.images.recipe import Metadata, Recipe
from tui_app.language import _


def worth_it(job: ImageJob, picture: Picture, data: bytes, note: Note) -> bytes:
    """Return what to save: an output as it was encoded, or in its place what its source has.

    The place is taken only if the recipe leaves the pixels alone and the format is the same. Under
    `keep` the source's very bytes are kept. Other policies come first: only the coded pixels are
    kept then, and what the policy drops is dropped.

    Args:
        job: The image to be done.
        picture: The source, whose pixels the recipe leaves alone.
        data: The output, encoded anew.
        note: Called with a sentence where something else than `data` is saved, or should have been.
    """
    least, before = job.min_savings, picture.status.st_size
    if least is None or len(data) <= before * (1 - least):
        return data
    if not _could_stay(job, picture):
        return data
    saved = max(0.0, 100 * (1 - len(data) / before))
    percent = f"{saved:.1f}".removesuffix(".0")
    if job.recipe.metadata is Metadata.KEEP:
        if (source := _source(job, picture)) is None:
            return data
        note(_("its source's bytes were kept: anew it would save {n} %").format(n=percent))
        return source
    # What is told of the metadata was told already.
    only_metadata = Recipe("", "", metadata=job.recipe.metadata)
    copy = copy_of(job.source, only_metadata, job.format, lambda: None, lambda sentence: None)
    if copy is None or stamp(copy.status) != stamp(picture.status):
        note(_("metadata had to be removed, though that saves only {n} %").format(n=percent))
        return data
    note(
        _("its coded pixels were kept, and metadata removed: anew it would save {n} %").format(
            n=percent
        )
    )
    return copy.data


def _could_stay(job: ImageJob, picture: Picture) -> bool:
    turns = picture.metadata.orientation in range(2, 9)
    return (
        job.format == picture.stored.format
        and job.recipe.frames == "all"
        and not (job.recipe.upright and turns)
    )


def _source(job: ImageJob, picture: Picture) -> bytes | None:
    """Return the source's bytes; None if it has changed meanwhile, or is mostly something else."""
    with open(job.source, "rb") as file:  # noqa: PTH123 - as `opened` does
        status = os.fstat(file.fileno())
        most = most_coded(picture.size[0] * picture.size[1] * max(1, picture.animation.frames))
        if stamp(status) != stamp(picture.status) or status.st_size > most:
            return None
        return file.read()
