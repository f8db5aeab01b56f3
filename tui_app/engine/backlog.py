"""Which task is next: those that are to be done, and where each of them stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from tui_app.engine.machine import free_memory
from tui_app.engine.spec import Task


class Backlog:
    """Holds the tasks that have come and not ended: each waits in a line, or has been picked.

    Those that wait are picked in turn, as memory allows. Suspects, with which a worker died, have a
    line of their own, which goes first; while one of them is picked, no other task is ready.

    Args:
        tasks: what is to be done, taken only as it is needed, and numbered 1, 2, ….
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

    def __contains__(self, task: int) -> bool:
        """Whether the task has come and not ended."""
        return task in self._known

    @property
    def left(self) -> Sequence[int]:
        """The tasks that have come and not ended, in their order."""
        return sorted(self._known)

    @property
    def done(self) -> bool:
        """Whether every task has come and ended."""
        return not (self._more or self._known)

    @property
    def waiting(self) -> int:
        """How many tasks wait that are no suspects."""
        return len(self._waiting)

    @property
    def suspects(self) -> bool:
        """Whether suspects wait: the next task is one then."""
        return bool(self._suspects)

    def take_in(self, window: int) -> tuple[int, Task] | None:
        """Takes one more task, and its number, if it keeps within `window` tasks; else `None`.

        One that is to be skipped, or has a flaw, has ended by that.
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
        line = self._line
        return self._alone is None and bool(line) and self._may_begin(self._known[line[0]])

    def pick(self) -> Iterator[tuple[int, Task]]:
        """Picks one task after another, with its number, from the line whose turn it is.

        Ends with the line, or before a task that must wait for memory. Whoever stops earlier has
        picked what was yielded, and no more.
        """
        line = self._line
        while line and self._may_begin(self._known[line[0]]):
            number = line.popleft()
            task = self._known[number]
            self._picked[number] = task.memory
            if line is self._suspects:
                self._alone = number
            yield number, task

    def too_large(self, task: Task) -> bool:
        """Whether the task needs more memory than there is: it is picked, but cannot be run."""
        return bool(task.memory) and task.memory > self.memory

    @cached_property
    def memory(self) -> int:
        """Bytes that all picked tasks may have together."""
        return self._limit or free_memory()

    @property
    def _line(self) -> deque[int]:
        return self._suspects or self._waiting

    def _may_begin(self, task: Task) -> bool:
        """Whether memory lets it be picked; one that is too large has nothing to wait for."""
        held = sum(self._picked.values()) if task.memory else 0
        return not held or held + task.memory <= self.memory or self.too_large(task)

    # What becomes of a picked task

    def put_back(self, tasks: Sequence[int]) -> None:
        """Nobody took these, picked just now: they are first in the line that they came from."""
        line = self._suspects if self._alone in tasks else self._waiting
        self._return(tasks)
        line.extendleft(reversed(tasks))

    def wait(self, task: int) -> None:
        """The task waits for another attempt, after the others."""
        self._return([task])
        self._waiting.append(task)

    def wait_first(self, tasks: Sequence[int]) -> None:
        """The tasks wait for another attempt, before the others, and are no suspects."""
        self._return(tasks)
        self._waiting.extendleft(reversed(tasks))

    def wait_alone(self, task: int) -> None:
        """The task is a suspect, and waits for another attempt after other suspects."""
        self._return([task])
        self._suspects.append(task)

    def end(self, task: int) -> None:
        """The task has ended."""
        self._return([task])
        del self._known[task]

    def _return(self, tasks: Sequence[int]) -> None:
        for task in tasks:
            self._picked.pop(task, None)
            if task == self._alone:
                self._alone = None
