"""Keeps the probe's own frames out of tracebacks: they are no part of the script."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType, TracebackType
    from typing import Any

_HERE = os.path.dirname(__file__) + os.sep  # noqa: PTH120


def change_traceback(module: ModuleType) -> None:
    """Wraps the functions by which `traceback` walks."""
    for name in ("walk_tb", "_walk_tb_with_full_positions"):
        real = getattr(module, name, None)
        if real is not None:
            setattr(module, name, lambda tb, real=real: real(_without(tb)))


def install() -> None:
    """Does the same for what an interpreter prints by itself."""

    def excepthook(kind: type[BaseException], error: BaseException, tb: Any) -> None:
        seen: set[int] = set()
        todo: list[BaseException | None] = [error]
        while todo:
            one = todo.pop()
            if one is not None and id(one) not in seen:
                seen.add(id(one))
                one.__traceback__ = _without(one.__traceback__)
                todo += [one.__cause__, one.__context__]
        sys.__excepthook__(kind, error, _without(tb))

    sys.excepthook = excepthook


def _without(tb: TracebackType | None) -> TracebackType | None:
    """The traceback without the probe's frames, as long as others are left."""
    kept: list[TracebackType] = []
    at = tb
    while at is not None:
        if not at.tb_frame.f_code.co_filename.startswith(_HERE):
            kept.append(at)
        at = at.tb_next
    if not kept:
        return tb
    make: type[TracebackType] = type(kept[0])
    result: TracebackType | None = None
    for one in reversed(kept):
        result = make(result, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return result
