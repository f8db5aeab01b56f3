"""Whether each wait of the table is told as it is: with every start method where it matters.

    python -m tests.benchmarks.waits [NAME ...]

Run by hand, on Linux. Prints what is wrong with each row; exits with 1 if something is.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.script.waits.asking import flaws, play_row
from tests.script.waits.table import ROWS
from tui_app.engine.machine import start_methods


async def main(names: list[str]) -> int:
    """Plays the rows; returns how many are wrong."""
    wrong = played = 0
    for row in ROWS:
        if names and row.name not in names:
            continue
        for method in start_methods() if row.methods else (None,):
            with tempfile.TemporaryDirectory() as folder:
                found = flaws(row, await play_row(Path(folder), row, method))
            played += 1
            wrong += bool(found)
            print(f"{row.name} {method or ''}: {'; '.join(found) or 'right'}", flush=True)
    print(f"{played} runs, {wrong} wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(min(1, asyncio.run(main(sys.argv[1:]))))
