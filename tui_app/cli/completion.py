"""The command `completion`, and what the shell is told when somebody presses TAB.

A shell starts `procession` for each TAB, so nothing heavy is imported here.
"""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

from tui_app.cli.language import command
from tui_app.language import N_, _

SHELLS = ("bash", "zsh", "fish")

VARIABLE = "_PROCESSION_COMPLETE"
"""The variable by which the shell's code asks for completions, as Click names it."""


@command(
    short_help=N_("Print what makes a shell complete commands, options and names."),
    help=N_(
        "Print the code that makes SHELL complete commands, options, demos and recipes.\n\n"
        '  bash: eval "$(procession completion bash)", in ~/.bashrc\n\n'
        '  zsh: eval "$(procession completion zsh)", in ~/.zshrc, after compinit\n\n'
        "  fish: procession completion fish | source, in ~/.config/fish/config.fish"
    ),
)
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print a shell's code."""
    kind = get_completion_class(shell)
    assert kind is not None, shell
    group = context.find_root().command
    click.echo(kind(group, {}, "procession", VARIABLE).source())
    return 0


def complete_demo(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the names of the demos that begin so, each with its title."""
    from tui_app.demos.catalogue import demos

    return [
        CompletionItem(one.name, help=one.title()) for one in demos() if one.name.startswith(begun)
    ]


def complete_recipe(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the recipes that begin so, each with its title; where none does, ask for a file."""
    from tui_app.images.recipe_files import known_recipes

    found = [
        CompletionItem(one.name, help=_(one.title))
        for one in known_recipes()
        if one.name.startswith(begun)
    ]
    return found or [CompletionItem(begun, type="file")]


def complete_file(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Ask for a file: the shell knows them."""
    return [CompletionItem(begun, type="file")]
