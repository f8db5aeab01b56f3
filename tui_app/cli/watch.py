"""The command `watch`, which plays a person's own script."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tui_app.cli.completion import complete_file
from tui_app.cli.exports import export_option
from tui_app.cli.language import TranslatedCommand, option
from tui_app.cli.options import (
    asked_exports,
    asked_fps,
    asked_recording,
    fps_option,
    in_folder,
    output_options,
    record_options,
    script_headless_option,
    script_start_method_option,
    wants_screen,
)
from tui_app.files.error_words import reason
from tui_app.language import N_, _

if TYPE_CHECKING:
    from tui_app.engine.machine import StartMethod


class ScriptCommand(TranslatedCommand):
    """A command whose own options end where Python's begin, which Click does not know."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command's own options, and leave the other words as they are."""
        own = {name: one for one in self.params for name in one.opts}
        at = 0
        while at < len(args):
            name, equals, _value = args[at].partition("=")
            one = own.get(name)
            if not isinstance(one, click.Option):
                break
            at += 1 if one.is_flag or equals else 2
        return super().parse_args(ctx, [*args[:at], "--", *args[at:]])


@click.command(
    cls=ScriptCommand,
    short_help=N_("Play a script of your own."),
    help=N_(
        "Play SCRIPT as `python SCRIPT ARGS` would, and exit as it does.\n\n"
        "SCRIPT is a file, a folder or zip with __main__.py, -m MODULE or -c CODE, and Python's"
        " options may stand before it. Options of `watch` stand before those; whatever follows"
        " SCRIPT is the script's. It is played by the Python of the active virtual environment, and"
        " gets the standard input where that is a pipe or a file."
    ),
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument(
    "words",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="SCRIPT [ARGS]...",
    shell_complete=complete_file,
)
@option("--python", metavar="FILE", help=N_("The Python that plays it, from 3.9 on."))
@option("--stdin", is_flag=True, help=N_("Hand on the standard input, also of a terminal."))
@script_start_method_option
@script_headless_option
@fps_option
@output_options
@record_options
@export_option
@in_folder
def watch(
    words: tuple[str, ...],
    python: str | None,
    stdin: bool,
    start_method: StartMethod | None,
    headless: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Play a person's own script, with or without a screen."""
    from tui_app.cli.headless import readers, run_headless
    from tui_app.runs.runnable import played_code
    from tui_app.script.interpreter import InterpreterError, choose_interpreter
    from tui_app.script.program import ProgramError, read_program, why_refused
    from tui_app.script.script_run import ScriptRun, ScriptSpec
    from tui_app.system.import_path import persons_environment
    from tui_app.terminal.handed_input import handed_input, take_keys_from_terminal

    try:
        program = read_program(words)
        if why := why_refused(program, has_dependencies=python is not None):
            raise click.UsageError(why)
        interpreter = choose_interpreter(python, persons_environment())
    except (ProgramError, InterpreterError) as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(
            _("cannot read the script {script!r}: {error}").format(
                script=program.target, error=reason(error)
            )
        ) from error
    given = handed_input(asked=stdin)
    without = headless or as_json or quiet or asked_exports() or not sys.stdout.isatty()
    on_screen = (without or take_keys_from_terminal()) and wants_screen(
        headless=headless, as_json=as_json, quiet=quiet
    )
    if on_screen and given is not None and os.isatty(given.fd):
        raise click.UsageError(
            _("--stdin hands on the keyboard, which the screen needs: add --headless")
        )
    spec = ScriptSpec.watched(program, interpreter, start_method, input_=given)
    if on_screen:
        from tui_app.app import run_app

        return run_app(script=spec, fps=asked_fps(), recording=asked_recording())
    run = ScriptRun(spec)
    return played_code(run_headless(run, readers(as_json=as_json, quiet=quiet)), run.exitcode)
