"""What a wait is called: its kind and its object, from what the system and the process tell."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from tui_app.events import WaitKind
from tui_app.script.process_names import thread_name
from tui_app.script.waits.answers import CallPlace, ThreadStanding
from tui_app.script.waits.kernel import Call, Sleep, target

LONGEST_NAME = 60
"""Characters of a name that are kept."""

_SYNCHRONIZE, _QUEUES = "multiprocessing.synchronize:", "multiprocessing.queues:"
_CONNECTION = "multiprocessing.connection:"

_FUNCTIONS: Mapping[str, WaitKind] = {
    f"{_SYNCHRONIZE}SemLock.__enter__": WaitKind.LOCK,
    f"{_SYNCHRONIZE}Condition.__enter__": WaitKind.LOCK,
    f"{_SYNCHRONIZE}Condition.wait": WaitKind.CONDITION,
    f"{_SYNCHRONIZE}Condition.wait_for": WaitKind.CONDITION,
    f"{_SYNCHRONIZE}Event.wait": WaitKind.EVENT,
    f"{_SYNCHRONIZE}Event.set": WaitKind.LOCK,
    f"{_SYNCHRONIZE}Event.is_set": WaitKind.LOCK,
    f"{_SYNCHRONIZE}Event.clear": WaitKind.LOCK,
    f"{_QUEUES}Queue.get": WaitKind.QUEUE_GET,
    f"{_QUEUES}Queue.put": WaitKind.QUEUE_PUT,
    f"{_QUEUES}Queue.join_thread": WaitKind.FEEDER,
    f"{_QUEUES}Queue._finalize_join": WaitKind.FEEDER,
    f"{_QUEUES}SimpleQueue.get": WaitKind.QUEUE_GET,
    f"{_QUEUES}SimpleQueue.put": WaitKind.QUEUE_PUT,
    f"{_QUEUES}JoinableQueue.put": WaitKind.QUEUE_PUT,
    f"{_QUEUES}JoinableQueue.join": WaitKind.QUEUE_JOIN,
    f"{_CONNECTION}_ConnectionBase.recv": WaitKind.RECEIVE,
    f"{_CONNECTION}_ConnectionBase.recv_bytes": WaitKind.RECEIVE,
    f"{_CONNECTION}_ConnectionBase.recv_bytes_into": WaitKind.RECEIVE,
    f"{_CONNECTION}_ConnectionBase.poll": WaitKind.POLL,
    f"{_CONNECTION}_ConnectionBase.send": WaitKind.SEND,
    f"{_CONNECTION}_ConnectionBase.send_bytes": WaitKind.SEND,
    f"{_CONNECTION}wait": WaitKind.POLL,
    "multiprocessing.managers:BaseProxy._callmethod": WaitKind.MANAGER,
    "multiprocessing.process:BaseProcess.start": WaitKind.START,
    "threading:Barrier.wait": WaitKind.BARRIER,
    "threading:Condition.__enter__": WaitKind.LOCK,
    "threading:Condition.wait": WaitKind.CONDITION,
    "threading:Condition.wait_for": WaitKind.CONDITION,
    "threading:Event.wait": WaitKind.EVENT,
    "threading:Semaphore.acquire": WaitKind.SEMAPHORE,
    "threading:Thread.join": WaitKind.THREAD,
    "threading:Timer.run": WaitKind.SLEEP,
    "threading:_shutdown": WaitKind.THREAD,
    "queue:Queue.get": WaitKind.QUEUE_GET,
    "queue:Queue.put": WaitKind.QUEUE_PUT,
    "queue:Queue.join": WaitKind.QUEUE_JOIN,
    "concurrent.futures.thread:ThreadPoolExecutor.shutdown": WaitKind.SHUTDOWN,
    "concurrent.futures.thread:_python_exit": WaitKind.THREAD,
    "concurrent.futures._base:Future.result": WaitKind.RESULT,
    "concurrent.futures._base:Future.exception": WaitKind.EXCEPTION,
    "concurrent.futures._base:wait": WaitKind.WAIT,
    "concurrent.futures._base:as_completed": WaitKind.AS_COMPLETED,
}
"""The kind of a wait, by the function of the library that the script has called."""

_MODULES: Mapping[str, WaitKind] = {
    "asyncio": WaitKind.LOOP,
    "multiprocessing.forkserver": WaitKind.START,
    "multiprocessing.managers": WaitKind.MANAGER,
    "multiprocessing.popen_fork": WaitKind.START,
    "multiprocessing.popen_forkserver": WaitKind.START,
    "multiprocessing.popen_spawn_posix": WaitKind.START,
    "multiprocessing.resource_tracker": WaitKind.START,
    "multiprocessing.util": WaitKind.START,
    "subprocess": WaitKind.PROGRAM,
}
"""The same by the function's module, where the function is none of those."""

_METHODS: Mapping[str, WaitKind] = {
    "acquire": WaitKind.LOCK,
    "get": WaitKind.QUEUE_GET,
    "put": WaitKind.QUEUE_PUT,
    "join": WaitKind.THREAD,
}
"""The same by the method that the script has called, where no function of the library runs."""

_POOLS = ("concurrent.futures.thread:_worker", "multiprocessing.pool:worker")
"""The functions in which a pool's thread waits for a call to run."""

_SEMAPHORES = ("Semaphore", "BoundedSemaphore")

_OF_CALLS: Mapping[Call, WaitKind] = {
    Call.READ: WaitKind.READ,
    Call.WRITE: WaitKind.WRITE,
    Call.CONNECT: WaitKind.SOCKET,
    Call.POLL: WaitKind.SELECT,
    Call.SELECT: WaitKind.SELECT,
    Call.EPOLL: WaitKind.SELECT,
    Call.CHILD: WaitKind.CHILD,
    Call.SLEEP: WaitKind.SLEEP,
    Call.SIGNAL: WaitKind.SIGNAL,
    Call.FLOCK: WaitKind.FILE_LOCK,
    Call.OTHER: WaitKind.CALL,
}

_WITHOUT_OBJECT = (
    WaitKind.START,
    WaitKind.LOOP,
    WaitKind.STOPPED,
    WaitKind.SLEEP,
    WaitKind.IDLE,
)

_OF_FUTURES = (WaitKind.RESULT, WaitKind.EXCEPTION)

_SYSTEM = (*_OF_CALLS.values(), WaitKind.OTHER_THREAD, WaitKind.OTHER_PROCESS)
"""Kinds whose object is the script's call."""


def kind_of(pid: int, sleep: Sleep, standing: ThreadStanding | None) -> WaitKind:
    """Return what a thread waits for: by what its process tells, else by what the system tells."""
    if sleep.stopped:
        return WaitKind.STOPPED
    if standing is not None and (found := _kind_inside(sleep, standing)):
        return found
    if sleep.call is Call.FUTEX:
        return WaitKind.OTHER_THREAD if sleep.private else WaitKind.OTHER_PROCESS
    if sleep.call in (Call.READ, Call.WRITE) and target(pid, sleep.fds[0]).startswith("socket:"):
        return WaitKind.SOCKET
    return _OF_CALLS[sleep.call]


def _kind_inside(sleep: Sleep, standing: ThreadStanding) -> WaitKind | None:
    if standing.timeout is not None:
        return WaitKind.SLEEP  # Before Python 3.11, `time.sleep` is a `select` of nothing.
    if sleep.call is Call.FUTEX and standing.frames[-1:] and standing.frames[-1] in _POOLS:
        return WaitKind.IDLE
    for frame in standing.frames:
        if (found := _FUNCTIONS.get(frame)) is not None:
            if found is WaitKind.LOCK and standing.type in _SEMAPHORES:
                return WaitKind.SEMAPHORE
            return found
    for frame in standing.frames:
        module, _, function = frame.partition(":")
        if function == "<module>":
            continue  # It is imported.
        found = _MODULES.get(module) or _MODULES.get(module.partition(".")[0])
        if found is not None:
            return found
    if sleep.call is Call.FUTEX and standing.type.startswith("Synchronized"):
        return WaitKind.LOCK
    if sleep.call is not Call.FUTEX or standing.frames:
        return None
    if standing.type in _SEMAPHORES:
        return WaitKind.SEMAPHORE
    if standing.type in ("lock", "Lock", "RLock"):
        return WaitKind.LOCK
    method = called(standing.place).rpartition(".")[2] if standing.place else ""
    return _METHODS.get(method)


def object_of(kind: WaitKind, standing: ThreadStanding | None, name: str = "") -> str | None:
    """Return what is waited for, as the script calls it; `None`: it has no name.

    Args:
        kind: the kind of the wait.
        standing: what the process tells, if it was asked.
        name: the object's name in the process that made it, if it is known.
    """
    if standing is None or kind in _WITHOUT_OBJECT:
        return None
    call = called(standing.place) if standing.place is not None else ""
    if kind in _SYSTEM or kind is WaitKind.MANAGER:
        return _short(f"{call}()") if call else None
    if kind in (WaitKind.THREAD, WaitKind.PROGRAM) and standing.called:
        return _short(thread_name(standing.called))
    if found := name or standing.object:
        # A future's waiters sleep on its condition.
        return _short(found.removesuffix("._condition") if kind in _OF_FUTURES else found)
    if not standing.key and "." in call:
        return _short(call.rpartition(".")[0])
    if standing.type and standing.made:
        return f"{standing.type} (line {standing.made})"
    return None


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def called(place: CallPlace | None) -> str:
    """Return the function of the call that stands at a place, as the script has it: `os.read`."""
    if place is None:
        return ""
    try:
        changed = Path(place.file).stat().st_mtime
    except (OSError, ValueError):
        return ""
    return _calls(place.file, changed).get((place.line, place.column, place.end, place.last), "")


@lru_cache(maxsize=50)
def _calls(file: str, changed: float) -> Mapping[tuple[int, int, int, int], str]:
    """Return the functions of all calls in a file, by where the calls stand."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return {}
    return {
        (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0): ast.unparse(
            node.func
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
