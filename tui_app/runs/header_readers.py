"""Reading images' headers in processes of their own, where limits of time and memory hold.

A file may be made so that reading its header never ends, or takes all memory. Then it costs its
reader, and is told as a flaw of that file; the next reader reads the others. Files are sent some at
a time, so that it costs no more than reading them here. Where a reader dies, what it was sent is
sent again one by one, to find the file to blame.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from tui_app.engine.machine import default_start_method, usable_cpus
from tui_app.images.codec.headers import DEFAULT_OPTIONS, Header, HeaderOptions, read_header
from tui_app.images.store_headers import store_headers
from tui_app.language import _
from tui_app.stores.urls import is_url, parted

AT_ONCE = 64
"""Files that are sent at once: reading their headers takes some milliseconds."""

AHEAD = 2
"""How often so many are sent to a reader before its first answer, so that it never waits."""

CPU_SECONDS = 5
"""CPU that reading one header may take: a thousand times what a large sound one takes."""

SECONDS = 20.0
"""How long a reader may take for what it was sent, and what it waits for: a disk that starts."""

STORE_SECONDS = 120.0
"""The same for what is in a store."""

LOOK_SECONDS = 0.1
"""How often it is asked whether the headers are still wanted."""


def read_apart(
    paths: Iterable[str],
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
    *,
    options: HeaderOptions = DEFAULT_OPTIONS,
) -> Iterator[Header]:
    """Yield the header of each image, in their order.

    Args:
        paths: Paths of the images.
        seconds: How long one file may take; None: as long as any may.
        stop: Asked now and then; True ends the reading.
        options: How headers are read.
    """
    most = usable_cpus()
    readers: list[_Reader] = []
    turns: deque[_Reader] = deque()
    rest = iter(paths)
    chunks = iter(lambda: list(itertools.islice(rest, AT_ONCE)), [])
    with ExitStack() as stack:
        for number, chunk in enumerate(chunks):
            if number < most:
                reader = _Reader(min(seconds or SECONDS, SECONDS), stop, options)
                readers.append(stack.enter_context(closing(reader)))
            reader = readers[number % most]
            reader.send(chunk)
            turns.append(reader)
            # Answers are taken in the order of the questions.
            if len(turns) == AHEAD * most:
                yield from turns.popleft().headers()
        while turns and not stop():
            yield from turns.popleft().headers()


class _Reader:
    """A process that reads headers, and what it was sent and has not answered."""

    def __init__(self, seconds: float, stop: Callable[[], bool], options: HeaderOptions) -> None:
        self._seconds, self._stop, self._options = seconds, stop, options
        self._sent: deque[Sequence[str]] = deque()
        self._flaw = ""
        self._line, self._process = _started(options)

    def send(self, paths: Sequence[str]) -> None:
        """Send it paths, whose headers it answers with."""
        self._sent.append(paths)
        # That it has died is seen when it is to answer.
        with suppress(OSError):
            self._line.send(paths)

    def headers(self) -> Sequence[Header]:
        """Return the headers of what it was sent first; none where they are not wanted."""
        paths = self._sent.popleft()
        found = self._answer(paths)
        if found is not None or self._stop():
            return found or ()
        # What it was sent after that is for the next process.
        later, self._sent = self._sent, deque()
        found = [header for path in paths for header in self._alone(path)]
        for chunk in later:
            self.send(chunk)
        return found

    def _alone(self, path: str) -> Sequence[Header]:
        """Return the header of one file by a new process, or its flaw."""
        self._restart()
        self._line.send([path])
        found = self._answer([path])
        if found is not None or self._stop():
            return found or ()
        self._restart()
        return [Header(flaw=self._flaw)]

    def _answer(self, paths: Sequence[str]) -> Sequence[Header] | None:
        """Wait for an answer; return None where none comes, or it is not wanted any more."""
        seconds = STORE_SECONDS if any(map(is_url, paths)) else self._seconds
        until = time.monotonic() + seconds
        while not self._stop():
            try:
                if self._line.poll(LOOK_SECONDS):
                    found: Sequence[Header] = self._line.recv()
                    return found
            except (EOFError, OSError):
                self._flaw = _("its header took too much time to read: a file made to do harm?")
                return None
            if time.monotonic() > until:
                self._flaw = _("its header could not be read within {seconds} s").format(
                    seconds=f"{seconds:g}"
                )
                return None
        return None

    def _restart(self) -> None:
        self.close()
        self._line, self._process = _started(self._options)

    def close(self) -> None:
        """End the process."""
        self._line.close()
        self._process.kill()
        self._process.join()


def _started(options: HeaderOptions) -> tuple[Connection[Any, Any], BaseProcess]:
    context = multiprocessing.get_context(default_start_method())
    ours, theirs = context.Pipe()
    process: BaseProcess = context.Process(  # type: ignore[attr-defined]
        target=_serve, args=(theirs, CPU_SECONDS, options), daemon=True
    )
    process.start()
    theirs.close()
    return ours, process


def _serve(line: Connection[Any, Any], cpu: int, options: HeaderOptions) -> None:
    """Read headers, in the process, until nobody asks for more."""
    # The app decides about a terminal's Ctrl-C or hang-up.
    for signum in (signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # What C libraries remark about files is not for the terminal.
    null = os.open(os.devnull, os.O_RDWR)
    for handle in range(3):
        os.dup2(null, handle)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, OSError):
        while True:
            line.send(list(_headers(line.recv(), cpu, options)))


def _headers(paths: Sequence[str], cpu: int, options: HeaderOptions) -> Iterator[Header]:
    def limited(path: str, name: str) -> Header:
        _limit(cpu)
        return read_header(path, options, named=name)

    for store, some in itertools.groupby(
        paths, lambda path: parted(path)[0] if is_url(path) else ""
    ):
        if not store:
            yield from (limited(path, "") for path in some)
            continue
        urls = list(some)
        # Fetching them takes time of its own, and the store's library, to be imported.
        _limit(cpu * (len(urls) + 2))
        yield from store_headers(urls, limited, dated=options.details)


def _limit(cpu: int) -> None:
    """Let this process take so many more seconds of CPU."""
    used, hard = time.process_time(), resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + cpu, hard))
