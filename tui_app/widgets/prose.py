"""The lessons' text on the screen."""

from __future__ import annotations

from textual.content import Content


def prose(text: str, style: str = "") -> Content:
    """Paragraphs of plain text, unwrapped, with `code` in backticks made bold."""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    pieces = "\n\n".join(paragraphs).split("`")
    return Content.assemble(
        *((piece, "bold $primary" if index % 2 else style) for index, piece in enumerate(pieces))
    )
