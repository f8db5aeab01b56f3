"""A script's parameters: its plain assignments at the top, and a copy of it with other values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Value = int | float | str | None | tuple[int | float, ...]

LARGEST_COUNT = 1_000
"""Of processes, calls and the like."""

LARGER = 100
"""Where the script's own count is larger than that, so many times as much is the most."""


class ParameterError(ValueError):
    """A parameter that is not there, or a value that it cannot have; the text is one sentence."""


class Kind(StrEnum):
    """What a parameter is, and so what it may be."""

    COUNT = "count"
    COUNT_OR_NONE = "count or None"
    SECONDS = "seconds"
    SECONDS_LIST = "list of seconds"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """An assignment at the top of a script, `NAME = value`, that one may change.

    Attributes:
        name: in capitals, as it stands there.
        value: the script's own.
        kind: what other values it may have.
        line: its line in the script, from 1.
        columns: where its value stands in that line, in bytes of UTF-8.
    """

    name: str
    value: Value
    kind: Kind
    line: int
    columns: tuple[int, int]

    @property
    def largest(self) -> int:
        """The largest count that it may be."""
        own = self.value if self.kind is Kind.COUNT and isinstance(self.value, int) else 0
        return LARGEST_COUNT if own <= LARGEST_COUNT else own * LARGER

    def parse(self, text: str) -> Value:
        """The value that is written in `text`, as one would write it in the script.

        Raises:
            ParameterError: it is none, or none that this parameter can have.
        """
        try:
            value = ast.literal_eval(text.strip())
        except (ValueError, SyntaxError):
            value = text
        if isinstance(value, list):
            value = tuple(value)
        if not _fits(self.kind, value, self.largest):
            meaning = _MEANINGS[self.kind].format(largest=self.largest)
            raise ParameterError(f"{self.name} is {meaning}, not {text!r}")
        return value  # type: ignore[no-any-return]


_MEANINGS = {
    Kind.COUNT: "a whole number from 1 to {largest}",
    Kind.COUNT_OR_NONE: "a whole number from 1 to {largest}, or None",
    Kind.SECONDS: "a number of seconds, 0 or more",
    Kind.SECONDS_LIST: "a list of seconds, such as [5, 4, 3, 2, 1]",
    Kind.NUMBER: "a number",
    Kind.TEXT: "a text",
}


def parameters(source: str) -> tuple[Parameter, ...]:
    """The parameters of a script, in their order; none of one that cannot be read as Python."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return ()
    return tuple(found for node in body if (found := _parameter(node)) is not None)


def _parameter(node: ast.stmt) -> Parameter | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=expression) if name.isupper():
            try:
                value = ast.literal_eval(expression)
            except ValueError:
                return None
            value = tuple(value) if isinstance(value, list) else value
            kind = _kind(name, value)
            end = expression.end_col_offset
            if kind is None or end is None or expression.end_lineno != expression.lineno:
                return None
            return Parameter(name, value, kind, expression.lineno, (expression.col_offset, end))
    return None


def _kind(name: str, value: object) -> Kind | None:
    if isinstance(value, str):
        return Kind.TEXT
    if isinstance(value, tuple):
        return Kind.SECONDS_LIST if _fits(Kind.SECONDS_LIST, value) else None
    if value is None:
        return Kind.COUNT_OR_NONE
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if name == "SECONDS":
        return Kind.SECONDS
    return Kind.COUNT if isinstance(value, int) and value > 0 else Kind.NUMBER


def _fits(kind: Kind, value: object, largest: int = LARGEST_COUNT) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(value, str)
        case Kind.SECONDS_LIST:
            return (
                isinstance(value, tuple)
                and 0 < len(value) <= LARGEST_COUNT
                and all(_fits(Kind.SECONDS, one) for one in value)
            )
        case Kind.COUNT_OR_NONE if value is None:
            return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    match kind:
        case Kind.COUNT | Kind.COUNT_OR_NONE:
            return isinstance(value, int) and 1 <= value <= largest
        case Kind.SECONDS:
            return 0 <= value < float("inf")
    return True


def with_values(source: str, values: Mapping[str, Value]) -> str:
    """The script with other values in its assignments; every line stays where it is.

    Raises:
        ParameterError: there is no such parameter in it.
    """
    known = {parameter.name: parameter for parameter in parameters(source)}
    lines = source.splitlines(keepends=True)
    for name, value in values.items():
        if name not in known:
            here = ", ".join(known) or "none"
            raise ParameterError(f"there is no parameter {name}; the script's are: {here}")
        parameter = known[name]
        start, end = parameter.columns
        line = lines[parameter.line - 1].encode()
        text = repr(list(value) if isinstance(value, tuple) else value)
        lines[parameter.line - 1] = (line[:start] + text.encode() + line[end:]).decode()
    return "".join(lines)
