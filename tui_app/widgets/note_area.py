"""An editor of plain text that takes only so many characters."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location


class NoteArea(TextArea):
    """Lines of plain text, wrapped. What would not fit is not taken, and a message says so.

    Args:
        text: the text at first. Where it is longer than is allowed, it can only become shorter.
        longest: the most characters.
    """

    # A scrollbar that comes and goes makes Textual 8.2 raise in an undo: see `CodeArea`.
    DEFAULT_CSS = """
    NoteArea, NoteArea:focus { border: none; padding: 0; background: $background; }
    NoteArea .text-area--cursor-line { background: transparent; }
    NoteArea { overflow-y: scroll; scrollbar-background: $background; scrollbar-size-vertical: 1; }
    """

    @dataclass
    class Refused(Message):
        """What was typed or pasted was not taken.

        Attributes:
            characters: how many they were.
            left: how many more would be taken.
        """

        characters: int
        left: int

    def __init__(self, text: str, longest: int) -> None:
        super().__init__(text, soft_wrap=True)
        self._longest = longest
        # Blinking would send bytes over a slow link all the time.
        self.cursor_blink = False

    def replace(
        self,
        insert: str,
        start: Location,
        end: Location,
        *,
        maintain_selection_offset: bool = True,
    ) -> EditResult:
        """Replace a part of the text, unless the text would be too long then."""
        first, last = sorted((start, end))
        replaced = len(self.get_text_range(first, last))
        left = self._longest - len(self.text) + replaced
        if len(insert) > left and len(insert) > replaced:
            self.post_message(self.Refused(len(insert), max(0, left)))
            return EditResult(end, "")
        return super().replace(
            insert, start, end, maintain_selection_offset=maintain_selection_offset
        )
