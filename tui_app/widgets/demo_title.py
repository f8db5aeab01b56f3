"""The heading above a demo's text."""

from __future__ import annotations

from textual.content import Content

from tui_app.demos.catalogue import Demo
from tui_app.demos.copies import Copies
from tui_app.language import _


def demo_title(demo: Demo, copies: Copies, margin: str = "") -> Content:
    """Return a demo's number, name and title, and whether its text is mended or changed."""
    words = [(f"{margin}{demo.number}  {demo.name}  ", "bold $primary")]
    if copies.is_mended(demo):
        words.append((_("mended") + "  ", "bold $success"))
    if copies.is_changed(demo):
        words.append((_("changed") + "  ", "bold $warning"))
    return Content.assemble(*words, demo.title())
