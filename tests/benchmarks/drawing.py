"""What drawing costs while all CPUs work: how soon a key is answered, bytes, CPU, wall time.

    python -m tests.benchmarks.drawing [--keys N] [--images N] [--pairs N] [--only PART …]

Run by hand, on a quiet machine. The real app runs in pseudo-terminals, and its workers burn. The
parts: `keys` while burning.py tells 1,000 things a second, also over a link that takes 50 kB a
second (a key is answered when the first bytes have arrived that show what it did); `bytes` of that
run and of a batch of small images; `cpu` of the app in that batch, beside the same one without a
screen; `wall` of an exact batch of photographs, with and without a screen in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import select
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import psutil

from tests.commands import COMMAND, PATIENCE, Marked, run
from tests.images.factories import picture
from tests.terminals import Terminal
from tui_app.__main__ import PAINTS
from tui_app.terminal.output import FPS, FPS_OVER_SSH

LINK = 50_000
"""Bytes a second of a slow link."""

ANSWER_SECONDS = 10.0
"""Without an answer by then something is wrong."""

SIZES = ((80, 24), (120, 40))

BURNING = [sys.executable, "-m", "tests.benchmarks.burning"]

END = b"\x1b[F"
"""The key that goes to the log's end, and follows it again."""

ESCAPE = b"\x1b"

SMALL = (640, 480)

LOOK = re.compile(rb"\x1b\[[\d;]*m")
CHOSEN = re.compile(rb"(?:\x1b\[7[;\d]*m(?:[^\x1b]|\x1b\[(?!0m)[\d;]*m)*(?:\x1b\[0m)?)+")
"""What is drawn in reverse: in the log, the chosen line."""


class Line(Terminal):
    """A terminal behind a line that takes so many bytes a second, and tells when they arrived."""

    def __init__(self, width: int, height: int, rate: float | None = None) -> None:
        self._rate = rate
        self._news = threading.Condition()
        self._since = b""
        self.total = 0
        """Bytes so far."""
        super().__init__(width, height)

    def _read(self) -> None:
        at, allowed = time.monotonic(), 0.0
        while not self._closed.is_set():
            if self._rate is not None:
                now = time.monotonic()
                allowed = min(0.01 * self._rate, allowed + (now - at) * self._rate)
                at = now
                if allowed < 1:
                    time.sleep(0.002)
                    continue
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            with suppress(OSError):
                data = os.read(self._master, 65536 if self._rate is None else int(allowed))
                allowed -= len(data)
                with self._news:
                    self._since += data
                    self.total += len(data)
                    self._news.notify_all()

    def answer(self, keys: bytes, shown: Callable[[bytes], bool]) -> float:
        """Types; the seconds until what has arrived since shows it."""
        with self._news:
            self._since = b""
            began = time.monotonic()
            self.press(keys)
            if not self._news.wait_for(lambda: shown(self._since), ANSWER_SECONDS):
                raise TimeoutError(f"{keys!r} was not answered: {self._plain()[-3000:]!r}")
            return time.monotonic() - began

    def wait_for(self, text: bytes) -> None:
        """Waits until that has been written."""
        with self._news:
            if not self._news.wait_for(lambda: text in self._plain(), PATIENCE):
                raise TimeoutError(f"{text!r} did not come: {self._plain()[-3000:]!r}")

    def _plain(self) -> bytes:
        return LOOK.sub(b"", self._since)


def shows(text: bytes) -> Callable[[bytes], bool]:
    """Whether that text has arrived."""
    return lambda data: text in data


@dataclass(slots=True)
class Chosen:
    """Whether another line of the log is chosen than before."""

    before: bytes = b""

    def __call__(self, data: bytes) -> bool:
        lines = [LOOK.sub(b"", found) for found in CHOSEN.findall(data)]
        lines = [line for line in lines if re.match(rb" +\d+\.\d\d ", line)]
        if not lines or lines[-1] == self.before:
            return False
        self.before = lines[-1]
        return True


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a time in which keys were pressed. Seconds, bytes and CPUs, of the app's own."""

    keys: dict[str, list[float]]
    seconds: float
    total: int
    cpu: float

    @property
    def all(self) -> list[float]:
        """Every key's seconds."""
        return [took for each in self.keys.values() for took in each]


def put(folder: Path, count: int) -> None:
    """So many names of one small photograph."""
    folder.mkdir()
    first = folder / "first.jpg"
    picture(SMALL).save(first, quality=88)
    for number in range(1, count):
        os.link(first, folder / f"{number:05}.jpg")


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder for everything, and what is asked."""

    folder: Path
    env: dict[str, str]
    options: argparse.Namespace
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    @contextmanager
    def app(
        self,
        command: Sequence[str],
        size: tuple[int, int],
        rate: float | None = None,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[tuple[Line, psutil.Process]]:
        """The app in a terminal, at a batch that runs since two seconds; killed at the end."""
        line = Line(*size, rate)
        where = Marked({**self.env, **env})
        try:
            with line.start(where=where, cwd=Path.cwd(), command=command) as process:
                line.wait_for(b"Run (enter)")
                time.sleep(1.0)
                line.press(b"\r")
                line.wait_for(b"running")
                time.sleep(2.0)
                yield line, psutil.Process(process.pid)
        finally:
            line.close()
            for left in where.processes():
                with suppress(psutil.Error):
                    left.kill()

    def keys(self, size: tuple[int, int], rate: float | None, env: Mapping[str, str]) -> Load:
        """Presses keys at random moments while `burning` runs."""
        per_kind = -(-self.options.keys // 6)
        command = [*BURNING, "--rate", str(self.options.rate)]
        with self.app(command, size, rate, env) as (line, process):
            chosen = Chosen()
            # A name, the key, what shows its effect, and what stands there when all is drawn.
            presses: list[tuple[str, bytes, Callable[[bytes], bool], bytes]] = [
                ("tab", b"x", shows(b"Reason"), b""),
                ("tab", b"s", shows(b"timing summary"), b""),
                ("tab", b"p", shows(b"PID"), b""),
                ("help", b"?", shows("╭".encode()), b"escape closes"),
                ("line", b"k", chosen, b""),
                ("line", b"k", chosen, b""),
            ]
            took: dict[str, list[float]] = {"tab": [], "help": [], "line": []}
            began, before, cpu = time.monotonic(), line.total, _cpu(process)
            for _round in range(per_kind):
                for kind, key, effect, whole in presses:
                    time.sleep(self.chance.uniform(0.1, 0.4))
                    took[kind].append(line.answer(key, effect))
                    line.wait_for(whole)
                    if kind == "help":
                        line.answer(ESCAPE, shows(b"which works on"))
                        # Else the next key would be taken for one with alt.
                        time.sleep(0.3)
                time.sleep(0.2)
                line.press(END)
            spent = time.monotonic() - began
            return Load(took, spent, line.total - before, (_cpu(process) - cpu) / spent)

    def rest(self, words: Sequence[str], seconds: float) -> Load:
        """Looks on while a batch of small images runs at 80x24."""
        command = [*COMMAND, *words, "-o", tempfile.mkdtemp(dir=self.folder)]
        with self.app(command, SIZES[0]) as (line, process):
            began, before, cpu = time.monotonic(), line.total, _cpu(process)
            time.sleep(seconds)
            spent = time.monotonic() - began
            return Load({}, spent, line.total - before, (_cpu(process) - cpu) / spent)

    def headless_cpu(self, words: Sequence[str], seconds: float) -> float:
        """The CPUs that the same batch takes of this process without a screen."""
        command = [*words, "--quiet", "-o", tempfile.mkdtemp(dir=self.folder)]
        where = Marked(self.env)
        with psutil.Popen([*COMMAND, *command], env=where.env) as process:
            time.sleep(4.0)
            began, cpu = time.monotonic(), _cpu(process)
            time.sleep(seconds)
            used = (_cpu(process) - cpu) / (time.monotonic() - began)
            process.terminate()
        return used

    def wall(self, photographs: Path, *, screen: bool) -> float:
        """The wall time of an exact batch, from its start to its end, as the run itself has it."""
        output = tempfile.mkdtemp(dir=self.folder)
        words = ["batch", str(photographs), "--exact", "-o", output]
        last = self.folder / "STATE" / "procession" / "last-batch.json"
        last.unlink(missing_ok=True)
        if screen:
            with self.app([*COMMAND, *words], SIZES[0]):
                deadline = time.monotonic() + 10 * PATIENCE
                while not last.exists() and time.monotonic() < deadline:
                    time.sleep(0.1)
        else:
            run(*words, "--quiet", where=Marked(self.env), cwd=Path.cwd())
        shutil.rmtree(output)
        wall = json.loads(last.read_text("utf-8"))["wall"]
        assert isinstance(wall, float)
        return wall


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def tell_keys(name: str, load: Load) -> None:
    """Prints one row of the table of keys."""
    kinds = "  ".join(
        f"{kind} {1000 * statistics.median(took):.0f}/{1000 * percentile(took, 0.99):.0f}"
        for kind, took in load.keys.items()
    )
    print(
        f"{name:<34}{len(load.all):>5}{1000 * statistics.median(load.all):>8.1f}"
        f"{1000 * percentile(load.all, 0.99):>8.1f}{1000 * max(load.all):>8.1f}"
        f"{load.total / load.seconds / 1000:>8.1f}{load.cpu:>7.2f}   {kinds}",
        flush=True,
    )


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=240)
    parser.add_argument("--sizes", nargs="*", type=_size, default=SIZES)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--images", type=int, default=4000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--photographs", type=Path, help="made where it is not given")
    parser.add_argument("--only", nargs="*", default=["keys", "bytes", "cpu", "wall"])
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="drawing-"))
    # Settings and state of its own: nothing that is remembered here has a part in it.
    homes = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "STATE", "CACHE")}
    env = {**os.environ, **homes, "TMPDIR": str(folder), "TEXTUAL_FPS": PAINTS}
    for variable in ("SSH_CONNECTION", "NO_COLOR"):
        env.pop(variable, None)
    bench = Bench(folder, env, options)
    ssh: dict[str, str] = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
    try:
        if "keys" in options.only:
            print(
                f"{f'keys at {options.rate:.0f} events/s':<34}{'keys':>5}{'median':>8}{'p99':>8}"
                f"{'worst':>8}{'kB/s':>8}{'CPUs':>7}   each kind: median/p99, ms"
            )
            for size in options.sizes:
                name = "{}x{}".format(*size)
                tell_keys(f"{name}, {FPS} fps", bench.keys(size, None, {}))
                tell_keys(
                    f"{name}, {FPS_OVER_SSH} fps, {LINK / 1000:.0f} kB/s link",
                    bench.keys(size, LINK, ssh),
                )
        if {"bytes", "cpu"}.intersection(options.only):
            put(folder / "small", options.images)
            words = ["batch", str(folder / "small")]
            print(f"\n{'a batch of small images at 80x24':<34}{'kB/s':>8}{'CPUs':>7}")
            for fps in (FPS, FPS_OVER_SSH):
                load = bench.rest([*words, "--fps", str(fps)], 15.0)
                kilobytes = load.total / load.seconds / 1000
                print(f"{f'{fps} fps':<34}{kilobytes:>8.1f}{load.cpu:>7.2f}", flush=True)
            if "cpu" in options.only:
                print(f"{'without a screen':<34}{'':>8}{bench.headless_cpu(words, 15.0):>7.2f}")
        if "wall" in options.only:
            photographs = options.photographs
            if photographs is None:
                photographs = folder / "photographs"
                run("samples", photographs, "--quiet", where=Marked(env), cwd=folder)
            pairs = []
            for _pair in range(options.pairs):
                walls = [bench.wall(photographs, screen=screen) for screen in (True, False)]
                pairs.append(walls[0] / walls[1])
                print(f"exact: {walls[0]:.2f} s in the app, {walls[1]:.2f} s without a screen")
            print(f"median of the ratios: {statistics.median(pairs):.3f}, of {sorted(pairs)}")
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
