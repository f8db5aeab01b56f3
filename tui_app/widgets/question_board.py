"""The question that a class sees: the demo, what is asked, and the answers to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from textual.content import Content

from tui_app.language import _
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED


class QuestionBoard(PlainText):
    """A demo's title and its place in the lesson; below them the question and its answers."""

    DEFAULT_CSS = """
    QuestionBoard { display: none; height: auto; padding: 1 2; }
    """

    _title = _question = _place = ""
    _choices: Sequence[str] = ()

    def ask(self, title: str, question: str, choices: Sequence[str]) -> None:
        """Show another demo's question."""
        self._title, self._question, self._choices = title, question, choices
        self._update()

    def place(self, number: int, total: int) -> None:
        """Show that the demo is number `number` of `total`; 0: it is not in the lesson."""
        self._place = _("{n} of {of}").format(n=number, of=total) if number else ""
        self._update()

    def _update(self) -> None:
        lines = [
            Content.assemble((self._title, "bold $primary"), f"   {self._place}"),
            Content.styled(_without_marks(self._question), "bold"),
        ]
        if self._choices:
            parts: list[tuple[str, str]] = []
            for letter, text in zip(ascii_lowercase, self._choices, strict=False):
                parts += [(f"{letter}  ", MUTED), (f"{_without_marks(text)}     ", "")]
            lines.append(Content.assemble(*parts))
        self.update(Content("\n").join(lines))


def _without_marks(text: str) -> str:
    """Return a lesson's text without the backticks around its code."""
    return " ".join(text.replace("`", "").split())
