"""The text of lessons on the screen."""

from __future__ import annotations

from textual.content import Content


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
