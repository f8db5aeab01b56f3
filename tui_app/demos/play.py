"""The task `play(script)`: what the engine's worker does to play one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui_app.language import _

HERE = Path(__file__).parent
PROBE = HERE / "probe"
SUPERVISOR = HERE / "supervisor.py"


class PlayError(RuntimeError):
    """A script that could not be played; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Play:
    """What is to be played: a script as `python` gets it, and where.

    Attributes:
        address: of the hub that the script's processes dial.
        script: its path, as the script finds it in `sys.argv[0]`.
        arguments: the rest of `sys.argv`.
        folder: the current folder.
        start_method: the default one for `multiprocessing`; empty: Python's own.
        environment: all of it. A worker's own is that of the fork server, which may be older.
    """

    address: str
    script: str
    arguments: tuple[str, ...]
    folder: str
    start_method: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def play(job: Play, progress: Callable[[str, float], None]) -> None:
    """Starts the script in a session of its own, and stays until nothing of it is left.

    The supervisor's standard input is this process's hold on it: when this process ends, however
    it does, so does the script.

    Raises:
        PlayError: the supervisor failed.
    """
    supervisor = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-S",
            str(SUPERVISOR),
            job.address,
            sys.executable,
            job.script,
            *job.arguments,
        ],
        cwd=job.folder,
        env=_environment(job),
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    code = supervisor.wait()
    if code:
        raise PlayError(
            _("the supervisor of {script} ended with code {code}").format(
                script=job.script, code=code
            )
        )


def _environment(job: Play) -> dict[str, str]:
    before = job.environment.get("PYTHONPATH")
    return {
        **job.environment,
        "PYTHONPATH": f"{PROBE}{os.pathsep}{before}" if before else str(PROBE),
        "PROCESSION_START_METHOD": job.start_method,
    }
