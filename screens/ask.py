"""A question with a few answers, each with its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what it returns, what it says, and the key that gives it."""

    value: str
    label: str
    key: str


class AskScreen(ModalScreen[str | None]):
    """Asks; returns the answer's value, or `None` where the question was left with escape."""

    CSS_PATH = "ask.tcss"

    def __init__(self, question: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._question, self._answers = question, answers

    def compose(self) -> ComposeResult:
        """The question, and a button for each answer."""
        with Vertical(id="question"):
            yield Static(self._question, markup=False)
            with Horizontal():
                for answer in self._answers:
                    yield Button(f"{answer.label} ({answer.key})", id=f"answer-{answer.value}")

    def on_key(self, event: events.Key) -> None:
        """Takes an answer's key; escape leaves."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        for answer in self._answers:
            if event.key == answer.key:
                event.stop()
                self.dismiss(answer.value)

    @on(Button.Pressed)
    def take_answer(self, event: Button.Pressed) -> None:
        """Takes the answer of the button."""
        self.dismiss((event.button.id or "").removeprefix("answer-"))
