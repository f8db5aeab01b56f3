"""The question before a run, with the answers to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from textual.content import Content

from tui_app.language import _
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.lesson_view import lesson_text

LETTER_CELLS = 5
"""Cells of a choice's letter; the dialog that asks has as many."""


class QuestionBoard(PlainText):
    """What is asked, and below it a row for each answer. The dialog that asks has the same rows."""

    DEFAULT_CSS = """
    QuestionBoard { display: none; padding: 0 1; border-top: solid $primary 40%; }
    """

    _question = ""
    _choices: Sequence[str] = ()
    _typed = False

    def ask(self, question: str, choices: Sequence[str], *, typed: bool) -> None:
        """Show another question; empty: none.

        Args:
            question: what is asked.
            choices: the answers to choose from.
            typed: whether a number of one's own may be typed.
        """
        self._question, self._choices, self._typed = question, choices, typed

    def rows(self, width: int) -> int:
        """Arrange it for so many columns; return how many rows it takes, 0 without a question."""
        if not self._question:
            return 0
        room = max(LETTER_CELLS + 1, width - 2)
        lines = lesson_text(self._question, "bold").wrap(room)
        for letter, text in zip(ascii_lowercase, self._choices, strict=False):
            rows = lesson_text(text).wrap(room - LETTER_CELLS)
            lines.append(Content.assemble((f" {letter}   ", "bold $accent"), rows[0]))
            lines += [Content.assemble(" " * LETTER_CELLS, row) for row in rows[1:]]
        if self._typed:
            words = _("or type a number:").rstrip(":")
            lines.append(Content.assemble(" " * LETTER_CELLS, (words, MUTED)))
        self.set_text(Content("\n").join(lines))
        return 1 + len(lines)
