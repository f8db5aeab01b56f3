"""Wraps a module when it is first imported: a script that does not import it pays nothing."""

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
    """A finder that comes before the others, finds nothing, and changes what they load."""

    def __init__(self, changes: dict[str, Change], at_sight: dict[str, Callable[[], None]]) -> None:
        self._changes, self._at_sight = changes, at_sight

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return another finder's spec, with a loader that changes the module afterwards."""
        if name in self._at_sight:
            self._at_sight[name]()
        change = self._changes.get(name)
        if change is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader, change)  # type: ignore[assignment]
                return spec
        return None


class _Loader:
    """A loader that changes what another one loads."""

    def __init__(self, real: Any, change: Change) -> None:
        self._real, self._change = real, change

    def __getattr__(self, name: str) -> Any:
        """Return whatever else the real loader has."""
        return getattr(self._real, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return the module that the real loader makes."""
        module: ModuleType | None = self._real.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Let the real loader fill the module, and change it; nobody sees this loader then."""
        module.__loader__ = self._real
        if module.__spec__ is not None:
            module.__spec__.loader = self._real
        self._real.exec_module(module)
        try:  # noqa: SIM105 - `contextlib` would have to be imported
            self._change(module)
        except (AttributeError, OSError):
            pass  # This Python has other insides: what the module does is not reported.


def install(changes: dict[str, Change], at_sight: dict[str, Callable[[], None]]) -> None:
    """Change each module of these names when it is loaded, or now where it is there.

    What is in `at_sight` is called before the module is even looked for.
    """
    for name, change in changes.items():
        if name in sys.modules:
            change(sys.modules[name])
    for name, call in at_sight.items():
        if name in sys.modules:
            call()
    sys.meta_path.insert(0, Finder(changes, at_sight))
