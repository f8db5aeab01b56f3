"""What wrappers have in common: they look like what they wrap, and no script notices them."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HERE = os.path.dirname(__file__) + os.sep  # noqa: PTH120

_PASSED_OVER = f"{HERE}importlib._bootstrap"
"""`warnings` skips frames of files that are named so: a `stacklevel` counts the script's only."""

_NAMES = ("__name__", "__qualname__", "__module__", "__doc__")


def like(real: Any, wrapper: Any) -> Any:
    """Give a wrapper the name and the docstring of the function that it wraps; return it."""
    for name in _NAMES:
        setattr(wrapper, name, getattr(real, name))
    wrapper.__wrapped__ = real
    return hidden(wrapper)


def hidden(function: Any) -> Any:
    """Make `warnings` skip the frames of a function; return it."""
    function.__code__ = function.__code__.replace(co_filename=_PASSED_OVER)
    return function


class Builtin:
    """A wrapper of a built-in function.

    Like one, it does not become a method of a class that has it as an attribute.
    """

    def __init__(self, real: Any, wrapper: Callable[..., Any]) -> None:
        for name in (*_NAMES, "__text_signature__"):
            setattr(self, name, getattr(real, name))
        self._real, self._wrapper = real, wrapper

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Do what the built-in function does."""
        return self._wrapper(*args, **kwargs)

    def __repr__(self) -> str:
        return repr(self._real)

    def __reduce__(self) -> str:
        return self._real.__name__  # type: ignore[no-any-return]
