"""The colours: two themes, and one colour for each process that it keeps everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

DARK = Theme(
    name="procession-dark",
    primary="#5fafd7",
    secondary="#87afaf",
    accent="#ffaf5f",
    foreground="#e4e4e4",
    background="#121417",
    surface="#181b1f",
    panel="#22262b",
    success="#87d787",
    warning="#ffd75f",
    error="#ff8787",
    dark=True,
)

LIGHT = Theme(
    name="procession-light",
    primary="#005f87",
    secondary="#3a5f5f",
    accent="#af5f00",
    foreground="#1c1c1c",
    background="#fdfdfb",
    surface="#f4f4f0",
    panel="#e6e6e0",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    dark=False,
)

DARK_ROOM = Theme(
    name="procession-projector-dark",
    primary="#87d7ff",
    secondary="#afd7d7",
    accent="#ffd787",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#87ff87",
    warning="#ffff5f",
    error="#ff8787",
    dark=True,
)

BRIGHT_ROOM = Theme(
    name="procession-projector-light",
    primary="#00487a",
    secondary="#2a4a4a",
    accent="#8a3a00",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#e4e4e4",
    success="#004a00",
    warning="#6a4400",
    error="#9a0000",
    dark=False,
)


def for_projector(theme: Theme) -> Theme:
    """The theme of the same ground, dark or light, with the contrast that a last row needs."""
    return DARK_ROOM if theme.dark else BRIGHT_ROOM


# Told apart on both grounds, at a contrast of 4.5 to 1 or better; red is kept for failures.
_ON_DARK = ("#5fd7ff", "#ffd75f", "#87d787", "#d7afff", "#ffaf5f", "#87afff", "#ff9fd7", "#5fd7af")
_ON_LIGHT = ("#005f87", "#7a5300", "#005f00", "#5f00af", "#a04400", "#0000af", "#97005f", "#005f5f")


MUTED = "$foreground 58%"
"""The style, in Textual's own content, of what is said in passing."""

MUTED_SHARE = 0.42
"""How far that goes from the foreground towards the background."""

LIT_SHARE = 0.7
"""The same for the ground of a lit line, from the primary colour."""


def process_style(app: App[Any], number: int) -> Style:
    """The colour of process `number` (0, 1, …) on the app's present ground."""
    colours = _ON_DARK if app.current_theme.dark else _ON_LIGHT
    return Style(color=colours[number % len(colours)])


def theme_style(app: App[Any], name: str) -> Style:
    """A colour of the theme, by its name there: `error`, `success`, `foreground`."""
    return Style.from_color(Color.parse(app.theme_variables[name]).rich_color)


def muted_style(app: App[Any]) -> Style:
    """For what is said in passing: between the theme's foreground and its background."""
    muted = _towards_background(app, "foreground", MUTED_SHARE)
    return Style(dim=True) if muted is None else Style(color=muted)


def lit_style(app: App[Any]) -> Style:
    """The ground of a line that is lit."""
    lit = _towards_background(app, "primary", LIT_SHARE)
    return Style(reverse=True) if lit is None else Style(bgcolor=lit)


def _towards_background(app: App[Any], name: str, share: float) -> RichColor | None:
    """A colour of the theme on its way to the background; `None` where both are the terminal's."""
    colour = Color.parse(app.theme_variables[name])
    background = Color.parse(app.theme_variables["background"])
    if colour.ansi is not None or background.ansi is not None:
        return None
    return colour.blend(background, share).rich_color
