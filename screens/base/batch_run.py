"""A screen that runs a batch: it can be held, and nobody leaves it without being asked."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from tui_app.screens.base.run import RunScreen

from tui_app.language import N_, counted, grouped
from tui_app.runs.batch import BatchRun
from tui_app.runs.connection import connection_note

NOTE_SECONDS = 10.0
"""Seconds that the note on the connection is shown."""


class BatchRunScreen(RunScreen):
    """Runs batches, one after another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("H", "hold(True)", N_("Hold"), key_display="H"),
        Binding("H", "hold(False)", N_("Go on"), key_display="H"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._batch: BatchRun | None = None
        """The batch that runs."""
        self._held = False
        """Whether it is held."""
        self._told = False
        """Whether it was told that a batch ends with the connection."""

    async def run_batch(self, batch: BatchRun) -> None:
        """Run a batch, and show it; before the first one, tell what its connection means for it."""
        if not self._told and (note := connection_note()):
            self._told = True
            self.notify(note, timeout=NOTE_SECONDS, markup=False)
        self._batch, self._held = batch, False
        try:
            await self.watch_run(batch)
        finally:
            self._batch = None

    @property
    def loss(self) -> str:
        """How far the batch is that leaving would stop."""
        if self._batch is None:
            return ""
        snapshot = self.view.snapshot()
        return counted(
            snapshot.tasks,
            "{done} of {n} image is done. The same command goes on where this one stops.",
            "{done} of {n} images are done. The same command goes on where this one stops.",
            done=grouped(snapshot.ok + snapshot.before),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        if action == "hold":
            return self._batch is not None and parameters != (self._held,)
        return super().check_action(action, parameters)

    def action_hold(self, hold: bool) -> None:
        """Begin no other image until the key is pressed again."""
        if self._batch is not None:
            if hold:
                self._batch.hold()
            else:
                self._batch.release()
            self._held = hold
            self.refresh_bindings()
