"""The tasks that are to be done, and which of them is next."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from tui_app.engine.machine import free_memory
from tui_app.engine.spec import Task


class Backlog:
    """Holds the tasks that have been taken in and have not ended: each waits, or has been picked.

    Waiting tasks are picked in turn, as memory allows. Suspects, with which a worker died, wait in
    a queue of their own, which goes first; while a suspect is picked, no other task is ready.

    Args:
        tasks: what is to be done; taken only as it is needed, and numbered 1, 2, ….
        memory: bytes that all picked tasks may have together; `None`: what is free at the first.
    """

    def __init__(self, tasks: Iterable[Task], memory: int | None) -> None:
        self._tasks = enumerate(tasks, 1)
        self._more = True
        self._known: dict[int, Task] = {}
        self._waiting: deque[int] = deque()
        self._suspects: deque[int] = deque()
        self._picked: dict[int, int] = {}
        self._alone: int | None = None
        self._limit = memory
        self._cluster = False
        self._largest: int | None = None

    def __contains__(self, task: int) -> bool:
        """Return whether the task has been taken in and has not ended."""
        return task in self._known

    @property
    def left(self) -> Sequence[int]:
        """The tasks that have been taken in and have not ended, in their order."""
        return sorted(self._known)

    @property
    def done(self) -> bool:
        """Whether every task has ended."""
        return not (self._more or self._known)

    @property
    def waiting(self) -> int:
        """How many tasks wait, without the suspects."""
        return len(self._waiting)

    @property
    def suspects(self) -> bool:
        """Whether suspects wait: the next task is a suspect then."""
        return bool(self._suspects)

    def take_in(self, window: int) -> tuple[int, Task] | None:
        """Take one more task in, while fewer than `window` tasks have not ended.

        A task that is to be skipped, or has a flaw, has ended by that.

        Returns:
            Its number and the task; `None` where none was taken in.
        """
        if not self._more or len(self._known) >= window:
            return None
        number, task = next(self._tasks, (0, None))
        if task is None:
            self._more = False
            return None
        if not (task.skip or task.flaw):
            self._known[number] = task
            self._waiting.append(number)
        return number, task

    # Picking

    @property
    def ready(self) -> bool:
        """Whether there is a task that may be picked now."""
        queue = self._queue
        return self._alone is None and bool(queue) and self._may_begin(self._known[queue[0]])

    def pick(self) -> Iterator[tuple[int, Task]]:
        """Pick one task after another, with its number, from the queue whose turn it is.

        Ends with the queue, or before a task that must wait for memory. A task is picked when it is
        yielded.
        """
        queue = self._queue
        while queue and self._may_begin(self._known[queue[0]]):
            number = queue.popleft()
            task = self._known[number]
            self._picked[number] = task.memory
            if queue is self._suspects:
                self._alone = number
            yield number, task

    def allow(self, largest: int | None) -> None:
        """Let tasks have the memory of other machines, so much each; `None`: any.

        Where tasks have a limit together, that still holds.
        """
        self._cluster, self._largest = True, largest

    def too_large(self, task: Task) -> bool:
        """Return whether the task needs more memory than there is: it is picked, and cannot run."""
        return bool(task.memory) and task.memory > self.memory

    @property
    def memory(self) -> int:
        """Bytes that one task may have."""
        return min(self._together, self._largest or sys.maxsize)

    @cached_property
    def _free(self) -> int:
        return free_memory()

    @property
    def _together(self) -> int:
        """Bytes that all picked tasks may have together."""
        return self._limit or (sys.maxsize if self._cluster else self._free)

    @property
    def _queue(self) -> deque[int]:
        return self._suspects or self._waiting

    def _may_begin(self, task: Task) -> bool:
        """Return whether there is memory for the task; one that is too large need not wait."""
        held = sum(self._picked.values()) if task.memory else 0
        return not held or held + task.memory <= self._together or self.too_large(task)

    # What becomes of a picked task

    def put_back(self, tasks: Sequence[int]) -> None:
        """Put tasks that nobody took back to the front of the queue that they came from."""
        queue = self._suspects if self._alone in tasks else self._waiting
        self._return(tasks)
        queue.extendleft(reversed(tasks))

    def wait(self, task: int) -> None:
        """Let the task wait for another attempt, after the others."""
        self._return([task])
        self._waiting.append(task)

    def wait_first(self, tasks: Sequence[int]) -> None:
        """Let the tasks wait for another attempt, before the others, and not as suspects."""
        self._return(tasks)
        self._waiting.extendleft(reversed(tasks))

    def wait_alone(self, task: int) -> None:
        """Let the task wait for another attempt as a suspect, after other suspects."""
        self._return([task])
        self._suspects.append(task)

    def end(self, task: int) -> None:
        """Forget a task that has ended."""
        self._return([task])
        del self._known[task]

    def _return(self, tasks: Sequence[int]) -> None:
        for task in tasks:
            self._picked.pop(task, None)
            if task == self._alone:
                self._alone = None
