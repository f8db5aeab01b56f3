"""What a run is to do, and with whom: values that a caller hands to `Run`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from tui_app.engine.executors import ExecutorKind
from tui_app.engine.machine import StartMethod, default_start_method, usable_cpus
from tui_app.engine.worker import TaskFunction


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work. `weight` is in the unit of the run; `skip` says why it need not be done.

    `function` is importable by name and takes `argument` and a `progress`; both are pickled.
    """

    label: str
    function: TaskFunction
    argument: Any
    weight: float = 1.0
    skip: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """Who does the work: which executor, how many workers, and how their processes start."""

    executor: ExecutorKind = ExecutorKind.PROCESSES
    workers: int = field(default_factory=usable_cpus)
    start_method: StartMethod = field(default_factory=default_start_method)

    @property
    def size(self) -> int:
        """How many tasks run at once: one where they run in turn."""
        return 1 if self.executor is ExecutorKind.SEQUENTIAL else self.workers


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """What is about to run. `tasks` and `weight` are in all."""

    kind: str
    title: str
    tasks: int
    weight: float
    pool: Pool = field(default_factory=Pool)
    id: str = field(default_factory=lambda: secrets.token_hex(4))
