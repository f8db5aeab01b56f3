"""Watch: a script of a person's own, played beside its code."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from tui_app.screens.base.script import ScriptScreen

from tui_app.language import N_
from tui_app.runs.formatting import safe
from tui_app.runs.resources import Usage
from tui_app.runs.runnable import played_code
from tui_app.runs.view import RunView, Snapshot
from tui_app.script.script_run import ScriptRun, ScriptSpec
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.title_row import TitleRow
from tui_app.widgets.top_bar import TopBar


class WatchScreen(ScriptScreen):
    """A script beside its code, played once at the start, and again as often as asked."""

    MODE = "watch"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "run", N_("Again")),
        Binding("O", "choose_script", N_("Another script"), key_display="O"),
    ]

    def __init__(self, spec: ScriptSpec) -> None:
        super().__init__()
        self._spec = spec
        self.run = ScriptRun(spec)
        """What is played, or was last."""

    @property
    def exit_code(self) -> int:
        """The script's own, if it failed."""
        return played_code(super().exit_code, self.run.exitcode)

    def on_mount(self) -> None:
        """Play it."""
        self.query_one(CodeView).focus()
        self.call_next(self.action_run)

    @property
    def spec(self) -> ScriptSpec:
        """Which script is played here, and how."""
        return self._spec

    def play(self, spec: ScriptSpec) -> None:
        """Play another script from now on."""
        self._spec = spec
        self.action_run()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        if action == "choose_script":
            return not self.busy
        return super().check_action(action, parameters)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run."""
        super().show_moment(snapshot, usage)
        self.query_one(TopBar).tell(snapshot.python, snapshot.start_method)

    def title_end(self) -> Content:
        """Return how the script starts processes, and which Python plays it."""
        shown = self._shown
        if not shown.kind:
            return Content("")
        return Content.styled(f"{shown.start_method}, Python {shown.python}", MUTED)

    def action_choose_script(self) -> None:
        """Ask for another script, and play it."""
        self.app.choose_script()

    def action_run(self) -> None:
        """Play the script as its file is now."""
        if self.busy:
            return
        try:
            code = self._spec.read_code()
        except OSError as error:
            self.tell_error(error)
            return
        self.view = RunView()
        self.query_one(CodeView).show(code)
        title = Content.styled(safe(self._spec.title), "bold $primary")
        self.query_one(TitleRow).name_it(title)
        self.run = ScriptRun(self._spec)
        self.begin(partial(self.try_run, self.run))
