"""A question with a few answers, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui_app.language import _
from tui_app.widgets.base.localized import Localized


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the value that it returns, its text in English, and its key."""

    value: str
    label: str
    key: str


class ChoiceDialog(ModalScreen[str | None], Localized):
    """A question; its result is the answer's value, or `None` if it was left with escape.

    Args:
        question: returns the question in the present language.
        answers: what one may answer.
    """

    CSS_PATH = "choice.tcss"

    def __init__(self, question: Callable[[], str], answers: Sequence[Answer]) -> None:
        super().__init__()
        self._question, self._answers = question, answers

    def compose(self) -> ComposeResult:
        """Compose the question, and a button for each answer."""
        with Vertical(id="question"):
            yield Static(markup=False)
            with Horizontal():
                for answer in self._answers:
                    yield Button(id=f"answer-{answer.value}")

    def update_texts(self) -> None:
        """Say the question and the answers in the present language."""
        self.query_one(Static).update(self._question())
        for answer in self._answers:
            button = self.query_one(f"#answer-{answer.value}", Button)
            button.label = Content(f"{_(answer.label)} ({answer.key})")

    def on_key(self, event: events.Key) -> None:
        """Take an answer's key; leave at escape."""
        value = next((one.value for one in self._answers if one.key == event.key), None)
        if value is not None or event.key == "escape":
            event.stop()
            self.dismiss(value)

    @on(Button.Pressed)
    def take_answer(self, event: Button.Pressed) -> None:
        """Take the answer of the button."""
        self.dismiss((event.button.id or "").removeprefix("answer-"))
