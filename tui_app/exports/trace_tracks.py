"""The tracks of a trace: which process, thread or asyncio task has which, and what it is called."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from tui_app.events import MOST_PIDS
from tui_app.exports.trace_lane import TraceEvent, TraceLane, Track, trace_event, trace_text

FIRST_TID = 2 * MOST_PIDS
"""The `tid` of the first thread: pids are smaller. Perfetto takes the thread whose `tid` is the pid
for the main one."""


class Tracks:
    """Has a lane for each process, and for each thread and task of it that is told."""

    def __init__(self) -> None:
        self._lanes: dict[Track, TraceLane] = {}
        self._tids: dict[tuple[int, int], int] = {}
        self._names: dict[int, str] = {}
        self._pids: dict[str, int] = {}
        self._threads: dict[tuple[int, str], Track] = {}

    def __iter__(self) -> Iterator[TraceLane]:
        """Yield all lanes."""
        yield from self._lanes.values()

    def lane(
        self, pid: int, thread: int | None, name: str = ""
    ) -> Generator[TraceEvent, None, TraceLane]:
        """Return the lane of a process or thread; yield its name where it is new.

        Args:
            pid: The process.
            thread: Its thread, or its asyncio task; None or 0: the process itself.
            name: What a script calls the thread.
        """
        track = (pid, pid)
        if thread:
            tid = self._tids.setdefault((pid, thread), FIRST_TID + len(self._tids))
            track = (pid, tid)
        if track not in self._lanes:
            self._lanes[track] = TraceLane(track)
            if thread:
                called = trace_text(name or f"{self.name(pid)}.{thread}")
                yield trace_event("M", track, 0.0, "thread_name", args={"name": called})
        if name:
            self._threads[pid, name] = track
        return self._lanes[track]

    def start_process(
        self, pid: int, name: str, host: str | None
    ) -> Generator[TraceEvent, None, TraceLane]:
        """Return the lane of a process that starts; yield its name."""
        self._names[pid], self._pids[name] = name, pid
        lane = yield from self.lane(pid, None)
        called = trace_text(f"{name} {host or ''}".rstrip())
        yield trace_event("M", lane.track, 0.0, "process_name", args={"name": called})
        yield trace_event("M", lane.track, 0.0, "thread_name", args={"name": called})
        order = {"sort_index": len(self._names)}
        yield trace_event("M", lane.track, 0.0, "process_sort_index", args=order)
        return lane

    def name(self, pid: int) -> str:
        """Return the name of a process."""
        return self._names.get(pid, str(pid))

    def of_process(self, pid: int) -> list[TraceLane]:
        """Return the lanes of a process, and of all its threads."""
        return [lane for track, lane in self._lanes.items() if track[0] == pid]

    def called(self, name: str | None, pid: int) -> TraceLane | None:
        """Return the lane of who has this name and is alive; None where nobody does.

        Args:
            name: Of a process, or of a thread or task of the one that says so.
            pid: Who says so.
        """
        if not name:
            return None
        track = self._threads.get((pid, name))
        if track is None and name in self._pids:
            track = (self._pids[name], self._pids[name])
        lane = None if track is None else self._lanes.get(track)
        return lane if lane is not None and lane.open else None
