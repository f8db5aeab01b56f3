"""What a person should know of a cluster before its work begins, in sentences."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from tui_app.engine.cluster import worker_side
from tui_app.engine.cluster.workers import ClusterWorkers
from tui_app.language import _, counted

MOST_NAMED = 3
"""Workers, or paths, that a sentence names."""


def differences(told: Mapping[str, str], name: Callable[[str], str]) -> list[str]:
    """Return a sentence for each version that is another one on a worker than here.

    Args:
        told: what `worker_side.describe` said, by address.
        name: returns the name of the worker of an address.
    """
    ours = worker_side.versions()
    others: dict[tuple[str, str], list[str]] = defaultdict(list)
    for address, text in told.items():
        theirs = json.loads(text)["versions"]
        for package, version in ours.items():
            if theirs.get(package) != version:
                others[package, theirs.get(package) or ""].append(name(address))
    return [
        _("{package} is {ours} here, and {theirs} on {workers}").format(
            package=package,
            ours=ours[package] or _("missing"),
            theirs=theirs or _("missing"),
            workers=some(workers),
        )
        for (package, theirs), workers in sorted(others.items())
    ]


def unseen(told: Mapping[str, str], name: Callable[[str], str]) -> list[str]:
    """Return a sentence for each set of paths that workers do not see. See `differences`."""
    blind: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for address, text in told.items():
        if paths := json.loads(text)["unseen"]:
            blind[tuple(paths)].append(name(address))
    return [
        counted(
            len(paths),
            "{workers} cannot see a path that it needs: {paths}",
            "{workers} cannot see {n} paths that are needed: {paths}",
            workers=some(workers),
            paths=some(paths),
        )
        for paths, workers in sorted(blind.items())
    ]


def clock_note(workers: ClusterWorkers) -> str:
    """Return by how much the times of workers may be wrong."""
    hosts = {worker.host for worker in workers.present}
    ms = f"{1000 * workers.clock_error:.1f}"
    return counted(
        len(hosts),
        "the clock of {n} host was measured: its times are right within {ms} ms",
        "the clocks of {n} hosts were measured: their times are right within {ms} ms",
        ms=ms,
    )


def some(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    names = sorted(names)
    shown = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return shown if more <= 0 else _("{shown} and {n} more").format(shown=shown, n=more)
