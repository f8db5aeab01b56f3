"""What wrappers have in common: they look like what they wrap, also to `pickle`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_NAMES = ("__name__", "__qualname__", "__module__", "__doc__")


def like(real: Any, wrapper: Any) -> Any:
    """The wrapper, a function, under the name and the words of the function that it wraps."""
    for name in _NAMES:
        setattr(wrapper, name, getattr(real, name))
    wrapper.__wrapped__ = real
    return wrapper


class Builtin:
    """Stands for a built-in function of a module.

    Like one, it does not become a method of a class that has it as an attribute.
    """

    def __init__(self, real: Any, wrapper: Callable[..., Any]) -> None:
        for name in (*_NAMES, "__text_signature__"):
            setattr(self, name, getattr(real, name))
        self._real, self._wrapper = real, wrapper

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """What the built-in function does."""
        return self._wrapper(*args, **kwargs)

    def __repr__(self) -> str:
        return repr(self._real)

    def __reduce__(self) -> str:
        return self._real.__name__  # type: ignore[no-any-return]
