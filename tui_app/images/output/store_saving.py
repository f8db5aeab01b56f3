"""Writing an image's output to a store, in a worker: whole, and journalled.

Workers import this: the standard library and small siblings only.
"""

import time

from tui_app.files.folder import Stamp
from tui_app.images.errors import DiskError, ImageError
from tui_app.images.job import ImageJob, StorePlace
from tui_app.images.output.journal_lines import Begun, JournalLine, Made
from tui_app.images.output.store_journal import StoreJournal
from tui_app.language import _
from tui_app.stores.errors import StoreError, TakenError
from tui_app.stores.opening import store_of


def begin_in_store(job: ImageJob, place: StorePlace) -> None:
    """Note that work on an output begins.

    Raises:
        DiskError: It cannot be noted.
    """
    _note(place, Begun(job.name))


def save_in_store(job: ImageJob, place: StorePlace, contents: bytes, of: Stamp) -> int:
    """Write an output under its name, and return its size in bytes.

    Args:
        job: The image to be done.
        place: Where its output goes.
        contents: The output.
        of: Stamp of the source.

    Raises:
        ImageError: It cannot be written; `DiskError` where perhaps no other can.
    """
    try:
        store, name = store_of(f"{place.url}/{job.name}")
        if job.overwrite:
            made = store.write(name, contents)
        elif job.over is not None:
            made = store.write_over(name, contents, job.over)
        else:
            made = store.write_new(name, contents)
    except TakenError:
        raise ImageError(_("an output of that name has appeared meanwhile")) from None
    except StoreError as error:
        raise _not_written(error) from None
    _note(place, Made(job.name, made, job.origin, of, job.mark, int(time.time()), job.recipe.name))
    return len(contents)


def _note(place: StorePlace, line: JournalLine) -> None:
    try:
        StoreJournal(place.url).append(line, place.run)
    except StoreError as error:
        raise _not_written(error) from None


def _not_written(error: StoreError) -> DiskError:
    return DiskError(_("the output cannot be written: {reason}"), reason=error.why)
