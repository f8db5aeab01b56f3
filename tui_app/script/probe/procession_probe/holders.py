"""Which thread holds a lock of `threading`: such a lock does not know it, but the frames do."""

from __future__ import annotations

from .frames import is_library, locals_of, position, qualified_name, stack
from .objects import LOCK, RLOCK, key_of, type_name, vars_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import CodeType, FrameType
    from typing import Any

_ONLY_AST = 0x400
"""`ast.PyCF_ONLY_AST`; the module would have to be imported."""

_blocks: dict[str, list[Any]] = {}
"""The `with` statements of each file of the script."""


class Holders:
    """Which locks each thread holds, as far as that can be seen.

    Args:
        threads: each thread with its two numbers.
        frames: the frame of each, by the first number.
    """

    def __init__(
        self, threads: list[tuple[Any, int, int]], frames: Mapping[int, FrameType]
    ) -> None:
        self._threads, self._frames = threads, frames
        self._by_lock: dict[int, list[tuple[Any, int, int]]] | None = None

    def of(self, lock: Any, waiter: int) -> list[int]:
        """Return the numbers of the threads that hold the lock, but for who waits for it."""
        if isinstance(lock, RLOCK):
            _, _, rest = repr(lock).partition("owner=")
            owner = rest.split()[0] if rest else ""
            return [tid for _, ident, tid in self._threads if str(ident) == owner]
        if self._by_lock is None:
            self._by_lock = self._found()
        found = self._by_lock.get(id(lock), ())
        return [tid for held, ident, tid in found if held is lock and ident != waiter]

    def _found(self) -> dict[int, list[tuple[Any, int, int]]]:
        """Return who holds each lock, by the lock's `id`."""
        found: dict[int, list[tuple[Any, int, int]]] = {}
        for _, ident, tid in self._threads:
            frame = self._frames.get(ident)
            # Who waits for a condition has given its lock away.
            if any(qualified_name(one) == "Condition.wait" for one in stack(frame)):
                continue
            held = {id(lock): lock for lock in held_by(frame)}
            for key, lock in held.items():
                found.setdefault(key, []).append((lock, ident, tid))
        return found


def held_keys(frame: FrameType | None) -> list[str]:
    """Return what tells the locks apart in whose `with` blocks a thread is."""
    return [key_of(thing) for thing in held_by(frame)]


def held_by(frame: FrameType | None) -> list[Any]:
    """Return the locks in whose `with` blocks a thread is."""
    return [thing for one in stack(frame) if not is_library(one) for thing in _held(one)]


def _held(frame: FrameType) -> Iterator[Any]:
    """Yield the locks whose `with` blocks a frame is in."""
    blocks = _with_blocks(frame.f_code)
    if not blocks:
        return
    line, _, column, _ = position(frame)
    for node in blocks:
        if line > node.end_lineno:
            continue
        # While a lock is taken or released, the frame stands on the statement's head.
        if (line, column) >= (node.body[0].lineno, node.body[0].col_offset):
            for item in node.items:
                thing = _value(item.context_expr, frame)
                if isinstance(thing, (LOCK, RLOCK)) or type_name(type(thing)) in ("Lock", "RLock"):
                    yield thing
                elif type(vars_of(thing).get("_lock")) is LOCK:
                    yield vars_of(thing)["_lock"]


def _with_blocks(code: CodeType) -> list[Any]:
    """Return the `with` statements of the file that some code is from."""
    name = code.co_filename
    if name not in _blocks:
        try:
            with open(name, "rb") as file:  # noqa: PTH123
                tree = compile(file.read(), name, "exec", _ONLY_AST, dont_inherit=True)
        except (OSError, SyntaxError, ValueError):
            tree = None
        _blocks[name] = [node for node in _nodes(tree) if type(node).__name__ == "With"]
    return _blocks[name]


def _nodes(tree: Any) -> Iterator[Any]:
    """Yield the statements of a tree: `ast` would have to be imported."""
    todo = [tree] if tree is not None else []
    while todo:
        node = todo.pop()
        yield node
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(node, field, None)
            if type(below) is list:
                todo += below


def _value(node: Any, frame: FrameType) -> Any:
    """Return what an expression stands for, found without running anything of the script's."""
    kind = type(node).__name__
    if kind == "Name":
        for scope in (locals_of(frame), frame.f_globals):
            if node.id in scope:
                return scope[node.id]
    elif kind == "Attribute":
        return vars_of(_value(node.value, frame)).get(node.attr)
    elif kind == "Subscript":
        box, key = _value(node.value, frame), node.slice
        at = key.value if type(key).__name__ == "Constant" else _value(key, frame)
        if type(box) in (list, tuple) and type(at) is int and -len(box) <= at < len(box):
            return box[at]
        if type(box) is dict and type(at) in (str, int):
            return box.get(at)
    return None
