"""The workers of a cluster, as workers of a run: their names, numbers and clocks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui_app.engine.run_clock import RunClock
from tui_app.events import MOST_PIDS, ProcessExited, ProcessStarted


@dataclass(slots=True)
class ClusterWorker:
    """A worker of the cluster. Times are seconds.

    Attributes:
        address: where Dask reaches it.
        pid: its number in the events: its pid; where another host has had that one, so many times
            `MOST_PIDS` more that it is the only one.
        threads: how many calls it works on at once.
        memory: bytes that it may use; 0: as many as there are.
        cpus: how many CPUs it may use, of those of its host.
        has_nanny: whether it is started again when it dies.
        ahead: how far its clock is ahead of ours, and `error`, by how much that may be wrong.
        t: when it was last heard of, in the time of the run.
        cost: what it has cost so far, as fields of `ProcessExited`.
        gone: whether it has left.
    """

    address: str
    name: str
    host: str
    pid: int
    parent: int
    threads: int
    memory: int
    cpus: int
    has_nanny: bool
    ahead: float = 0.0
    error: float = 0.0
    t: float = 0.0
    cost: Mapping[str, Any] = field(default_factory=dict)
    gone: bool = False


class ClusterWorkers:
    """Knows the workers of a cluster, and puts their times into the time of the run.

    A `WorkerTimes`.
    """

    def __init__(self, clock: RunClock) -> None:
        self._clock = clock
        self._by_address: dict[str, ClusterWorker] = {}
        self._by_pid: dict[int, ClusterWorker] = {}

    def __contains__(self, address: object) -> bool:
        """Return whether a worker of that address was there."""
        return address in self._by_address

    def __getitem__(self, address: str) -> ClusterWorker:
        """Return the worker of that address."""
        return self._by_address[address]

    def get(self, address: str) -> ClusterWorker | None:
        """Return the worker of that address, if one was there."""
        return self._by_address.get(address)

    @property
    def present(self) -> list[ClusterWorker]:
        """Those that have not left, host by host."""
        here = [worker for worker in self if not worker.gone]
        return sorted(here, key=lambda worker: (worker.host, natural(worker.name)))

    @property
    def threads(self) -> int:
        """How many calls all of them work on at once."""
        return sum(worker.threads for worker in self if not worker.gone)

    @property
    def cpus(self) -> int:
        """How many CPUs their hosts have; what several on one host share counts once."""
        hosts: dict[str, int] = {}
        for worker in self.present:
            hosts[worker.host] = max(hosts.get(worker.host, 0), worker.cpus)
        return sum(hosts.values())

    @property
    def largest_memory(self) -> int | None:
        """The most bytes that one of them may use; `None`: there is one without a limit."""
        limits = [worker.memory for worker in self.present]
        return None if not limits or 0 in limits else max(limits)

    @property
    def clock_error(self) -> float:
        """By how many seconds times of different workers may be wrong, at most."""
        return max((worker.error for worker in self.present), default=0.0)

    def join(self, address: str, info: Mapping[str, Any], told: str) -> ClusterWorker:
        """Take in a worker, by what the scheduler and the worker itself say of it."""
        of = json.loads(told)
        pid = of["pid"]
        while pid in self._by_pid:
            pid += MOST_PIDS
        host = str(info.get("host") or host_of(address))
        worker = ClusterWorker(
            address=address,
            name=name_of(info.get("name"), address),
            host=host,
            pid=pid,
            parent=of["parent"],
            threads=max(1, int(info.get("nthreads", 1))),
            memory=int(info.get("memory_limit") or 0),
            cpus=max(1, of["cpus"]),
            has_nanny=bool(info.get("nanny")),
        )
        self._by_address[address] = self._by_pid[pid] = worker
        return worker

    def set_clocks(self, clocks: Mapping[str, tuple[float, float]]) -> None:
        """Set what was measured of clocks: by how much each is ahead, and how exact that is."""
        for address, (ahead, error) in clocks.items():
            if worker := self._by_address.get(address):
                worker.ahead, worker.error = ahead, error

    def at(self, worker: ClusterWorker, moment: float) -> float:
        """Return the time of the run when that worker's clock showed `moment`."""
        # Two clocks agree only within their error; nothing happens after we have heard of it.
        t = min(self._clock.at(moment - worker.ahead), self._clock.now())
        return self.stamp(worker.pid, t)

    def stamp(self, pid: int, t: float) -> float:
        """See `WorkerTimes.stamp`."""
        worker = self._by_pid.get(pid)
        if worker is None:
            return t
        worker.t = max(worker.t, t)
        return worker.t

    def time_of_end(self, pid: int) -> float:
        """See `WorkerTimes.time_of_end`."""
        return self.stamp(pid, self._clock.now())

    def started(self, worker: ClusterWorker) -> ProcessStarted:
        """Return the event that this worker takes part from now on."""
        worker.gone = False
        t = self.stamp(worker.pid, self._clock.now())
        return ProcessStarted(
            t=t, pid=worker.pid, parent=worker.parent, name=worker.name, host=worker.host
        )

    def left(self, worker: ClusterWorker, exitcode: int | None) -> ProcessExited:
        """Return the event that this worker takes part no more."""
        worker.gone = True
        t = self.time_of_end(worker.pid)
        return ProcessExited(t=t, pid=worker.pid, exitcode=exitcode, **worker.cost)

    def __iter__(self) -> Iterator[ClusterWorker]:
        """Iterate over all that were there."""
        return iter(self._by_address.values())


def host_of(address: str) -> str:
    """Return the host of an address such as `tcp://10.0.0.2:40123`."""
    return address.rpartition("://")[2].rpartition(":")[0].strip("[]")


def name_of(name: object, address: str) -> str:
    """Return what a worker is called: as it was named, or its host and port; `W-1` for our first.

    Dask calls a worker that was not named by its address, and those of our own cluster 0, 1, ….
    """
    if isinstance(name, int):
        return f"W-{name + 1}"
    if not name or name == address:
        return address.rpartition("://")[2]
    return str(name)


def natural(name: str) -> list[tuple[int, str]]:
    """Return what sorts names by the numbers in them: `w-2` before `w-10`."""
    pieces: list[tuple[int, str]] = []
    digits = ""
    for sign in f"{name}\0":
        if sign.isascii() and sign.isdigit():
            digits += sign
            continue
        if digits:
            pieces.append((int(digits), ""))
            digits = ""
        pieces.append((-1, sign))
    return pieces
