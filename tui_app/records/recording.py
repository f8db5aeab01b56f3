"""Whether the runs of a command are recorded, and where, as the command line asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui_app.files.append_file import AppendFile
from tui_app.records.recorder import Recorder
from tui_app.records.store import new_record, tidy
from tui_app.runs.view import RunView


class Recording:
    """What is recorded of what one command runs; to be closed.

    Args:
        file: an empty file for the first record; without one, it is kept among the others.
        wanted: whether anything is recorded.

    Attributes:
        wanted: the same.
        paths: the records that were begun, in their order.
    """

    def __init__(self, file: AppendFile | None = None, *, wanted: bool = True) -> None:
        self._file, self.wanted = file, wanted
        self.paths: list[Path] = []
        self._joint: Recorder | None = None
        self._joint_view: Callable[[], RunView | None] = lambda: None

    @classmethod
    def into(cls, path: Path) -> Recording:
        """Return a recording whose first record is a file that a person names.

        Raises:
            FileExistsError: something stands there.
            OSError: it cannot be made.
        """
        return cls(AppendFile.create(path))

    def recorder(
        self, tell: Callable[[str], None], view: Callable[[], RunView | None]
    ) -> Recorder | None:
        """Return what records the next run; `None` where nothing is recorded. See `Recorder`.

        Args:
            tell: is called with a sentence where it cannot be recorded, or no more.
            view: returns the view that has taken the same events before.
        """
        if not self.wanted:
            return None
        return Recorder(self._take, tell, view)

    def joint(
        self, tell: Callable[[str], None], view: Callable[[], RunView | None]
    ) -> Recorder | None:
        """Return what records all runs of the command, one after another. See `recorder`."""
        self._joint_view = view
        if self._joint is None:
            self._joint = self.recorder(tell, lambda: self._joint_view())
        return self._joint

    def _take(self) -> AppendFile:
        """Return the file that was named, the first time; else make one among the records."""
        file, self._file = self._file, None
        taken = file or new_record()
        self.paths.append(taken.path)
        return taken

    def close(self) -> None:
        """Close the joint record. Remove a named file that nothing was put into."""
        if self._joint is not None:
            self._joint.close()
        if self._file is not None:
            self._file.remove()
        if self.wanted:
            tidy()
