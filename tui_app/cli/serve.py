"""The command `serve`: the app in a browser."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import click

from tui_app.cli.language import command, option
from tui_app.cli.options import in_folder
from tui_app.engine.machine import MOST_WORKERS, usable_cpus
from tui_app.files.error_words import reason
from tui_app.language import N_, _
from tui_app.serve.offer import LOCAL, SESSIONS, Offer
from tui_app.system import signals

NEEDED = ("aiohttp", "textual_serve")
"""What the extra `web` brings."""


@command(
    short_help=N_("Show the app in a browser, for others or yourself."),
    help=N_(
        "Serve the app to browsers: each page has a session of its own, whose processes end with"
        " it. The address that is printed holds a token: whoever has it runs code as you, unless"
        " --only demos is given."
    ),
)
@option(
    "--host",
    default=LOCAL,
    metavar="ADDRESS",
    show_default=True,
    help=N_("Where it listens; 0.0.0.0: for other machines, too."),
)
@option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8_000,
    metavar="N",
    show_default=True,
    help=N_("0: any that is free."),
)
@option(
    "--sessions",
    type=click.IntRange(1, 1_000),
    default=SESSIONS,
    metavar="N",
    show_default=True,
    help=N_("How many pages there may be at once."),
)
@option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help=N_("How many workers the sessions share; one for each CPU by default."),
)
@option(
    "--only",
    type=click.Choice(["demos"]),
    help=N_("Demos and nothing else: no files, no editor, numbers alone in fields. For a class."),
)
@in_folder
def serve(host: str, port: int, sessions: int, workers: int | None, only: str | None) -> int:
    """Serve the app until a signal ends it."""
    if any(find_spec(name) is None for name in NEEDED):
        raise click.UsageError(
            _("serve needs other packages; install them: pip install 'procession[web]'")
        )
    import asyncio
    import secrets

    from tui_app.serve.hosts import is_loopback

    if only is None and not is_loopback(host):
        click.echo(_("whoever has this address runs code as you, on this machine"), err=True)
    offer = Offer(
        host=host,
        port=port,
        token=secrets.token_urlsafe(24),
        sessions=sessions,
        workers=workers or usable_cpus(),
        only_demos=only is not None,
    )
    return asyncio.run(_serve(offer))


async def _serve(offer: Offer) -> int:
    import asyncio

    from tui_app.serve.server import serve as until

    def told(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()

    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    if signum := signals.noted():
        return 128 + signum

    def take(_signum: int) -> None:
        loop.call_soon_threadsafe(stop.set)

    with signals.Taken(take) as taken:
        loop.add_reader(taken.wake, taken.awake)
        try:
            await until(offer, told, stop)
        except OSError as error:
            raise click.ClickException(
                _("cannot listen at {host}, port {port}: {error}").format(
                    host=offer.host, port=offer.port, error=reason(error)
                )
            ) from error
        finally:
            loop.remove_reader(taken.wake)
    return 0 if taken.first is None else 128 + taken.first
