"""What the probe reports, and how it is read.

A script may write to the same connections: what is no report is ignored, whatever it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import NoneType
from typing import Any

LONGEST_REPORT = 256 * 1024
"""Most bytes that a greeting or a report may have."""

LARGEST = 10**15
"""Upper limit of all numbers: times, pids, lines of a script."""

_NUMBER = (int, float)

_HELLO: Mapping[str, type | tuple[type, ...]] = {
    "how": str,
    "pid": int,
    "parent": int,
    "t": _NUMBER,
    "encoding": str,
    "pipes": str,
    "bell": str,
}

_REPORTS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "encoding": {"encoding": str},
    "bell": {"bell": str},
    "answer": {"own": list, "threads": list, "objects": list, "started": int},
    "left": {"locked": str},
    "tasks": {"made": int, "tasks": list},
    "counts": {"threads": int, "tasks": int},
    "named": {"name": str, "parent": int, "pool": bool, "key": str, "method": str},
    "child": {"child": int, "name": str, "pool": bool, "key": str, "method": str},
    "command": {"child": int, "words": str},
    "ending": {"child": int, "how": str},
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
    "task_finished": {"key": str, "seconds": _NUMBER, "calls": int},
    "task_failed": {"key": str, "seconds": _NUMBER, "error": str, "reason": str, "ran": bool},
    "task_skipped": {"key": str},
}


def read_hello(text: bytes) -> Mapping[str, Any] | None:
    """Return the greeting of a process; `None` where the text is no greeting.

    It tells how the process came to be, its pid and its parent's, how it encodes what it writes,
    for which streams pipes come with it, and by which semaphore it can be asked.
    """
    return _fitting(_parse(text), _HELLO)


def read_report(text: bytes) -> Mapping[str, Any] | None:
    """Return a report with its fields; `None` where the text is no report."""
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
