"""Wraps a module when it is first imported: a script that needs it not does not pay for it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    Change = Callable[[ModuleType], None]


class Finder:
    """Stands before the other finders, finds nothing itself, and changes what they load."""

    def __init__(
        self,
        changes: dict[str, Change],
        before: dict[str, Change],
        at_sight: dict[str, Callable[[], None]],
    ) -> None:
        self._changes, self._before, self._at_sight = changes, before, at_sight

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that another finder has, with a loader that changes the module afterwards."""
        if name in self._at_sight:
            self._at_sight[name]()
        change = self._changes.get(name)
        if change is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(  # type: ignore[assignment]
                        spec.loader, self._before.get(name), change
                    )
                return spec
        return None


class _Loader:
    """Another loader, and a change of what it loads."""

    def __init__(self, real: Any, before: Change | None, change: Change) -> None:
        self._real, self._before, self._change = real, before, change

    def __getattr__(self, name: str) -> Any:
        """Whatever else a loader has is the real one's."""
        return getattr(self._real, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """What the real loader makes."""
        module: ModuleType | None = self._real.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Lets the real loader fill the module, and changes it; nobody sees this loader then."""
        module.__loader__ = self._real
        if module.__spec__ is not None:
            module.__spec__.loader = self._real
        if self._before is not None:
            self._before(module)
        self._real.exec_module(module)
        try:  # noqa: SIM105 - `contextlib` would have to be imported
            self._change(module)
        except (AttributeError, OSError):
            pass  # Another Python's insides: what this module does is not seen.


def install(
    changes: dict[str, Change],
    before: dict[str, Change],
    at_sight: dict[str, Callable[[], None]],
) -> None:
    """Changes each module of these names when it is loaded, or now where it is there.

    What is in `before` is called just before a module of `changes` is filled, what is in
    `at_sight` before a module is even looked for.
    """
    for name, change in changes.items():
        if name in sys.modules:
            change(sys.modules[name])
    for name, call in at_sight.items():
        if name in sys.modules:
            call()
    sys.meta_path.insert(0, Finder(changes, before, at_sight))
