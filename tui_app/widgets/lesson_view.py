"""A demo's lesson; before its question is answered, that question in its place."""

from __future__ import annotations

from textual.content import Content

from tui_app.demos.lessons import Lesson
from tui_app.language import _
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED

HEADING = "bold $accent"


class LessonView(PlainText):
    """A lesson, or its question. Show it again when the language has changed."""

    def show(self, lesson: Lesson, *, ended: bool) -> None:
        """Show a lesson; what is expected is shown only if a run has ended."""
        parts: list[Content | tuple[str, str]] = [lesson_text(lesson.text), Content("\n\n")]
        parts.append((_("Look at") + "\n", HEADING))
        for line in lesson.look:
            parts += [Content("· "), lesson_text(line), Content("\n")]
        if ended:
            expected = lesson_text(lesson.expected)
            parts += [("\n" + _("Time of the run") + "  ", HEADING), expected, Content("\n")]
        parts += [("\n" + _("Ask the class") + "  ", HEADING), lesson_text(lesson.question)]
        self.update(Content.assemble(*parts))

    def show_question(self, question: str) -> None:
        """Show what is asked before the demo is played, and how the lesson is reached."""
        ways = _("Enter asks you, then plays it. The lesson comes with the answer.")
        parts = (
            (_("What do you think?") + "\n\n", HEADING),
            lesson_text(question, "bold"),
            ("\n\n" + ways + "\n" + _("t shows the lesson now."), MUTED),
        )
        self.update(Content.assemble(*parts))


def lesson_text(text: str, style: str = "") -> Content:
    """Return paragraphs with `code` in bold.

    Args:
        text: as in a lesson's file: wrapped lines, an empty line between paragraphs, code in
            backticks.
        style: of all that is not code.
    """
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    pieces = "\n\n".join(paragraphs).split("`")
    return Content.assemble(
        *((piece, "bold $primary" if index % 2 else style) for index, piece in enumerate(pieces))
    )
