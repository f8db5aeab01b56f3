"""The command `settings`: where a person's settings are, and what they say."""

from __future__ import annotations

from dataclasses import fields

import click

from tui_app.cli.language import TranslatedGroup
from tui_app.language import N_, _
from tui_app.settings import FILE, Settings


@click.group(
    cls=TranslatedGroup,
    short_help=N_("Tell where the settings are, and what they say."),
    help=N_("Tell where the settings are, and what they say. The app changes them: `s` at Home."),
)
def settings() -> None:
    """Group what can be asked of the settings."""


@settings.command(
    short_help=N_("Print the file's path."),
    help=N_("Print the path of the file of the settings, which may not be there."),
)
def path() -> int:
    """Print the path of the file."""
    click.echo(FILE.path)
    return 0


@settings.command(
    short_help=N_("Print each setting, and what it is."),
    help=N_("Print each setting with its value. What was not set has the mark (default)."),
)
def show() -> int:
    """Print each setting; return 1 if the file cannot be read."""
    from tui_app.runs.formatting import safe

    present, usual = Settings.load(), Settings()
    wide = max(len(field.name) for field in fields(Settings))
    for field in fields(Settings):
        value = getattr(present, field.name)
        click.echo(f"{field.name:<{wide}}  {safe(_told(value))}{_mark(value, usual, field.name)}")
    if why := FILE.trouble():
        sentence = _("the settings in {file} cannot be read: {error}")
        click.echo(f"procession: {safe(sentence.format(file=FILE.path, error=why))}", err=True)
        return 1
    return 0


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "-" if value is None else str(value)


def _mark(value: object, usual: Settings, name: str) -> str:
    return "  " + _("(default)") if value == getattr(usual, name) else ""
