"""How the texts on the screen follow the language."""

from __future__ import annotations

from typing import Protocol, cast

from textual.signal import Signal
from textual.widget import Widget


class LocalizedApp(Protocol):
    """An app whose language can change while it runs."""

    language_changed_signal: Signal[str]
    """Published with the name of the new language."""


class Localized:
    """A widget or screen that keeps texts. Name it after Textual's class among the bases.

        class Greeting(Static, Localized):
            def update_texts(self) -> None:
                self.update(_("Good morning"))

    `update_texts` is called when the widget is mounted, and when the language changes. It may be
    `async`, and must not disturb a run that is shown. A text that is translated in `render` or
    `render_line` needs none of this: the screen draws everything again.
    """

    def on_mount(self) -> None:
        """Set the texts, and set them again when the language changes."""
        assert isinstance(self, Widget)
        app = cast("LocalizedApp", self.app)
        app.language_changed_signal.subscribe(self, lambda _: self.call_next(self.update_texts))
        self.call_next(self.update_texts)

    def update_texts(self) -> object:
        """Set the texts in the present language."""
        raise NotImplementedError
