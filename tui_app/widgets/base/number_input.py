"""A field for a number, which leaves all other keys to the screen."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

COUNT = r"\d{0,3}"
"""A whole number up to 999."""

DECIMAL = r"\d{0,5}([.,]\d{0,3})?"
"""A number with a decimal point or comma."""


class NumberInput(Input):
    """A field that takes what `restrict` matches; letters stay the screen's keys."""

    def __init__(self, restrict: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(restrict=restrict, compact=True, id=id, select_on_focus=False)

    def on_key(self, event: events.Key) -> None:
        """Keep printable keys that belong to no number out of the field."""
        if event.character is not None and event.is_printable and not self.takes(event.character):
            event.prevent_default()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether the field takes that key for itself."""
        return character is not None and self.takes(character)

    def takes(self, character: str) -> bool:
        """Return whether a character may be part of a number."""
        return character.isdecimal() or character in ".,"

    @property
    def number(self) -> float | None:
        """The number in the field; `None` while it is empty."""
        text = self.value.replace(",", ".").strip(".")
        return float(text) if text else None
