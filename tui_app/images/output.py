"""The output folder of a run: made and locked before it, journalled in it, tidied after it."""

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from tui_app.images.files import is_temporary, is_temporary_of, sync_folder
from tui_app.images.items import Item, Plan, temporary_folder
from tui_app.images.journal import (
    NO_FILE,
    Begun,
    Failed,
    Journal,
    JournalError,
    Line,
    Made,
    Stamp,
    stamp,
)
from tui_app.images.lock import Lock, LockedError
from tui_app.images.opening import reason
from tui_app.images.paths import is_folder
from tui_app.images.preflight import PlanError, check_inside
from tui_app.images.standing import recipe_mark, source_names, with_standing
from tui_app.language import _

PROBE_BYTES = 65_536
"""What a disk must still take, after it has refused an output, for a run to go on."""


def prepare_output(plan: Plan) -> None:
    """Make the output folder, those that mirror the sources', and the hidden `.procession/`.

    Raises:
        PlanError: One cannot be made, and those made before it are removed again; or a link leads
            out of the output folder.
    """
    wanted = {plan.output, temporary_folder(plan), *plan.folders(plan.todo)}
    # Again: a link may have come since the plan was made.
    check_inside(plan.output, wanted)
    made: list[Path] = []
    for folder in sorted(Path(path) for path in wanted):
        try:
            _make(folder, made)
        except OSError as error:
            for path in reversed(made):
                with suppress(OSError):
                    path.rmdir()
            # With every folder above it there, the file system itself makes no folders (/proc).
            missing = isinstance(error, FileNotFoundError)
            why = reason(error)
            if missing:
                why = _("nothing can be made in {folder}").format(folder=folder.parent)
            raise PlanError(
                _("the output folder {folder} cannot be made: {reason}").format(
                    folder=folder, reason=why
                )
            ) from error


def _make(folder: Path, made: list[Path]) -> None:
    if is_folder(folder):
        return
    _make(folder.parent, made)
    folder.mkdir()
    made.append(folder)


class _Place:
    """A folder by its handle, so that it is the same one when it is moved; or none to be read."""

    def __init__(self, folder: Path) -> None:
        self._handle: int | None = None
        with suppress(OSError):
            self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)

    def remove(self, unwanted: Callable[[str], bool]) -> int:
        """Remove files by their names, and return how many."""
        removed = 0
        # A disk that has gone is no reason to hide how the run ended.
        with suppress(OSError):
            names = [] if self._handle is None else os.listdir(self._handle)  # noqa: PTH208
            for name in filter(unwanted, names):
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=self._handle)
                removed += 1
        return removed

    def close(self) -> None:
        """Let go of the handle."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class Output:
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
        self._folder = Path(temporary_folder(plan))
        self._place: _Place | None = None
        self._journal: Journal | None = None
        self._under_way: dict[str, Stamp | None] = {}
        # Where the hidden folder is, another run may be: nothing is made before its word.
        self._lock = self._locked() if is_folder(self._folder) else None
        try:
            prepare_output(plan)
            self._lock = self._lock or self._locked()
            self._place = _Place(self._folder)
            self.notes = tuple(self._opened(self._lock, self._place))
            self.plan = with_standing(replace(plan, notes=()))
            self._source = source_names(self.plan)
            self._mark = cache(lambda written: recipe_mark(self.plan, written))
            there = (stamp(self.plan.output_of(item)) for item in self.plan.done)
            self._smallest = min((each.bytes for each in there if each), default=0)
            prepare_output(self.plan)
        except BaseException:
            self.close()
            raise

    def _locked(self) -> Lock:
        try:
            return Lock(self._folder)
        except LockedError as error:
            raise PlanError(
                _("another run is writing into {folder}: wait for its end").format(
                    folder=self._folder.parent
                )
            ) from error
        except OSError as error:
            raise PlanError(
                _("the output folder {folder} cannot be locked: {reason}").format(
                    folder=self._folder.parent, reason=reason(error)
                )
            ) from error

    def _opened(self, lock: Lock, place: _Place) -> Iterator[str]:
        """Open the journal and remove what dead runs left; yield what is not as it should be."""
        if lock.kept:
            place.remove(is_temporary)
        else:
            yield _("this disk knows no locks: see that no other run writes into {folder}").format(
                folder=self._folder.parent
            )
        try:
            self._journal = Journal(self._folder)
        except JournalError:
            yield _("the journal is of another version of procession: none is kept of this run")
        except OSError as error:
            raise PlanError(
                _("the journal in {folder} cannot be written: {reason}").format(
                    folder=self._folder, reason=reason(error)
                )
            ) from error

    def begin(self, item: Item) -> None:
        """Note that an image is about to be worked on.

        Raises:
            OSError: It cannot be noted: then it must not be begun.
        """
        name = self.plan.output_name(item)
        self._under_way[name] = stamp(item.source, follow=True)
        self._note(Begun(name, stamp(self.plan.output_of(item))))

    def made(self, item: Item) -> None:
        """Note that an image's output stands.

        Raises:
            OSError: It cannot be noted: the image will be made again.
        """
        name = self.plan.output_name(item)
        of = self._under_way.pop(name, None)
        there = stamp(self.plan.output_of(item))
        if of is None or there is None or there == NO_FILE:
            return
        self._smallest = min(self._smallest or there.bytes, there.bytes)
        now = int(time.time())
        self._note(Made(name, there, self._source(item), of, self._mark(item.format), now))

    def failed(self, item: Item) -> None:
        """Note that an image failed in its worker's hands, and that nothing was written.

        Raises:
            OSError: It cannot be noted.
        """
        name = self.plan.output_name(item)
        self._under_way.pop(name, None)
        self._note(Failed(name))

    def _note(self, line: Line) -> None:
        if self._journal is not None:
            self._journal.add(line)

    def refusal(self) -> str:
        """Return why nothing more can be written there, or nothing where something can.

        It is tried, because after a failed write nobody knows whose fault it was. A disk with less
        room than the smallest output takes is full: image after image would be done in vain.
        """
        file = self._folder / f"{self._run}.probe.part"
        try:
            try:
                with file.open("xb") as opened:
                    opened.write(bytes(PROBE_BYTES))
                    opened.flush()
                    os.fsync(opened.fileno())
            finally:
                file.unlink(missing_ok=True)
            if shutil.disk_usage(self._folder).free < self._smallest:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._folder))
        except OSError as error:
            return self.why_not(error)
        return ""

    def why_not(self, error: OSError) -> str:
        """Return the sentence that an error in writing there comes to, for the whole run."""
        folder = self._folder.parent
        if not is_folder(self._folder):
            return _("the output folder {folder} has gone").format(folder=folder)
        return _("nothing more can be written to {folder}: {reason}").format(
            folder=folder, reason=reason(error)
        )

    def sync(self) -> None:
        """Put the names of what was made on the disk: then a power cut takes nothing."""
        for folder in self.plan.folders(self.plan.todo):
            sync_folder(Path(folder))

    def close(self) -> None:
        """Remove what this run left half-written, and let the next run in; its workers are gone."""
        if self._place is not None:
            self._place.remove(lambda name: is_temporary_of(name, self._run))
            self._place.close()
        if self._journal is not None:
            self._journal.close()
        if self._lock is not None:
            self._lock.release()
