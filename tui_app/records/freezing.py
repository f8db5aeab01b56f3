"""The view of a run at one moment as plain data, and back: so a reader need not begin at its start.

A state is small, also late in a long run. What has ended for good, such as the spans of lanes and
the failures, is put down once, in tables that grow; a state names it by ranges of numbers. The
lines of the log are in no state, only how many there were: events tell them again.

The data is JSON, and only values of the classes in `_MODULES` are made of it, by their fields. A
program reads it whose classes have the same fields as those of the one that wrote it: see
`FINGERPRINT`.
"""

from __future__ import annotations

import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from tui_app import events as event_classes
from tui_app.language import _
from tui_app.records.blocks import LEVEL
from tui_app.records.errors import RecordError
from tui_app.runs import lanes, line_times, log, pace, view
from tui_app.runs.lanes import Span
from tui_app.runs.log import LONGEST_LOG, Log
from tui_app.runs.view import Failure, RunView
from tui_app.script import partial_line

_MODULES = (event_classes, lanes, line_times, log, pace, partial_line, view)

MANY = 50
"""Entries of a mapping from which on its values go into a table, if they cannot change."""

LARGEST = 1 << 26
"""The most bytes of a state or of a table's part."""

Json = Any
"""What `json` reads and writes."""

_CLASSES: dict[str, type] = {
    name: one
    for module in _MODULES
    for name, one in vars(module).items()
    if isinstance(one, type) and one.__module__ == module.__name__
}


def _names(kind: type) -> tuple[str, ...]:
    """Return the names of what an object of a class is made of."""
    if is_dataclass(kind):
        return tuple(one.name for one in fields(kind))
    if issubclass(kind, tuple):
        return tuple(getattr(kind, "_fields", ()))
    return ()


_NAMES = {kind: _names(kind) for kind in _CLASSES.values()}

_PLAIN = (bool, int, float, str, type(None))


def _fingerprint() -> int:
    parts = [f"{name} {' '.join(_NAMES[kind])}" for name, kind in sorted(_CLASSES.items())]
    made = (RunView(), Log(), pace.Pace(), line_times.LineTimes(), partial_line.PartialLine())
    own = [f"{type(one).__name__} {' '.join(vars(one))}" for one in made]
    return zlib.crc32("\n".join([*parts, *own]).encode())


FINGERPRINT = _fingerprint()
"""Tells apart versions of this program whose states are different."""


def packed(data: Json) -> bytes:
    """Return data for a block."""
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode("ascii"), LEVEL)


def unpacked(data: bytes) -> Json:
    """Return what `packed` was given.

    Raises:
        RecordError: it is no such data.
    """
    inflate = zlib.decompressobj()
    try:
        return json.loads(inflate.decompress(data, LARGEST))
    except (zlib.error, ValueError, RecursionError) as error:
        raise RecordError(_("it is damaged: {error}").format(error=error)) from error


def _ranges(numbers: Iterable[int]) -> list[int]:
    """Return numbers as first and length of each stretch of them that follow each other."""
    found: list[int] = []
    for number in numbers:
        if found and number == found[-2] + found[-1]:
            found[-1] += 1
        else:
            found += [number, 1]
    return found


def _numbers(ranges: Sequence[int]) -> Iterator[int]:
    for first, length in zip(ranges[::2], ranges[1::2], strict=True):
        yield from range(first, first + length)


class _Growing:
    """A list or mapping whose values are put down once, each by a number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._count = 0
        self._values: list[Any] = []
        """The values of the last time, which this keeps alive: they are told apart by identity."""
        self._ranges: list[int] = []

    def take(self, values: list[Any], put: Callable[[object], Json]) -> tuple[list[int], Json]:
        """Return the ranges of values, and what is new of them."""
        known = len(self._values)
        if known and (len(values) < known or values[known - 1] is not self._values[-1]):
            values = self._without_those_gone(values)
            known = len(self._values)
        new = values[known:]
        self._values = values
        if new:
            self._extend(self._count, len(new))
            self._count += len(new)
        return list(self._ranges), [put(one) for one in new]

    def _without_those_gone(self, values: list[Any]) -> list[Any]:
        """Number again what is left of the values of the last time; return all values, in order."""
        numbers = dict(zip(map(id, self._values), _numbers(self._ranges), strict=True))
        left = [one for one in values if id(one) in numbers]
        self._ranges = _ranges(numbers[id(one)] for one in left)
        # What is left of before stands before what is new.
        self._values = left
        return left + [one for one in values if id(one) not in numbers]

    def _extend(self, first: int, length: int) -> None:
        if self._ranges and first == self._ranges[-2] + self._ranges[-1]:
            self._ranges[-1] += length
        else:
            self._ranges += [first, length]


class Freezer:
    """Puts a view into plain data, again and again while it grows."""

    def __init__(self) -> None:
        self._growing: dict[int, tuple[_Growing, object]] = {}
        self._new: list[Json] = []

    def freeze(self, view: RunView) -> tuple[Json, Json]:
        """Return what is new in the tables, and the state.

        Raises:
            TypeError: the view has something that no state knows.
        """
        self._new = []
        state = {"version": FINGERPRINT, "view": self._put(view)}
        return {"version": FINGERPRINT, "new": self._new}, state

    def _put(self, value: Any) -> Json:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is list:
            if value and type(value[-1]) in (Span, Failure):
                return self._put_growing(value)
            return [self._put(one) for one in value]
        if kind is dict:
            return self._put_mapping(value)
        if kind in (set, tuple, deque):
            return {kind.__name__: [self._put(one) for one in value]}
        if isinstance(value, Enum):
            return {"enum": [kind.__name__, value.value]}
        if kind is Log:
            return self._put_log(value)
        if kind not in _NAMES:
            raise TypeError(f"no state has a {kind.__name__}: its module is none of _MODULES")
        if names := _NAMES[kind]:
            return {"of": [kind.__name__, *(self._put(getattr(value, name)) for name in names)]}
        return {"made": [kind.__name__, {k: self._put(one) for k, one in vars(value).items()}]}

    def _put_log(self, value: Log) -> Json:
        lines = value.dropped + len(value.lines)
        # A line that has not ended grows in its place, so it goes with the state.
        first = max(value.dropped, min([lines, *value.open_lines]))
        kept = {
            **vars(value),
            "_lines": list(value.lines[first - value.dropped :]),
            "dropped": first,
            "_longest": LONGEST_LOG,
        }
        return {"made": ["Log", {name: self._put(one) for name, one in kept.items()}]}

    def _table(self, of: object) -> _Growing:
        entry = self._growing.get(id(of))
        if entry is None:
            entry = self._growing[id(of)] = (_Growing(len(self._growing)), of)
        return entry[0]

    def _put_growing(self, values: list[Any]) -> Json:
        """Put the spans of a lane, of which the last one may go on, or failures."""
        goes_on = isinstance(values[-1], Span) and values[-1].end is None
        ended, rest = (values[:-1], values[-1:]) if goes_on else (values[:], [])
        table = self._table(values)
        ranges, new = table.take(ended, self._put)
        if new:
            self._new.append([table.number, new])
        return {"list": [table.number, ranges, [self._put(one) for one in rest]]}

    def _put_mapping(self, values: dict[Any, Any]) -> Json:
        fixed = len(values) > MANY and all(
            type(key) is int and type(one) in (str, tuple) for key, one in values.items()
        )
        if not fixed:
            return {"dict": [[self._put(key), self._put(one)] for key, one in values.items()]}
        table = self._table(values)
        ranges, new = table.take(list(values.values()), self._put)
        if new:
            self._new.append([table.number, new])
        return {"map": [table.number, _ranges(values), ranges]}


class Thawer:
    """Makes views of states, when it has read the tables up to them."""

    def __init__(self) -> None:
        self._tables: dict[int, list[Any]] = {}

    def read_table(self, data: Json) -> None:
        """Take what is new in the tables.

        Raises:
            RecordError: it is no such data.
        """
        with_sentence(self._read_table, data)

    def _read_table(self, data: Json) -> None:
        for number, new in data["new"]:
            self._tables.setdefault(number, []).extend(map(self._get, new))

    def thaw(self, data: Json) -> RunView:
        """Return the view of a state.

        Raises:
            RecordError: it is no such data.
        """
        found: RunView = with_sentence(lambda: self._get(data["view"]))
        return found

    def _get(self, data: Json) -> Any:
        if type(data) in _PLAIN:
            return data
        if isinstance(data, list):
            return [self._get(one) for one in data]
        ((word, of),) = data.items()
        match word:
            case "dict":
                return {self._get(key): self._get(one) for key, one in of}
            case "set":
                return {self._get(one) for one in of}
            case "deque":
                return deque(self._get(one) for one in of)
            case "tuple":
                return tuple(self._get(one) for one in of)
            case "enum":
                return _CLASSES[of[0]](of[1])
            case "list":
                table = self._tables.get(of[0], [])
                return [table[n] for n in _numbers(of[1])] + [self._get(one) for one in of[2]]
            case "map":
                table = self._tables.get(of[0], [])
                values = (table[n] for n in _numbers(of[2]))
                return dict(zip(_numbers(of[1]), values, strict=True))
            case "of":
                kind = _CLASSES[of[0]]
                parts = [self._get(one) for one in of[1:]]
                if issubclass(kind, tuple):
                    return kind(*parts)
                return kind(**dict(zip(_NAMES[kind], parts, strict=True)))
        made = _CLASSES[of[0]]()
        vars(made).update({name: self._get(one) for name, one in of[1].items()})
        return made


def with_sentence(make: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function makes of what a record says.

    Raises:
        RecordError: nothing can be made of it.
    """
    try:
        return make(*arguments)
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        if isinstance(error, RecordError):
            raise
        raise RecordError(_("it is damaged: {error}").format(error=error)) from error
