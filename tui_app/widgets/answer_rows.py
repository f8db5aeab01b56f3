"""A run's answer in the few rows that there are beside lanes, code and prints."""

from __future__ import annotations

from itertools import accumulate

from textual.content import Content

from tui_app.language import _
from tui_app.widgets.answer_panel import PredictionVerdict
from tui_app.widgets.lesson_view import lesson_text

MOST_REASON = 2
"""Rows of the reason; the answer's first row is the title's."""


def headline(verdict: PredictionVerdict) -> str:
    """Return what was said and measured, for the end of the title; empty where there is neither."""
    said = verdict.sentence()
    if said or verdict.answer is None:
        return said
    measured = verdict.short(verdict.answer, measured=True)
    whole = _("the answer is {measured}")
    if verdict.question.unit is not None:
        whole = _("measured {measured}")
    return whole.format(measured=measured)


def reason_rows(verdict: PredictionVerdict, width: int, most: int = MOST_REASON) -> list[Content]:
    """Return the answer's text and its reason in at most so many rows.

    They have as many whole sentences of the reason as fit; the answer panel has all.
    """
    if verdict.answer is None:
        return [Content(_("This run gives no answer."))]
    if verdict.disturbance is not None:
        return Content.styled(verdict.disturbance.ungraded(), "bold $warning").wrap(width)[:most]
    begin = Content("")
    if isinstance(verdict.answer, str):
        letter, text = verdict.short(verdict.answer), verdict.text(verdict.answer)
        begin = Content.assemble((f"{letter}  ", "bold $accent"), lesson_text(text, "bold"), " · ")
    sentences = " ".join(verdict.words.reason.split()).split(". ")
    ends = [*(f"{text}." for text in accumulate(sentences[:-1], "{}. {}".format))]
    texts = [*ends, verdict.words.reason]
    rows = [Content.assemble(begin, lesson_text(text)).wrap(width) for text in texts]
    fitting = [one for one in rows if len(one) <= most]
    if fitting:
        return fitting[-1]
    cut = rows[0][:most]
    last = cut[-1].truncate(max(1, width - 1))
    return [*cut[:-1], Content.assemble(last, "…")]
