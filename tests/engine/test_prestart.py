"""The helper processes of `multiprocessing`, started early."""

import os
import subprocess
import sys
from pathlib import Path

START = """
import tempfile
from tui_app.engine.machine import StartMethod
from tui_app.engine.prestart import prestart
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


def test_what_it_imports_for_the_workers_is_there_to_be_imported() -> None:
    code = "from tui_app.engine.prestart import PRELOADED\nfor name in PRELOADED: __import__(name)"
    subprocess.run([sys.executable, "-c", code], check=True)
