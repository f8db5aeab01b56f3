"""Which threads can never go on, from who could wake whom.

A thread that sleeps without a timeout has needs: groups of threads. It can go on when in each group
somebody can. Whoever sleeps for a while, or waits for the world, has no needs. So a cycle of
holders, and a wait that nobody is left to end, are found by one rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

Needs = Mapping[T, Sequence[frozenset[T]]]


def never(needs: Needs[T]) -> set[T]:
    """Return the threads that can never go on."""
    stuck = set(needs)
    waiters: dict[T, list[T]] = {}
    for thread, groups in needs.items():
        for waker in frozenset[T]().union(*groups):
            waiters.setdefault(waker, []).append(thread)
    todo = list(needs)
    while todo:
        thread = todo.pop()
        if thread in stuck and all(not group <= stuck for group in needs[thread]):
            stuck.discard(thread)
            todo += waiters.get(thread, ())
    return stuck


def cycle(needs: Needs[T], among: Iterable[T]) -> list[T]:
    """Return threads each of which needs the next one, and the last one the first.

    Only needs of a single thread count, such as a lock's holder. There is none: the list is empty.

    Args:
        needs: of each thread.
        among: threads that can never go on.
    """
    for start in among:
        path = [start]
        while True:
            only = [next(iter(group)) for group in needs.get(path[-1], ()) if len(group) == 1]
            if not only:
                break
            if only[0] in path:
                return path[path.index(only[0]) :]
            path.append(only[0])
    return []
