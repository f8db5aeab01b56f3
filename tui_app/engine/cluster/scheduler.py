"""Has tasks done by the workers of a Dask cluster, and settles how each task ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import Any

from tui_app import language
from tui_app.engine.base_scheduler import BaseScheduler, Ready
from tui_app.engine.cluster import inspection
from tui_app.engine.cluster.errors import ClusterError
from tui_app.engine.cluster.link import Link
from tui_app.engine.cluster.stopping import CallStopper
from tui_app.engine.cluster.worker_side import run_call
from tui_app.engine.cluster.workers import ClusterWorker, ClusterWorkers
from tui_app.engine.in_flight import InFlight, as_retry
from tui_app.engine.inbox import Inbox
from tui_app.engine.run_clock import RunClock
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.events import TaskFailed, TaskStarted, from_dict
from tui_app.files.error_words import refusal
from tui_app.language import _, counted
from tui_app.system.background import aside

AHEAD = 2
"""Calls in flight for each that all workers work on at once: one is under way, one is ready."""

LOOK_SECONDS = 1.0
"""Time between two looks whether the scheduler is still there."""

CLOCK_SECONDS = 60.0
"""Time between two measurements of the clocks: they drift by some milliseconds in that time."""

STOP_SECONDS = 10.0
"""How long it may take until nothing is worked on any more, and the cluster is left."""

DEATHS = 2
"""A task that was alone on so many workers when they died has killed them."""


@dataclass(slots=True, eq=False)
class _ClusterCall:
    """A call in flight. `tasks` have not ended; `alone`: nothing else was under way with it.

    Attributes:
        worker: the address of the worker that it has begun on.
        deaths: how many workers have died while it was on them.
    """

    number: int
    tasks: list[int]
    alone: bool
    future: asyncio.Future[str]
    worker: str | None = None
    deaths: int = 0


class ClusterScheduler(BaseScheduler):
    """Keeps some calls in flight; Dask places, queues and moves them."""

    stop_seconds = STOP_SECONDS

    def __init__(self, tasks: Iterable[Task], spec: RunSpec, clock: RunClock, inbox: Inbox) -> None:
        super().__init__(tasks, spec.limits, clock, inbox)
        self._id, self._paths = spec.id, spec.paths
        self._workers = ClusterWorkers(clock)
        self._in_flight = InFlight(clock, self._workers)
        self._numbers = count(1)
        self._calls: dict[int, _ClusterCall] = {}
        self._answered: list[_ClusterCall] = []
        self._early: dict[str, list[Mapping[str, Any]]] = {}
        self._unfit: set[str] = set()
        self._joining: set[str] = set()
        self._beside: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._notes: list[str] = []
        self._stopper = CallStopper(spec.id, self._workers, self._note)
        self._opened: Link | None = None

    @property
    def _link(self) -> Link:
        assert self._opened is not None, "prepare() comes first"
        return self._opened

    @property
    def notes(self) -> list[str]:
        """See `BaseScheduler.notes`."""
        return self._notes

    # The cluster

    async def reach(self, pool: Pool) -> None:
        """Connect to the cluster, or start one. See `BaseScheduler.reach`.

        Raises:
            ClusterError: it cannot be reached, or has no workers.
        """
        if self._opened is not None:
            return
        self._opened = await aside(Link, pool)
        if not await aside(self._link.workers):
            sentence = _("the cluster at {address} has no workers: start some by `dask worker`")
            raise ClusterError(sentence.format(address=self._link.address))

    async def prepare(self, pool: Pool) -> Ready:
        """Get to know the workers. See `BaseScheduler.prepare`.

        Raises:
            ClusterError: the cluster cannot do the work.
        """
        await self.reach(pool)
        link = self._link
        link.listen(asyncio.get_running_loop(), self._told, self._of_workers)
        known = await aside(link.workers)
        said = await aside(link.describe, self._paths)
        told = {address: text for address, text in said.items() if isinstance(text, str)}
        for address, error in said.items():
            if not isinstance(error, str):
                sentence = _("the worker {worker} cannot work for us ({why}): install it there")
                raise ClusterError(sentence.format(worker=address, why=refusal(error)))
        for address, text in told.items():
            self._workers.join(address, known.get(address, {}), text)
        if not told:
            sentence = _("no worker of the cluster at {address} answers")
            raise ClusterError(sentence.format(address=link.address))
        self._workers.set_clocks(await aside(link.clocks))
        self._backlog.allow(self._workers.largest_memory)
        notes = [
            *inspection.differences(told, self._name),
            *inspection.unseen(told, self._name),
            inspection.clock_note(self._workers),
        ]
        workers = self._workers
        return Ready(replace(pool, workers=workers.threads), notes, workers.cpus)

    def _name(self, address: str) -> str:
        return self._workers[address].name

    def _of_workers(self, event: Mapping[str, Any]) -> None:
        """Take notice that a worker has come or gone."""
        address = str(event.get("worker", ""))
        match event.get("action"):
            case "add-worker":
                self._meet(address)
            case "remove-worker" if address in self._workers:
                self._leave(self._workers[address], expected=bool(event.get("expected")))

    def _meet(self, address: str) -> None:
        """Get to know a worker, beside the work, if nobody has yet."""
        known = address in self._workers or address in self._unfit or address in self._joining
        if known or not self._working:
            return
        self._joining.add(address)
        task = asyncio.ensure_future(self._join(address))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _join(self, address: str) -> None:
        """Get to know a worker that has joined; take then what it has told meanwhile."""
        said = (await aside(self._link.describe, self._paths, [address])).get(address)
        if isinstance(said, Exception):
            self._unfit.add(address)
            sentence = _("the worker {worker} joined, and cannot work for us ({why})")
            self._note(sentence.format(worker=address, why=refusal(said)))
        clocks = await aside(self._link.clocks, [address])
        known = (await aside(self._link.workers)).get(address)
        self._joining.discard(address)
        if known is None or not isinstance(said, str) or not self._working:
            self._early.pop(address, None)
            return
        worker = self._workers.join(address, known, said)
        self._workers.set_clocks(clocks)
        self._backlog.allow(self._workers.largest_memory)
        for note in inspection.unseen({address: said}, self._name):
            self._note(note)
        self._inbox.add(self._workers.started(worker))
        for message in self._early.pop(address, ()):
            self._told(message)
        self._alarm.set()

    def _note(self, sentence: str) -> None:
        if sentence not in self._notes:
            self._notes.append(sentence)

    def _leave(self, worker: ClusterWorker, *, expected: bool) -> None:
        """Take notice that a worker has left; Dask gives what it had in hand to others."""
        if worker.gone:
            return
        for call in self._calls.values():
            if call.worker != worker.address:
                continue
            call.worker = None
            call.deaths += not expected
            for task in call.tasks:
                if self._in_flight.under_way(task):
                    end = self._in_flight.of_dead(task, worker.name, None)
                    self._inbox.add(as_retry(end))
        if self._working:
            self._inbox.add(self._workers.left(worker, 0 if expected else None))
        else:
            worker.gone = True
        self._alarm.set()

    async def _keep_clocks(self) -> None:
        """Measure the clocks again and again until this is cancelled."""
        while True:
            await asyncio.sleep(CLOCK_SECONDS)
            self._workers.set_clocks(await aside(self._link.clocks))

    # The work

    @property
    def _in_hand(self) -> int:
        return sum(len(call.tasks) for call in self._calls.values())

    @property
    def _room(self) -> int:
        """How many calls may be in flight."""
        return AHEAD * max(1, self._workers.threads)

    async def work(self, pool: Pool) -> None:
        """Have all tasks done; return when no worker does any of it. See `BaseScheduler.work`."""
        for worker in self._workers.present:
            self._inbox.add(self._workers.started(worker))
        self._begin_work()
        for address in await aside(self._link.workers):
            self._meet(address)
        watch = [asyncio.create_task(self._keep_clocks())]
        if self._limits.timeout is not None:
            watch.append(asyncio.create_task(self._in_flight.watch_clock()))
        try:
            await self._work()
        finally:
            for task in [*watch, *self._beside]:
                task.cancel()
            await self._end_calls()
            self._working = False
            for worker in self._workers.present:
                self._inbox.add(self._workers.left(worker, 0))

    async def close(self) -> None:
        """Leave the cluster; one that was started for this run ends."""
        link, self._opened = self._opened, None
        if link is not None:
            await aside(link.close)

    async def _work(self) -> None:
        """Keep the workers busy until every task has ended."""
        limit = self._limits.timeout
        while not self.stopped:
            await self._reader()
            at_once = self._batching.at_once if limit is None else 1
            self._take_in((self._room + 1) * at_once)
            self._hand_out()
            if self._backlog.done and not self._calls:
                break
            left = LOOK_SECONDS
            if limit is not None:
                left = min(left, self._in_flight.until_overdue(limit))
            await self._wait_for([], left)
            answered, self._answered = self._answered, []
            for call in answered:
                self._collect(call)
            if limit is not None:
                for task in list(self._in_flight.overdue(limit)):
                    self._give_up(task, limit)
            if self._link.lost:
                self._lose()
        self._end_the_rest()

    def _hand_out(self) -> None:
        """Send calls while there is room; a suspect only when nothing else is in flight."""
        backlog = self._backlog
        while not (self.stopped or self._held) and backlog.ready:
            suspects = backlog.suspects
            if len(self._calls) >= (1 if suspects else self._room):
                return
            most = 1
            if not suspects and self._limits.timeout is None:
                most = self._batching.share(backlog.waiting, max(1, self._workers.threads))
            tasks = list(islice(self._picked(), most))
            if not tasks:
                continue
            # A task that could not be run may have been one failure too many.
            if self.stopped or not self._sent(tasks, alone=suspects):
                backlog.put_back([task for task, _work in tasks])
                return

    def _sent(self, tasks: Sequence[tuple[int, bytes]], *, alone: bool) -> bool:
        """Send a call; return whether the cluster took it."""
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        try:
            future = loop.run_in_executor(
                self._link.executor, run_call, self._id, number, language.present(), list(tasks)
            )
        # The client is closed where the scheduler has gone for good.
        except (RuntimeError, OSError, ValueError, AttributeError):
            self._lose()
            return False
        call = _ClusterCall(number, [task for task, _work in tasks], alone, future)
        self._calls[number] = call
        future.add_done_callback(lambda _future: self._take_answer(call))
        return True

    def _take_answer(self, call: _ClusterCall) -> None:
        if not call.future.cancelled():
            # Asyncio would log an exception that nobody retrieves.
            call.future.exception()
        self._answered.append(call)
        self._alarm.set()

    def _lose(self) -> None:
        """Stop, because the scheduler has gone, and has forgotten what it had of us."""
        sentence = _("the Dask scheduler at {address} is gone; the same command goes on from here")
        self.stop(sentence.format(address=self._link.address), failed=True)

    # What workers say

    def _told(self, message: Mapping[str, Any]) -> None:
        """Take what a call of this run has told by the topic."""
        if not isinstance(message, Mapping) or message.get("run") != self._id:
            return
        address = str(message["worker"])
        self._stopper.heard(message["call"], address, over="over" in message)
        if "over" in message:
            return
        if address not in self._workers:
            self._early.setdefault(address, []).append(message)
            self._meet(address)
        elif call := self._calls.get(message["call"]):
            self._take(call, self._workers[address], message["events"])

    def _take(self, call: _ClusterCall, worker: ClusterWorker, events: str) -> None:
        """Take events of a call."""
        back = worker.gone and bool(events)
        if back:
            self._inbox.add(self._workers.started(worker))
        for line in events.splitlines():
            data = json.loads(line)
            data["t"] = self._workers.at(worker, data["t"])
            data["pid"] = worker.pid
            event = from_dict(data)
            if isinstance(event, TaskStarted):
                call.worker = worker.address
            if event is not None:
                self._hear(event)
        if back:
            self._inbox.add(self._workers.left(worker, None))

    def _ended(self, task: int) -> None:
        for call in self._calls.values():
            if task in call.tasks:
                call.tasks.remove(task)
                return

    def _collect(self, call: _ClusterCall) -> None:
        """Take the answer of a call, which comes after all that the call told by the topic."""
        if call.number not in self._calls or self.stopped:
            return
        if call.future.cancelled():
            self._lose()
            return
        error = call.future.exception()
        if error is None:
            answer = json.loads(call.future.result())
            address = answer["worker"]
            if address in self._joining:
                # What it has told meanwhile is taken first.
                self._answered.append(call)
                return
            if worker := self._workers.get(address):
                worker.cost = answer["cost"]
        elif type(error).__name__ == "KilledWorker":
            self._take_killed(call)
            return
        del self._calls[call.number]
        for task in list(call.tasks):
            self._settle(task, self._in_flight.of_silent(task, error))

    def _take_killed(self, call: _ClusterCall) -> None:
        """Decide what becomes of a call that Dask has given up, because its workers died.

        A task that had company, or that had perhaps not begun, is tried once more, alone.
        """
        del self._calls[call.number]
        # The last death is told after this.
        deaths = call.deaths + (call.worker is not None)
        guilty = call.alone or (len(call.tasks) == 1 and deaths >= DEATHS)
        for task in list(call.tasks):
            begun = self._in_flight.under_way(task)
            worker = self._name(call.worker) if call.worker is not None else "?"
            end = self._in_flight.of_dead(task, worker, None)
            if guilty:
                reason = counted(
                    max(1, deaths),
                    "{n} worker died while it worked on this",
                    "{n} workers died while they worked on this",
                )
                self._close(task, replace(end, error="KilledWorker", reason=reason))
                continue
            if begun:
                self._inbox.add(as_retry(end))
            self._backlog.wait_alone(task)

    # Stopping

    def _give_up(self, task: int, seconds: float) -> None:
        """End a task that takes too long, and see to it that its worker does not go on with it."""
        call = next((call for call in self._calls.values() if task in call.tasks), None)
        if call is None:
            return
        del self._calls[call.number]
        call.future.cancel()
        ending = asyncio.ensure_future(self._stopper.stop(self._link, {call.number: call.worker}))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        sentence = _("it took longer than {seconds} s, and was stopped")
        end = self._in_flight.of_overdue(task, seconds)
        reason = sentence.format(seconds=f"{seconds:g}")
        self._settle(task, replace(end, reason=reason) if isinstance(end, TaskFailed) else end)

    def _stop_workers(self) -> None:
        for call in self._calls.values():
            call.future.cancel()

    async def _end_calls(self) -> None:
        """See to it that no call goes on."""
        calls = {call.number: call.worker for call in self._calls.values()}
        for call in self._calls.values():
            call.future.cancel()
        self._calls = {}
        if calls and not (self._link.own or self._link.lost):
            await self._stopper.stop(self._link, calls)
        if self._ending:
            await asyncio.wait(self._ending)
