"""The objects that threads wait for: what they are, what they are called, and how full they are.

Nothing of the script's is run: objects are looked at through their `__dict__` only, and compared by
identity.
"""

from __future__ import annotations

import _thread
import os
import sys

from .feeders import arguments
from .frames import is_library, locals_of, script_place, stack
from .wrapping import like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType
    from typing import Any

    from .home import Value

MOST_OBJECTS = 100
MOST_ATTRIBUTES = 2_000
"""Objects whose attributes are looked through for a name."""

_SYNCHRONIZERS = (
    "multiprocessing.synchronize",
    "multiprocessing.queues",
    "multiprocessing.connection",
    "multiprocessing.managers",
    "multiprocessing.sharedctypes",
    "threading",
    "queue",
    "_queue",
    "_thread",
)
"""The modules whose objects are waited for."""

_UNBOUNDED = 2**30
"""The least bound of a queue of `multiprocessing` that was given none."""

_OWN_LOCKS = ("_rlock", "_cond", "_lock")
"""The attributes with the lock that tells an object of `multiprocessing` in every process."""

LOCK = type(_thread.allocate_lock())
RLOCK = _thread.RLock

_made: dict[int, tuple[Any, int, int]] = {}
"""By the `id` of each semaphore of `multiprocessing`: a weak reference to it, the process that made
it, and the line; 0: this process got it from another one."""


_named: dict[int, tuple[Any, str]] = {}
"""By the `id` of each object that was found by a name: a weak reference to it, and the name."""


def change_synchronize(module: Any) -> None:
    """Keep a list of the semaphores that there are: made here, or come from another process."""
    from _weakref import ref

    real = module.SemLock._make_methods

    def _make_methods(self: Any) -> None:
        real(self)
        made_here = sys._getframe(1).f_code.co_name == "__init__"
        line = script_place()[1] if made_here else 0
        key = id(self)
        _made[key] = (
            ref(self, lambda _: _made.pop(key, None)),
            os.getpid() if made_here else 0,
            line or 0,
        )

    module.SemLock._make_methods = like(real, _make_methods)


def semaphores() -> Iterator[Any]:
    """Yield the semaphores of `multiprocessing` that there are in this process."""
    for made, _pid, _line in list(_made.values()):
        thing = made()
        if thing is not None:
            yield thing


def counts_of(thing: Any, inside: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Return how full an object is: of a queue its items and its bound, of a barrier who is there.

    Of a semaphore, how many may still enter. No lock is taken.
    """
    if "_parties" in inside:
        array = inside.get("_array") or getattr(thing, "_array", None)
        return int(array[1] if array is not None else inside["_count"]), int(inside["_parties"])
    if "_sem" in inside and "_maxsize" in inside:
        most = int(inside["_maxsize"])
        return most - vars_of(inside["_sem"])[
            "_semlock"
        ]._get_value(), most if most < _UNBOUNDED else None
    if "maxsize" in inside and "queue" in inside:
        return len(inside["queue"]), int(inside["maxsize"]) or None
    if "_semlock" in inside:
        return int(inside["_semlock"]._get_value()), None
    if "_value" in inside and "_cond" in inside:
        return int(inside["_value"]), None
    return None, None


class Names:
    """The names of the objects that threads wait for, as the script calls them.

    A name is a global's of the main module, or an attribute's, or an element's of a list, of what
    such a global stands for; else likewise a local's, of the outermost frame first.

    Args:
        frames: the frame of each thread; those that began first stand first, as what they call an
            object is what it was bound to first.
    """

    def __init__(self, frames: Mapping[int, FrameType]) -> None:
        self._found: dict[int, tuple[Any, str]] = {}
        modules = ("__main__", "__mp_main__")
        scopes: list[Mapping[str, Any]] = [vars_of(sys.modules.get(name)) for name in modules]
        for frame in frames.values():
            outermost = [one for one in stack(frame) if not is_library(one)][::-1]
            scopes += [locals_of(one) for one in outermost]
        scopes.append(arguments())
        left = MOST_ATTRIBUTES
        for scope in scopes:
            owners = list(scope.items())
            for name, thing in owners:
                if is_synchronizer(thing):
                    self._add(thing, name)
            for name, owner in owners[: max(0, left)]:
                if not isinstance(owner, type(sys)) and not is_synchronizer(owner):
                    self._add_parts(name, owner)
            left -= len(owners)
        for thing in semaphores():
            self._add(thing, "")

    def _add_parts(self, name: str, owner: Any) -> None:
        for label, thing in parts_of(name, owner):
            if is_synchronizer(thing):
                self._add(thing, label)

    def _add(self, thing: Any, name: str) -> None:
        if id(thing) not in self._found and len(self._found) < MOST_OBJECTS:
            self._found[id(thing)] = (thing, _first_name(thing, name))

    def name(self, thing: Any) -> str:
        """Return the object's name; empty where it has none."""
        return self._found.get(id(thing), (thing, ""))[1]

    def at_address(self, address: int) -> Any:
        """Return the lock whose takers sleep on this futex; `None`: it is none of the known."""
        for thing, _name in list(self._found.values()):
            if address_of(thing) == address:
                return thing
        return None

    def fed_by(self, thread: Any) -> Any:
        """Return the queue that has this feeder thread; `None`: it is none of the known."""
        for thing, _name in list(self._found.values()):
            if vars_of(thing).get("_thread") is thread:
                return thing
        return None

    def told(self) -> list[dict[str, Value]]:
        """Return each object of `multiprocessing` that has a name, or is held by this process."""
        told: list[dict[str, Value]] = []
        for thing, name in self._found.values():
            key = key_of(thing)
            if key.startswith("s"):
                semlock = vars_of(thing).get("_semlock")
                made = _made.get(id(thing))
                told.append(
                    {
                        "key": key,
                        "name": name,
                        "type": type_name(type(thing)),
                        "held": semlock._count() if semlock is not None else 0,
                        "made": made is not None and made[1] == os.getpid(),
                        "line": made[2] if made is not None else 0,
                    }
                )
        return told


def _first_name(thing: Any, name: str) -> str:
    """Return the first name that an object was found by: frames that knew it may have ended."""
    from _weakref import ref

    key = id(thing)
    known = _named.get(key)
    if known is not None and known[0]() is thing:
        return known[1]
    if name:
        try:
            followed = ref(thing, lambda _: _named.pop(key, None))
        except TypeError:
            return name  # It is named anew each time.
        _named[key] = (followed, name)
    return name


def parts_of(name: str, owner: Any) -> Iterator[tuple[str, Any]]:
    """Yield the attributes or the elements of an object, each as the script would call it."""
    if type(owner) in (list, tuple):
        for index, thing in enumerate(owner[:MOST_OBJECTS]):
            yield f"{name}[{index}]", thing
    elif type(owner) is dict:
        for key, thing in list(owner.items())[:MOST_OBJECTS]:
            if type(key) in (str, int):
                yield f"{name}[{key!r}]", thing
    else:
        for attribute, thing in list(vars_of(owner).items()):
            if type(attribute) is str:
                yield f"{name}.{attribute}", thing


def is_synchronizer(thing: Any) -> bool:
    """Return whether threads may wait for this object."""
    return bool(module_of(thing))


def module_of(thing: Any) -> str:
    """Return the module of the standard library that an object's class comes from, if it is one."""
    for kind in _bases(type(thing)):
        module = type.__dict__["__module__"].__get__(kind)
        if module in _SYNCHRONIZERS or module == "subprocess":
            return str(module)
    return ""


def _bases(kind: type) -> tuple[type, ...]:
    bases: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return bases[:-1]


def type_name(kind: type) -> str:
    """Return the name of a class; of the script's own, that of the library's class below it."""
    for base in _bases(kind):
        if type.__dict__["__module__"].__get__(base) in (*_SYNCHRONIZERS, "subprocess"):
            return str(type.__dict__["__name__"].__get__(base))
    return str(type.__dict__["__name__"].__get__(kind))


def vars_of(thing: Any) -> Mapping[str, Any]:
    """Return an object's `__dict__`, without calling anything of its class."""
    try:
        inside = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return {}
    return inside if type(inside) is dict else {}


def key_of(thing: Any) -> str:
    """Return what tells the object apart: `s` and the address of its semaphore, else its `id`."""
    at: Any = thing
    for _depth in range(3):
        inside = vars_of(at)
        semlock = inside.get("_semlock")
        if semlock is not None:
            return f"s{semlock.handle}"
        at = next((inside[name] for name in _OWN_LOCKS if name in inside), None)
        if at is None:
            break
    handle = vars_of(thing).get("_handle")
    if "connection" in module_of(thing) and type(handle) is int:
        return f"f{handle}"
    return f"i{id(thing)}"


def line_made(thing: Any) -> int:
    """Return the line on which the script made the object; 0: not known."""
    at: Any = thing
    for _depth in range(3):
        made = _made.get(id(at))
        if made is not None:
            return made[2]
        inside = vars_of(at)
        at = next((inside[name] for name in _OWN_LOCKS if name in inside), None)
        if at is None:
            break
    return 0


def address_of(thing: Any) -> int:
    """Return the futex on which takers of this lock sleep; 0: it is no lock.

    A lock of `threading` points to its semaphore in the word behind the object's head.
    """
    if isinstance(thing, (LOCK, RLOCK)):
        return _word(id(thing) + 16)
    semlock = vars_of(thing).get("_semlock")
    return semlock.handle if semlock is not None else 0


def _word(address: int) -> int:
    try:
        fd = os.open("/proc/self/mem", os.O_RDONLY)
    except OSError:
        return 0
    try:
        return int.from_bytes(os.pread(fd, 8, address), sys.byteorder)
    except OSError:
        return 0
    finally:
        os.close(fd)


def futex_of(tid: int) -> int:
    """Return the address of the futex that a thread sleeps on; 0: it does not."""
    try:
        fd = os.open(f"/proc/self/task/{tid}/syscall", os.O_RDONLY)
    except OSError:
        return 0
    try:
        words = os.read(fd, 200).split()
    except OSError:
        return 0
    finally:
        os.close(fd)
    futex = (b"202", b"98") if os.uname().machine in ("x86_64", "aarch64") else ()
    return int(words[1], 16) if len(words) > 6 and words[0] in futex else 0
