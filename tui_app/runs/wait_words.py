"""What a process waits for, in words: a sentence for lists, and a label for the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_app.events import Deadlock, LoopBlocked, ThreadKind, Waiting, WaitKind
from tui_app.language import N_, _, counted
from tui_app.runs.lanes import ProcessRow, lane_name
from tui_app.script.waits.deadlocks import told_waits

LEAST_SHORT_WAITS = 0.1
"""Seconds of short waits that are told in a row."""

_SENTENCES: dict[str, str] = {
    WaitKind.JOIN: N_("waits in join() for {what}"),
    WaitKind.RESULT: N_("waits for the result of {what}"),
    WaitKind.EXCEPTION: N_("waits for the end of {what}"),
    WaitKind.AS_COMPLETED: N_("waits in as_completed() for the next future"),
    WaitKind.WAIT: N_("waits in wait() for futures"),
    WaitKind.SHUTDOWN: N_("waits for its pool: the end of the with block, or shutdown()"),
    WaitKind.GET: N_("waits in get() for a pool's result"),
    WaitKind.NEXT: N_("waits for the pool's next result"),
    WaitKind.EXIT: N_("has done its last line, and waits for {what}"),
    WaitKind.SLEEP: N_("sleeps {what}"),
    WaitKind.START: N_("waits until a process has started"),
    WaitKind.LOCK: N_("waits for the lock {what}; who has it is unknown"),
    WaitKind.SEMAPHORE: N_("waits for the semaphore {what}"),
    WaitKind.EVENT: N_("waits until the event {what} is set"),
    WaitKind.CONDITION: N_("waits for the condition {what}"),
    WaitKind.BARRIER: N_("waits at the barrier {what}"),
    WaitKind.QUEUE_GET: N_("waits in get() for an item of {what}"),
    WaitKind.QUEUE_PUT: N_("waits in put() for room in {what}"),
    WaitKind.QUEUE_JOIN: N_("waits in join() until all items of {what} are done"),
    WaitKind.RECEIVE: N_("waits in recv() for {what}"),
    WaitKind.POLL: N_("waits in poll() for {what}"),
    WaitKind.SEND: N_("waits in send() for room in {what}"),
    WaitKind.THREAD: N_("waits in join() for {what}"),
    WaitKind.FEEDER: N_("waits until its items of {what} are read"),
    WaitKind.MANAGER: N_("waits for the manager: {what}"),
    WaitKind.PROGRAM: N_("waits for the program {what}"),
    WaitKind.LOOP: N_("waits in its event loop: all its tasks wait"),
    WaitKind.CHILD: N_("waits for the end of a child: {what}"),
    WaitKind.READ: N_("waits for something to read: {what}"),
    WaitKind.WRITE: N_("waits until it can write: {what}"),
    WaitKind.SOCKET: N_("waits for a socket: {what}"),
    WaitKind.SELECT: N_("waits for one of several files: {what}"),
    WaitKind.SIGNAL: N_("waits for a signal: {what}"),
    WaitKind.FILE_LOCK: N_("waits for the lock of a file: {what}"),
    WaitKind.OTHER_THREAD: N_("waits for another thread: {what}"),
    WaitKind.OTHER_PROCESS: N_("waits for another process: {what}"),
    WaitKind.STOPPED: N_("is stopped by a signal"),
    WaitKind.CALL: N_("waits in {what}"),
    WaitKind.IDLE: N_("waits for a call to run"),
    WaitKind.GIL: N_("waits for the GIL"),
    WaitKind.TURN: N_("waits for its turn in the event loop"),
    WaitKind.TASK: N_("awaits {what}"),
    WaitKind.GATHER: N_("awaits several tasks"),
    WaitKind.EXECUTOR: N_("awaits {what} in another thread or process"),
    WaitKind.STREAM: N_("awaits a connection"),
    WaitKind.FUTURE: N_("awaits {what}"),
}

_NAMELESS: dict[str, str] = {
    WaitKind.JOIN: N_("waits in join() for a process"),
    WaitKind.RESULT: N_("waits for the result of a call"),
    WaitKind.EXCEPTION: N_("waits for the end of a call"),
    WaitKind.EXIT: N_("has done its last line, and waits for the processes that it started"),
    WaitKind.SLEEP: N_("sleeps"),
    WaitKind.LOCK: N_("waits for a lock; who has it is unknown"),
    WaitKind.SEMAPHORE: N_("waits for a semaphore"),
    WaitKind.EVENT: N_("waits until an event is set"),
    WaitKind.CONDITION: N_("waits for a condition"),
    WaitKind.BARRIER: N_("waits at a barrier"),
    WaitKind.QUEUE_GET: N_("waits in get() for an item of a queue"),
    WaitKind.QUEUE_PUT: N_("waits in put() for room in a queue"),
    WaitKind.QUEUE_JOIN: N_("waits in join() until all items of a queue are done"),
    WaitKind.RECEIVE: N_("waits in recv() for a connection"),
    WaitKind.POLL: N_("waits in poll() for a connection"),
    WaitKind.SEND: N_("waits in send() for room in a connection"),
    WaitKind.THREAD: N_("waits in join() for a thread"),
    WaitKind.FEEDER: N_("waits until its items of a queue are read"),
    WaitKind.MANAGER: N_("waits for the manager"),
    WaitKind.PROGRAM: N_("waits for another program"),
    WaitKind.CHILD: N_("waits for the end of a child"),
    WaitKind.READ: N_("waits for something to read"),
    WaitKind.WRITE: N_("waits until it can write"),
    WaitKind.SOCKET: N_("waits for a socket"),
    WaitKind.SELECT: N_("waits for one of several files"),
    WaitKind.SIGNAL: N_("waits for a signal"),
    WaitKind.FILE_LOCK: N_("waits for the lock of a file"),
    WaitKind.OTHER_THREAD: N_("waits for another thread"),
    WaitKind.OTHER_PROCESS: N_("waits for another process"),
    WaitKind.CALL: N_("waits in the system"),
    WaitKind.TASK: N_("awaits another task"),
    WaitKind.EXECUTOR: N_("awaits a call in another thread or process"),
    WaitKind.FUTURE: N_("awaits a future"),
}
"""The same where nobody knows the name of what is waited for."""

_HELD: dict[str, tuple[str, str]] = {
    WaitKind.LOCK: (
        N_("waits for the lock {what}, held by {holder}"),
        N_("waits for a lock, held by {holder}"),
    ),
    WaitKind.GIL: (N_("waits for the GIL, which {holder} has"),) * 2,
    WaitKind.TURN: (N_("cannot go on: {holder} blocks the event loop"),) * 2,
}
"""The same where the holder is known; the second where only the holder is known."""

_HELD_FOR_EVER: dict[str, tuple[str, str]] = {
    WaitKind.LOCK: (
        N_("waits for the lock {what}, held by {holder}, which has ended"),
        N_("waits for a lock, held by {holder}, which has ended"),
    ),
}
"""The same where the holder has ended."""

_LEFT_LOCKED: dict[str, tuple[str, str]] = {
    WaitKind.LOCK: (
        N_("waits for the lock {what}, held by a process that has ended"),
        N_("waits for a lock, held by a process that has ended"),
    ),
}
"""The same where nobody knows which one it was."""

_LOCKS = (N_("waits for the lock {what}"), N_("waits for a lock"))
"""The same without the holder, who stands at the end of an arrow."""

_ARROWS: dict[str, str] = {
    WaitKind.JOIN: N_("waits in join()"),
    WaitKind.THREAD: N_("waits in join()"),
    WaitKind.EXIT: N_("has done its last line, and waits"),
}
"""The same without the object, which stands there."""

_COUNTED: dict[str, str] = {
    WaitKind.QUEUE_PUT: N_("waits in put() for room in {what}: {count} of {bound}"),
    WaitKind.BARRIER: N_("waits at the barrier {what}: {count} of {bound} are there"),
    WaitKind.GATHER: N_("awaits {count} of {bound} tasks"),
}
"""The same where it is known how full the object is."""

_OF_ANOTHER_KIND, _NAMELESS_KIND = N_("waits in {where} for {what}"), N_("waits in {where}")

_LABELS: dict[str, tuple[str, ...]] = {
    WaitKind.AS_COMPLETED: (N_("as_completed: waits for the next result"), "as_completed"),
    WaitKind.EXIT: (
        N_("after its last line: waits for its processes"),
        N_("waits for its processes"),
    ),
    WaitKind.SHUTDOWN: (N_("waits until its pool has ended"), N_("waits for its pool")),
    WaitKind.LOOP: (N_("its event loop waits"),),
    WaitKind.STOPPED: (N_("stopped"),),
    WaitKind.IDLE: (N_("no call to run"), ""),
    WaitKind.GIL: (N_("waits for the GIL"), N_("GIL")),
    WaitKind.TURN: (N_("waits for the event loop"), N_("waits")),
}
"""The labels of waits that the call's own words do not explain, the longest first."""


_CALLS: dict[str, str] = {
    WaitKind.QUEUE_GET: "get",
    WaitKind.QUEUE_PUT: "put",
    WaitKind.QUEUE_JOIN: "join",
    WaitKind.RECEIVE: "recv",
    WaitKind.THREAD: "join",
    WaitKind.FEEDER: "join_thread",
    WaitKind.CHILD: "wait",
    WaitKind.FILE_LOCK: "flock",
    WaitKind.OTHER_THREAD: "thread",
    WaitKind.OTHER_PROCESS: "process",
    WaitKind.CALL: "",
    WaitKind.TASK: "await",
    WaitKind.EXECUTOR: "await",
    WaitKind.FUTURE: "await",
}
"""The word for a call in a label, where it is another than the kind."""


def wait_words(wait: Waiting) -> str:
    """Return what a process does while it waits, such as `waits in join() for P-1`.

    The name of the object stands in it as it came, also where a terminal would obey it.
    """
    what = _what(wait)
    sentence = _SENTENCES.get(wait.kind, _OF_ANOTHER_KIND)
    if not what and "{what}" in sentence:
        sentence = _NAMELESS.get(wait.kind, _NAMELESS_KIND)
    elif wait.bound and wait.count is not None:
        sentence = _COUNTED.get(wait.kind, sentence)
    if wait.holder_ended and wait.kind in _HELD:
        held = _HELD_FOR_EVER if wait.holder else _LEFT_LOCKED
        sentence = held[wait.kind][not what]
    elif wait.holder and wait.kind in _HELD:
        sentence = _HELD[wait.kind][not what]
    about = {"holder": wait.holder, "count": wait.count, "bound": wait.bound}
    return _(sentence).format(where=wait.kind, what=what, **about)


def arrow_words(wait: Waiting, *, known: bool) -> str:
    """Return what stands on the arrow to whom a process waits for: `waits for the lock b`.

    Args:
        wait: what it waits for.
        known: whether the arrow leads to somebody, who need not be named again.
    """
    what = _what(wait)
    if known and wait.kind in _ARROWS:
        return _(_ARROWS[wait.kind])
    if wait.kind in _HELD:
        return _(_LOCKS[not what]).format(what=what)
    return wait_words(wait)


def wait_label(wait: Waiting, cells: int = 80) -> str:
    """Return the words for a wait in the timeline, such as `join P-1`.

    They are the call's own, as in the code. Where the code has none, they are in the present
    language, and the longest that fit into so many cells are taken, or else the shortest.
    """
    labels = _LABELS.get(wait.kind)
    if labels is None:
        return f"{_CALLS.get(wait.kind, wait.kind)} {_what(wait)}".strip()
    said = [_(label) for label in labels]
    return next((label for label in said if len(label) <= cells), said[-1])


def blocked_words(event: LoopBlocked, task: str = "") -> str:
    """Return that an asyncio task blocks its event loop, with the line, if it is known.

    Args:
        event: what is told of it.
        task: what the task is called; empty: whoever reads it knows.
    """
    text = _("blocks the event loop")
    if task:
        text = _("{task} blocks the event loop").format(task=task)
    if event.line is None:
        return text
    return _("{what} (line {line})").format(what=text, line=event.line)


def blocked_labels(event: LoopBlocked) -> tuple[str, ...]:
    """Return the same for the timeline, the longest words first."""
    return blocked_words(event), _("blocks the event loop"), _("blocks")


def _what(wait: Waiting) -> str:
    if wait.kind == WaitKind.SLEEP and wait.timeout is not None:
        return f"{wait.timeout:g} s"
    return wait.object or ""


def short_waits_words(row: ProcessRow) -> str:
    """Return how often a process waited for so short that no wait was told, and how long in all.

    The words follow others. There are none where it was less than a tenth of a second.
    """
    if row.short_seconds < LEAST_SHORT_WAITS:
        return ""
    seconds = f"{row.short_seconds:.1f}"
    return ", " + counted(
        row.short_waits,
        "{n} short wait, {seconds} s",
        "{n} short waits, {seconds} s",
        seconds=seconds,
    )


def unseen_words(row: ProcessRow) -> str:
    """Return how many threads and tasks of a process were gone before they were seen.

    The words follow others; there are none where there was none.
    """
    threads = row.unseen.get(ThreadKind.THREAD, 0)
    tasks = row.unseen.get(ThreadKind.ASYNCIO, 0)
    words = ""
    if threads:
        words += ", " + counted(threads, "{n} short thread", "{n} short threads")
    if tasks:
        words += ", " + counted(tasks, "{n} short task", "{n} short tasks")
    return words


def deadlock_words(event: Deadlock, names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Yield who can never go on, and what each waits for, with the line of the script.

    Args:
        event: the deadlock.
        names: of the processes, by pid.
    """
    for pid, thread, wait in told_waits(event):
        who = names.get(pid, str(pid))
        words = wait_words(wait)
        if wait.line is not None:
            words = _("{what} (line {line})").format(what=words, line=wait.line)
        yield (who if thread is None else lane_name(who, thread)), words
