"""A folder for what nobody wants to keep, removed however this process ends."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

# Waits for the end of its input: closed by us, or by the kernel when we are gone. A worker that
# outlives us for a moment may write meanwhile, so it is tried more than once.
_KEEPER = 'cat; for turn in 1 2 3 4 5; do rm -rf -- "$1" && exit; sleep 0.2; done'


class ScratchFolder:
    """Makes a temporary folder, and a small process beside it that removes it.

    Not this process does, for it may be killed: then the folder would stay for ever.
    """

    def __init__(self, prefix: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self._keeper = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "sh", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # What is sent to our group, a Ctrl-C or a hang-up, must not end it early.
            start_new_session=True,
        )

    def close(self) -> None:
        """Removes the folder and what is in it."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()
