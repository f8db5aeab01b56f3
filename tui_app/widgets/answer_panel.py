"""What was predicted, beside what was measured, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from textual.content import Content
from textual.widgets import Static

from tui_app.demos.lessons import LessonQuestion
from tui_app.demos.quiz.predictions import Prediction, PredictionResult, mark
from tui_app.demos.quiz.question import Answer, Question
from tui_app.language import _, counted
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.prose import prose

LONGEST_BAR = 24
"""Cells of the bar of those hands that are most."""


@dataclass(frozen=True, slots=True)
class PredictionVerdict:
    """A prediction, and what the run said.

    Attributes:
        question: what was asked.
        words: its words, filled.
        prediction: what was said; nothing if it was skipped.
        answer: what the run said; `None`: it does not tell.
    """

    question: Question
    words: LessonQuestion
    prediction: Prediction
    answer: Answer | None

    @property
    def mark(self) -> PredictionResult | None:
        """How it turned out; `None` where nothing can be said."""
        return mark(self.question, self.prediction, self.answer)

    def text(self, answer: Answer, *, measured: bool = False) -> str:
        """An answer in words: a choice's text, or a number with its unit."""
        if isinstance(answer, str):
            return dict(self.words.choices).get(answer, answer)
        return self.question.words(answer, measured=measured)

    def short(self, answer: Answer, *, measured: bool = False) -> str:
        """The same for a line with little room: of a choice its letter."""
        keys = [key for key, text in self.words.choices]
        if isinstance(answer, str) and answer in keys:
            return ascii_lowercase[keys.index(answer)]
        return self.text(answer, measured=measured)

    def sentence(self) -> str:
        """In short, for the line at the bottom; empty where nobody predicted."""
        said, found = self.prediction.said, self.mark
        if self.prediction.skipped:
            return ""
        if found is None or self.answer is None:
            if said is None:
                return counted(self.prediction.raised, "{n} hand raised", "{n} hands raised")
            return _("you said {said}").format(said=self.short(said))
        measured = self.short(self.answer, measured=True)
        if said is None:
            return _("{right} of {hands} hands right · measured {measured}").format(
                right=found.right_hands, hands=self.prediction.raised, measured=measured
            )
        whole = (
            _("you said {said} · measured {measured} · right")
            if found.right
            else _("you said {said} · measured {measured} · not yet")
        )
        return whole.format(said=self.short(said), measured=measured)


class AnswerPanel(Static, Localized):
    """Shows a verdict; before a run, what will be here."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._verdict: Callable[[], PredictionVerdict | None] = _none

    def show(self, verdict: Callable[[], PredictionVerdict | None]) -> None:
        """Shows it from now on.

        Args:
            verdict: words it in the present language; `None`: there is none yet.
        """
        self._verdict = verdict
        self.speak()

    def speak(self) -> None:
        """Says it in the present language."""
        found = self._verdict()
        if found is None:
            text = _("After the run, what you predicted stands here beside what was measured.")
            self.update(Content.styled(text, MUTED))
        else:
            self.update(Content("\n").join(_lines(found)))


def _none() -> None:
    """No verdict."""


def _lines(verdict: PredictionVerdict) -> Iterator[Content]:
    """What counts comes first: on a small screen there is room for a few lines."""
    rows = list(_rows(verdict))
    names = max(len(name) for name, _text in rows)
    for name, text in rows:
        yield Content.assemble((f"{name:<{names}}  ", MUTED), text)
    if not verdict.prediction.skipped and verdict.prediction.said is None:
        yield from _bars(verdict)
    yield prose(verdict.words.reason)
    yield Content("")
    yield Content.assemble((_("Asked") + "  ", MUTED), prose(verdict.words.question, MUTED))


def _rows(verdict: PredictionVerdict) -> Iterator[tuple[str, Content]]:
    found, said = verdict.mark, verdict.prediction.said
    if said is not None:
        yield _("You said"), prose(verdict.text(said))
    if verdict.answer is None:
        yield _("Measured"), Content.styled(_("This run does not tell."), MUTED)
        return
    measured = prose(verdict.text(verdict.answer, measured=True), "bold")
    if found is None:
        yield _("Measured"), measured
    elif said is None:
        hands = _("{right} of {hands} hands were right").format(
            right=found.right_hands, hands=verdict.prediction.raised
        )
        yield _("Measured"), Content.assemble(measured, "   ", (hands, "bold $accent"))
    else:
        yield _("Measured"), Content.assemble(measured, "   ", judged(found.right))


def judged(right: bool, *, cells: int = 0) -> tuple[str, str]:
    """Right or not, by mark and by word, with its style; in at least so many cells."""
    text, style = (_("✓ right"), "$success") if right else (_("✗ not yet"), "$warning")
    return f"{text:<{cells}}", f"bold {style}"


def _bars(verdict: PredictionVerdict) -> Iterator[Content]:
    """A line for each answer of a class: mark, how many, a bar, and the answer."""
    hands = verdict.prediction.hands
    most = max(count for _said, count in hands)
    for said, count in hands:
        right = verdict.answer is not None and verdict.question.grade(said, verdict.answer)
        cells = -(-LONGEST_BAR * count // most)
        yield Content.assemble(
            ("✓ " if right else "  ", "bold $success"),
            (f"{count:>3} ", "bold"),
            (f"{'█' * cells:<{LONGEST_BAR}} ", "$success" if right else MUTED),
            prose(verdict.text(said), "bold" if right else ""),
        )
