"""Watch: a script of somebody's own, played beside its code."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from tui_app.screens.base.run import RUN_GROUP
from tui_app.screens.base.script import ScriptScreen, played_code

from tui_app.language import N_
from tui_app.runs.formatting import safe
from tui_app.runs.view import RunView
from tui_app.script.script_run import ScriptRun, ScriptSpec
from tui_app.widgets.code_view import CodeView


class WatchScreen(ScriptScreen):
    """Plays the script once at the start, and again as often as one likes."""

    MODE = "watch"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "run", N_("Again"))]

    def __init__(self, spec: ScriptSpec) -> None:
        super().__init__()
        self._spec = spec
        self.exitcode: int | None = None
        """The script's, of its latest run; negative for a signal."""

    @property
    def exit_code(self) -> int:
        """The script's, where it did not go well."""
        return played_code(super().exit_code, self.exitcode)

    def on_mount(self) -> None:
        """Plays it."""
        self.query_one(CodeView).focus()
        self.call_next(self.action_run)

    def action_run(self) -> None:
        """Plays it again, as its file is now."""
        if self.busy:
            return
        self.busy = True
        self.view = RunView()
        code = Path(self._spec.script).read_text("utf-8", "backslashreplace")
        self.query_one(CodeView).show(code)
        title = Content.styled(safe(self._spec.title), "bold $primary")
        self.query_one("#play-title", Static).update(title)
        self.play_script()

    @work(exclusive=True, group=RUN_GROUP)
    async def play_script(self) -> None:
        """Plays it from its start to its end."""
        run = ScriptRun(self._spec)
        try:
            await self.try_run(run)
        finally:
            self.exitcode = run.exitcode
            self.busy = False
            self.refresh_bindings()
