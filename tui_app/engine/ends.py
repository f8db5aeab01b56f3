"""How each task's end is told: what the workers have in hand, and the event that closes it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tui_app.engine.exits import describe_exit, exit_name, first_to_die
from tui_app.engine.hub import Hub
from tui_app.engine.worker import Ended, sentence
from tui_app.events import (
    Event,
    TaskEnd,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskSkipped,
    TaskStarted,
)
from tui_app.language import _


def stopped_words(reason: str, *, begun: bool) -> str:
    """Why a task that has not ended was stopped, and whether it had begun."""
    if begun:
        return _("{reason} under way").format(reason=reason)
    return _("{reason} before it began").format(reason=reason)


@dataclass(slots=True)
class _Underway:
    """What a worker has in hand: since when, in seconds of the run, and at which step."""

    pid: int
    thread: int | None
    t: float
    step: str = ""


class Ends:
    """Follows the tasks that workers have taken, and words their ends.

    An end stands after all that its worker sent before: each method that tells of a worker has
    the hub take that in first.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._underway: dict[int, _Underway] = {}

    def note(self, event: Event) -> None:
        """Takes notice of what a worker says of its tasks."""
        match event:
            case TaskStarted():
                self._underway[event.task] = _Underway(event.pid, event.thread, event.t)
            case TaskProgress() if event.task in self._underway:
                self._underway[event.task].step = event.step

    def now(self) -> float:
        """Seconds since the run began."""
        return max(0.0, time.monotonic() - self._began)

    def of_future(self, task: int, future: asyncio.Future[Ended], hub: Hub) -> TaskEnd:
        """The end that a future tells, whether it has a result or an error of the pool's own."""
        error = future.exception()
        ended = future.result() if error is None else self._not_sent(task, error)
        hub.drain(ended.pid, until=task)
        self._underway.pop(task, None)
        t = hub.stamp(ended.pid, max(0.0, ended.t - self._began))
        if ended.error:
            return TaskFailed(
                t=t,
                task=task,
                pid=ended.pid or None,
                seconds=ended.seconds,
                error=ended.error,
                reason=ended.reason,
                step=ended.step,
                thread=ended.thread,
            )
        return TaskFinished(
            t=t,
            task=task,
            pid=ended.pid,
            seconds=ended.seconds,
            result=ended.result,
            thread=ended.thread,
        )

    def _not_sent(self, task: int, error: BaseException) -> Ended:
        """The end of a task that no worker has told of: it could not be sent to one."""
        known = self._underway.get(task) or _Underway(pid=0, thread=None, t=self.now())
        return Ended(
            pid=known.pid,
            thread=known.thread,
            t=time.monotonic(),
            seconds=max(0.0, self.now() - known.t),
            result={},
            error=type(error).__name__,
            reason=_("the task could not be sent to a worker: {error}").format(
                error=sentence(error)
            ),
            step=known.step,
        )

    def of_cancelled(self, task: int, reason: str, hub: Hub) -> TaskSkipped:
        """The end of a task that a cancel overtook, in a worker's hands or before."""
        return self.of_skipped(task, stopped_words(reason, begun=task in self._underway), hub)

    def of_skipped(self, task: int, reason: str, hub: Hub) -> TaskSkipped:
        """The end of a task that will not be done, though it was handed out."""
        known = self._underway.pop(task, None)
        if known is None:
            return TaskSkipped(t=self.now(), task=task, reason=reason)
        t = hub.stamp(known.pid, self.now())
        return TaskSkipped(t=t, task=task, reason=reason, pid=known.pid, thread=known.thread)

    def of_broken_pool(
        self, tasks: Iterable[int], hub: Hub, codes: Mapping[int, int | None]
    ) -> tuple[str, Iterator[TaskEnd]]:
        """The ends of what is left after a worker died: why, in words, and the ends.

        Args:
            tasks: those that have not ended.
            hub: knows the workers, which are all gone by now.
            codes: their exit codes, by pid.
        """
        culprit = first_to_die(hub.callers.values(), codes)
        if culprit is None:
            reason = _("the workers could not be started")
            not_done = _("not done: {reason}").format(reason=reason)
            return reason, (self.of_skipped(task, not_done, hub) for task in tasks)
        code = codes.get(culprit.pid)
        about = {"name": culprit.name, "pid": culprit.pid, "how": describe_exit(code)}
        reason = _("worker {name} (process {pid}) {how}").format(**about)
        not_done = _("not done: {reason}").format(reason=reason)

        def ends() -> Iterator[TaskEnd]:
            for task in tasks:
                known = self._underway.get(task)
                if known is None or known.pid != culprit.pid:
                    yield self.of_skipped(task, not_done, hub)
                    continue
                del self._underway[task]
                t = hub.stamp(culprit.pid, culprit.gone or 0.0)
                yield TaskFailed(
                    t=t,
                    task=task,
                    pid=culprit.pid,
                    seconds=max(0.0, t - known.t),
                    error=exit_name(code),
                    reason=_("its worker {name} (process {pid}) {how}").format(**about),
                    step=known.step,
                    thread=known.thread,
                )

        return reason, ends()
