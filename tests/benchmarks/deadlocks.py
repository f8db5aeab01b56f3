"""Whether each deadlock is named within a second, and no script that goes on is called one.

    python -m tests.benchmarks.deadlocks [--rounds N] [NAME ...]

Run by hand, on Linux. The scripts that go on are played `N` times each, four at once. Exits with 1
if something is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.script.waits.hangs import (
    HANGS,
    INNOCENTS,
    hang_flaws,
    play_hang,
    standing_seconds,
)
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.events import Deadlock

AT_ONCE = 4


async def name_deadlock(name: str, method: StartMethod) -> bool:
    """Plays a script that hangs; returns whether that was told rightly."""
    hang = HANGS[name]
    with tempfile.TemporaryDirectory() as folder:
        played = await play_hang(Path(folder), hang.source, method)
    found = hang_flaws(hang, played)
    seconds = standing_seconds(played) if played.of(Deadlock) else 0.0
    if seconds > 1.0:
        found.append("too late")
    print(f"{name} {method}: {'; '.join(found) or 'right'} {seconds:.2f} s", flush=True)
    return not found


async def go_on(name: str, room: asyncio.Semaphore) -> bool:
    """Plays a script that goes on; returns whether no deadlock was told."""
    async with room:
        with tempfile.TemporaryDirectory() as folder:
            played = await play_hang(Path(folder), INNOCENTS[name], seconds=30.0)
    told = played.of(Deadlock)
    if told:
        print(f"{name}: FALSE ALARM {[one.waits for one in told]}", flush=True)
    elif played.exitcode:
        print(f"{name}: ended with {played.exitcode}, which is late, or wrong", flush=True)
    return not told


async def main() -> int:
    """Plays all; returns how many were wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--methods", type=int, default=3, help="how many start methods")
    options = parser.parse_args()
    named = [
        await name_deadlock(name, method)
        for name in HANGS
        if not options.names or name in options.names
        for method in start_methods()[: options.methods]
    ]
    print(f"{len(named)} deadlocks, {named.count(False)} wrong", flush=True)
    room = asyncio.Semaphore(AT_ONCE)
    names = [name for name in INNOCENTS if not options.names or name in options.names]
    quiet = await asyncio.gather(*(go_on(name, room) for name in names * options.rounds))
    print(f"{len(quiet)} that go on, {quiet.count(False)} false alarms")
    return named.count(False) + quiet.count(False)


if __name__ == "__main__":
    sys.exit(min(1, asyncio.run(main())))
