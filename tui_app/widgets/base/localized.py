"""How what is on the screen follows the language."""

from __future__ import annotations

from typing import Protocol, cast

from textual.signal import Signal
from textual.widget import Widget


class LocalizedApp(Protocol):
    """An app whose language can be changed while it runs."""

    language_changed_signal: Signal[str]
    """Published with the name of the new language."""


class Localized:
    """A widget or a screen with texts that it does not draw anew each time; named after Widget.

        class Greeting(Static, Localized):
            def speak(self) -> None:
                self.update(_("Good morning"))

    `speak` says those texts in the present language: when the widget is mounted, and again when
    the language changes (`LocalizedApp.language_changed_signal`). It may be `async`, and must not
    disturb a run that is shown. What a widget draws in `render` or `render_line` needs none of
    this: `_()` is called there at each drawing, and the screen draws everything again.
    """

    def on_mount(self) -> None:
        """Speaks, and listens for another language."""
        assert isinstance(self, Widget)
        app = cast("LocalizedApp", self.app)
        app.language_changed_signal.subscribe(self, lambda _: self.call_next(self.speak))
        self.call_next(self.speak)

    def speak(self) -> object:
        """Says its texts in the present language."""
        raise NotImplementedError
