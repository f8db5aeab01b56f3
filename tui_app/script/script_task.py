"""The task `play`: what the engine's worker does to play a script."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tui_app.language import _
from tui_app.script.supervisor import AGAIN_SECONDS, TRACKERS_SECONDS, adopt_orphans, kill_below

HERE = Path(__file__).parent
PROBE = HERE / "probe"
SUPERVISOR = HERE / "supervisor.py"

ADDRESS = "PROCESSION_PROBE"
"""The variable that tells each process of the script the server's address."""


class ScriptError(RuntimeError):
    """A script that could not be played; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class ScriptTask:
    """What is to be played, by which Python, and where.

    Attributes:
        address: the socket that the script's processes connect to.
        command: the interpreter's path and its words.
        folder: the current folder.
        has_input: whether the server hands on a standard input.
        start_method: the default for `multiprocessing`; empty: Python's own.
        environment: all of it. A worker has the fork server's environment, which may be older.
    """

    address: str
    command: tuple[str, ...]
    folder: str
    has_input: bool = False
    start_method: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def play(job: ScriptTask, progress: Callable[[str, float], None]) -> None:
    """Start the script in its own session, and wait until nothing of it is left.

    The supervisor reads its standard input from this process: when this process ends, however it
    does, the script ends too. A supervisor that the script has stopped is continued at once; what a
    killed supervisor leaves behind is killed here.

    Raises:
        ScriptError: the supervisor failed.
    """
    adopt_orphans()
    supervisor = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-S",
            str(SUPERVISOR),
            *(["--input"] if job.has_input else []),
            *job.command,
        ],
        cwd=job.folder,
        env=_environment(job),
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    code = supervisor.returncode = _wait(supervisor.pid)
    if code:
        _end_what_is_left()
        raise ScriptError(
            _("the supervisor of {script} ended with code {code}").format(
                script=" ".join(job.command[1:]), code=code
            )
        )


def _wait(pid: int) -> int:
    while True:
        _pid, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status)
        os.kill(pid, signal.SIGCONT)


def _end_what_is_left() -> None:
    until = time.monotonic() + TRACKERS_SECONDS
    while kill_below(patient=time.monotonic() < until):
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(AGAIN_SECONDS)


def _environment(job: ScriptTask) -> dict[str, str]:
    before = job.environment.get("PYTHONPATH")
    return {
        **job.environment,
        ADDRESS: job.address,
        "PYTHONPATH": f"{PROBE}{os.pathsep}{before}" if before else str(PROBE),
        "PROCESSION_START_METHOD": job.start_method,
    }
