"""How values are written for people, on the screen and off it: one door for text from outside."""

from __future__ import annotations

import re

from tui_app.system.user_folders import home

_SHOWN = (
    {code: 0x2400 + code for code in range(0x20)}
    | {0x7F: 0x2421}
    | dict.fromkeys(
        [
            *range(0x80, 0xA0),  # C1 controls: some terminals obey them
            0x061C,
            0x180E,
            0x200B,
            *range(0x200E, 0x2010),
            *range(0x2028, 0x202F),
            *range(0x2060, 0x206A),  # bidirectional overrides and invisible marks
            0xFEFF,
            *range(0xFFF9, 0xFFFC),
            *range(0xE0000, 0xE0080),  # tags: text that nobody sees
        ],
        0xFFFD,
    )
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def safe(text: str) -> str:
    r"""The text with everything that a terminal would obey replaced by something to see.

    Control characters become their pictures (ESC is ␛), bidirectional overrides and invisible
    marks become �, and bytes that were no UTF-8 (surrogates) are written as \xff.
    """
    if text.isprintable():
        return text
    return _SURROGATE.sub(_byte, text.translate(_SHOWN))


def _byte(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else "\ufffd"


def shorten(text: str, width: int) -> str:
    """The text in at most `width` characters, cut in the middle: both ends of a name tell it."""
    if len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    end = (width - 1) // 2
    return (
        f"{text[: width - 1 - end]}…{text[len(text) - end :]}" if end else f"{text[: width - 1]}…"
    )


def folder_title(folder: str, width: int = 60) -> str:
    """A folder's path for a title: `~` for the home folder, at most `width` characters."""
    known = str(home())
    inside = folder == known or folder.startswith(f"{known}/")
    return shorten(f"~{folder[len(known) :]}" if inside else folder, width)


def seconds(value: float) -> str:
    """Seconds as `41.2 s`, from a minute on as `1:12`, from an hour on as `2:05:09`."""
    return f"{value:.1f} s" if round(value, 1) < 60 else clock(value)


def clock(value: float) -> str:
    """Whole seconds as `0:07`, `1:12` or `2:05:09`."""
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(count: float) -> str:
    """Bytes as `312 B`, `8.1 MB`: decimal units, three digits at most."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            digits = 1 if unit != "B" and count < 9.95 else 0
            return f"{count:.{digits}f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
