"""What the probe sends, and how it is read.

A script may write there too: what is no report is left out, whatever it is.
"""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Any

LONGEST_REPORT = 64 * 1024
"""Bytes that may come on a line before a newline has to."""

STAMP = re.compile(rb"\d{1,12}\.\d{1,12}")
"""A time as a stamp has it."""

LARGEST = 10**15
"""Numbers are below it: times, pids, lines of a script."""

_NUMBER = (int, float)

_HELLO: Mapping[str, type | tuple[type, ...]] = {
    "how": str,
    "pid": int,
    "parent": int,
    "t": _NUMBER,
    "encoding": str,
    "pipes": str,
}

_REPORTS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "encoding": {"encoding": str},
    "named": {"name": str, "parent": int, "pool": bool, "key": str},
    "child": {"child": int, "name": str, "pool": bool, "key": str},
    "reaped": {"child": int, "code": int},
    "line": {"line": int},
    "waiting": {
        "kind": str,
        "object": (str, NoneType),
        "child": (int, NoneType),
        "timeout": (*_NUMBER, NoneType),
        "file": (str, NoneType),
        "line": (int, NoneType),
    },
    "resumed": {},
    "task_queued": {"key": str, "label": str},
    "task_started": {"key": str},
    "task_finished": {"key": str, "seconds": _NUMBER},
    "task_failed": {"key": str, "seconds": _NUMBER, "error": str, "reason": str, "ran": bool},
    "task_skipped": {"key": str},
}


def read_hello(text: bytes) -> Mapping[str, Any] | None:
    """The greeting of a process; `None`: it is none.

    It says how the process came to be, its pid and its parent's, how it encodes what it writes, and
    which streams' pipes came with it.
    """
    return _fitting(_parse(text), _HELLO)


def read_report(text: bytes) -> Mapping[str, Any] | None:
    """What a process has to say, with its fields; `None`: it is no report."""
    data = _parse(text)
    event = data.get("event")
    fields = _REPORTS.get(event) if isinstance(event, str) else None
    return _fitting(data, {**fields, "t": _NUMBER}) if fields is not None else None


def _parse(text: bytes) -> Mapping[str, Any]:
    if len(text) > LONGEST_REPORT:
        return {}
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _fitting(
    data: Mapping[str, Any], fields: Mapping[str, type | tuple[type, ...]]
) -> Mapping[str, Any] | None:
    for name, kind in fields.items():
        if name not in data or not isinstance(value := data[name], kind):
            return None
        if isinstance(value, _NUMBER) and not (name == "code" or 0 <= value < LARGEST):
            return None
    return data


Said = str | Mapping[str, Any]
"""Text that somebody wrote, or a report."""


class Frames:
    """What comes through a pipe: text, and in frames the probe's reports and stamps.

    A stamp, or a report, tells when what comes after it was written, until that has been read and
    the pipe is empty. Other text was written by somebody else, before what comes after it.

    Args:
        address: of the hub, which stands in each frame.
        now: the time, as frames have it.
        encoding: of the text.
    """

    def __init__(self, address: str, now: Callable[[], float], encoding: str) -> None:
        self._mark = f"\0{address} ".encode()
        self._now = now
        self.speak(encoding)
        self._rest = b""
        self._t: float | None = None
        self._latest = 0.0

    def speak(self, encoding: str) -> None:
        """Reads text in this encoding from now on; in UTF-8, if it is none that can be read."""
        try:
            bytes(range(256)).decode(encoding, "backslashreplace")
            decoder = getincrementaldecoder(encoding)
        except (LookupError, ValueError):
            decoder = getincrementaldecoder("utf-8")
        self._decoder = decoder("backslashreplace")

    def take(
        self, data: bytes, *, more: bool, before: float | None = None
    ) -> list[tuple[float, Said]]:
        """Takes what was read; returns it in pieces, each with when it was said.

        Args:
            data: what was read.
            more: whether there is more to be read: a line that is not whole then waits for it.
            before: when something happened that is known to come after text without a stamp.
        """
        data = self._rest + data
        cut = self._whole(data) if more else len(data)
        data, self._rest = data[:cut], data[cut:]
        pieces = list(self._pieces(data))
        now = latest = self._now()
        found: list[tuple[float, bytes | Mapping[str, Any]]] = []
        for t, said in reversed(pieces):
            if t is None:
                latest = latest if before is None else min(latest, before)
            else:
                latest = min(t, now)
            if said:
                found.append((latest, said))
        if not more and pieces[-1][1]:
            self._t = None
        return [(self._not_before(t), self._read(said)) for t, said in reversed(found)]

    def _not_before(self, t: float) -> float:
        """A time that is none before what came through this pipe already.

        Who stamps what he is about to write may be held up, until what came before it is read.
        """
        self._latest = max(self._latest, t)
        return self._latest

    def _read(self, said: bytes | Mapping[str, Any]) -> Said:
        if isinstance(said, bytes):
            return self._decoder.decode(said)
        if said["event"] == "encoding":
            self.speak(said["encoding"])
        return said

    def _whole(self, data: bytes) -> int:
        """How much of it is no part of a frame, nor of a line, where there is a whole one."""
        if newline := data.rfind(b"\n") + 1:
            return newline
        start = data.rfind(self._mark)
        end = data.find(b"\0", start + 1) + 1 if start >= 0 else 0
        if start >= 0 and not end:
            return start
        begun = data.rfind(b"\0", max(end, len(data) - len(self._mark)))
        return begun if begun >= 0 and self._mark.startswith(data[begun:]) else len(data)

    def _pieces(self, data: bytes) -> Iterator[tuple[float | None, bytes | Mapping[str, Any]]]:
        first, *framed = data.split(self._mark)
        yield self._t, first
        for piece in framed:
            frame, _end, text = piece.partition(b"\0")
            if STAMP.fullmatch(frame):
                self._t = float(frame)
            elif report := read_report(frame):
                self._t = report["t"]
                yield self._t, report
            else:
                text = self._mark + piece  # Somebody else wrote it.
            yield self._t, text

    def end(self) -> str:
        """What was left of a character that nobody ended."""
        return self._decoder.decode(b"", final=True)
