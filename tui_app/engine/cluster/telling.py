"""How a call in a Dask worker tells what happens: its events, and what its thread prints.

A worker may be somebody else's, and have several threads. So nothing of the process is changed for
longer than a call takes, and what is told is told for each thread.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from tui_app.engine.worker import LineWriter, end_of
from tui_app.events import Event, Output, Stream, TaskStarted, to_json

TOPIC = "procession"
"""The topic of our events on the scheduler. It keeps the latest thousand messages, whoever sent
them, so all runs share it."""

HELD_SECONDS = 0.1
"""Longest time an event is buffered before it is sent; a screen is drawn ten times a second."""

MOST_LINES = 1_000
"""Lines that are sent of a call's prints. Nothing slows a worker down here that prints without end,
and the messages would fill the scheduler's memory."""


class StoppedError(BaseException):
    """The call was stopped: raised in a task, past all that catches its errors."""


_local = threading.local()
_lock = threading.Lock()


class Teller:
    """Tells what happens in one call, by the topic.

    Args:
        worker: Dask's worker.
        run: the id of the run.
        call: the number of the call.
        thread: which of the worker's threads this is, where it has several.
        stopped: tells whether the call is to end.
    """

    def __init__(
        self, worker: Any, run: str, call: int, thread: int | None, stopped: Callable[[], bool]
    ) -> None:
        self._worker, self._run, self._call, self.thread = worker, run, call, thread
        self._stopped = stopped
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._sent = 0.0
        self._awaited = False
        self._lines = 0

    def check(self) -> None:
        """Raise `StoppedError` where the call was stopped."""
        if self._stopped():
            raise StoppedError

    def tell(self, event: str, *, at_once: bool = False) -> None:
        """Tell an event, as JSON, within `HELD_SECONDS`, or at once."""
        with self._lock:
            self._waiting.append(event)
            if at_once or time.monotonic() - self._sent >= HELD_SECONDS:
                self._send()
            elif not self._awaited:
                self._awaited = True
                self._worker.loop.add_callback(self._send_later)

    def flush(self) -> None:
        """Send what waits."""
        with self._lock:
            self._send()

    def _send_later(self) -> None:
        self._worker.loop.call_later(HELD_SECONDS, self._send_now)

    def _send_now(self) -> None:
        with self._lock:
            self._awaited = False
            self._send()

    def _send(self, **more: object) -> None:
        if not (self._waiting or more):
            return
        text = "\n".join(self._waiting)
        self._waiting.clear()
        self._sent = time.monotonic()
        message = {"run": self._run, "call": self._call, "worker": self._worker.address}
        self._worker.log_event(TOPIC, {**message, "events": text, **more})

    def over(self) -> None:
        """Tell that the call was stopped, and that nothing of it goes on."""
        with self._lock:
            self._waiting.clear()
            self._send(over=True)

    def line(self, stream: Stream, text: str, *, partial: bool) -> None:
        """Tell a line that the task has written."""
        self._lines += 1
        texts = [(text, partial)]
        if self.silent:
            texts = [(text, False), ("… (what follows is in the worker's own log)", False)]
        for text, partial in texts:
            line = Output(
                t=time.monotonic(),
                pid=os.getpid(),
                stream=stream,
                text=text,
                partial=partial,
                thread=self.thread,
            )
            self.tell(to_json(line))

    @property
    def silent(self) -> bool:
        """Whether no more lines are told."""
        return self._lines >= MOST_LINES

    def run(self, task: int, work: bytes) -> None:
        """Run one task, and tell its beginning, its steps and its end."""
        began = TaskStarted(t=time.monotonic(), task=task, pid=os.getpid(), thread=self.thread)
        # At once: where this task kills the worker, the engine knows which task it was.
        self.tell(to_json(began), at_once=True)
        self.tell(end_of(began, work, self._step, _flush, passing=StoppedError))

    def _step(self, event: Event) -> None:
        self.check()
        self.tell(to_json(event))


# What tasks write


class _TaskWriter(LineWriter):
    """`sys.stdout` or `sys.stderr` while calls run: of a call's thread each line is an event.

    What other threads of the worker write goes where it went before.
    """

    def __init__(self, stream: Stream, before: Any) -> None:
        super().__init__(stream, list(Stream).index(stream) + 1)
        self.before = before

    def write(self, text: str, /) -> int:
        """See `LineWriter.write`."""
        if _present() is None:
            self.before.write(text)
            return len(text)
        return super().write(text)

    def flush(self) -> None:
        """See `LineWriter.flush`."""
        if _present() is None:
            self.before.flush()
        else:
            super().flush()

    def _emit(self, text: str, *, partial: bool) -> None:
        teller = _present()
        assert teller is not None, "the line is of a call's thread"
        if teller.silent:
            self.before.write(text if partial else f"{text}\n")
        else:
            teller.line(self._stream, text, partial=partial)


def _present() -> Teller | None:
    """Return who tells what this thread does; `None` where it is not ours."""
    return getattr(_local, "teller", None)


class Captured:
    """While it is open, this thread's prints are told by a teller."""

    _open = 0

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def __enter__(self) -> None:
        with _lock:
            if Captured._open == 0:
                for stream in Stream:
                    setattr(sys, str(stream), _TaskWriter(stream, getattr(sys, str(stream))))
            Captured._open += 1
        _local.teller = self._teller

    def __exit__(self, *_error: object) -> None:
        _flush()
        _local.teller = None
        with _lock:
            Captured._open -= 1
            if Captured._open == 0:
                for stream in Stream:
                    writer = getattr(sys, str(stream))
                    if isinstance(writer, _TaskWriter):
                        setattr(sys, str(stream), writer.before)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOBase | io.TextIOWrapper):
            stream.flush()
