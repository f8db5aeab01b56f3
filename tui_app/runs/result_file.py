"""A file in which a batch keeps what came of it, beside its outputs."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from os.path import relpath
from pathlib import Path
from typing import BinaryIO

from tui_app.files.atomic_write import Place, write_whole
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder, Stamp, stamp
from tui_app.files.link_target import followed
from tui_app.images.output.hidden import names, open_existing
from tui_app.images.output.journal import Journal
from tui_app.images.output.journal_lines import JournalError, JournalLine, Made, Reported
from tui_app.images.output.store_journal import StoreJournal
from tui_app.images.plan import Plan
from tui_app.language import _
from tui_app.stores.urls import is_url


class ResultError(ValueError):
    """A file that cannot be written; the text is one sentence."""


class ResultFile:
    """A file that is written at the end of a batch, whole or not at all.

    A file that stands there is replaced if the journal of the output folder knows it as one of
    these, and it is as it was written. Neither a source nor an output is ever replaced.

    Args:
        plan: The plan of the batch.
        path: Where it is to stand; a link is followed to where it leads.
        cannot: Returns the error for the file's name and the reason why it cannot be written.

    Raises:
        ResultError: The folder is not there or cannot be written, or a file is there that may not
            be replaced.
    """

    def __init__(self, plan: Plan, path: Path, cannot: Callable[[str, str], ResultError]) -> None:
        self.path = path
        self._plan, self._error = plan, cannot
        try:
            self._target = followed(path)
            # What the journal calls it.
            in_store = is_url(plan.output)
            self._name = str(self._target) if in_store else relpath(self._target, plan.output)
            with Folder.open(str(self._target.parent)) as folder:
                self._over = self._replaceable(folder)
        except OSError as error:
            raise self._cannot(reason(error)) from error
        if not os.access(self._target.parent, os.W_OK | os.X_OK):
            raise self._cannot(_("permission denied"))

    def _cannot(self, why: str) -> ResultError:
        return self._error(str(self.path), why)

    def _replaceable(self, folder: Folder) -> Stamp | None:
        """Return the stamp of the file that it may replace; None where nothing stands."""
        self._check_outputs()
        there = folder.lstat(self._target.name)
        if there is None:
            return None
        if not stat.S_ISREG(there.st_mode):
            raise self._cannot(_("something that is no file is in its place"))
        for item in self._plan.items:
            with suppress(OSError):
                if os.path.samestat(there, os.stat(item.source)):  # noqa: PTH116 - of 100,000
                    raise self._cannot(_("that is a source"))
        made, reported = self._journalled()
        if stamp(there) in made:
            raise self._cannot(_("that is an output"))
        if not self._plan.overwrite and stamp(there) not in reported:
            raise self._cannot(
                _("that file is there already, and no report of ours: name another, or --overwrite")
            )
        return stamp(there)

    def _check_outputs(self) -> None:
        """Refuse the name of an output, whether or not it is there, and our hidden folder."""
        inside = self._target.parts
        if is_url(self._plan.output):
            return
        parent = os.path.realpath(self._target.parent)
        output = os.path.realpath(self._plan.output)
        if any(name in inside for name in names()):
            raise self._cannot(_("that folder is for the journal"))
        if parent != output and not parent.startswith(f"{output.rstrip('/')}/"):
            return
        name = os.path.relpath(os.path.join(parent, self._target.name), output)  # noqa: PTH118
        if any(item.output_name == name for item in self._plan.items):
            raise self._cannot(_("that is an output"))

    def _journalled(self) -> tuple[set[Stamp], set[Stamp]]:
        """Return the stamps of all outputs, and of what was written there before.

        They are those that the journal of the output folder knows.
        """
        made: set[Stamp] = set()
        reported: set[Stamp] = set()
        with suppress(OSError, JournalError):
            for line in self._lines():
                if isinstance(line, Reported) and line.output == self._name:
                    reported.add(line.stamp)
                elif isinstance(line, Made):
                    made.add(line.stamp)
        return made, reported

    def _lines(self) -> Iterator[JournalLine]:
        if is_url(self._plan.output):
            yield from StoreJournal(self._plan.output).lines()
            return
        with open_existing(self._plan.output) as (root, hidden):
            if hidden.folder is not None:
                yield from Journal(hidden.folder, root.status).lines()

    def _note(self, written: Stamp) -> None:
        """Note it in the journal, where there is one."""
        if is_url(self._plan.output):
            with suppress(OSError):
                line = Reported(self._name, written)
                StoreJournal(self._plan.output).append(line, "report")
            return
        with suppress(OSError), open_existing(self._plan.output) as (root, hidden):
            if hidden.folder is not None:
                Journal(hidden.folder, root.status).append(Reported(self._name, written))

    def write(self, save: Callable[[BinaryIO], None]) -> None:
        """Write the whole file, or leave what was there as it was.

        Args:
            save: Writes the contents into an open file.

        Raises:
            ResultError: It could not be written.
        """
        try:
            with Folder.open(str(self._target.parent)) as folder:
                place = Place(
                    folder,
                    self._target.name,
                    folder,
                    ".report",
                    over=self._over,
                    overwrite=self._plan.overwrite,
                )
                write_whole(place, save, prepared=self._note)
        except OSError as error:
            raise self._cannot(reason(error)) from error
