"""A field for a number: whatever else is typed is left to the screen."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

COUNT = r"\d{0,3}"
"""A few hands."""

DECIMAL = r"\d{0,5}([.,]\d{0,3})?"
"""A number, with a point or a comma."""


class NumberInput(Input):
    """Takes digits, and with `DECIMAL` a point or comma; letters stay the screen's keys."""

    def __init__(self, restrict: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(restrict=restrict, compact=True, id=id, select_on_focus=False)

    def on_key(self, event: events.Key) -> None:
        """Lets keys that are none of a number pass by the field."""
        if event.character is not None and event.is_printable and not self.takes(event.character):
            event.prevent_default()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the field takes that key for itself."""
        return character is not None and self.takes(character)

    def takes(self, character: str) -> bool:
        """Whether it may be part of a number."""
        return character.isdecimal() or character in ".,"

    @property
    def number(self) -> float | None:
        """The number in the field; `None` while it is empty."""
        text = self.value.replace(",", ".").strip(".")
        return float(text) if text else None
