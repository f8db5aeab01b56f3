"""The command as a person starts it: a process of its own, and all that it starts is marked."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

COMMAND = [sys.executable, "-m", "tui_app"]

PATIENCE = 120.0
"""Seconds that anything may take before a test gives it up."""


@dataclass(slots=True)
class Marked:
    """An environment whose processes can be found, however they were started."""

    env: dict[str, str]
    mark: str = field(default_factory=lambda: f"mark-{secrets.token_hex(8)}")

    def __post_init__(self) -> None:
        self.env = {**self.env, "PROCESSION_TEST": self.mark}

    def processes(self) -> list[psutil.Process]:
        """Those that are there now; what is dead and not yet reaped counts as gone."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("PROCESSION_TEST") == self.mark:
                    found.append(process)
        return found

    def left(self, within: float = PATIENCE) -> list[psutil.Process]:
        """Those that are still there when the time is over; none as soon as all are gone."""
        deadline = time.monotonic() + within
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return left


@contextmanager
def marked(folder: Path) -> Iterator[Marked]:
    """A marked environment with a cache and a folder for temporary files of its own, in `folder`.

    What is left at the end is killed.
    """
    temporary = folder / "t"
    temporary.mkdir()
    own = {"XDG_CACHE_HOME": str(folder / "cache"), "TMPDIR": str(temporary), "COLUMNS": "80"}
    environment = Marked({**os.environ, **own})
    try:
        yield environment
    finally:
        for process in environment.processes():
            with suppress(psutil.Error):
                process.kill()


def run(
    *words: str | Path, where: Marked, cwd: Path, **env: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end, without a terminal."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        env={**where.env, **env},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=PATIENCE,
    )


@contextmanager
def started(
    *words: str | Path, where: Marked, cwd: Path, before: Callable[[], None] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """The command under way, in a session of its own; killed at the end if it still runs."""
    with subprocess.Popen(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        env=where.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=before,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], event: str, times: int) -> list[str]:
    """Reads lines of `--json` until that event has come so many times; returns them."""
    assert process.stdout is not None
    lines = []
    while times:
        # Byte by byte: what `readline` reads ahead `communicate` would never see.
        read = bytearray()
        while not read.endswith(b"\n") and (byte := os.read(process.stdout.fileno(), 1)):
            read += byte
        line = read.decode()
        assert line, f"the run ended early: {process.communicate()}"
        lines.append(line)
        times -= json.loads(line)["event"] == event
    return lines


def ignore_hang_up() -> None:
    """What `nohup` does before it starts a command."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def outputs(folder: Path) -> dict[str, bytes | str | None]:
    """Everything below an output folder, as `tree`, but what procession keeps there for itself."""
    found = tree(folder)
    assert not [name for name in found if name.endswith(".part")], "a temporary file was left"
    return {name: what for name, what in found.items() if not name.startswith(".procession")}


def tree(folder: Path) -> dict[str, bytes | str | None]:
    """Everything below a folder: contents of files, targets of links, `None` for folders."""
    found: dict[str, bytes | str | None] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else None
    return found
