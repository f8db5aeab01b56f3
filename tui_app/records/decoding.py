"""Lines of a record into events: whatever a file says, an event has fields of its types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from tui_app.events import (
    ENUM_FIELDS,
    KINDS,
    SCHEMA,
    Event,
    EventError,
    RunFinished,
    RunStarted,
    from_json,
)
from tui_app.language import _
from tui_app.records.errors import RecordError
from tui_app.summary import Summary

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "None": (type(None),),
    "Sequence": (list,),
    "Mapping": (dict,),
    "WaitKind": (str,),
    **{enum.__name__: (enum,) for of in ENUM_FIELDS.values() for enum in of.values()},
}
"""What a field may hold, by the word that its type is written with."""


def _types(annotation: str) -> tuple[type, ...]:
    words = [part.partition("[")[0] for part in annotation.split(" | ")]
    return tuple(kind for word in words for kind in _TYPES.get(word, (object,)))


_CHECKS: dict[type[Event], tuple[tuple[str, tuple[type, ...]], ...]] = {
    kind: tuple((one.name, _types(str(one.type))) for one in fields(kind)) for kind in KINDS
}


_CLASSES = {kind.event: kind for kind in KINDS}


def decoded(lines: Iterable[bytes]) -> Iterator[Event]:
    """Yield the events in these lines; those of a later version are left out.

    Raises:
        RecordError: a line is no event, or its run has a later schema.
    """
    for line in lines:
        try:
            event = from_json(line)
            if event is not None:
                _check(event)
                yield event
        except EventError as error:
            raise RecordError(_("it is damaged: {error}").format(error=error)) from error


def decoded_block(lines: Sequence[bytes]) -> list[Event]:
    """Return what `decoded` yields, in half the time."""
    try:
        events = [_quickly(data) for data in json.loads(b"[" + b",".join(lines) + b"]")]
        for event in events:
            _check(event)
    except (ValueError, LookupError, TypeError, AttributeError):
        # One of them is of a later version, or wrong: then it is told which.
        return list(decoded(lines))
    return events


def _quickly(data: dict[str, Any]) -> Event:
    """Return an event that has no other fields than those of today."""
    event = data.pop("event")
    for name, enum in ENUM_FIELDS[event].items():
        data[name] = enum(data[name])
    return _CLASSES[event](**data)


def _check(event: Event) -> None:
    for name, types in _CHECKS[type(event)]:
        if not isinstance(getattr(event, name), types):
            raise EventError(f"not a {event.event}: {name} is {getattr(event, name)!r:.40}")
    if isinstance(event, RunStarted) and event.schema > SCHEMA:
        sentence = _("a later version of procession made it (schema {there}, not {here})")
        raise RecordError(sentence.format(there=event.schema, here=SCHEMA))
    if isinstance(event, RunFinished):
        _check_summary(event.summary)


def _check_summary(data: Any) -> None:
    try:
        summary = Summary.from_dict(data)
    except (TypeError, AttributeError) as error:
        raise EventError(f"not a summary: {error}") from error
    for one in fields(summary):
        if not isinstance(getattr(summary, one.name), _types(str(one.type))):
            raise EventError(f"not a summary: {one.name}")
