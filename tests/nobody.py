"""Another user: root alone can start something as somebody else."""

import os
import subprocess
import sys

import pytest

NOBODY = 65534


def _can_be_nobody() -> bool:
    if os.geteuid() != 0:
        return False
    code = "import tui_app.cli.main"
    try:
        started = subprocess.run(
            [sys.executable, "-c", code],
            cwd="/",
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
        )
    except PermissionError:
        return False
    return started.returncode == 0


as_nobody = pytest.mark.skipif(
    not _can_be_nobody(), reason="needs root, and a Python that others can read"
)
