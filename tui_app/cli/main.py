"""The command line: read what is asked, and start the screen or a run without one.

Textual and Pillow are imported only by the commands that need them.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import NoReturn

import click

from tui_app.cli.batch import batch, samples
from tui_app.cli.compare import compare
from tui_app.cli.completion import completion
from tui_app.cli.demo import check, demo
from tui_app.cli.language import TranslatedGroup, choose_language, click_speaks, option
from tui_app.cli.options import (
    asked_fps,
    asked_recording,
    fps_option,
    in_folder,
    record_options,
    why_no_screen,
)
from tui_app.cli.recipes import recipes
from tui_app.cli.runs import runs
from tui_app.cli.serve import serve
from tui_app.cli.settings import settings
from tui_app.cli.sweep import sweep
from tui_app.cli.watch import watch
from tui_app.engine.machine import supported_platform
from tui_app.files.error_words import told
from tui_app.language import N_, _
from tui_app.system import signals
from tui_app.terminal import standard_streams

LONGEST_SENTENCE = 1_000
"""Characters of a sentence on stderr: what was typed is in it, and may be anything."""


def run() -> NoReturn:
    """Run the command line, and exit: 0 all well, 1 something failed, 2 wrong use.

    128 + n if signal n came before anything ran, and 1 instead of 0 if stdout did not take what was
    told: each is said on stderr in one sentence. An error of the system that no command has dealt
    with counts as something that failed.
    """
    code, sentence = 0, ""
    with suppress(signals.Interrupted):
        code, sentence = _main()
        # This may wait for a slow reader.
        sys.stdout.flush()
    if signum := signals.noted():
        code, sentence = 128 + signum, signals.sentence(signum)
    signals.end(code)
    if sentence:
        _say(sentence)
    if why := standard_streams.lost():
        _say(_("what was told on stdout is lost: {error}").format(error=why))
    sys.exit(code or int(bool(why)))


def _main() -> tuple[int, str]:
    """Run the command line; return the exit code, and a sentence for stderr, if there is one."""
    choose_language(procession, sys.argv[1:])
    if not supported_platform():
        sentence = _("procession runs on Linux and macOS, not on {platform}")
        return 2, sentence.format(platform=sys.platform)
    try:
        code = procession.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        # A group without its command: the commands are told, as lines.
        click.echo(error.ctx.get_help(), err=True)
        return 2, ""
    except click.ClickException as error:
        with click_speaks():
            return 2, error.format_message()
    except SystemExit as error:
        # Click's own, when it has told a shell what completes a word.
        return int(error.code or 0), ""
    except OSError as error:
        return 1, told(error)
    except (MemoryError, ImportError):
        # There is no room for this program itself: nothing here can be relied on.
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, people are told how to go on
        from tui_app.crash import describe_crash

        # Click raises `Abort` at the end of a file, which only a helper process can have met.
        mistake = error.__cause__ if isinstance(error, click.Abort) else error
        sys.stderr.write(describe_crash(mistake or error))
        return 1, ""
    return code if isinstance(code, int) else 0, ""


def _say(sentence: str) -> None:
    from tui_app.runs.formatting import safe, shorten

    told = shorten(" ".join(sentence.split()), LONGEST_SENTENCE)
    sys.stderr.write(f"procession: {safe(told)}\n")


def _tell_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from importlib.metadata import version

        told = _("%(prog)s, version %(version)s")
        click.echo(told % {"prog": "procession", "version": version("procession")})
        context.exit()


@click.group(
    cls=TranslatedGroup,
    invoke_without_command=True,
    help=N_(
        "See parallel Python run, and process photographs with it.\n\n"
        "Without a command: the app, in this terminal."
    ),
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help=N_("Show the version and exit."),
)
@fps_option
@record_options
@click.pass_context
def procession(context: click.Context) -> int | None:
    """Group all commands; without one, run the app."""
    return _run_app() if context.invoked_subcommand is None else None


@in_folder
def _run_app() -> int:
    if why := why_no_screen("procession batch --headless"):
        raise click.UsageError(why)
    from tui_app.app import run_app

    return run_app(fps=asked_fps(), recording=asked_recording())


@procession.command(
    short_help=N_("Tell versions, terminal, CPUs, memory, folders."),
    help=N_("Show what helps to find out what is wrong."),
)
def doctor() -> int:
    """Show what helps to find out what is wrong."""
    from tui_app.doctor import examine
    from tui_app.runs.formatting import safe

    for name, value in examine():
        click.echo(f"{name:<14} {safe(value)}")
    return 0


for _command in (
    batch,
    recipes,
    samples,
    demo,
    compare,
    watch,
    check,
    sweep,
    runs,
    serve,
    settings,
    completion,
):
    procession.add_command(_command)
