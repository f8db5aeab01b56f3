"""The helper processes of `multiprocessing`, started early."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = """
import tempfile
from tui_app.engine.machine import StartMethod
from tui_app.engine.forkserver import prestart
prestart(StartMethod.FORKSERVER)
print(tempfile.gettempdir())
"""


def test_a_folder_that_is_too_long_for_sockets_is_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 95)
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", START],
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.strip() == "/tmp"


HEARD = """
import os, sys
from tui_app.engine.forkserver import starting
from tui_app.terminal.output import apart
mine = apart(sys.__stderr__)
with starting():
    os.system("echo a helper complains >&2")
    print("drawn", file=mine, flush=True)
os.system("echo heard again >&2")
"""


def test_what_is_started_does_not_write_to_the_terminal_and_the_app_does() -> None:
    done = subprocess.run([sys.executable, "-c", HEARD], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["drawn", "heard again"]


@pytest.mark.parametrize("kind", ["forkserver", "resource_tracker"])
def test_a_helper_that_was_killed_is_started_again_without_a_word(kind: str) -> None:
    code = f"""
import os, signal, time
from multiprocessing import {kind}
from tui_app.engine.machine import StartMethod
from tui_app.engine.forkserver import prestart
prestart(StartMethod.FORKSERVER)
helper = {kind}._{kind}
pid = helper.{"_forkserver_pid" if kind == "forkserver" else "_pid"}
os.kill(pid, signal.SIGKILL)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
prestart(StartMethod.FORKSERVER)
print(helper.{"_forkserver_pid" if kind == "forkserver" else "_pid"} != pid)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_what_it_imports_for_the_workers_is_there_to_be_imported() -> None:
    code = (
        "from tui_app.engine.forkserver import PRELOADED\nfor name in PRELOADED: __import__(name)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
