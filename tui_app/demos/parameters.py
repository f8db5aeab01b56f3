"""A script's parameters: the plain assignments at its top, and copies with other values."""

from __future__ import annotations

import ast
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tui_app.language import N_, _
from tui_app.system import guest

Value = int | float | str | None | tuple[int | float, ...]

LARGEST_COUNT = 1_000
"""The largest number of processes, calls and the like …"""

LARGER = 100
"""… unless the script's own number is larger: then so many times as much."""

LARGEST_NUMBER = 10**9
"""The largest number of any kind. `inf` and `nan` are not below it."""


def number(values: Mapping[str, Value], name: str) -> float:
    """Return the value of a parameter that is a number."""
    value = values[name]
    assert isinstance(value, int | float)
    return value


def written(value: Value) -> str:
    """Return a value as it is written in a script."""
    return repr(list(value) if isinstance(value, tuple) else value)


class ParameterError(ValueError):
    """An error: no such parameter, or a value that it cannot have. Its text is one sentence."""


class ParameterKind(StrEnum):
    """What a parameter is, which decides what values it may have."""

    COUNT = "count"
    COUNT_OR_NONE = "count or None"
    SECONDS = "seconds"
    SECONDS_LIST = "list of seconds"
    PATIENCE = "seconds or None"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """An assignment at the top of a script, `NAME = value`, that one may change.

    Attributes:
        name: The name, in capitals.
        value: The script's own value.
        kind: What other values it may have.
        line: Its line in the script, from 1.
        columns: From where to where its value stands in that line, in bytes of UTF-8.
        written: The text of its value there.
    """

    name: str
    value: Value
    kind: ParameterKind
    line: int
    columns: tuple[int, int]
    written: str

    @property
    def largest(self) -> int:
        """The largest count that it may have."""
        own = self.value if self.kind is ParameterKind.COUNT and isinstance(self.value, int) else 0
        if guest.only_demos():
            return max(own, guest.MOST_COUNT)
        return LARGEST_COUNT if own <= LARGEST_COUNT else own * LARGER

    def parse(self, text: str) -> Value:
        """Return the value that a text says, as one would write it in the script.

        Raises:
            ParameterError: It says no value, or one that this parameter cannot have.
        """
        try:
            with warnings.catch_warnings(action="ignore"):
                value = ast.literal_eval(text.strip())
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            value = text
        if isinstance(value, list):
            value = tuple(value)
        if guest.only_demos() and not (value == self.value or self._is_for_guests(value)):
            sentence = _("{name} takes numbers here, up to {most} of them, not {text!r}")
            raise ParameterError(sentence.format(name=self.name, most=guest.MOST_COUNT, text=text))
        if not _fits(self.kind, value, self.largest):
            raise ParameterError(
                _("{name} is {meaning}, not {text!r}").format(
                    name=self.name,
                    meaning=_(_MEANINGS[self.kind]).format(largest=self.largest),
                    text=text,
                )
            )
        return value  # type: ignore[no-any-return]

    def _is_for_guests(self, value: object) -> bool:
        """Tell whether a value is a number, or a list of a few numbers."""
        own = len(self.value) if isinstance(self.value, tuple) else 1
        listed = value if isinstance(value, tuple) else (value,)
        return len(listed) <= max(own, guest.MOST_COUNT) and all(
            isinstance(one, int | float) for one in listed
        )


_MEANINGS = {
    ParameterKind.COUNT: N_("a whole number from 1 to {largest}"),
    ParameterKind.COUNT_OR_NONE: N_("a whole number from 1 to {largest}, or None"),
    ParameterKind.SECONDS: N_("a number of seconds, 0 or more"),
    ParameterKind.PATIENCE: N_("a number of seconds, or None for ever"),
    ParameterKind.SECONDS_LIST: N_("a list of seconds, such as [5, 4, 3, 2, 1]"),
    ParameterKind.NUMBER: N_("a number"),
    ParameterKind.TEXT: N_("a text"),
}


def parameters(source: str) -> tuple[Parameter, ...]:
    """Return the parameters of a script, in their order; none where it is no valid Python.

    Where a name is assigned twice, the later assignment is the parameter.
    """
    try:
        # Python's warnings about a script that is being typed are not for the terminal.
        with warnings.catch_warnings(action="ignore"):
            body = ast.parse(source).body
        lines = _lines(source)
        found = (_parameter(node, lines) for node in body)
        return tuple({one.name: one for one in found if one is not None}.values())
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ()


def _parameter(node: ast.stmt, lines: list[str]) -> Parameter | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=expression) if name.isupper():
            try:
                value = ast.literal_eval(expression)
            except (ValueError, TypeError):
                return None
            value = tuple(value) if isinstance(value, list) else value
            kind = _kind(name, value)
            start, end = expression.col_offset, expression.end_col_offset
            if kind is None or end is None or expression.end_lineno != expression.lineno:
                return None
            written = lines[expression.lineno - 1].encode()[start:end].decode()
            return Parameter(name, value, kind, expression.lineno, (start, end), written)
    return None


def _lines(source: str) -> list[str]:
    """Return the lines as Python counts them, with their ends. A form feed ends no line."""
    return list(io.StringIO(source, newline=""))


def _kind(name: str, value: object) -> ParameterKind | None:
    """Return the first kind that a script's own value fits; None where it is no parameter."""
    if name == "PATIENCE" and _fits(ParameterKind.PATIENCE, value):
        return ParameterKind.PATIENCE
    if value is None:
        return ParameterKind.COUNT_OR_NONE
    seconds = [ParameterKind.SECONDS] if name == "SECONDS" else []
    counts = [ParameterKind.COUNT, ParameterKind.NUMBER]
    kinds = [ParameterKind.TEXT, ParameterKind.SECONDS_LIST, *seconds, *counts]
    return next((kind for kind in kinds if _fits(kind, value, LARGEST_NUMBER)), None)


def _fits(kind: ParameterKind, value: object, largest: int = LARGEST_COUNT) -> bool:
    match kind:
        case ParameterKind.TEXT:
            return isinstance(value, str)
        case ParameterKind.SECONDS_LIST:
            return (
                isinstance(value, tuple)
                and 0 < len(value) <= LARGEST_COUNT
                and all(_fits(ParameterKind.SECONDS, one) for one in value)
            )
        case ParameterKind.COUNT_OR_NONE | ParameterKind.PATIENCE if value is None:
            return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    match kind:
        case ParameterKind.COUNT | ParameterKind.COUNT_OR_NONE:
            return isinstance(value, int) and 1 <= value <= largest
        case ParameterKind.SECONDS | ParameterKind.PATIENCE:
            return 0 <= value <= LARGEST_NUMBER
    return -LARGEST_NUMBER <= value <= LARGEST_NUMBER


def with_values(source: str, values: Mapping[str, Value]) -> str:
    """Return a script with other values in its assignments; every line stays where it is.

    Raises:
        ParameterError: It has no such parameter.
    """
    known = {parameter.name: parameter for parameter in parameters(source)}
    for name in values:
        if name not in known:
            here = ", ".join(known) or _("none")
            raise ParameterError(
                _("there is no parameter {name}; the script's are: {here}").format(
                    name=name, here=here
                )
            )
    lines = _lines(source)
    # From the last to the first, so that the columns of those before stay right.
    changed = [one for one in known.values() if one.name in values]
    for parameter in sorted(changed, key=lambda one: (one.line, one.columns), reverse=True):
        value = values[parameter.name]
        start, end = parameter.columns
        line = lines[parameter.line - 1].encode()
        lines[parameter.line - 1] = (line[:start] + written(value).encode() + line[end:]).decode()
    return "".join(lines)


def other_values(source: str, text: str) -> dict[str, Value] | None:
    """Return the values with which `source` becomes `text`; None where more than values differs."""
    own = {parameter.name: parameter for parameter in parameters(source)}
    values = {one.name: one.value for one in parameters(text) if one.name in own}
    for name, value in values.items():
        if not _fits(own[name].kind, value, own[name].largest):
            return None
    changed = {name: value for name, value in values.items() if value != own[name].value}
    return changed if with_values(source, changed) == text else None
