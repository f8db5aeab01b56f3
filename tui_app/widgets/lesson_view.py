"""A demo's lesson; before its question is answered, that question in its place."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui_app.demos.lessons import Lesson
from tui_app.language import _
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.prose import prose


class LessonView(Static):
    """A lesson is of a language: whoever shows one shows it again in another."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)

    def show(self, lesson: Lesson, *, ended: bool) -> None:
        """Shows a lesson; what was to be expected only where a run of it has ended."""
        parts: list[Content | tuple[str, str]] = [prose(lesson.text), Content("\n\n")]
        parts.append((_("Look at") + "\n", "bold $accent"))
        for line in lesson.look:
            parts += [Content("· "), prose(line), Content("\n")]
        if ended:
            parts += [
                ("\n" + _("Expected") + "  ", "bold $accent"),
                prose(lesson.expected),
                Content("\n"),
            ]
        parts += [("\n" + _("Ask the class") + "  ", "bold $accent"), prose(lesson.question)]
        self.update(Content.assemble(*parts))

    def withhold(self, question: str) -> None:
        """Shows what is asked before the demo is played, and how one gets to the lesson."""
        ways = _("Enter asks you, then plays it. The lesson comes with the answer.")
        parts = (
            (_("What do you think?") + "\n\n", "bold $accent"),
            prose(question, "bold"),
            ("\n\n" + ways + "\n" + _("t shows the lesson now."), MUTED),
        )
        self.update(Content.assemble(*parts))
