"""The question before a demo is played: to one person, or to a class."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_app.demos.quiz.predictions import Prediction
from tui_app.demos.quiz.question import Answer
from tui_app.language import _, counted
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.number_input import COUNT, DECIMAL, NumberInput
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.lesson_view import lesson_text


class ChoiceRow(Horizontal):
    """One answer: its letter, its text, and for a class a field for the hands that are raised."""

    class Picked(Message):
        """The row was clicked."""

        def __init__(self, row: ChoiceRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, letter: str, answer: Answer, text: str) -> None:
        super().__init__()
        self.letter, self.answer, self._text = letter, answer, text

    def compose(self) -> ComposeResult:
        """Compose letter, field and text."""
        yield Static(f" {self.letter} ", classes="letter", markup=False)
        yield NumberInput(COUNT)
        yield Static(lesson_text(self._text), classes="choice", markup=False)

    @property
    def hands(self) -> int:
        """How many hands are raised for it."""
        return int(self.query_one(NumberInput).number or 0)

    def on_click(self) -> None:
        """Pick it."""
        self.post_message(self.Picked(self))


class PredictionDialog(ModalScreen[Prediction | None]):
    """A question; its result is what was said, empty if skipped, or `None` to go back.

    It stands in the rows of the question, the status and the keys of the screen below, so that the
    code above them is seen.

    Args:
        question: what is asked.
        choices: each answer with its text, in order.
        unit: what stands behind a number of one's own; `None`: only the choices are offered.
    """

    CSS_PATH = "prediction.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("enter", "play", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("s", "skip", show=False),
        Binding("h,number_sign", "hands", show=False),
    ]

    def __init__(
        self, question: str, choices: Sequence[tuple[Answer, str]], unit: str | None
    ) -> None:
        super().__init__()
        self._question, self._unit = question, unit
        self._rows = [
            ChoiceRow(letter, answer, text)
            for letter, (answer, text) in zip(ascii_lowercase, choices, strict=False)
        ]
        self._at: int | None = None

    def compose(self) -> ComposeResult:
        """Compose the question, the answers and the keys."""
        with VerticalScroll(id="predict", can_focus=False):
            yield Static(lesson_text(self._question, "bold"), id="predict-question", markup=False)
            yield from self._rows
            if self._unit is not None:
                with Horizontal(id="predict-own"):
                    yield Static(_("or type a number:"), markup=False)
                    yield NumberInput(DECIMAL, id="own-number")
                    yield Static(self._unit, id="own-unit", markup=False)
            yield PlainText(id="predict-message")
            yield PlainText(id="predict-keys")

    def on_mount(self) -> None:
        """Tell the keys."""
        self._tell_keys()

    @property
    def _of_class(self) -> bool:
        return self.has_class("-class")

    def _tell_keys(self, complaint: str = "") -> None:
        raised = sum(row.hands for row in self._rows)
        last = self._rows[-1].letter if self._rows else "a"
        keys = [
            (f"a-{last}", _("choose and play")),
            ("h", _("count hands")),
            ("s", _("skip and play")),
            ("esc", _("back")),
        ]
        if self._of_class:
            keys = [
                ("tab", _("next")),
                ("enter", _("play")),
                ("h", _("one answer")),
                ("s", _("skip and play")),
                ("esc", _("back")),
            ]
        said = Content.styled(complaint, "bold $warning")
        if not complaint and self._of_class:
            said = Content.styled(counted(raised, "{n} hand", "{n} hands"), "bold")
        self.query_one("#predict-message", PlainText).set_text(said)
        parts: list[Content | tuple[str, str]] = []
        for index, (key, meaning) in enumerate(keys):
            parts += [("   " if index else "", ""), (key, "bold $accent"), (f" {meaning}", MUTED)]
        self.query_one("#predict-keys", PlainText).set_text(Content.assemble(*parts))

    # One answer

    def on_key(self, event: events.Key) -> None:
        """Take a choice's letter; let a digit begin a number of one's own."""
        for row in self._rows:
            if event.key == row.letter and not self._of_class:
                event.stop()
                self.dismiss(Prediction(row.answer))
                return
        own = self.query("#own-number").results(NumberInput)
        for field in () if self._of_class or event.character is None else own:
            if field.takes(event.character or "") and not field.has_focus:
                event.stop()
                field.focus()
                field.insert_text_at_cursor(event.character or "")

    @on(ChoiceRow.Picked)
    def take_row(self, event: ChoiceRow.Picked) -> None:
        """Take the row that was clicked; for a class, go to its field."""
        if self._of_class:
            event.row.query_one(NumberInput).focus()
        else:
            self.dismiss(Prediction(event.row.answer))

    def action_move(self, steps: int) -> None:
        """Go to the next or the previous answer."""
        if not self._rows:
            return
        count = len(self._rows)
        if self._of_class:
            at = next((i for i, row in enumerate(self._rows) if row.has_focus_within), -1)
            self._rows[(at + steps) % count].query_one(NumberInput).focus()
            return
        self.set_focus(None)
        self._at = (steps - 1 if steps < 0 else 0) if self._at is None else self._at + steps
        self._at %= count
        for index, row in enumerate(self._rows):
            row.set_class(index == self._at, "-chosen")
        self._rows[self._at].scroll_visible()

    def action_play(self) -> None:
        """Take what was chosen, typed or counted."""
        prediction = self._prediction()
        if prediction is None:
            letters = f"a-{self._rows[-1].letter}" if self._rows else ""
            self._tell_keys(
                _("Enter the hands beside the answers, or press s to skip.")
                if self._of_class
                else _("Choose one of {letters}, or press s to skip.").format(letters=letters)
            )
        else:
            self.dismiss(prediction)

    def _prediction(self) -> Prediction | None:
        if self._of_class:
            counted_hands = Prediction(hands=tuple((row.answer, row.hands) for row in self._rows))
            return counted_hands if counted_hands.raised else None
        for field in self.query("#own-number").results(NumberInput):
            if field.has_focus and field.number is not None:
                return Prediction(field.number)
        return None if self._at is None else Prediction(self._rows[self._at].answer)

    def action_skip(self) -> None:
        """Play without a prediction."""
        self.dismiss(Prediction())

    # A class

    def action_hands(self) -> None:
        """Turn the question to a class, or back to one person."""
        self.toggle_class("-class")
        for row in self._rows:
            row.remove_class("-chosen")
        self._at = None
        self.set_focus(self._rows[0].query_one(NumberInput) if self._of_class else None)
        self._tell_keys()

    @on(NumberInput.Changed)
    def count_again(self) -> None:
        """Tell how many hands are raised in all."""
        self._tell_keys()
