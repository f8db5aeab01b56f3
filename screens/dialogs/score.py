"""How many predictions were right, demo by demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog

from tui_app.demos.catalogue import demos
from tui_app.demos.quiz.predictions import (
    PredictionResult,
    load_results,
    save_results,
    score,
)
from tui_app.demos.quiz.questions import find_question
from tui_app.language import N_, _
from tui_app.widgets.answer_panel import result_label
from tui_app.widgets.base.palette import MUTED

MARK_CELLS, LONGEST_BAR = 11, 20


class ScoreDialog(ModalScreen[None]):
    """The demos with the results of their predictions; `n` forgets them."""

    CSS_PATH = "score.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,k,q,enter", "dismiss", show=False),
        Binding("n", "anew", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Compose one list."""
        with VerticalScroll(id="score") as box:
            box.border_title = _("Score")
            box.border_subtitle = _("n starts again   escape closes")
            yield Static(id="score-list", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self._show()

    def _show(self) -> None:
        marks = load_results()
        asked = [demo for demo in demos() if find_question(demo.name) is not None]
        lines = [*_totals(marks)]
        lines += [_line(demo.number, demo.name, marks.get(demo.name)) for demo in asked]
        self.query_one("#score-list", Static).update(Content("\n").join(lines))

    @work
    async def action_anew(self) -> None:
        """Forget all predictions, if that is meant."""
        answers = [Answer("yes", N_("Start again"), "y"), Answer("no", N_("Keep them"), "n")]
        if await self.app.push_screen_wait(ChoiceDialog(_anew_question, answers)) == "yes":
            save_results({})
            self._show()


def _anew_question() -> str:
    return _("Start again, for instance with a new class? All predictions are deleted.")


def _totals(marks: dict[str, PredictionResult]) -> Iterator[Content]:
    total = score(marks.values())
    if not total.predicted:
        yield Content.styled(
            _("Nothing predicted yet. Play a demo, and say what you think."), MUTED
        )
    else:
        sentence = _("{right} of {predicted} predicted right")
        yield Content.styled(sentence.format(right=total.right, predicted=total.predicted), "bold")
    if total.hands:
        hands = _("{right} of {hands} hands in all were right; a class is right where most are")
        yield Content.styled(hands.format(right=total.right_hands, hands=total.hands), MUTED)
    yield Content("")


def _line(number: int, name: str, mark: PredictionResult | None) -> Content:
    label = f"{number:>2} {name:<23}"
    if mark is None:
        return Content.assemble((f"{'–':<{MARK_CELLS}}", MUTED), (label, MUTED))
    parts = [result_label(mark.right, cells=MARK_CELLS), (label, "")]
    if hands := mark.prediction.raised:
        cells = round(LONGEST_BAR * mark.right_hands / hands)
        parts += [
            ("█" * cells, "$success"),
            ("░" * (LONGEST_BAR - cells), MUTED),
            (" " + _("{right} of {hands}").format(right=mark.right_hands, hands=hands), "bold"),
        ]
    return Content.assemble(*parts)
