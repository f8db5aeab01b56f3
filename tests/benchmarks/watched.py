"""What watching costs a script, and whether it is as by plain `python`.

    python -m tests.benchmarks.watched [--only PART …] [--rounds N] [NAME ...]

Run by hand, on Linux, on a quiet machine. The parts: `table`, each script of the table of waits
with each start method that matters, by plain Python and played: stdout, stderr, exit code or signal
the same, and the wall time within 5 % or 100 ms (what exceeds it is measured again, `N` times, and
the medians count); `takes`, a million takes of a `multiprocessing.Lock` and of a `threading.Lock`
that nobody else wants, by the script's own clock, plain and played in turn; `queue`, 100,000 items
through a queue, none of them lost, and how soon the app answers keys meanwhile. Exits with 1 if
something is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.drawing import Line, percentile, shows
from tests.benchmarks.figures import Figure, print_figures
from tests.commands import COMMAND, Marked
from tests.script.playing import collect, script_run
from tests.script.waits.table import ROWS
from tui_app.engine.machine import start_methods
from tui_app.engine.worker import NICENESS
from tui_app.events import Output, Stream

SHARE, SECONDS = 0.05, 0.1
"""What playing may add to the wall time: this share of it, or so many seconds."""

TAKES_SHARE = 0.1
"""What playing may add to a million takes."""

ITEMS = 100_000

KEY_SECONDS = 0.25
"""Within which 99 of 100 keys are to be answered."""

TAKES = """
import multiprocessing, threading, time
def take(lock):
    begun = time.perf_counter()
    for _ in range(1_000_000):
        with lock:
            pass
    return time.perf_counter() - begun
if __name__ == "__main__":
    print(take(multiprocessing.Lock()), take(threading.Lock()))
"""

QUEUE = """
import multiprocessing, sys, time
def put(queue, items):
    for number in range(items):
        queue.put(number)
    queue.put(None)
if __name__ == "__main__":
    items, rounds = map(int, sys.argv[1:])
    for _ in range(rounds):
        begun = time.perf_counter()
        queue = multiprocessing.Queue(1000)
        process = multiprocessing.Process(target=put, args=(queue, items))
        process.start()
        got = list(iter(queue.get, None))
        process.join()
        print(got == list(range(items)), time.perf_counter() - begun, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a script came to: its streams, its exit code, and its wall time in seconds."""

    out: str
    err: str
    code: int | None
    wall: float

    def differs(self, other: Ran, folders: tuple[Path, Path]) -> str:
        """In what it differs from another; empty: in nothing. Lines of two processes may mix."""
        for name in ("out", "err"):
            mine, others = (
                sorted(getattr(ran, name).replace(str(folder), "").splitlines())
                for ran, folder in zip((self, other), folders, strict=True)
            )
            if mine != others:
                return f"std{name}: {mine}, not {others}"
        return f"exit code {self.code}, not {other.code}" if self.code != other.code else ""


def plain(folder: Path, source: str, *arguments: str) -> Ran:
    """Runs a script by plain Python, as polite as a played script is."""
    script = folder / "script.py"
    script.write_text(source)
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, script, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.nice(NICENESS) and None,
    )
    return Ran(ran.stdout, ran.stderr, ran.returncode, time.monotonic() - began)


def played(folder: Path, source: str, *arguments: str) -> Ran:
    """Plays the same script."""
    script = folder / "script.py"
    script.write_text(source)
    told = asyncio.run(collect(script_run(script, *arguments, folder=folder)))
    out, err = (
        "".join(
            event.text + ("" if event.partial else "\n")
            for event in told.of(Output)
            if event.stream is stream
        )
        for stream in Stream
    )
    return Ran(out, err, told.exitcode, told.finished.t)


def both(source: str, *arguments: str) -> tuple[Ran, Ran, str]:
    """Runs a script both ways; returns, too, in what they differ."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        folders = Path(one), Path(other)
        before = plain(folders[0], source, *arguments)
        after = played(folders[1], source, *arguments)
        return before, after, after.differs(before, (folders[1], folders[0]))


def table(names: list[str], rounds: int) -> Iterator[Figure]:
    """Compares the scripts of the table."""
    runs = different = dear = 0
    for row in ROWS:
        for method in start_methods() if row.methods else ("",):
            if names and row.name not in names:
                continue
            source = row.source
            if method:
                guard = 'if __name__ == "__main__":\n'
                start = f'{guard}    multiprocessing.set_start_method("{method}")\n'
                source = source.replace(guard, start)
            before, after, difference = both(source)
            pairs = [(before.wall, after.wall)]
            if _more(pairs) > 0:
                pairs += [(a.wall, b.wall) for a, b, _ in (both(source) for _ in range(rounds))]
            more = _more(pairs)
            runs, different, dear = runs + 1, different + bool(difference), dear + (more > 0)
            if difference or more > 0:
                walls = " ".join(f"{a:.2f}/{b:.2f}" for a, b in pairs)
                print(f"{row.name} {method}: {difference or 'the same'}; walls {walls}", flush=True)
    yield Figure("scripts that are not as by plain Python", different, 0, "", f"of {runs}")
    yield Figure("scripts that take longer than they may", dear, 0, "", f"of {runs}")


def _more(pairs: list[tuple[float, float]]) -> float:
    """Returns by how many seconds playing costs more than it may."""
    before = statistics.median(one for one, _ in pairs)
    after = statistics.median(one for _, one in pairs)
    return after - before - max(SECONDS, SHARE * before)


def takes(rounds: int) -> Iterator[Figure]:
    """Compares a million takes."""
    pairs = []
    for _ in range(rounds):
        before, after, _difference = both(TAKES)
        pairs.append([list(map(float, ran.out.split())) for ran in (before, after)])
    for at, name in enumerate(("multiprocessing.Lock", "threading.Lock")):
        ratios = [after[at] / before[at] for before, after in pairs]
        said = " ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
        ratio = statistics.median(ratios)
        yield Figure(f"a million takes of a {name}", ratio, 1 + TAKES_SHARE, "x", said)


def queue(rounds: int) -> Iterator[Figure]:
    """Compares a long queue, and presses keys while the app shows one."""
    lost, ratios = 0, []
    for _ in range(rounds):
        before, after, _difference = both(QUEUE, str(ITEMS), "1")
        lost += not after.out.startswith("True")
        ratios.append(float(after.out.split()[1]) / float(before.out.split()[1]))
    yield Figure(f"times that of {ITEMS:,} items some were lost", lost, 0, "", f"of {rounds}")
    said = " ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
    yield Figure("time for them, played by plain", statistics.median(ratios), None, "x", said)
    took = keys(40)
    said = f"median {statistics.median(took):.3f} s, worst {max(took):.3f} s"
    yield Figure(
        "99 of 100 keys are answered after", percentile(took, 0.99), KEY_SECONDS, "s", said
    )


def keys(count: int) -> list[float]:
    """Returns after how many seconds each key is answered while a queue is shown."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script.py")
        script.write_text(QUEUE)
        line, where = Line(80, 24), Marked({**os.environ, "XDG_CONFIG_HOME": folder})
        command = [*COMMAND, "watch", str(script), str(ITEMS), "100"]
        try:
            with line.start(where=where, cwd=Path(folder), command=command):
                line.wait_for(b"running")
                time.sleep(2.0)
                took = []
                for _ in range(count // 2):
                    for key, effect in ((b"w", b"PID"), (b"s", b"timing summary")):
                        took.append(line.answer(key, shows(effect)))
                        time.sleep(0.2)
                return took
        finally:
            line.close()
            for left in where.processes():
                with suppress(psutil.Error):
                    left.kill()


def main() -> int:
    """Prints the figures; returns 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows of the table")
    parser.add_argument("--only", nargs="*", default=["table", "takes", "queue"])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    missed = 0
    if "table" in options.only:
        missed |= print_figures(table(options.names, options.rounds))
    if "takes" in options.only:
        missed |= print_figures(takes(options.rounds))
    if "queue" in options.only:
        missed |= print_figures(queue(options.rounds))
    return missed


if __name__ == "__main__":
    sys.exit(main())
