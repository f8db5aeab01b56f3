"""Elements of a page or a picture. Text is escaped as it goes in; there is no other way in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from tui_app.runs.formatting import safe

_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
"""What XML forbids (https://www.w3.org/TR/xml/#charsets) and `safe` leaves."""


class Markup(str):
    """Text that is markup already: made by `element` alone, or by us as it stands."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """Return a text, whatever is in it, as text of a page or a picture."""
    if isinstance(text, Markup):
        return text
    return Markup(html.escape(_NO_CHARACTERS.sub("\ufffd", safe(text))))


def element(name: str, /, *content: str | Iterable[str], **attributes: object) -> Markup:
    """Return an element; without content, it ends where it begins.

    Args:
        name: The element's name.
        content: What is in it, one after another.
        attributes: `class_` is `class`, `stroke_width` is `stroke-width`; None leaves one out.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not content:
        return Markup(f"<{name}{told}/>")
    return Markup(f"<{name}{told}>{''.join(map(_joined, content))}</{name}>")


def _joined(content: str | Iterable[str]) -> str:
    if isinstance(content, str):
        return escaped(content)
    return "".join(map(escaped, content))


def _number(value: object) -> str:
    """Return an attribute's value; lengths need no more than two digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
