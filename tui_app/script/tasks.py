"""The tasks of a played script: what its processes tell of them, as events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tui_app.engine.exit_status import describe_exit, exit_name
from tui_app.engine.in_flight import stopped_words
from tui_app.events import (
    Event,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
)
from tui_app.language import _
from tui_app.script.process_names import MAIN

WEIGHT = 1.0
"""The weight of each task: nothing is known of how long it takes."""


@dataclass(slots=True)
class _PlayedTask:
    """A task that has not ended. `pid` is the process that has it, `started` when it began."""

    number: int
    pid: int | None = None
    started: float | None = None


class Tasks:
    """Gives each task a number, and ends each once. `label` is the main process's, as a task.

    Attributes:
        count: how many tasks there are.
        stopped: why the run was stopped: a task that is interrupted or killed then has not failed.
    """

    def __init__(self, sink: Callable[[Event], None], label: str) -> None:
        self._sink, self._label = sink, label
        self._open: dict[str, _PlayedTask] = {}
        self._early: dict[str, list[tuple[Mapping[str, Any], int]]] = {}
        self.count = 0
        self.stopped = ""

    def queue(self, key: str, label: str, t: float) -> None:
        """Tell that a task waits, and then what a quicker process has told of it already."""
        self.count += 1
        self._open[key] = _PlayedTask(self.count)
        self._sink(TaskQueued(t=t, task=self.count, label=label, weight=WEIGHT))
        for data, pid in self._early.pop(key, ()):
            self.tell(data, pid, data["t"])

    def knows(self, key: str) -> bool:
        """Return whether this task is queued and has not ended."""
        return key in self._open

    def working(self, pid: int) -> bool:
        """Return whether this process has a task in hand that has begun."""
        return any(task.pid == pid and task.started is not None for task in self._open.values())

    def assign(self, key: str, pid: int) -> None:
        """Take notice that this process was started for the task."""
        task = self._open.get(key)
        if task is not None:
            task.pid = pid

    def tell(self, data: Mapping[str, Any], pid: int, t: float) -> None:
        """Tell what a process told of a task, `t` seconds after the run began."""
        key = data["key"]
        task = self._open.get(key)
        match data["event"]:
            case "task_started":
                if task is None:
                    self._early.setdefault(key, []).append(({**data, "t": t}, pid))
                    return
                task.pid, task.started = pid, t
                self._sink(TaskStarted(t=t, task=task.number, pid=pid))
            case "task_finished" | "task_failed" if task is None:
                if key in self._early:
                    self._early[key].append(({**data, "t": t}, pid))
            case "task_finished" if task is not None:
                del self._open[key]
                seconds = data["seconds"]
                self._sink(TaskFinished(t=t, task=task.number, pid=pid, seconds=seconds))
            # Where the task has begun, only its own process may tell its failure.
            case "task_failed" if task and (data["ran"] or task.started is None):
                del self._open[key]
                if self.stopped:
                    self._skip(task, pid if data["ran"] else None, t)
                    return
                self._sink(
                    TaskFailed(
                        t=t,
                        task=task.number,
                        pid=pid if data["ran"] else None,
                        seconds=data["seconds"],
                        error=data["error"],
                        reason=data["reason"],
                    )
                )
            case "task_skipped" if task and task.started is None:
                del self._open[key]
                reason = _("cancelled before it began")
                self._sink(TaskSkipped(t=t, task=task.number, reason=reason))

    def process_gone(self, pid: int, name: str, code: int | None, t: float) -> None:
        """End the tasks that this process had in hand when it went."""
        for key, task in list(self._open.items()):
            if task.pid == pid:
                del self._open[key]
                self._end(task, pid, name, code, t)

    def main_gone(self, pid: int, code: int | None, t: float) -> None:
        """Tell that the script's main process was its one task, if there was no other."""
        if not self.count:
            self.queue(MAIN, self._label, 0.0)
            self.tell({"event": "task_started", "key": MAIN}, pid, 0.0)
            self._end(self._open.pop(MAIN), pid, MAIN, code, t)

    def _end(self, task: _PlayedTask, pid: int, name: str, code: int | None, t: float) -> None:
        seconds = max(0.0, t - task.started) if task.started is not None else 0.0
        if self.stopped:
            self._skip(task, pid, t)
        elif code == 0 and task.started is not None:
            self._sink(TaskFinished(t=t, task=task.number, pid=pid, seconds=seconds))
        else:
            about = {"name": name, "how": describe_exit(code)}
            reason = _("its process {name} {how}").format(**about)
            if task.started is None:
                reason = _("its process {name} {how} before it began").format(**about)
            self._sink(
                TaskFailed(
                    t=t,
                    task=task.number,
                    pid=pid,
                    seconds=seconds,
                    error=exit_name(code),
                    reason=reason,
                )
            )

    def _skip(self, task: _PlayedTask, pid: int | None, t: float) -> None:
        """Tell that a task had not ended when the run was stopped."""
        reason = stopped_words(self.stopped, begun=task.started is not None)
        self._sink(TaskSkipped(t=t, task=task.number, reason=reason, pid=pid, stopped=True))

    def close(self, t: float) -> None:
        """End the tasks that are left: each was queued, and never began."""
        for task in self._open.values():
            if self.stopped:
                self._skip(task, None, t)
            else:
                self._sink(TaskSkipped(t=t, task=task.number, reason=_("it never began")))
        self._open.clear()
