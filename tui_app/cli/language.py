"""The language of the command line, chosen before the commands are imported: it is their texts'.

`--lang` is an option of every command, and counts before and after the command's name. Without it
the language is the one that was chosen in the app, else the locale's.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from tui_app import language
from tui_app.language import N_, NN_, _
from tui_app.settings import Settings

OPTION = "--lang"

VARIABLE = "LANGUAGE"
"""Where gettext looks for a language first."""

_PERSONS_OWN = os.environ.get(VARIABLE)

SCRIPTS_OWN = {"watch": ("--start-method", "--fps")}
"""Commands whose first argument ends their options, and the options that take a word."""

CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("default: {default}"),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Choose from:\n\t{choices}"),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    NN_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    NN_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    NN_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    NN_("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
"""What Click says: it looks its words up by gettext, and finds them in our catalogue."""


def choose(words: Sequence[str]) -> None:
    """Speaks from now on the language that a command line asks for, or that is the default one."""
    asked = asked_language(words)
    language.use(asked or Settings.load().language or language.locale_language())


def asked_language(words: Sequence[str]) -> str | None:
    """The language that `--lang` names in a command line; `None` where it names none of ours."""
    found, command = None, ""
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if name == OPTION:
            found = value if equals else next(rest, None)
        elif word == "--" or (command in SCRIPTS_OWN and not word.startswith("-")):
            break
        elif word in SCRIPTS_OWN.get(command, ()):
            next(rest, None)
        elif not (command or word.startswith("-")):
            command = word
    return found if found in language.LANGUAGES else None


def add_option(command: click.Command) -> None:
    """Gives a command `--lang`; it has been obeyed by then, and here is only checked."""
    click.option(
        OPTION,
        type=click.Choice(list(language.LANGUAGES)),
        expose_value=False,
        help=_("The language of what is said, this time only."),
    )(command)
    if command.callback is not None:
        # What a command starts inherits the person's environment, not Click's language.
        command.callback = _environment(_PERSONS_OWN)(command.callback)


@contextmanager
def click_speaks() -> Iterator[None]:
    """Meanwhile Click's words are in the present language.

    Click asks gettext, and gettext asks the environment.
    """
    if language.present() == language.ENGLISH:
        yield
        return
    domain = gettext.textdomain()
    gettext.bindtextdomain(language.DOMAIN, language.locale_folder())
    gettext.textdomain(language.DOMAIN)
    try:
        with _environment(language.present()):
            yield
    finally:
        gettext.textdomain(domain)


@contextmanager
def _environment(value: str | None) -> Iterator[None]:
    """Meanwhile the variable has this value, or is not there."""
    before = os.environ.get(VARIABLE)
    _put(value)
    try:
        yield
    finally:
        _put(before)


def _put(value: str | None) -> None:
    if value is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = value
