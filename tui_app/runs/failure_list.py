"""The names of what failed in a batch, as a file for the next command."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from tui_app.events import Event, TaskFailed
from tui_app.images.plan import Plan
from tui_app.language import _, counted
from tui_app.runs.result_file import ResultError, ResultFile


class FailureListError(ResultError):
    """Names that cannot be written; the text is one sentence."""


class FailureList:
    """Collects from a batch's events what failed; `write` writes the paths, from the root on.

    Where nothing failed, the file is empty.

    Args:
        plan: The plan of the batch.
        file: Where they are to stand; `ResultFile` says what it may replace.
        null: Whether a NUL follows each, as `xargs -0` reads them; else a line has one.
        failed: The numbers of the tasks that are known to have failed already.

    Raises:
        FailureListError: The file cannot be written there.
    """

    def __init__(
        self, plan: Plan, file: Path, *, null: bool = False, failed: Iterable[int] = ()
    ) -> None:
        self._plan, self._null = plan, null
        self._failed = [*failed]
        self._file = ResultFile(plan, file, _cannot)

    def add(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, TaskFailed):
            self._failed.append(event.task)

    def write(self) -> str:
        """Write all names, or leave the file as it was; return what should be known, if anything.

        Raises:
            FailureListError: The file could not be written.
        """
        paths = list(self._paths())
        left_out = 0
        if not self._null:
            lines = [path for path in paths if "\n" not in path]
            left_out = len(paths) - len(lines)
            paths = lines
        end = b"\0" if self._null else b"\n"

        def save(file: BinaryIO) -> None:
            file.writelines(os.fsencode(path) + end for path in paths)

        self._file.write(save)
        if not left_out:
            return ""
        return counted(
            left_out,
            "{n} name holds a line break and is left out of the list: -0 parts names by NUL",
            "{n} names hold a line break and are left out of the list: -0 parts names by NUL",
        )

    def _paths(self) -> Iterator[str]:
        """Yield each path once, in the plan's order; a folder that cannot be read is one, too."""
        items, flaws = self._plan.items, self._plan.flaws
        for task in sorted(set(self._failed)):
            if task <= len(items):
                yield items[task - 1].source
            else:
                yield flaws[task - len(items) - 1].path


def _cannot(file: str, why: str) -> FailureListError:
    return FailureListError(
        _("cannot write the names of failures to {file!r}: {reason}").format(file=file, reason=why)
    )
