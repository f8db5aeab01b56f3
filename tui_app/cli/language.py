"""The language of the command line, and Click's commands and options in it.

`--lang` is an option of every command, and counts before and after the command's name. Without it
the language is the one that was chosen in the app, else the locale's.

Commands and options are made when their modules are imported, before the language is known. So
their texts are marked by `N_`, and translated when Click reads them to format help.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, TypeVar

import click

from tui_app import language
from tui_app.language import N_, NN_, _
from tui_app.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

OPTION = "--lang"

VARIABLE = "LANGUAGE"
"""The variable in which gettext looks for a language first."""

CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
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


def choose_language(group: click.Group, words: Sequence[str]) -> None:
    """Speak the language that a command line asks for, else the settings' one, else the locale's.

    Click looks for `--lang` in the whole line before it reads the line: help, and what is wrong
    with another option, are told in that language too.

    Args:
        group: The group of all commands.
        words: The line, without the program's name.
    """
    language.use(Settings.load().language or language.locale_language())
    if any(word.partition("=")[0] == OPTION for word in words):
        command: click.Command = group
        rest = _read_leniently(group, words)
        while isinstance(command, click.Group) and rest and rest[0] in command.commands:
            command = command.commands[rest[0]]
            rest = _read_leniently(command, rest[1:])
        if isinstance(command, click.Group):
            _read_leniently(command, rest, allow_interspersed_args=True)


def _read_leniently(command: click.Command, words: Sequence[str], **how: bool) -> list[str]:
    """Have Click read a command's words, whatever is wrong with them; return what it leaves.

    Only `--lang` has an effect then.
    """
    settings = {**command.context_settings, **how, "ignore_unknown_options": True}
    context = click.Context(command, resilient_parsing=True, **settings)
    flags = {name for one in command.params if getattr(one, "is_flag", False) for name in one.opts}
    # Click would stop at a flag with a value, such as `--json=1`.
    names = (word.partition("=")[0] for word in words)
    told = [name if name in flags else word for name, word in zip(names, words, strict=True)]
    return click.Command.parse_args(command, context, told)


def _speak(_context: click.Context, _option: click.Parameter, name: str | None) -> None:
    if name is not None:
        language.use(name)


class TranslatedText:
    """A text of help: English where it is set, in the present language where it is read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._english = f"_english_{name}"

    def __set__(self, holder: TranslatedCommand | TranslatedOption, text: str | None) -> None:
        setattr(holder, self._english, text)

    def __get__(self, holder: TranslatedCommand | TranslatedOption, owner: type) -> str | None:
        text: str | None = getattr(holder, self._english)
        return text and _(text).format(**holder.words)


class TranslatedOption(click.Option):
    """An option whose help is translated.

    Args:
        words: What stands for the placeholders in the help.
        bare: The value where no number follows; None where the option needs one.
    """

    help = TranslatedText()

    def __init__(
        self,
        *names: Any,
        words: Mapping[str, object] | None = None,
        bare: str | None = None,
        **attrs: Any,
    ) -> None:
        self.words, self.bare = words or {}, bare
        super().__init__(*names, **attrs)


class TranslatedCommand(click.Command):
    """A command with `--lang`, whose help is translated, as is what Click says of its words."""

    help = TranslatedText()
    short_help = TranslatedText()
    words: Mapping[str, object] = {}

    def __init__(self, *args: Any, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.params.append(
            TranslatedOption(
                [OPTION],
                type=click.Choice(list(language.LANGUAGES)),
                is_eager=True,
                expose_value=False,
                callback=_speak,
                help=N_("The language of what is said, this time only."),
            )
        )
        told = N_("Show this message and exit.")
        click.help_option("-h", "--help", cls=TranslatedOption, help=told)(self)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command's words, and print help where it is asked for."""
        with click_speaks():
            return super().parse_args(ctx, list(self._with_values(args)))

    def _with_values(self, words: Sequence[str]) -> Iterator[str]:
        """Yield the words, with its value at each option that can stand alone and does."""
        bare = {
            name: one.bare
            for one in self.params
            if isinstance(one, TranslatedOption) and one.bare is not None
            for name in one.opts
        }
        rest = False
        for word, following in pairwise([*words, ""]):
            rest = rest or word == "--"
            if word in bare and not rest and not following.lstrip("-").isdecimal():
                yield f"{word}={bare[word]}"
            else:
                yield word


class TranslatedGroup(TranslatedCommand, click.Group):
    """A group of such commands."""

    command_class = TranslatedCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names."""
        with click_speaks():
            return super().resolve_command(ctx, args)


def command(**attrs: Any) -> Callable[[Callable[..., Any]], TranslatedCommand]:
    """Make a function a `TranslatedCommand`, as `click.command` does."""
    return click.command(cls=TranslatedCommand, **attrs)


def option(*names: str, **attrs: Any) -> Callable[[F], F]:
    """Give a command a `TranslatedOption`, as `click.option` does."""
    return click.option(*names, cls=TranslatedOption, **attrs)


@contextmanager
def click_speaks() -> Iterator[None]:
    """Have Click's words in the present language meanwhile, from our catalogue.

    Click asks gettext, and gettext asks the environment. What a command starts inherits the
    person's environment, so no command is run meanwhile.
    """
    if language.present() == language.ENGLISH:
        yield
        return
    domain, before = gettext.textdomain(), os.environ.get(VARIABLE)
    gettext.bindtextdomain(language.DOMAIN, language.locale_folder())
    gettext.textdomain(language.DOMAIN)
    os.environ[VARIABLE] = language.present()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before
