"""A line of output that comes in parts."""

from __future__ import annotations


class PartialLine:
    """A line that is not ended yet, and how it looks now.

    A carriage return begins it anew, as on a terminal: of a progress bar the present state is left.
    The time that a part takes depends on its own length only.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._anew = False

    def add(self, text: str) -> None:
        """Take the next part."""
        if not self._anew and "\r" not in text:
            self._parts.append(text)
            return
        if kept := text.rstrip("\r"):
            *before, kept = kept.rsplit("\r", 1)
            if before or self._anew:
                self._parts.clear()
            self._parts.append(kept)
        self._anew = text.endswith("\r") or (self._anew and not kept)

    @property
    def text(self) -> str:
        """How the line looks now."""
        if len(self._parts) > 1:
            self._parts[:] = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""
