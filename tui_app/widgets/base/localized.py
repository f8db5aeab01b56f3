"""How what is on the screen follows the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.widget import Widget

if TYPE_CHECKING:
    from tui_app.app import ProcessionApp


class Localized:
    """A widget or a screen with texts that it does not draw anew each time; named after Widget.

        class Greeting(Static, Speaker):
            def speak(self) -> None:
                self.update(_("Good morning"))

    `speak` says those texts in the present language: when the widget is mounted, and again when
    the language changes (`ProcessionApp.language_changed_signal`). It may be `async`, and must not
    disturb a run that is shown. What a widget draws in `render` or `render_line` needs none of
    this: `_()` is called there at each drawing, and the screen draws everything again.
    """

    def on_mount(self) -> None:
        """Speaks, and listens for another language."""
        assert isinstance(self, Widget)
        app = cast("ProcessionApp", self.app)
        app.language_changed_signal.subscribe(self, lambda _: self.call_next(self.speak))
        self.call_next(self.speak)

    def speak(self) -> object:
        """Says its texts in the present language."""
        raise NotImplementedError
