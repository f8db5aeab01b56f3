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
    WaitKind.EXIT: N_("is at its end, and waits for {what}"),
    WaitKind.SLEEP: N_("sleeps {what}"),
}

_OF_ANOTHER_KIND = N_("waits in {where} for {what}")


def wait_words(wait: Waiting) -> str:
    """Return what a process does while it waits, such as `waits in join() for P-1`.

    The name of the object stands in it as it came, also where a terminal would obey it.
    """
    sentence = _(_SENTENCES.get(wait.kind, _OF_ANOTHER_KIND))
    return sentence.format(where=wait.kind, what=_what(wait) or _("what it started"))


def wait_label(wait: Waiting) -> str:
    """Return the shortest words for a wait, the same in every language, such as `join P-1`."""
    return f"{wait.kind} {_what(wait)}".rstrip()


def _what(wait: Waiting) -> str:
    if wait.kind == WaitKind.SLEEP and wait.timeout is not None:
        return f"{wait.timeout:g} s"
    return wait.object or ""
