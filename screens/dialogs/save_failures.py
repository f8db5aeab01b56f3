"""The names of what failed, saved for the next command."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from textual.content import Content
from tui_app.screens.dialogs.save import SaveDialog

from tui_app.images.plan import Plan
from tui_app.language import N_, _
from tui_app.runs.failure_list import FailureList
from tui_app.runs.formatting import safe


class SaveFailuresDialog(SaveDialog):
    """Saves the paths of what failed, and says how the next command takes them.

    Args:
        plan: the plan of the batch.
        failed: the numbers of the tasks that failed.
    """

    TITLE_TEXT = N_("Save the names of what failed")

    def __init__(self, plan: Plan, failed: Iterable[int]) -> None:
        super().__init__("failed.txt")
        self._plan, self._failed = plan, tuple(failed)

    def write(self, typed: str, *, overwrite: bool) -> Sequence[Content]:
        """Save the names; only a list of ours is replaced, and needs no question."""
        path = Path(typed.strip()).expanduser()
        left_out = FailureList(self._plan, path, failed=self._failed).write()
        command = f"  procession batch - < {shlex.quote(str(path))}"
        return (
            Content.styled(safe(_("Saved as {file}.").format(file=path.resolve())), "$success"),
            *([Content.styled(safe(left_out), "$warning")] if left_out else []),
            Content(_("The next command takes them:")),
            Content(safe(command)),
        )
