"""A screen that shows its run in a `RunPane`: the keys that move in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.binding import Binding, BindingType
from tui_app.screens.base.run import LOG_KEYS, RunScreen

from tui_app.language import N_
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.log_view import LogView
from tui_app.widgets.run_pane import RunPane

RUN_PANE_CSS = Path(__file__).with_name("run_pane.tcss")
"""The stylesheet of such screens."""

RUN_PANE_KEYS: Sequence[BindingType] = (
    Binding("w", "show_tab('processes')", N_("Processes"), show=False),
    Binding("x", "show_tab('failed')", N_("Failures"), show=False),
    Binding("s", "show_tab('summary')", N_("Summary"), show=False),
    Binding("slash", "search", N_("Search"), key_display="/", show=False),
    *LOG_KEYS,
)
"""Their keys. A subclass binds `failed_only`, too, where it stands among its own."""


class RunPaneScreen(RunScreen):
    """What these keys do."""

    @property
    def seen_log(self) -> LogView | None:
        """The log."""
        return self.query_one(LogPane).query_one(LogView)

    def action_failed_only(self) -> None:
        """Cut the log down to what failed, or show it all again."""
        self.query_one(LogPane).toggle_failed_only()

    def action_search(self) -> None:
        """Search the log."""
        self.query_one(LogPane).search()

    def action_show_tab(self, name: str) -> None:
        """Bring processes, failures or the summary to the front."""
        self.query_one(RunPane).show_tab(name)
