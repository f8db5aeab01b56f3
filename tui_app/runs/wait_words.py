"""What a process waits for, in words: a sentence for lists, and a label for the timeline."""

from __future__ import annotations

from tui_app.events import Waiting, WaitKind
from tui_app.language import N_, _

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
}

_NAMELESS: dict[str, str] = {
    WaitKind.JOIN: N_("waits in join() for a process"),
    WaitKind.RESULT: N_("waits for the result of a call"),
    WaitKind.EXCEPTION: N_("waits for the end of a call"),
    WaitKind.EXIT: N_("has done its last line, and waits for the processes that it started"),
}
"""The same where nobody knows the name of what is waited for."""

_OF_ANOTHER_KIND, _NAMELESS_KIND = N_("waits in {where} for {what}"), N_("waits in {where}")

_LABELS: dict[str, tuple[str, ...]] = {
    WaitKind.AS_COMPLETED: (N_("as_completed: waits for the next result"), "as_completed"),
    WaitKind.EXIT: (
        N_("after its last line: waits for its processes"),
        N_("waits for its processes"),
    ),
    WaitKind.SHUTDOWN: (N_("waits until its pool has ended"), N_("waits for its pool")),
}
"""The labels of waits that the call's own words do not explain, the longest first."""


def wait_words(wait: Waiting) -> str:
    """Return what a process does while it waits, such as `waits in join() for P-1`.

    The name of the object stands in it as it came, also where a terminal would obey it.
    """
    what = _what(wait)
    sentence = _SENTENCES.get(wait.kind, _OF_ANOTHER_KIND)
    if not what and "{what}" in sentence:
        sentence = _NAMELESS.get(wait.kind, _NAMELESS_KIND)
    return _(sentence).format(where=wait.kind, what=what)


def wait_label(wait: Waiting, cells: int = 80) -> str:
    """Return the words for a wait in the timeline, such as `join P-1`.

    They are the call's own, as in the code. Where the code has none, they are in the present
    language, and the longest that fit into so many cells are taken, or else the shortest.
    """
    labels = _LABELS.get(wait.kind)
    if labels is None:
        return f"{wait.kind} {_what(wait)}".rstrip()
    said = [_(label) for label in labels]
    return next((label for label in said if len(label) <= cells), said[-1])


def _what(wait: Waiting) -> str:
    if wait.kind == WaitKind.SLEEP and wait.timeout is not None:
        return f"{wait.timeout:g} s"
    return wait.object or ""
