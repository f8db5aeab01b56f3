"""Python source in colours, where it is shown and where it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pygments.lexers.python import PythonLexer
from pygments.token import Token
from rich.style import Style

from tui_app.widgets.base.palette import muted_style, theme_style

if TYPE_CHECKING:
    from textual.app import App

TokenKind = tuple[str, ...]
"""A token type of Pygments, such as `("Literal", "String")`."""

Tokens = tuple[TokenKind, str]

TOKEN_STYLES: tuple[tuple[TokenKind, str, Style], ...] = (
    (Token.Comment, "", Style(italic=True)),
    (Token.Literal.String, "success", Style()),
    (Token.Literal.Number, "warning", Style()),
    (Token.Keyword, "accent", Style(bold=True)),
    (Token.Operator.Word, "accent", Style(bold=True)),
    (Token.Name.Builtin, "primary", Style()),
    (Token.Name.Function, "primary", Style(bold=True)),
    (Token.Name.Class, "primary", Style(bold=True)),
)
"""How a kind of token looks: a colour of the theme (empty: muted), and what is added to it."""


def token_style(app: App[Any], kind: TokenKind) -> Style:
    """Return how a kind of token looks in the app's theme; an empty style for plain text."""
    for parent, colour, more in TOKEN_STYLES:
        if kind[: len(parent)] == parent:
            return (theme_style(app, colour) if colour else muted_style(app)) + more
    return Style()


def token_lines(code: str) -> list[list[Tokens]]:
    """Return the tokens of each line of a source; a token over several lines is cut at each end."""
    lines: list[list[Tokens]] = [[]]
    # Not `get_tokens`, which drops and adds characters at the source's ends.
    for _start, kind, text in PythonLexer().get_tokens_unprocessed(f"{code}\n"):
        first, *rest = text.split("\n")
        lines[-1].append((kind, first))
        lines.extend([(kind, part)] for part in rest)
    return lines[:-1]
