"""What a run is to do, and who does it: values that a caller hands to `Run`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tui_app.engine.machine import StartMethod, default_start_method, usable_cpus

Progress = Callable[[str, float], None]
"""Called by a task as `progress(step, fraction)` when it comes to a step; fraction is 0 to 1."""

TaskFunction = Callable[[Any, Progress], Mapping[str, Any] | None]
"""What a task runs: takes its argument, returns plain data that JSON can hold."""


class ExecutorKind(StrEnum):
    """How work is spread: in turn, over threads, over processes, or over a Dask cluster."""

    SEQUENTIAL = "sequential"
    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"


LOCAL_EXECUTORS = (ExecutorKind.SEQUENTIAL, ExecutorKind.THREADS, ExecutorKind.PROCESSES)
"""Those whose workers are processes of this machine, which we start."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Which Dask cluster does the work, and the files of its certificates, for `tls://`.

    Attributes:
        address: its scheduler's, such as `tcp://host:8786`; empty: a cluster that is started here.
        tls_ca: who has signed the certificates; empty, as the others: as Dask is configured.
        tls_cert: our certificate.
        tls_key: its key.
    """

    address: str = ""
    tls_ca: str = ""
    tls_cert: str = ""
    tls_key: str = ""


class FlawedTaskError(Exception):
    """A task that is not tried, because its maker knew that it must fail."""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work: `function(argument, progress)`. Function and argument are pickled.

    Attributes:
        weight: how much work it is, in the unit of the run.
        skip: why it need not be done; empty where it must.
        memory: bytes that it needs at its worst; 0 where that is not known.
        flaw: why it fails without being tried; empty where it is tried.
        before: whether it is skipped because an earlier run has done it.
    """

    label: str
    function: TaskFunction
    argument: Any
    weight: float = 1.0
    skip: str = ""
    memory: int = 0
    flaw: str = ""
    before: bool = False


@dataclass(frozen=True, slots=True)
class Pool:
    """Who does the work: which executor, how many workers, and how their processes start.

    Attributes:
        lean: whether workers take as little of the machine as they can: no semaphores, fewer open
            files and threads than a `ProcessPoolExecutor`.
        cluster: which one, where a Dask cluster does the work.
    """

    executor: ExecutorKind = ExecutorKind.PROCESSES
    workers: int = field(default_factory=usable_cpus)
    start_method: StartMethod = field(default_factory=default_start_method)
    lean: bool = False
    cluster: Cluster = field(default_factory=Cluster)

    @property
    def local(self) -> Pool:
        """Who does work beside the run: this pool, or processes where it is a cluster's."""
        if self.executor is not ExecutorKind.DASK:
            return self
        return Pool(start_method=self.start_method)

    @property
    def size(self) -> int:
        """How many tasks run at once: one where they run in turn."""
        return 1 if self.executor is ExecutorKind.SEQUENTIAL else self.workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When an attempt, a task or the whole run is given up.

    Attributes:
        timeout: seconds of one attempt; its worker is killed then.
        retries: further attempts of a task that failed or took too long.
        failures: how many failed tasks stop the run; `None`: none do.
        crashes: how many deaths of its worker, alone, by a crash or an exit end a task.
        kills: the same by SIGKILL or SIGTERM, which come from outside: the task may be innocent.
        memory: bytes for all tasks under way; `None`: what is free when the run begins.
    """

    timeout: float | None = None
    retries: int = 0
    failures: int | None = None
    crashes: int = 2
    kills: int = 5
    memory: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """What is about to run: `tasks` and `weight` in all, and an `id` that no other run has.

    Attributes:
        paths: files and folders that every worker must see, or some of many.
    """

    kind: str
    title: str
    tasks: int
    weight: float
    pool: Pool = field(default_factory=Pool)
    limits: Limits = field(default_factory=Limits)
    paths: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: os.urandom(4).hex())
