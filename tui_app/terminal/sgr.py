"""The same picture in fewer bytes: of each style only what differs from the one before is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

RESET = "\x1b[0m"

_TOKEN = re.compile(r"\x1b\[([\d;]*)m|\x1b\[\d+;\d+H|\r?\n")
"""A style, or what moves the cursor, and is the same in every style."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A style as a terminal is told it: its two colours, and all else."""

    foreground: str = ""
    background: str = ""
    other: tuple[str, ...] = ()

    def told(self) -> str:
        """The sequence that gives this look to plain text."""
        return _sequence(*self.other, self.foreground, self.background)

    def told_after(self, before: _Look) -> str:
        """The shortest sequence from that look to this one."""
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
    """What a terminal shows as it would show `text`, in fewer bytes.

    `text` is of Rich's making: it begins plain, and no style in it is taken back but by a reset.
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
    rest = text[end:]
    return "".join([*parts, wanted.told_after(shown), rest])


@lru_cache(maxsize=4096)
def _with(look: _Look, codes: str) -> _Look:
    """The look after a style sequence of these codes."""
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
