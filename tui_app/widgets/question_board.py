"""What a class is asked, in front of it: the demo, its question, and what there is to choose."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tui_app.language import _
from tui_app.widgets.base.palette import MUTED

LETTERS = "abcdefgh"


class QuestionBoard(Static):
    """A demo's title and place in the lesson; below it the question and its choices."""

    DEFAULT_CSS = """
    QuestionBoard { display: none; height: auto; padding: 1 2; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)
        self._title = self._question = self._place = ""
        self._choices: Sequence[str] = ()

    def ask(self, title: str, question: str, choices: Sequence[str]) -> None:
        """Shows another demo's question."""
        self._title, self._question, self._choices = title, question, choices
        self._tell()

    def place(self, number: int, of: int) -> None:
        """Says that the demo is that one of so many; 0: none of them."""
        self._place = _("{n} of {of}").format(n=number, of=of) if number else ""
        self._tell()

    def _tell(self) -> None:
        lines = [
            Content.assemble((self._title, "bold $primary"), f"   {self._place}"),
            Content.styled(_plain(self._question), "bold"),
        ]
        if self._choices:
            pairs = zip(LETTERS, self._choices, strict=False)
            parts = [((f"{letter}  ", MUTED), f"{_plain(text)}     ") for letter, text in pairs]
            lines.append(Content.assemble(*(part for pair in parts for part in pair)))
        self.update(Content("\n").join(lines))


def _plain(text: str) -> str:
    """A lesson's text without the backticks around its code."""
    return " ".join(text.replace("`", "").split())
