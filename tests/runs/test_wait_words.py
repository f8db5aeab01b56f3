from dataclasses import replace
from typing import Any

import pytest

from tui_app import language
from tui_app.events import LoopBlocked, ThreadKind, Waiting, WaitKind
from tui_app.runs.lanes import ProcessRow
from tui_app.runs.wait_words import (
    blocked_labels,
    blocked_words,
    short_waits_words,
    unseen_words,
    wait_label,
    wait_words,
)


def wait(kind: str, what: str | None = None, timeout: float | None = None) -> Waiting:
    return Waiting(t=0.0, pid=1, kind=kind, object=what, timeout=timeout)


@pytest.mark.parametrize(
    ("waits", "words", "label"),
    [
        (wait("sleep", timeout=1.5), "sleeps 1.5 s", "sleep 1.5 s"),
        (wait("sleep", timeout=60), "sleeps 60 s", "sleep 60 s"),
        (wait("join", "P-1"), "waits in join() for P-1", "join P-1"),
        (wait("join", "P-1", 2.0), "waits in join() for P-1", "join P-1"),
        (wait("join"), "waits in join() for a process", "join"),
        (wait("result", "f(2)"), "waits for the result of f(2)", "result f(2)"),
        (
            wait("as_completed"),
            "waits in as_completed() for the next future",
            "as_completed: waits for the next result",
        ),
        (wait("result"), "waits for the result of a call", "result"),
        (
            wait("exit", "P-1"),
            "has done its last line, and waits for P-1",
            "after its last line: waits for its processes",
        ),
        (
            wait("exit"),
            "has done its last line, and waits for the processes that it started",
            "after its last line: waits for its processes",
        ),
        (
            wait("shutdown"),
            "waits for its pool: the end of the with block, or shutdown()",
            "waits until its pool has ended",
        ),
        (wait("idle"), "waits for a call to run", "no call to run"),
        (wait("gil"), "waits for the GIL", "waits for the GIL"),
        (
            replace(wait("gil"), holder="Thread-2"),
            "waits for the GIL, which Thread-2 has",
            "waits for the GIL",
        ),
        (wait("turn"), "waits for its turn in the event loop", "waits for the event loop"),
        (
            replace(wait("turn"), holder="fetch(2)"),
            "cannot go on: fetch(2) blocks the event loop",
            "waits for the event loop",
        ),
        (wait("task", "nap(3)"), "awaits nap(3)", "await nap(3)"),
        (replace(wait("gather"), count=2, bound=3), "awaits 2 of 3 tasks", "gather"),
        (wait("gather"), "awaits several tasks", "gather"),
        (wait("executor", "f()"), "awaits f() in another thread or process", "await f()"),
        (wait("executor"), "awaits a call in another thread or process", "await"),
        (
            replace(wait("lock", "a"), holder="P-1", holder_ended=True),
            "waits for the lock a, held by P-1, which has ended",
            "lock a",
        ),
        (
            replace(wait("lock", "a"), holder_ended=True),
            "waits for the lock a, held by a process that has ended",
            "lock a",
        ),
        (wait("something", "new"), "waits in something for new", "something new"),
        (wait("something"), "waits in something", "something"),
    ],
)
def test_words(waits: Waiting, words: str, label: str) -> None:
    assert (wait_words(waits), wait_label(waits)) == (words, label)


@pytest.mark.parametrize(
    ("waits", "cells", "label"),
    [
        (wait("exit", "P-1"), 44, "after its last line: waits for its processes"),
        (wait("exit", "P-1"), 43, "waits for its processes"),
        (wait("exit", "P-1"), 3, "waits for its processes"),
        (wait("as_completed"), 38, "as_completed"),
        (wait("shutdown"), 20, "waits for its pool"),
        (wait("join", "P-1"), 3, "join P-1"),
    ],
)
def test_the_longest_label_that_fits(waits: Waiting, cells: int, label: str) -> None:
    assert wait_label(waits, cells) == label


def test_a_label_without_a_word_in_the_code_is_translated() -> None:
    language.use("ro")
    assert wait_label(wait("exit", "P-1"), 30) == "își așteaptă procesele"
    assert wait_label(wait("join", "P-1")) == "join P-1"


@pytest.mark.parametrize("kind", WaitKind)
def test_every_kind_has_words_of_its_own(kind: WaitKind) -> None:
    assert "{" not in wait_words(wait(kind, "P-1"))
    assert wait_words(wait(kind, "P-1")) != f"waits in {kind} for P-1"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": "lock", "object": "a"}, "waits for the lock a; who has it is unknown"),
        ({"kind": "lock", "object": "a", "holder": "P-2"}, "waits for the lock a, held by P-2"),
        ({"kind": "lock", "holder": "P-2"}, "waits for a lock, held by P-2"),
        (
            {"kind": "barrier", "object": "b", "count": 1, "bound": 3},
            "waits at the barrier b: 1 of 3 are there",
        ),
        (
            {"kind": "queue_put", "object": "q", "count": 2, "bound": 2},
            "waits in put() for room in q: 2 of 2",
        ),
        ({"kind": "queue_put", "object": "q", "count": 2}, "waits in put() for room in q"),
    ],
)
def test_who_has_it_and_how_full_it_is(more: dict[str, Any], words: str) -> None:
    assert wait_words(Waiting(t=0.0, pid=1, **more)) == words


def test_short_waits_are_told_from_a_tenth_of_a_second_on() -> None:
    row = ProcessRow((1, None), "main", 0, short_waits=3, short_seconds=0.04)
    assert short_waits_words(row) == ""
    assert short_waits_words(replace(row, short_seconds=0.31)) == ", 3 short waits, 0.3 s"


def test_what_blocks_a_loop_is_told_with_its_line_where_there_is_room() -> None:
    blocked = LoopBlocked(t=1.0, pid=1, thread=2, line=12)
    assert blocked_words(blocked) == "blocks the event loop (line 12)"
    assert blocked_words(blocked, "f(2)") == "f(2) blocks the event loop (line 12)"
    assert blocked_words(replace(blocked, line=None), "f(2)") == "f(2) blocks the event loop"
    assert [len(label) for label in blocked_labels(blocked)] == [31, 21, 6]


def test_what_was_never_seen_is_told_by_its_number() -> None:
    row = ProcessRow((1, None), "main", 0)
    assert unseen_words(row) == ""
    unseen = {ThreadKind.THREAD: 1, ThreadKind.ASYNCIO: 20}
    assert unseen_words(replace(row, unseen=unseen)) == ", 1 short thread, 20 short tasks"
