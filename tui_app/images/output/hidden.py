"""The hidden folder of an output folder, where unfinished files, the journal and the lock stand.

It is for us alone, or for a group whose folder the output folder is. A folder that somebody else
made in its place counts as not there: the next name is taken, and at last a name for this run
alone, without a journal.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from tui_app.files.folder import Folder
from tui_app.files.permissions import keep_for_owner, own_mode
from tui_app.files.trust import is_believed, is_ours
from tui_app.language import _

HIDDEN = ".procession"
"""Its usual name."""

_NO_FILE = (errno.ELOOP, errno.EMLINK, errno.EISDIR, errno.ENXIO, errno.ENODEV)
"""Answers of `open` for a link, a folder, and a FIFO, socket or device that nobody serves."""


class ForeignFileError(PermissionError):
    """A file in the hidden folder that others could have written: it is not believed."""

    def __init__(self, name: str) -> None:
        super().__init__(errno.EPERM, os.strerror(errno.EPERM), name)


@dataclass(frozen=True, slots=True)
class Hidden:
    """The hidden folder that is used.

    Attributes:
        folder: The open folder; None where there is none yet.
        name: Its name in the output folder.
        lasting: Whether it stays after the run, and can hold a journal.
        made: Whether it was made just now.
        notes: Plain sentences about what is not as it should be.
    """

    folder: Folder | None
    name: str
    lasting: bool = True
    made: bool = False
    notes: tuple[str, ...] = ()


def names() -> tuple[str, str]:
    """Return the names that the hidden folder may have, the usual one first."""
    return HIDDEN, f"{HIDDEN}-{os.geteuid()}"


def find(root: Folder, me: int | None = None) -> Hidden:
    """Return the hidden folder of an output folder as it is; nothing is made.

    `me` is the number of the user who owns our files there, by default the user of this process.
    """
    notes: list[str] = []
    for name in names():
        folder = _opened(root, name, os.geteuid() if me is None else me, notes)
        if folder is not None:
            return Hidden(folder, name, notes=tuple(notes))
    return Hidden(None, HIDDEN, notes=tuple(notes))


@contextmanager
def open_existing(output: str) -> Iterator[tuple[Folder, Hidden]]:
    """Open an output folder and its hidden folder as they are.

    Raises:
        OSError: The output folder cannot be opened.
    """
    with ExitStack() as stack:
        root = stack.enter_context(Folder.open(output))
        hidden = find(root)
        if hidden.folder is not None:
            stack.enter_context(hidden.folder)
        yield root, hidden


def make(root: Folder) -> Hidden:
    """Return the hidden folder of an output folder; it is made where there is none of ours.

    Raises:
        OSError: None can be made.
    """
    found = find(root)
    if found.notes and os.geteuid() == 0:
        # On a disk of another machine root is often nobody (`root_squash`, exports(5)).
        found = find(root, _owner_there(root))
    notes = list(found.notes)
    if found.folder is not None:
        return replace(found, notes=(*notes, *_closed_to_others(root, found.folder)))
    mode = own_mode(root.status, is_folder=True)
    for name in names():
        if root.make(name, mode):
            folder = root.below(name)
            notes += _closed_to_others(root, folder)
            return Hidden(folder, name, made=True, notes=tuple(notes))
    notes.append(_("no journal is kept of this run: it cannot go on where it stopped"))
    name = f"{HIDDEN}-{os.urandom(4).hex()}"
    root.make(name, mode)
    return Hidden(root.below(name), name, lasting=False, made=True, notes=tuple(notes))


def _owner_there(root: Folder) -> int:
    """Return the owner of a file that this process makes in a folder."""
    name = f"{HIDDEN}-{os.urandom(4).hex()}.part"
    handle = root.open_file(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        return os.fstat(handle).st_uid
    finally:
        os.close(handle)
        root.unlink(name)


def _opened(root: Folder, name: str, me: int, notes: list[str]) -> Folder | None:
    """Open the hidden folder of that name if it is ours; otherwise note what is in its place."""
    try:
        folder = root.below(name)
    except FileNotFoundError:
        return None
    except OSError:
        pass
    else:
        if is_ours(folder.status, root.status, me):
            return folder
        folder.close()
    notes.append(
        _("{path} was not made by you: it is left alone, and counts as not there").format(
            path=os.path.join(root.path, name)  # noqa: PTH118
        )
    )
    return None


def _closed_to_others(root: Folder, folder: Folder) -> Iterator[str]:
    """Keep the hidden folder to its owner, or its group; yield a note where the disk cannot."""
    if not keep_for_owner(folder.handle, own_mode(root.status, is_folder=True)):
        yield _("this disk knows no owners: others who use it can change what counts as done")


def open_believed(folder: Folder, root: os.stat_result, name: str, flags: int) -> int:
    """Open a file in the hidden folder, if only we could have written it; return its descriptor.

    Args:
        folder: The hidden folder.
        root: Status of the output folder: whoever can write there is believed.
        name: Name of the file.
        flags: Flags for `os.open`.

    Raises:
        ForeignFileError: Others could have written it, or it is no regular file.
        OSError: It cannot be opened.
    """
    try:
        handle = folder.open_file(name, flags, own_mode(root))
    except OSError as error:
        if error.errno in _NO_FILE:
            raise ForeignFileError(name) from error
        raise
    # The hidden folder is ours, so its owner is who we are on this disk.
    if not is_believed(os.fstat(handle), root, folder.status.st_uid):
        os.close(handle)
        raise ForeignFileError(name)
    return handle


def set_aside(folder: Folder, name: str) -> None:
    """Give a file that is not believed another name."""
    folder.rename(name, folder, f"{name}.{os.urandom(4).hex()}")
