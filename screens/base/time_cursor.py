"""A screen with a time cursor: it shows any moment of a played script, and holds a picture."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual.binding import Binding, BindingType
from textual.content import Content
from tui_app.screens.base.run import LABEL_WIDTH, RunScreen

from tui_app.language import N_, _
from tui_app.runs.runnable import EventReader, Runnable
from tui_app.runs.time_cursor import TimeCursor
from tui_app.runs.view import RunState, RunView, Snapshot

TIME_KEYS: Sequence[BindingType] = (
    Binding("H", "hold(True)", N_("Hold"), key_display="H"),
    Binding("H", "hold(False)", N_("Go on"), key_display="H"),
    Binding("comma", "move(-1)", N_("Event before"), key_display=",", show=False),
    Binding("full_stop", "move(1)", N_("Next event"), key_display=".", show=False),
    Binding("less_than_sign", "move_by_waits(-1)", N_("Wait before"), show=False),
    Binding("greater_than_sign", "move_by_waits(1)", N_("Next wait"), show=False),
    Binding("B", "go_to_start", N_("Start of the run"), key_display="B", show=False),
    Binding("E", "go_to_end", N_("End of the run"), key_display="E", show=False),
    Binding("P", "replay(True)", N_("Play from here"), key_display="P", show=False),
    Binding("P", "replay(False)", N_("Stop here"), key_display="P", show=False),
    Binding("1", "change_speed(0.5)", N_("Slower"), show=False),
    Binding("2", "change_speed(2)", N_("Faster"), show=False),
)
"""The keys of the cursor, for the end of a screen's own."""


class TimeCursorScreen(RunScreen):
    """Shows the run at the cursor's moment, by the same way as the present."""

    _shown = Snapshot()

    def __init__(self) -> None:
        super().__init__()
        self.cursor = TimeCursor(LABEL_WIDTH)
        """Which moment is shown, and the events of the run."""

    def on_mount(self) -> None:
        """Draw what is played again as often as what runs."""
        self.set_interval(1 / self.app.fps, self._tick)

    def watch_view(self, view: RunView) -> None:
        """Show the log of this view from now on."""
        raise NotImplementedError

    # The run

    def begin(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do some work, from the present on."""
        self.go_to_present()
        super().begin(work)

    async def watch_run(self, runnable: Runnable, *readers: EventReader) -> None:
        """Run something, and keep its events for the cursor."""
        self.cursor.clear()
        await super().watch_run(runnable, self.cursor, *readers)

    def show_run(self, view: RunView) -> None:
        """Begin to show another run, as it is now."""
        self.cursor.leave()
        self.watch_view(view)

    def draw(self) -> None:
        """Draw the moment at the cursor."""
        if self.cursor.view is None:
            super().draw()
        else:
            self.show_moment(self.cursor.snapshot, {})

    # What is said of the moment

    @property
    def in_past(self) -> bool:
        """Whether another moment than the present is shown."""
        return self.cursor.view is not None

    def past_title(self) -> str:
        """Return which moment it is: `at 1.62 s of 5.20 s`."""
        time, end = self.cursor.at, max(self.cursor.at, self.cursor.end)
        return _("at {time} of {end}").format(time=_seconds(time), end=_seconds(end))

    def title_end(self) -> Content:
        """Return what is said at the end of the title in the present."""
        return Content("")

    def past_status(self) -> str:
        """Return the line at the bottom: whether it is held, and which keys move."""
        cursor = self.cursor
        if cursor.plays:
            words = _("▶ plays at {speed} x   P stops   1 slower   2 faster   E end")
            return words.format(speed=f"{cursor.speed:g}")
        if cursor.held_at is None:
            return _("‖ looking back   , . event   < > wait   B start   E end   P plays it")
        words = (
            _("‖ held at {time}, the script goes on   H goes on   , . event   < > wait")
            if self.running
            else _("‖ held at {time}, the script has ended   H goes on   , . event   < > wait")
        )
        return words.format(time=f"{cursor.held_at:.1f} s")

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        held = self.cursor.held_at is not None
        match action:
            case "hold":
                return held if parameters == (False,) else self.running and not held
            case "replay":
                return self._can_move and parameters != (self.cursor.plays,)
            case "move" | "move_by_waits" | "go_to_start" | "go_to_end" | "change_speed":
                return self._can_move
        return super().check_action(action, parameters)

    @property
    def _can_move(self) -> bool:
        """Whether there is a run to move in, which stands still."""
        there = self._shown.state is not RunState.IDLE and not self.has_class("-choosing")
        return there and (not self.running or self.in_past)

    def _ready(self) -> bool:
        """Take the present in; return whether all events are known: if not, it is said."""
        self.cursor.reached = self.app.clock() - self.began if self.running else 0.0
        if not self.cursor.complete:
            self.notify(_("This run has too many events to go back in it."), markup=False)
        return self.cursor.complete

    def action_hold(self, hold: bool) -> None:
        """Hold the picture, while the script goes on, until the key is pressed again."""
        if not hold:
            self.go_to_present()
        elif self._ready() and self.cursor.moments.end:
            self.cursor.hold(self.cursor.reached)
            self.show_moment_there()

    def action_move(self, steps: int, waits: bool = False) -> None:
        """Move by events."""
        if self._ready():
            self.cursor.pause()
            self.cursor.step(steps, waits=waits)
            self.show_moment_there()

    def action_move_by_waits(self, steps: int) -> None:
        """Move to where a wait begins or ends."""
        self.action_move(steps, waits=True)

    def action_go_to_start(self) -> None:
        """Move to the first moment."""
        if self._ready():
            self.cursor.pause()
            self.cursor.go(0.0)
            self.show_moment_there()

    def action_go_to_end(self) -> None:
        """Move to the last moment: what the run ended with, or all that has happened so far."""
        if self._ready():
            self.cursor.pause()
            self.cursor.go(self.cursor.end)
            self.show_moment_there()

    def action_replay(self, play: bool) -> None:
        """Play the run from the moment that is shown, or stop there."""
        if not play:
            self.cursor.pause()
            self.show_moment_there()
        elif self._ready():
            self.cursor.play(self.app.clock())
            self.show_moment_there()

    def action_change_speed(self, times: float) -> None:
        """Play it slower or faster."""
        self.cursor.change_speed(times, self.app.clock())
        if self.cursor.plays:
            self.draw()
        else:
            self.action_replay(True)

    def _tick(self) -> None:
        if self.cursor.plays and self.is_current and self._ready():
            if self.cursor.tick(self.app.clock()) or not self.cursor.plays:
                self.show_moment_there()
            else:
                self.draw()

    def show_moment_there(self) -> None:
        """Show the moment that the cursor is at; at the end of a run, what it ended with."""
        if self.cursor.view is None or (self.cursor.at_end and not self.running):
            self.go_to_present()
            return
        self.watch_view(self.cursor.view)
        self.draw()
        self.refresh_bindings()

    def go_to_present(self) -> None:
        """Leave the past, and hold nothing."""
        if self.in_past:
            self.cursor.leave()
            self.watch_view(self.view)
            self.draw()
            self.refresh_bindings()


def _seconds(t: float) -> str:
    return f"{t:.2f} s"
