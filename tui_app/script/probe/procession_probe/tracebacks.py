"""Keeps the probe's own frames out of tracebacks, as they are no part of the script."""

from __future__ import annotations

import builtins
import sys

from .wrapping import HERE, like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType
    from typing import Any

_GROUP = getattr(builtins, "BaseExceptionGroup", None)  # from Python 3.11 on


def change_traceback(module: Any) -> None:
    """Wrap the functions with which `traceback` walks."""
    for name in ("walk_tb", "_walk_tb_with_full_positions"):
        if real := getattr(module, name, None):
            setattr(module, name, like(real, lambda tb, real=real: real(_without(tb))))
    real_stack = module.walk_stack

    def walk_stack(f: FrameType | None) -> Iterator[tuple[FrameType, int]]:
        if f is None:
            found: Iterator[tuple[FrameType, int]] = real_stack(f)
            return found
        return (pair for pair in real_stack(f) if not _is_ours(pair[0]))

    module.walk_stack = like(real_stack, walk_stack)


def change_threading(module: Any) -> None:
    """Do the same for what a thread prints that ends with an error."""
    real = module.excepthook

    def excepthook(args: Any, /) -> None:
        if args.exc_value is not None:
            args = type(args)((*args[:2], _clean(args.exc_value), args.thread))
        real(args)

    module.excepthook = module.__excepthook__ = like(real, excepthook)


def install() -> None:
    """Do the same for what the interpreter prints by itself."""
    real, real_unraisable = sys.excepthook, sys.unraisablehook

    def excepthook(kind: Any, error: Any, tb: Any, /) -> None:
        if isinstance(error, BaseException):
            _clean(error)
        real(kind, error, _without(tb) if hasattr(tb, "tb_frame") else tb)

    def unraisablehook(args: Any, /) -> None:
        if not hasattr(args, "exc_value"):
            real_unraisable(args)  # It says what is wrong.
            return
        if args.exc_value is not None:
            _clean(args.exc_value)
        kind, value, tb, *rest = args
        real_unraisable(type(args)((kind, value, _without(tb), *rest)))

    sys.excepthook = sys.__excepthook__ = like(real, excepthook)
    sys.unraisablehook = sys.__unraisablehook__ = like(real_unraisable, unraisablehook)


def _clean(error: BaseException) -> TracebackType | None:
    """Take the probe's frames from an error and from its causes; return its traceback."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        one = todo.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            one.__traceback__ = _without(one.__traceback__)
            todo += [one.__cause__, one.__context__]
            if _GROUP is not None and isinstance(one, _GROUP):
                todo += one.exceptions
    return error.__traceback__


def _without(tb: TracebackType | None) -> TracebackType | None:
    """Return the traceback without the probe's frames, if others are left."""
    kept: list[TracebackType] = []
    at, length = tb, 0
    while at is not None:
        if not _is_ours(at.tb_frame):
            kept.append(at)
        at, length = at.tb_next, length + 1
    if not kept or len(kept) == length:
        return tb
    make: type[TracebackType] = type(kept[0])
    result: TracebackType | None = None
    for one in reversed(kept):
        result = make(result, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return result


def _is_ours(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(HERE)
