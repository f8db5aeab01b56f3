"""What carries the point of each demo: its decisive lines, and the prints that are asked about.

Lines and prints are named by their text, so that they are found in an edited copy, too; a line that
is no longer there is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_LINES = 4
"""Decisive lines that are quoted after a run."""

MOST_PRINTS = 6
"""Prints that are asked about, and quoted after a run."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where to look in a demo.

    Attributes:
        lines: how each decisive line begins, without its indentation, the most decisive first.
        prints: patterns of the printed lines that the question asks about.
        function: the function that the decisive lines call; empty where they call none.
    """

    lines: tuple[str, ...]
    prints: tuple[str, ...] = ()
    function: str = "do_something"

    def decisive(self, source: str) -> tuple[int, ...]:
        """Return the numbers of the decisive lines in a text, from 1, the most decisive first."""
        return tuple(self._found(source.splitlines()))

    def _found(self, lines: Sequence[str]) -> Iterator[int]:
        for begins in self.lines[:MOST_LINES]:
            for number, line in enumerate(lines, 1):
                if line.lstrip().startswith(begins):
                    yield number
                    break

    def body(self, source: str) -> range:
        """Return the numbers of the lines of the function that is called; empty without one."""
        lines = source.splitlines()
        head = (
            re.compile(rf"(?:async )?def {re.escape(self.function)}\b") if self.function else None
        )
        first = next((n for n, line in enumerate(lines, 1) if head and head.match(line)), 0)
        if not first:
            return range(0)
        last = first
        for number in range(first + 1, len(lines) + 1):
            line = lines[number - 1]
            if line.strip() and not line.startswith((" ", "\t")):
                break
            last = number if line.strip() else last
        return range(first, last + 1)

    def asked(self, printed: Sequence[str]) -> list[int]:
        """Return which of the printed lines the question asks about, from 0.

        Of more than `MOST_PRINTS`, the first and the last half of so many.
        """
        found = [
            number
            for number, text in enumerate(printed)
            if any(re.search(pattern, text) for pattern in self.prints)
        ]
        half = MOST_PRINTS // 2
        return found if len(found) <= MOST_PRINTS else [*found[:half], *found[-half:]]


_STARTED = ("p1.start()", "p2.start()")
_SUBMITTED = "futures = [executor.submit(do_something,"
_FINISHED = r"^Finished in"
_SLEEPING = r"^Sleeping for"
_DONE = r"^Done sleeping"

POINTS: Mapping[str, Point] = {
    "one-call": Point(("do_something()", "finish ="), (_FINISHED,)),
    "two-calls": Point(("for _ in range(CALLS)", "do_something()", "finish ="), (_FINISHED,)),
    "process-created": Point(("p1 = multi", "p2 = multi"), (_SLEEPING,)),
    "process-started": Point((*_STARTED, "finish =", 'print(f"Finished'), (_FINISHED, _DONE)),
    "process-joined": Point((*_STARTED, "p1.join()", "p2.join()"), (_FINISHED,)),
    "loop-not-joined": Point(("p.start()", 'print(f"Finished', "for _ in range"), (_FINISHED,)),
    "loop-joined": Point(("for _ in range", "p.start()", "for p in processes", "p.join()")),
    "process-args": Point(
        ("p = multi", "p.start()", "for p in processes", "p.join()"), (_FINISHED,)
    ),
    "pool-submit": Point(("with concurrent", "executor.submit(", "finish ="), (_DONE, _FINISHED)),
    "pool-result": Point(("future = executor.submit(", "print(future.result())"), (_DONE,)),
    "pool-two": Point(
        ("f1 = executor", "f2 = executor", "print(f1.result())", "print(f2.result())"), (_FINISHED,)
    ),
    "pool-list": Point(("with concurrent", _SUBMITTED)),
    "pool-as-completed": Point(
        ("with concurrent", _SUBMITTED, "for future in", "print(future.result())"), (_FINISHED,)
    ),
    "pool-completion-order": Point(
        (_SUBMITTED, "for future in", "print(future.result())"), (_DONE,)
    ),
    "pool-map-order": Point(
        ("results = executor.map(", "for result in", "print(result)"), (_DONE,)
    ),
    "images-sequential": Point(
        ("for photo in photos", "img = img.filter(", "img.thumbnail(", "img.save("), function=""
    ),
    "images-pool": Point(
        ("with concurrent", "for _ in executor.map("), (_FINISHED,), function="process_image"
    ),
    "map-not-read": Point(
        ('return "Done sleeping for " + seconds', "with concurrent", "executor.map("), (_FINISHED,)
    ),
    "no-main-guard": Point((*_STARTED, "p1.join()", "main()"), (_SLEEPING,)),
    "called-target": Point(("p = multi", "p.start()", "p.join()"), (_SLEEPING,)),
    "join-in-loop": Point(("for _ in range", "p.start()", "p.join()")),
    "cannot-pickle": Point(
        ("lambda text", "threading.Lock()", "open(__file__)", "print(executor.submit("),
        (r"^Took ", r"Error: "),
        function="take",
    ),
    "globals-not-shared": Point(
        ("calls_done = 0", "calls_done += 1", "for _ in executor.map(", 'print(f"Calls done, as'),
        (r"^Calls done, as main counts",),
    ),
    "lost-updates": Point(
        ("counter.value += 1", "counter.value = 0", "barrier.wait()", 'print(f"Counted'),
        (r"^Counted ",),
        function="count_up",
    ),
    "more-is-not-faster": Point(
        ("for workers in", "with concurrent", "for _ in executor.map("),
        function="compute",
    ),
    "threads-or-processes": Point(
        ("compute(SIZE)", "with getattr(", "for _ in executor.map("),
        (_FINISHED,),
        function="compute",
    ),
    "sleeping-is-not-working": Point(
        ("for call in", "for _ in executor.map("), (_FINISHED,), function="compute"
    ),
    "too-small-tasks": Point(
        ("for chunksize in", "for _ in executor.map(", "executor.submit("),
        (_FINISHED,),
        function="do_nothing",
    ),
    "cancel-does-not-stop": Point(
        ('print(f"Cancelled', "print(future.result())", "multiprocessing.active", 'print(f"Ended'),
        (r"^Cancelled", _DONE, r"^Ended with"),
    ),
    "queue-two-producers": Point(
        ("queue = multi", "p.start()", "item = queue.get()", 'print(f"Got'),
        (r"^Got ",),
        function="produce",
    ),
    "pipe-and-answer": Point(
        ("ours, theirs", "ours.send(number)", 'print(f"Received'),
        (r"^Sent", r"^Received"),
        function="square",
    ),
    "lock-and-total": Point(
        ("with lock:", "p.start()", "p.join()"), (r"^Total", _FINISHED), function="deposit"
    ),
    "event-starting-gun": Point(
        ("gun.wait()", "gun.set()", "time.sleep(SECONDS)", "p.start()"),
        (r"^Ready", r"^Bang", r"^Running"),
        function="run",
    ),
    "semaphore-three": Point(
        ("with places:", "places = multi", "p.join()"), (r"^Parked", r"^Left"), function="park"
    ),
    "barrier-meeting": Point(
        ("hut.wait()", "hut = multi", "p.join()"), (r"^Hiker 1 ", r"goes on"), function="hike"
    ),
    "manager-dict": Point(
        ("ordinary[number]", "managed[number]", "ordinary, managed", "with multi"),
        (r"^In the",),
        function="write",
    ),
    "shared-memory": Point(
        ("memory.buf[place]", "read = bytes", "memory = shared_memory.SharedMemory(create"),
        (r"^Main reads",),
        function="write",
    ),
    "threads-share": Point(
        ("results.append(", "results = []", "for kind in", "w.join()"), (r"Results",)
    ),
    "asyncio-tasks": Point(
        ("await asyncio.sleep(", "tasks =", "await task"),
        (r"^Asked", r"^Got", _FINISHED),
        function="fetch",
    ),
    "asyncio-pool": Point(
        ("await asyncio.sleep(", "calls =", "print(await call)"), (r"^Tick", _DONE), function="tick"
    ),
    "pool-initializer": Point(
        ("with concurrent", "for line in", "print(line)"), (r"^Preparing",), function="prepare"
    ),
    "locks-crosswise": Point(
        ("with second:", "p1 = multi", "p2 = multi", "p1.join(PATIENCE)"),
        (r"^Has", r"^P-1"),
        function="write",
    ),
    "join-before-get": Point(
        ("p.join(PATIENCE)", "data = queue.get()", "p.start()"),
        (r"^Put", r"^P-1", r"^Got"),
        function="produce",
    ),
    "forgotten-sentinel": Point(
        ("while (item", "queue.put(None)", "p.join(PATIENCE)"),
        (r"^Went", r"^Still"),
        function="consume",
    ),
    "lock-not-released": Point(
        ("lock.acquire()", "p1.join()", "p2.join(PATIENCE)"),
        (r"^Has", r"^P-2", r"Error"),
        function="divide",
    ),
    "blocking-coroutine": Point(
        ("read_page(seconds)", "time.sleep(seconds)", "await task"),
        (r"^Asked", r"^Got", _FINISHED),
        function="fetch",
    ),
    "pool-waits-for-itself": Point(
        ('return f"Outer', "future = executor.submit(outer", "concurrent.futures.wait("),
        (r"^Outer", r"Error"),
        function="outer",
    ),
}
"""The point of each demo, by its name."""
