"""Runs without a screen: events to readers, signals to an orderly end, the end to an exit code.

Imported only by a command that runs something.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from tui_app.cli.options import asked_recording
from tui_app.engine.spec import Pool
from tui_app.events import Event, Outcome, RunFinished, RunStarted
from tui_app.files.error_words import reason
from tui_app.language import _, counted
from tui_app.runs.formatting import safe
from tui_app.runs.printer import JsonPrinter, Printer
from tui_app.runs.runnable import LEAVING_SECONDS, EventReader, Runnable
from tui_app.runs.view import RunView
from tui_app.system import gc_tuning, signals
from tui_app.terminal import standard_streams


def run_headless(
    runnable: Runnable, readers: Sequence[EventReader], *, recorded: bool = True
) -> int:
    """Run something to its end, and return the exit code.

    0 if all went well, 1 if something failed, 128 + n if signal n ended it; `signals.Taken` says
    which signals do.

    Args:
        runnable: what is run.
        readers: take its events.
        recorded: whether it is recorded, too, as the command line asks for it.
    """
    gc_tuning.go_on()
    # Last: it looks at what a reader before it has made of the same events.
    recorder = recorded and asked_recording().joint(_tell, partial(_view, readers))
    return asyncio.run(_run(runnable, [*readers, *([recorder] if recorder else [])]))


def _tell(sentence: str) -> None:
    click.echo(safe(sentence), err=True)


def _view(readers: Sequence[EventReader]) -> RunView | None:
    """Return the view that one of these readers folds events into, if one does."""
    return next((one.view for one in readers if isinstance(one, Printer | _EachRun)), None)


async def _run(runnable: Runnable, readers: Sequence[EventReader]) -> int:
    loop = asyncio.get_running_loop()

    def stop(signum: int) -> None:
        runnable.cancel(signals.sentence(signum))
        if signum != signal.SIGINT:
            loop.call_later(LEAVING_SECONDS, runnable.cancel)

    def take(signum: int) -> None:
        loop.call_soon_threadsafe(stop, signum)

    if signum := signals.noted():
        return 128 + signum
    outcome = Outcome.FAILED
    with signals.Taken(take) as taken:
        loop.add_reader(taken.wake, taken.awake)
        try:
            async with aclosing(runnable.events()) as events:
                async for event in events:
                    for reader in readers:
                        reader.add(event)
                    if isinstance(event, RunFinished):
                        outcome = event.outcome
        finally:
            loop.remove_reader(taken.wake)
    if taken.first is not None:
        return 128 + taken.first
    return 0 if outcome is Outcome.OK else 1


# The sample photographs


def run_with_samples(
    run: Runnable | None = None,
    listen: Callable[[], Sequence[EventReader]] = tuple,
    *,
    needed: bool,
    quiet: bool,
    pool: Pool | None = None,
    sentence: str = "",
) -> int:
    """Do as `run_headless`; before that, draw the sample photographs if they are missing.

    Args:
        run: what needs the photographs; it may be several runs. `None`: they are only drawn.
        listen: returns what takes the events of one of its runs, when that begins. The drawing is
            told on stderr alone.
        needed: whether it needs the photographs.
        quiet: whether the drawing tells nothing but errors.
        pool: the workers that draw.
        sentence: says on stderr that they are drawn, instead of the usual one.

    Raises:
        click.exceptions.Exit: the drawing did not go well; it has the exit code.
        click.ClickException: the photographs cannot be drawn.
    """
    from tui_app.images.samples import SAMPLES, samples_folder
    from tui_app.runs.samples import SamplesFirst

    first = SamplesFirst(run, needed=needed, pool=pool)
    if not (first.drawn or quiet or signals.noted()):
        drawing = counted(
            len(SAMPLES),
            "drawing {n} sample photograph first, once",
            "drawing {n} sample photographs first, once",
        )
        click.echo(sentence or drawing, err=True)

    def listen_to_both() -> Sequence[EventReader]:
        return listen() if first.drawn else [Printer(None, sys.stderr, quiet=quiet)]

    reader = _EachRun(listen_to_both)
    try:
        code = run_headless(first, [reader]) if run is not None or not first.drawn else 0
    except OSError as error:
        if first.drawn:
            raise
        raise cannot_draw(samples_folder(), error) from error
    if not first.drawn:
        raise click.exceptions.Exit(code)
    if code >= 128 and not reader.told_stop:
        say_stopped(code)
    return code


def cannot_draw(folder: Path, error: OSError) -> click.ClickException:
    """Return the error that a command ends with if no photographs can be made in that folder."""
    sentence = _("cannot make samples in {folder}: {error}")
    return click.ClickException(sentence.format(folder=folder, error=reason(error)))


# Who is told


class _EachRun:
    """A reader of several runs, which passes the events of each on to readers of its own.

    Attributes:
        told_stop: whether the latest event said why a run was stopped.
    """

    def __init__(self, readers: Callable[[], Sequence[EventReader]]) -> None:
        self._readers = readers
        self._present: Sequence[EventReader] = ()
        self.told_stop = False

    @property
    def view(self) -> RunView | None:
        """The view of the present run, if one of its readers has one."""
        return _view(self._present)

    def add(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunStarted):
            self._present = self._readers()
        for reader in self._present:
            reader.add(event)
        self.told_stop = isinstance(event, RunFinished) and bool(event.reason)


def readers(*, as_json: bool, quiet: bool) -> list[EventReader]:
    """Return what takes the events of one run: as JSON on stdout, or as a log for people."""
    # A person who closed stdout wants no log.
    silent = as_json or quiet or standard_streams.is_closed(sys.stdout)
    return _readers(None if silent else sys.stdout, as_json=as_json, quiet=quiet)


def readers_of_next(title: str, *, as_json: bool, quiet: bool) -> list[EventReader]:
    """Name on stderr the next of several runs, and return what takes its events, without a log."""
    if not quiet:
        click.echo(safe(title), err=True)
    return _readers(None, as_json=as_json, quiet=quiet)


def _readers(log: TextIO | None, *, as_json: bool, quiet: bool) -> list[EventReader]:
    people = Printer(log, sys.stderr, quiet=quiet)
    return [JsonPrinter(sys.stdout), people] if as_json else [people]


def say_stopped(code: int) -> None:
    """Say which signal ended a run, from its exit code, if no reader of the run has said it."""
    if not signals.noted():
        click.echo(f"procession: {signals.sentence(code - 128)}", err=True)
