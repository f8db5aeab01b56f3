"""One value as text: a time, a size, a path, and any text that comes from outside.

Whole sentences are in `phrases.py`.
"""

from __future__ import annotations

import re

from tui_app.system.user_folders import home

_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
"""The picture of each control character: https://www.unicode.org/charts/PDF/U2400.pdf"""

_INVISIBLE = (
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
)

_SHOWN = _PICTURES | dict.fromkeys(_INVISIBLE, 0xFFFD)

_SURROGATE = re.compile("[\ud800-\udfff]")


def safe(text: str) -> str:
    r"""Return a text in which everything that a terminal would obey can be seen instead.

    Control characters become their pictures (ESC is ␛), bidirectional overrides and invisible
    marks become �, and bytes that were not UTF-8 (surrogates) are written as \xff.
    """
    if text.isprintable():
        return text
    return _SURROGATE.sub(_byte, text.translate(_SHOWN))


def _byte(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else "\ufffd"


def shorten(text: str, width: int) -> str:
    """Return a text in at most `width` characters; its middle is cut, as both ends tell a name."""
    if len(text) <= width:
        return text
    if width < 1:
        return ""
    end = (width - 1) // 2
    return f"{text[: width - 1 - end]}…{text[len(text) - end :]}"


def folder_title(folder: str, width: int = 60) -> str:
    """Return a folder's path in at most `width` characters, with `~` for the home folder."""
    known = str(home())
    inside = folder == known or folder.startswith(f"{known}/")
    return shorten(f"~{folder[len(known) :]}" if inside else folder, width)


def duration(seconds: float) -> str:
    """Return a time as `41.2 s`, from a minute on as `1:12`, from an hour on as `2:05:09`."""
    return f"{seconds:.1f} s" if round(seconds, 1) < 60 else clock(seconds)


def exact_duration(seconds: float) -> str:
    """Return a time as `1.07 s`, as the log has it; from ten seconds on, as `duration` does."""
    return f"{seconds:.2f} s" if round(seconds, 2) < 10 else duration(seconds)


def tiny_duration(seconds: float) -> str:
    """Return a time as `1.4 µs`, `23 ms` or `1.07 s`: two digits at least."""
    for unit, factor in (("µs", 1e6), ("ms", 1e3)):
        if (count := seconds * factor) < 999.5:
            return f"{count:.{1 if count < 9.95 else 0}f} {unit}"
    return exact_duration(seconds)


def clock(seconds: float) -> str:
    """Return whole seconds as `0:07`, `1:12` or `2:05:09`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def byte_size(count: float) -> str:
    """Return a number of bytes as `312 B` or `8.1 MB`: decimal units, three digits at most."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            digits = 1 if unit != "B" and count < 9.95 else 0
            return f"{count:.{digits}f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
