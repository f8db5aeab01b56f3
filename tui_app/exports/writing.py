"""Writing an export: whole or not at all, and never over what is not an export."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from tui_app.exports.kinds import KINDS, Events, ending_of
from tui_app.files.atomic_write import Place, write_whole
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder, Stamp, stamp
from tui_app.files.link_target import followed
from tui_app.language import _
from tui_app.runs.rows import as_text
from tui_app.stores.urls import is_url


class ExportError(ValueError):
    """An export that cannot be written; the text is one sentence."""


class ExistingFileError(ExportError):
    """A file is there that is no export of ours; it may be replaced where somebody says so."""


def export_path(typed: str) -> Path:
    """Return the path that a person names for an export.

    Raises:
        ExportError: It is in a store.
    """
    if is_url(typed):
        raise ExportError(_("an export goes to a folder of this machine, not to a store"))
    return Path(typed).expanduser()


class ExportFile:
    """Where an export is to stand. It is looked at before a run begins, and again at its end.

    Args:
        file: Its path; a link of one's own is followed. The ending says the kind.
        overwrite: Whether any file is replaced; else only an export of the same kind is.

    Raises:
        ExportError: The ending is of no kind, the folder is not there or cannot be written, or
            something is there that may not be replaced.
    """

    def __init__(self, file: Path, *, overwrite: bool = False) -> None:
        self.path = file
        if not ending_of(file):
            sentence = _("an export ends in {endings}, not as {file!r} does")
            raise ExportError(sentence.format(endings=", ".join(KINDS), file=str(file)))
        self._kind = KINDS[ending_of(file)]
        self._overwrite = overwrite
        try:
            self._target = followed(file)
            with Folder.open(str(self._target.parent)) as folder:
                self._replaceable(folder)
        except OSError as error:
            raise self._cannot(reason(error)) from error
        if not os.access(self._target.parent, os.W_OK | os.X_OK):
            raise self._cannot(_("permission denied"))

    def _cannot(self, why: str) -> ExportError:
        return ExportError(_told(self.path, why))

    def _replaceable(self, folder: Folder) -> Stamp | None:
        """Return the stamp of the file that may be replaced; None where nothing stands."""
        there = folder.lstat(self._target.name)
        if there is None:
            return None
        if not stat.S_ISREG(there.st_mode):
            raise self._cannot(_("something that is no file is in its place"))
        if not (self._overwrite or self._is_ours(folder)):
            raise ExistingFileError(
                _told(self.path, _("a file that is no export of ours has that name: name another"))
            )
        return stamp(there)

    def _is_ours(self, folder: Folder) -> bool:
        mark = self._kind.mark.encode()
        with open(folder.open_file(self._target.name, os.O_RDONLY), "rb") as file:  # noqa: PTH123
            return file.read(len(mark)) == mark

    def write(self, events: Events) -> None:
        """Write the export of a run, or leave what was there as it was.

        Raises:
            ExportError: It could not be written.
        """

        def save(file: BinaryIO) -> None:
            with as_text(file) as text:
                self._kind.put(events, text)

        try:
            with Folder.open(str(self._target.parent)) as folder:
                over = self._replaceable(folder)
                write_whole(Place(folder, self._target.name, folder, ".export", over=over), save)
        except OSError as error:
            raise self._cannot(reason(error)) from error


def _told(file: Path, why: str) -> str:
    return _("cannot write the export {file!r}: {reason}").format(file=str(file), reason=why)


def write_export(events: Events, file: Path, *, overwrite: bool = False) -> None:
    """Write a run into a file, in the present language; the ending says what of it, and how.

    Args:
        events: Yields the events of the run, each time anew; the end of a run may be missing.
        file: Where it is to stand; `ExportFile` says what it may replace.
        overwrite: Whether any file is replaced.

    Raises:
        ExportError: It could not be written; the text is one sentence.
    """
    ExportFile(file, overwrite=overwrite).write(events)
