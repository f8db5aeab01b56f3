"""What 1,000 asyncio tasks, or 200 threads, cost beside plain `python`, and how soon keys act.

    python -m tests.benchmarks.many_lanes [--rounds N] [--keys N] [NAME ...]

Run by hand, on Linux and a quiet machine. Prints for each script its own wall time, plain and
watched in turn, whether each lane was told, and, from the app in a pseudo-terminal at 80x24, the
seconds until the help is there after its key, while the script runs and before.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from tests.benchmarks.drawing import ESCAPE, Line, shows
from tests.commands import COMMAND, Marked

SHARE, SECONDS = 0.05, 0.1
"""More than that of both is too much."""

HEAD = "import asyncio, queue, threading, time\nbegan = time.monotonic()\n"
TAIL = '\nprint(f"{time.monotonic() - began:.3f}")\n'

SCRIPTS = {
    "tasks": """
async def fetch(n):
    for _ in range(12):
        await asyncio.sleep(0.3 + n % 7 / 20)

async def main():
    await asyncio.gather(*(fetch(n) for n in range(1000)))

asyncio.run(main())
""",
    "turns": """
async def fetch(n):
    for _ in range(1500):
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(*(fetch(n) for n in range(1000)))

asyncio.run(main())
""",
    "threads": """
def work(n):
    for _ in range(12):
        time.sleep(0.2 + n % 5 / 10)
        items.get()

items = queue.Queue()
threads = [threading.Thread(target=work, args=[n]) for n in range(200)]
for thread in threads:
    thread.start()
for _ in range(2400):
    items.put(1)
    time.sleep(0.002)
for thread in threads:
    thread.join()
""",
}
LANES = {"tasks": 1001, "turns": 1001, "threads": 200}


def plain(script: Path) -> float:
    """Seconds that the script measures by itself."""
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    return float(done.stdout)


def watched(script: Path) -> tuple[float, int]:
    """The same under `watch`, and how many lanes were told."""
    command = [*COMMAND, "watch", "--json", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    said = "".join(event["text"] for event in events if event["event"] == "output")
    return float(said), Counter(event["event"] for event in events)["thread_started"]


def answers(script: Path, keys: int) -> tuple[list[float], list[float]]:
    """Seconds until the help is there: before the script runs, and while it does."""
    line, where = Line(80, 24), Marked({})
    try:
        with line.start(where=where, cwd=Path.cwd(), command=[*COMMAND, "watch", str(script)]):
            line.wait_for(b"enter plays it")
            time.sleep(1.0)
            idle = [_help(line) for _ in range(keys)]
            line.press(b"\r")
            line.wait_for(b"running")
            time.sleep(1.5)
            return idle, [_help(line) for _ in range(keys)]
    finally:
        line.close()
        for left in where.processes():
            with suppress(psutil.Error):
                left.kill()


def _help(line: Line) -> float:
    took = line.answer(b"?", shows(b"escape closes"))
    line.press(ESCAPE)
    time.sleep(0.3)
    return took


def main() -> int:
    """Prints the table; returns how much is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SCRIPTS, []])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=5)
    options = parser.parse_args()
    wrong = 0
    for name in options.names or SCRIPTS:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "script.py"
            script.write_text(f"{HEAD}{SCRIPTS[name]}{TAIL}")
            pairs = [(plain(script), watched(script)) for _ in range(options.rounds)]
            idle, busy = answers(script, options.keys)
        before = statistics.median(one for one, _ in pairs)
        after = statistics.median(one for _, (one, _) in pairs)
        lanes = min(count for _, (_, count) in pairs)
        dear = after - before > max(SECONDS, SHARE * before)
        wrong += dear + (lanes != LANES[name])
        print(
            f"{name}: plain {before:.2f} s, watched {after:.2f} s{'  ✗' if dear else ''}; "
            f"{lanes} of {LANES[name]} lanes; help {statistics.median(idle):.3f} s before, "
            f"{statistics.median(busy):.3f} s while it runs, at most {max(busy):.3f} s",
            flush=True,
        )
    return wrong


if __name__ == "__main__":
    sys.exit(min(1, main()))
