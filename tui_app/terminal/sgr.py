"""Fewer bytes for the same picture: of each style only what differs from the style before it.

A style is set by the sequence SGR, `ESC [ codes m`: https://en.wikipedia.org/wiki/ANSI_escape_code
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

RESET = "\x1b[0m"

_TOKEN = re.compile(r"\x1b\[([\d;]*)m|\x1b\[\d+;\d+H|\r?\n")
"""A style; or what moves the cursor, and draws nothing in any style."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A style as a terminal knows it. Each part is one code, or empty; `other` has the rest."""

    foreground: str = ""
    background: str = ""
    other: tuple[str, ...] = ()

    def told(self) -> str:
        """Return the sequence that gives plain text this look."""
        return _sequence(*self.other, self.foreground, self.background)

    def told_after(self, before: _Look) -> str:
        """Return the shortest sequence that leads from another look to this one."""
        gone = before.foreground and not self.foreground
        gone = gone or (before.background and not self.background)
        if gone or not set(before.other) <= set(self.other):
            return RESET + self.told()
        return _sequence(
            *(code for code in self.other if code not in before.other),
            self.foreground if self.foreground != before.foreground else "",
            self.background if self.background != before.background else "",
        )


_PLAIN = _Look()


def _sequence(*codes: str) -> str:
    told = ";".join(code for code in codes if code)
    return f"\x1b[{told}m" if told else ""


def lean(text: str) -> str:
    """Return fewer bytes that a terminal shows as it shows a text.

    Args:
        text: A text that Rich has made: it begins plain, and only a reset ends a style.
    """
    parts: list[str] = []
    shown = wanted = _PLAIN
    end = 0
    for token in _TOKEN.finditer(text):
        if written := text[end : token.start()]:
            parts += wanted.told_after(shown), written
            shown = wanted
        end = token.end()
        codes = token[1]
        if codes is None:
            parts.append(token[0])
        elif codes in ("", "0"):
            wanted = _PLAIN
        else:
            wanted = _with(wanted, codes)
    return "".join([*parts, wanted.told_after(shown), text[end:]])


@lru_cache(maxsize=4096)
def _with(look: _Look, codes: str) -> _Look:
    """Return the look after a sequence of these codes, which follows another look."""
    foreground, background, other = look.foreground, look.background, list(look.other)
    rest = iter(codes.split(";"))
    for code in rest:
        if code in ("38", "48"):
            kind = next(rest, "")
            colour = ";".join([code, kind, *islice(rest, 3 if kind == "2" else 1)])
            if code == "38":
                foreground = colour
            else:
                background = colour
        elif re.fullmatch("3[0-7]|9[0-7]", code):
            foreground = code
        elif re.fullmatch("4[0-7]|10[0-7]", code):
            background = code
        elif code in ("", "0"):
            foreground, background, other = "", "", []
        elif code not in other:
            other.append(code)
    return _Look(foreground, background, tuple(other))
