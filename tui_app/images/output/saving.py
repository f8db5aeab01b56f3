"""Writing an image's output, in a worker: by descriptors opened anew for each, and journalled.

What goes to a store is `store_saving.py`'s.

Workers import this: the standard library and small siblings only.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from tui_app.files.atomic_write import Place, SourceInTheWayError, holding, write_whole
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder, Stamp, stamp
from tui_app.images.errors import DiskError, ImageError
from tui_app.images.job import ImageJob, OutputPlace, StorePlace
from tui_app.images.output.hidden import ForeignFileError
from tui_app.images.output.journal import Journal
from tui_app.images.output.journal_lines import Begun, Failed, JournalLine, Made
from tui_app.images.output.store_saving import begin_in_store, save_in_store
from tui_app.language import _


@dataclass(slots=True)
class _Open:
    """The open folders of an output's place, and its name in the last of them."""

    place: OutputPlace
    root: Folder
    hidden: Folder
    folder: Folder
    name: str

    def note(self, line: JournalLine) -> None:
        if self.place.journal:
            Journal(self.hidden, self.root.status).append(line)


def begin(job: ImageJob) -> None:
    """Note that work on an output begins, and check that it can stand there.

    Raises:
        ImageError: It cannot; `DiskError` where perhaps no other can.
    """
    if isinstance(job.place, StorePlace):
        begin_in_store(job, job.place)
        return
    with _opened(job, job.place) as opened:
        opened.folder.lstat(opened.name)
        opened.note(Begun(job.name))


def failed(job: ImageJob) -> None:
    """Note that work on an output came to nothing, where that can be noted."""
    if isinstance(job.place, StorePlace):
        # Perhaps its output stands there all the same: an answer may have been lost.
        return
    with suppress(ImageError), _opened(job, job.place) as opened:
        opened.note(Failed(job.name))


def save_output(job: ImageJob, contents: bytes, source: os.stat_result) -> int:
    """Write an output under its name, and return its size in bytes.

    Args:
        job: The image to be done.
        contents: The output.
        source: Status of the image's file when it was opened.

    Raises:
        ImageError: It cannot be written; `DiskError` where perhaps no other can.
    """
    of = job.of or stamp(source)
    if isinstance(job.place, StorePlace):
        return save_in_store(job, job.place, contents, of)
    run = job.place.run
    times = (source.st_atime_ns, source.st_mtime_ns) if job.keep_dates else None
    with _opened(job, job.place) as opened:
        place = Place(
            opened.folder,
            opened.name,
            opened.hidden,
            run,
            over=job.over,
            overwrite=job.overwrite,
        )

        def prepared(made: Stamp) -> None:
            now = int(time.time())
            by = job.recipe.name
            opened.note(Made(job.name, made, job.origin, of, job.mark, now, by))

        return write_whole(place, holding(contents), source=source, times=times, prepared=prepared)


@contextmanager
def _opened(job: ImageJob, place: OutputPlace) -> Iterator[_Open]:
    """Open the folders of an output; turn what the system raises meanwhile into `ImageError`."""
    inner, _slash, name = job.name.rpartition("/")
    try:
        with ExitStack() as stack:
            root = stack.enter_context(Folder.open(place.path))
            if not place.is_at(root.identity):
                raise FileNotFoundError
            hidden = stack.enter_context(root.below(place.hidden))
            folder = stack.enter_context(root.below(inner))
            yield _Open(place, root, hidden, folder, name)
    except SourceInTheWayError as error:
        raise ImageError(_("the output would replace its own source")) from error
    except FileExistsError as error:
        raise ImageError(_("an output of that name has appeared meanwhile")) from error
    except FileNotFoundError as error:
        raise DiskError(_("the output cannot be written: its folder has gone")) from error
    except NotADirectoryError as error:
        raise ImageError(
            _("the output cannot be written: a link or a file is in its folder's place")
        ) from error
    except ForeignFileError as error:
        raise DiskError(
            _("the output cannot be written: the journal was replaced by another file")
        ) from error
    except OSError as error:
        raise not_written(error) from error


def not_written(error: Exception) -> ImageError:
    """Return the failure that an error comes to: the system's, or one of Pillow's encoders."""
    why = reason(error) if isinstance(error, OSError) else str(error)
    # Pillow's own OSErrors, about what it cannot encode, have no number.
    kind = DiskError if getattr(error, "errno", None) else ImageError
    return kind(_("the output cannot be written: {reason}"), reason=why)
