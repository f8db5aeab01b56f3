"""Where a worker puts an image's output: opened anew for each, by descriptors, and journalled.

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
from tui_app.images.codec.opening import DiskError, ImageError
from tui_app.images.job import Target
from tui_app.images.output.journal import Begun, Failed, ForeignJournalError, Line, Made, append
from tui_app.language import _


@dataclass(slots=True)
class _Open:
    root: Folder
    hidden: Folder
    folder: Folder
    name: str


def begin(target: Target) -> None:
    """Note that work on an output begins, and check that it can stand there.

    Raises:
        ImageError: It cannot; `DiskError` where perhaps no other can.
    """
    with _writing(target) as opened:
        opened.folder.lstat(opened.name)
        _note(target, opened, Begun(target.name))


def failed(target: Target) -> None:
    """Note that work on an output came to nothing, where that can be noted."""
    with suppress(ImageError), _writing(target) as opened:
        _note(target, opened, Failed(target.name))


def save_output(
    target: Target,
    contents: bytes | memoryview,
    source: os.stat_result,
    *,
    keep_dates: bool,
) -> int:
    """Write an output under its name, and return its size in bytes.

    Args:
        target: Where it is to stand.
        contents: What it holds.
        source: Status of the source's file when it was opened.
        keep_dates: Whether the output gets the source's access and modification times.

    Raises:
        ImageError: It cannot be written; `DiskError` where perhaps no other can.
    """
    times = (source.st_atime_ns, source.st_mtime_ns) if keep_dates else None
    with _writing(target) as opened:
        place = Place(
            opened.folder,
            opened.name,
            opened.hidden,
            target.place.run,
            over=target.over,
            overwrite=target.overwrite,
        )

        def prepared(made: Stamp) -> None:
            line = Made(
                target.name, made, target.source, stamp(source), target.recipe, int(time.time())
            )
            _note(target, opened, line)

        return write_whole(place, holding(contents), source=source, times=times, prepared=prepared)


def _note(target: Target, opened: _Open, line: Line) -> None:
    if target.place.journal:
        append(opened.hidden, opened.root.status, line)


@contextmanager
def _writing(target: Target) -> Iterator[_Open]:
    """Open the folders of an output; turn whatever the system says into `ImageError`."""
    place = target.place
    inner, _slash, name = target.name.rpartition("/")
    try:
        with ExitStack() as stack:
            root = stack.enter_context(Folder.open(place.path))
            if root.identity != place.identity:
                raise FileNotFoundError
            hidden = stack.enter_context(root.below(place.hidden))
            folder = stack.enter_context(root.below(inner))
            yield _Open(root, hidden, folder, name)
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
    except ForeignJournalError as error:
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
    return kind(_("the output cannot be written: {reason}").format(reason=why))
