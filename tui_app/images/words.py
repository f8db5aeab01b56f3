"""How a worker and a plan put things into words."""

from collections.abc import Callable

from tui_app.language import counted

Note = Callable[[str], None]
"""Takes a plain sentence that a person should read about an image."""


def in_bytes(count: float) -> str:
    """Return a number of bytes, such as `3.21 MB`."""
    if count < 1000:
        return counted(round(count), "{n} byte", "{n} bytes")
    for unit in ("kB", "MB", "GB", "TB"):
        count /= 1000
        if count < 1000 or unit == "TB":
            break
    return f"{count:.3g} {unit}"
