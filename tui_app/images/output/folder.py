"""The output folder of a run: made and locked before it, journalled in it, tidied after it."""

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from tui_app.files.atomic_write import is_temporary, is_temporary_of
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder, stamp_at
from tui_app.files.permissions import folder_mode
from tui_app.images.errors import PlanError
from tui_app.images.job import ImageJob, OutputPlace
from tui_app.images.output import hidden
from tui_app.images.output.hidden import ForeignFileError
from tui_app.images.output.jobs import jobs_of
from tui_app.images.output.journal import JOURNAL, Journal
from tui_app.images.output.journal_lines import JournalError
from tui_app.images.output.lock import LOCK, Lock, LockedError
from tui_app.images.output.resume import with_standing
from tui_app.images.plan import Item, Plan
from tui_app.images.preflight import (
    cannot_be_made,
    check_recipes,
    check_sources_stay,
    opened_output,
)
from tui_app.language import _

PROBE_BYTES = 65_536
"""Bytes that a disk must still take, after it has refused an output, for a run to go on."""


class OutputFolder:
    """An output folder with the hidden folder in it; both are made where they are missing.

    Args:
        plan: The plan that is to be run.
        run: The run's id.

    Attributes:
        root: The open folder.
        hidden: What is known of the hidden folder in it.
        inner: The open hidden folder.

    Raises:
        PlanError: It cannot be made; nothing is left of the attempt.
    """

    def __init__(self, plan: Plan, run: str) -> None:
        self._run = run
        self._stack = ExitStack()
        self._made: list[str] = []
        try:
            above = opened_output(plan.output)
            missing = Path(plan.output).relative_to(above.path).parts
            roots = plan.items.roots
            self.root = self._stack.enter_context(self._with_below(above, missing, roots))
            self.hidden = hidden.make(self.root)
            assert self.hidden.folder is not None
            self.inner = self._stack.enter_context(self.hidden.folder)
        except OSError as error:
            self.undo()
            raise cannot_be_made(plan.output, error) from error

    def make_folders(self, plan: Plan) -> None:
        """Make the folders that outputs still to be made go to, each like those of the sources.

        Raises:
            PlanError: One cannot be made.
        """
        # Those on the way come first.
        for inner, models in sorted(plan.mirrored(plan.todo).items()):
            above, _slash, name = inner.rpartition("/")
            try:
                below = self.root.below(above)
                self._with_below(below, (name,) if name else (), models).close()
            except OSError as error:
                raise cannot_be_made(os.path.join(self.root.path, inner), error) from error  # noqa: PTH118

    def _with_below(self, folder: Folder, parts: Sequence[str], models: Iterable[str]) -> Folder:
        """Exchange an open folder for one below it; make what is missing on the way.

        Args:
            folder: The folder, which is closed.
            parts: Names of the folders on the way.
            models: Folders of the sources: what is made is no more open than these.
        """
        for name in parts:
            with folder:
                if folder.make(name, _mode_like(models, folder)):
                    self._made.append(os.path.join(folder.path, name))  # noqa: PTH118
                below = folder.below(name)
            folder = below
        return folder

    def jobs(self, plan: Plan, *, journalled: bool = False) -> Iterator[tuple[Item, ImageJob]]:
        """Yield each image of a plan with its job. See `jobs_of`.

        `journalled` tells whether workers write the journal.
        """
        place = OutputPlace(
            self.root.path, self.root.identity, self.hidden.name, self._run, journalled
        )
        return jobs_of(plan, place)

    def undo(self) -> None:
        """Remove the folders that were made, where nothing of anybody's stands in them."""
        kept = getattr(self, "hidden", None)
        if kept is not None and kept.made:
            with suppress(OSError):
                for name in (LOCK, JOURNAL):
                    self.inner.unlink(name)
                self.root.rmdir(kept.name)
        for path in reversed(self._made):
            above, _slash, name = path.rpartition("/")
            with suppress(OSError), Folder.open(above) as folder:
                folder.rmdir(name)
        self._stack.close()

    def tidy(self, unwanted: Callable[[str], bool]) -> None:
        """Remove files from the hidden folder by their names."""
        # A disk that has gone is no reason to hide how the run ended.
        with suppress(OSError):
            for name in filter(unwanted, self.inner.names()):
                self.inner.unlink(name)

    def close(self) -> None:
        """Close it, and remove the hidden folder if it was for this run alone."""
        if not self.hidden.lasting:
            self.tidy(lambda name: True)
            with suppress(OSError):
                self.root.rmdir(self.hidden.name)
        self._stack.close()


def _mode_like(models: Iterable[str], above: Folder) -> int:
    """Return the permissions of a folder that is like others: no more than each of them has."""
    mode = 0o777
    status = above.status
    for model in models:
        with suppress(OSError):
            mode &= folder_mode(os.stat(model), status)  # noqa: PTH116
    return mode


class OpenOutput:
    """The output folder while one run writes into it; no other can.

    Args:
        plan: The plan that is to be run.
        run: The run's id.

    Attributes:
        plan: The plan by what stands there now: much may have happened since it was made.
        notes: Plain sentences about what is not as it should be.

    Raises:
        PlanError: Another run is at work there, or it cannot be made or written.
    """

    def __init__(self, plan: Plan, run: str) -> None:
        self._run = run
        self._folder = folder = OutputFolder(plan, run)
        self._journal = Journal(folder.inner, folder.root.status)
        self._lock: Lock | None = None
        self._journalled = False
        try:
            self._lock = self._locked()
            self.notes = (*folder.hidden.notes, *self._prepared(self._lock))
            known = folder.inner if folder.hidden.lasting else None
            self.plan = with_standing(plan, folder.root, known)
            check_recipes(self.plan)
            check_sources_stay(self.plan)
            done = (item.there for item in self.plan.done)
            self._smallest = min((there.bytes for there in done if there), default=0)
            folder.make_folders(self.plan)
        except BaseException:
            if self._lock is not None:
                self._lock.release()
            folder.undo()
            raise

    def _locked(self) -> Lock:
        path = self._folder.root.path
        try:
            return Lock(self._folder.inner, self._folder.root.status)
        except LockedError as error:
            raise PlanError(
                _("another run is writing into {folder}: wait for its end"), folder=path
            ) from error
        except OSError as error:
            raise PlanError(
                _("the output folder {folder} cannot be locked: {reason}"),
                folder=path,
                reason=reason(error),
            ) from error

    def _prepared(self, lock: Lock) -> Iterator[str]:
        """Open the journal and remove what dead runs left; yield what is not as it should be."""
        folder = self._folder
        if lock.kept:
            folder.tidy(is_temporary)
        else:
            yield _("this disk knows no locks: see that no other run writes into {folder}").format(
                folder=folder.root.path
            )
        if not folder.hidden.lasting:
            return
        try:
            if not self._journal.prepare(lambda name: stamp_at(name, folder=folder.root)):
                yield _("the journal was not written by you alone: it is set aside")
            self._journalled = True
        except JournalError:
            yield _("the journal is of another version of procession: none is kept of this run")
        except OSError as error:
            raise PlanError(
                _("the journal in {folder} cannot be written: {reason}"),
                folder=folder.inner.path,
                reason=reason(error),
            ) from error

    def jobs(self) -> Iterator[tuple[Item, ImageJob]]:
        """Yield each image of the plan with its job. See `OutputFolder.jobs`."""
        return self._folder.jobs(self.plan, journalled=self._journalled)

    def made(self, size: int) -> None:
        """Remember the size, in bytes, of an output that was made."""
        if size:
            self._smallest = min(self._smallest or size, size)

    def refusal(self) -> str:
        """Return why nothing more can be written there; an empty text where something can.

        A small file is written to find out: one image's error does not tell whether the next could
        be written. A disk with less room than the smallest output takes counts as full, because
        image after image would be done in vain.
        """
        path = self._folder.root.path
        try:
            # By its path, as workers come to it: it may have become another one.
            with Folder.open(path) as root, root.below(self._folder.hidden.name) as inner:
                if root.identity != self._folder.root.identity:
                    raise FileNotFoundError
                self._try_to_write(root, inner)
        except (FileNotFoundError, NotADirectoryError):
            return _("the output folder {folder} has gone").format(folder=path)
        except ForeignFileError:
            return _("the journal in {folder} was replaced by another file").format(
                folder=self._folder.inner.path
            )
        except OSError as error:
            return _("nothing more can be written to {folder}: {reason}").format(
                folder=path, reason=reason(error)
            )
        return ""

    def _try_to_write(self, root: Folder, inner: Folder) -> None:
        name = f"{self._run}.probe.part"
        try:
            handle = inner.open_file(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            with open(handle, "wb") as opened:  # noqa: PTH123 - a descriptor
                opened.write(bytes(PROBE_BYTES))
                opened.flush()
                os.fsync(handle)
        finally:
            inner.unlink(name)
        if self._journalled:
            Journal(inner, root.status).check()
        if shutil.disk_usage(root.handle).free < self._smallest:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), root.path)

    def sync(self) -> None:
        """Sync the folders of the outputs, so that a power cut takes none of them."""
        for inner in self.plan.mirrored(self.plan.todo):
            with suppress(OSError), self._folder.root.below(inner) as folder:
                folder.sync()

    def close(self) -> None:
        """Remove what this run left half-written, and let the next run in; its workers are gone."""
        self._folder.tidy(lambda name: is_temporary_of(name, self._run))
        if self._lock is not None:
            self._lock.release()
        self._folder.close()
