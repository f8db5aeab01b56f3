"""A prediction beside what was measured, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from textual.content import Content

from tui_app.demos.lessons import LessonQuestion
from tui_app.demos.quiz.predictions import Prediction, PredictionResult, mark
from tui_app.demos.quiz.question import Answer, Question
from tui_app.language import N_, _, counted
from tui_app.runs.disturbance import Disturbance
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.lesson_view import lesson_text

LONGEST_BAR = 24
"""Cells of the bar of the answer with the most hands."""


@dataclass(frozen=True, slots=True)
class PredictionVerdict:
    """A prediction and the answer that a run gave.

    Attributes:
        question: what was asked.
        words: its text, with the demo's values.
        prediction: what was predicted; empty if it was skipped.
        answer: what the run measured; `None` if it does not tell.
        disturbance: what disturbed the run so much that the answer is not graded.
    """

    question: Question
    words: LessonQuestion
    prediction: Prediction
    answer: Answer | None
    disturbance: Disturbance | None = None

    @property
    def mark(self) -> PredictionResult | None:
        """Whether it was right; `None` where nothing can be said, or the run was disturbed."""
        if self.disturbance is not None:
            return None
        return mark(self.question, self.prediction, self.answer)

    def text(self, answer: Answer, *, measured: bool = False) -> str:
        """Return an answer in words: the text of a choice, or a number with its unit."""
        if isinstance(answer, str):
            return dict(self.words.choices).get(answer, answer)
        return self.question.words(answer, measured=measured)

    def short(self, answer: Answer, *, measured: bool = False) -> str:
        """Return an answer for a line with little room: a choice's letter, or a number."""
        keys = [key for key, text in self.words.choices]
        if isinstance(answer, str) and answer in keys:
            return ascii_lowercase[keys.index(answer)]
        return self.text(answer, measured=measured)

    def sentence(self) -> str:
        """Return the verdict for the status line; empty where nobody predicted."""
        said, found = self.prediction.said, self.mark
        if self.prediction.skipped:
            return ""
        if self.disturbance is not None:
            return _("machine busy: not graded, enter plays it again")
        if found is None or self.answer is None:
            if said is None:
                return counted(self.prediction.raised, "{n} hand raised", "{n} hands raised")
            return _("you said {said}").format(said=self.short(said))
        measured = self.short(self.answer, measured=True)
        if said is None:
            sentence = _("{right} of {hands} hands right · measured {measured}")
            if isinstance(self.answer, str):
                sentence = _("{right} of {hands} hands right · the answer is {measured}")
            return sentence.format(
                right=found.right_hands, hands=self.prediction.raised, measured=measured
            )
        return _(_SENTENCES[isinstance(self.answer, str), found.right]).format(
            said=self.short(said), measured=measured
        )


_SENTENCES = {
    (True, True): N_("you said {said} · right"),
    (True, False): N_("you said {said} · wrong: the answer is {measured}"),
    (False, True): N_("you said {said} · measured {measured} · right"),
    (False, False): N_("you said {said} · measured {measured} · wrong"),
}
"""By whether a choice was asked for, and whether the answer was right."""


class AnswerPanel(PlainText, Localized):
    """A verdict; before a run, a sentence about it."""

    _verdict: Callable[[], PredictionVerdict | None] | None = None

    def show(self, verdict: Callable[[], PredictionVerdict | None]) -> None:
        """Show what the function returns, now and in another language; `None`: no verdict yet."""
        self._verdict = verdict
        self.update_texts()

    def update_texts(self) -> None:
        """Show the verdict in the present language."""
        verdict = self._verdict() if self._verdict is not None else None
        if verdict is None:
            text = _("After the run, what you predicted stands here beside what was measured.")
            self.update(Content.styled(text, MUTED))
        else:
            self.update(Content("\n").join(_lines(verdict)))


def _lines(verdict: PredictionVerdict) -> Iterator[Content]:
    """Yield the verdict first: a small screen has room for a few lines."""
    rows = list(_rows(verdict))
    names = max(len(name) for name, _text in rows)
    for name, text in rows:
        yield Content.assemble((f"{name:<{names}}  ", MUTED), text)
    if not verdict.prediction.skipped and verdict.prediction.said is None:
        yield from _bars(verdict)
    if verdict.disturbance is not None:
        yield Content.styled(verdict.disturbance.ungraded(), "bold $warning")
    yield lesson_text(verdict.words.reason)
    yield Content("")
    title = _("The question")
    yield Content.assemble((f"{title}  ", MUTED), lesson_text(verdict.words.question, MUTED))


def _rows(verdict: PredictionVerdict) -> Iterator[tuple[str, Content]]:
    found, said = verdict.mark, verdict.prediction.said
    if said is not None:
        yield _("You said"), lesson_text(verdict.text(said))
    name = _("Measured") if verdict.question.unit is not None else _("The answer")
    if verdict.disturbance is not None:
        yield name, Content.styled(_("not sure this time"), MUTED)
        return
    if verdict.answer is None:
        yield name, Content.styled(_("This run gives no answer."), MUTED)
        return
    measured = lesson_text(verdict.text(verdict.answer, measured=True), "bold")
    if found is None:
        yield name, measured
        return
    label = result_label(found.right)
    if said is None:
        hands = _("{right} of {hands} hands were right").format(
            right=found.right_hands, hands=verdict.prediction.raised
        )
        label = hands, "bold $accent"
    yield name, Content.assemble(measured, "   ", label)


def result_label(right: bool, *, cells: int = 0) -> tuple[str, str]:
    """Return "right" or "wrong" with a mark, filled to that many cells, and its style."""
    text, style = (_("✓ right"), "$success") if right else (_("✗ wrong"), "$warning")
    return f"{text:<{cells}}", f"bold {style}"


def _bars(verdict: PredictionVerdict) -> Iterator[Content]:
    """Yield a line for each answer of a class: a mark, the number of hands, a bar, the answer."""
    hands = verdict.prediction.hands
    most = max(count for _said, count in hands)
    for said, count in hands:
        answer = None if verdict.disturbance is not None else verdict.answer
        right = answer is not None and verdict.question.grade(said, answer)
        cells = -(-LONGEST_BAR * count // most)
        yield Content.assemble(
            ("✓ " if right else "  ", "bold $success"),
            (f"{count:>3} ", "bold"),
            (f"{'█' * cells:<{LONGEST_BAR}} ", "$success" if right else MUTED),
            lesson_text(verdict.text(said), "bold" if right else ""),
        )
