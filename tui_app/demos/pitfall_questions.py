"""The pitfalls' questions, by demo; see `question.Question`."""

from __future__ import annotations

from tui_app.demos.question import Question

PITFALL_QUESTIONS: dict[str, Question] = {}
