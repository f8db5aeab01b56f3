"""The colours: the themes, and one colour for each process, the same in all places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from tui_app.runs.process_colours import ON_DARK, ON_LIGHT

if TYPE_CHECKING:
    from textual.app import App

_THEMES = ("dark", "light", "projector-dark", "projector-light")

_COLOURS = {
    "primary": ("#5fafd7", "#005f87", "#87d7ff", "#00487a"),
    "secondary": ("#87afaf", "#3a5f5f", "#afd7d7", "#2a4a4a"),
    "accent": ("#ffaf5f", "#af5f00", "#ffd787", "#8a3a00"),
    "foreground": ("#e4e4e4", "#1c1c1c", "#ffffff", "#000000"),
    "background": ("#121417", "#fdfdfb", "#000000", "#ffffff"),
    "surface": ("#181b1f", "#f4f4f0", "#000000", "#ffffff"),
    "panel": ("#22262b", "#e6e6e0", "#1c1c1c", "#e4e4e4"),
    "success": ("#87d787", "#005f00", "#87ff87", "#004a00"),
    "warning": ("#ffd75f", "#875f00", "#ffff5f", "#6a4400"),
    "error": ("#ff8787", "#af0000", "#ff8787", "#9a0000"),
}
"""Each of Textual's colours in each of the themes."""


def _theme(column: int) -> Theme:
    colours: dict[str, Any] = {name: row[column] for name, row in _COLOURS.items()}
    name = _THEMES[column]
    return Theme(name=f"procession-{name}", dark=name.endswith("dark"), **colours)


DARK, LIGHT, PROJECTOR_DARK, PROJECTOR_LIGHT = map(_theme, range(len(_THEMES)))


def for_projector(theme: Theme) -> Theme:
    """Return the theme, dark or light as before, that can be read from the last row."""
    return PROJECTOR_DARK if theme.dark else PROJECTOR_LIGHT


_PROCESS_MARKS = " •◦▪"
"""What stands before a name whose colour others have, too."""

MUTED = "$foreground 58%"
"""The style of secondary text, as Textual's `Content` takes it."""

_MUTED_SHARE = 0.42
"""The same for Rich: the share of the background in the foreground."""

_HIGHLIGHT_SHARE = 0.7
"""The share of the background in the primary colour, for the ground of a highlighted line."""


def process_style(app: App[Any], number: int) -> Style:
    """Return the colour of process `number` (0, 1, …) in the app's present theme."""
    colours = ON_DARK if app.current_theme.dark else ON_LIGHT
    return Style(color=colours[number % len(colours)])


def process_mark(number: int) -> str:
    """Return what tells process `number` from others of the same colour: one character."""
    return _PROCESS_MARKS[number // len(ON_DARK) % len(_PROCESS_MARKS)]


def theme_style(app: App[Any], name: str) -> Style:
    """Return a colour of the present theme by its name: `error`, `success`, `foreground`."""
    return Style.from_color(Color.parse(app.theme_variables[name]).rich_color)


def muted_style(app: App[Any]) -> Style:
    """Return the style of secondary text."""
    muted = _towards_background(app, "foreground", _MUTED_SHARE)
    return Style(dim=True) if muted is None else Style(color=muted)


def highlight_style(app: App[Any]) -> Style:
    """Return the ground of a highlighted line."""
    ground = _towards_background(app, "primary", _HIGHLIGHT_SHARE)
    return Style(reverse=True) if ground is None else Style(bgcolor=ground)


def _towards_background(app: App[Any], name: str, share: float) -> RichColor | None:
    """Return a mixture with the background; `None` where the terminal chooses the colours."""
    colour = Color.parse(app.theme_variables[name])
    background = Color.parse(app.theme_variables["background"])
    if colour.ansi is not None or background.ansi is not None:
        return None
    return colour.blend(background, share).rich_color
