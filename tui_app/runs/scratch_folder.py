"""A temporary folder that is removed however this process ends."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

# Waits for the end of its input, which comes when we close it or are gone. It tries more than once:
# a worker that outlives us for a moment may write meanwhile.
_REMOVER = 'cat; for turn in 1 2 3 4 5; do rm -rf -- "$1" && exit; sleep 0.2; done'


class ScratchFolder:
    """A temporary folder, and a small process beside it that removes it: ours may be killed."""

    def __init__(self, prefix: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self._remover = subprocess.Popen(
            ["/bin/sh", "-c", _REMOVER, "sh", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Signals to our process group, a Ctrl-C or a hang-up, must not end it early.
            start_new_session=True,
        )

    def close(self) -> None:
        """Remove the folder and what is in it."""
        assert self._remover.stdin is not None
        self._remover.stdin.close()
        self._remover.wait()
