"""Bytes of a store as a file of this machine, for as long as they are needed.

On Linux the file is in memory and has no name: the kernel frees it at any death of its process. On
macOS it is a temporary file, which a killed process leaves behind.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tui_app.files.permissions import ANYBODY


@contextmanager
def at_hand(data: bytes, time: int = 0, size: int | None = None) -> Iterator[str]:
    """Yield the path of a file with these bytes, which only this process can open.

    Args:
        data: The bytes.
        time: When it counts as changed, in nanoseconds since 1970; 0: now.
        size: How long it counts as being, where these are only its first bytes.
    """
    with _opened() as file:
        file.write(data)
        file.flush()
        handle = file.fileno()
        if size is not None:
            os.ftruncate(handle, size)
        # What is in a store has no owner here: its output is as any new file.
        os.fchmod(handle, ANYBODY)
        if time:
            os.utime(handle, ns=(time, time))
        # Elsewhere, whoever opens such a path shares the place in the file with us.
        yield f"/dev/fd/{handle}" if sys.platform == "linux" else file.name


def _opened() -> IO[bytes]:
    if sys.platform == "linux":
        return open(os.memfd_create("procession"), "wb")  # noqa: PTH123 - a descriptor
    return tempfile.NamedTemporaryFile("wb", prefix="procession-")
