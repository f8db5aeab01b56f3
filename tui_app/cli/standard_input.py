"""Names that are read from standard input: those of a list, or of `find`."""

from __future__ import annotations

import os
import sys

import click

from tui_app.files.error_words import reason
from tui_app.language import _

STANDARD_INPUT = "-"
"""The source that stands for the names on standard input."""


def with_names(sources: tuple[str, ...], *, null: bool) -> tuple[str, ...]:
    """Return the sources with the names on standard input in the place of `-`.

    Nothing is read unless `-` is among them or `null` is asked for.

    Args:
        sources: The sources, as they were typed.
        null: Whether names are parted by NUL, and read even without a `-`; else one is a line.

    Raises:
        click.UsageError: There is no name, or they cannot be read.
    """
    if STANDARD_INPUT in sources:
        at = sources.index(STANDARD_INPUT)
    elif null:
        at = len(sources)
    else:
        return sources
    after = [source for source in sources[at:] if source != STANDARD_INPUT]
    return (*sources[:at], *_names(null=null), *after)


def _names(*, null: bool) -> list[str]:
    try:
        read = sys.stdin.buffer.read() if sys.stdin else b""
    except OSError as error:
        raise click.UsageError(
            _("the names on standard input cannot be read: {reason}").format(reason=reason(error))
        ) from error
    if not null and b"\0" in read:
        raise click.UsageError(
            _("the names on standard input are parted by NUL: read them with -0")
        )
    # A byte that is no UTF-8 becomes a surrogate, as it does in the words of the command line.
    names = [os.fsdecode(name) for name in read.split(b"\0" if null else b"\n") if name]
    if not names:
        raise click.UsageError(_("there is no name on standard input"))
    return names
