"""One run at a time below a URL of a store: an object that its run writes again and again.

No kernel releases it at a death. So whoever finds it held by a process of this machine that is gone
takes it over at once, and else after `LEASE_SECONDS` in which nobody has written it. The store's
clock counts, not ours. Where a store can write only in the place of what is known (S3), of two who
come at once one gets it. Elsewhere both may, which the plan says.
"""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from tui_app.files.folder import Stamp
from tui_app.images.output.hidden import HIDDEN
from tui_app.images.output.lock import LockedError
from tui_app.language import _
from tui_app.stores.errors import StoreError, TakenError
from tui_app.stores.opening import store_of
from tui_app.stores.store import StoredFile
from tui_app.system.threads import start_thread

LEASE_SECONDS = 60.0
"""How long a lock holds that is not written again."""

BEAT_SECONDS = 15.0
"""How often it is written again."""

LEAVING_SECONDS = 5.0
"""How long its removal may take at the end; then it runs out by itself."""


_CLOCK_SECONDS = 60.0
"""How far apart the times may be at which one process seems to have begun: the system's clock may
have been set meanwhile, and a number is not given again so soon."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who holds a lock, as its object says."""

    run: str
    host: str
    pid: int
    started: float
    beat: int = 0

    def __bytes__(self) -> bytes:
        return json.dumps(
            {
                "run": self.run,
                "host": self.host,
                "pid": self.pid,
                "started": self.started,
                "beat": self.beat,
            }
        ).encode()

    @property
    def is_gone(self) -> bool:
        """Whether it was a process of this machine that has ended."""
        if self.host != socket.gethostname():
            return False
        try:
            born = psutil.Process(self.pid).create_time()
            return abs(born - self.started) > _CLOCK_SECONDS
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False


def _holder(data: bytes) -> _Holder | None:
    with suppress(ValueError, TypeError):
        found = json.loads(data)
        return _Holder(
            str(found["run"]),
            str(found["host"]),
            int(found["pid"]),
            float(found["started"]),
            int(found["beat"]),
        )
    return None


class StoreLock:
    """Holds the place below a URL for one run; a thread keeps it.

    Args:
        url: The URL.
        run: The run's id.
        lost: Called, in another thread, with a sentence when another run has taken it over.

    Attributes:
        kept: Whether it keeps others out.

    Raises:
        LockedError: Another run holds it; its text is a sentence.
        StoreError: It cannot be written.
    """

    def __init__(self, url: str, run: str, lost: Callable[[str], None]) -> None:
        self._url, self._lost = url, lost
        self._store, top = store_of(url)
        self._folder = f"{top}/{HIDDEN}" if top else HIDDEN
        self._name = f"{self._folder}/lock"
        me = psutil.Process()
        self._me = _Holder(run, socket.gethostname(), me.pid, me.create_time())
        self._stamp = self._taken()
        self.kept = self._store.exclusive and self._keeps_out()
        self._ended = threading.Event()
        self._left = threading.Event()
        start_thread(self._keep)

    def _taken(self) -> Stamp:
        mine = bytes(self._me)
        try:
            return self._store.write_new(self._name, mine)
        except TakenError:
            pass
        there = self._store.entry(self._name)
        if there is None:
            # Its run has ended just now.
            return self._store.write_new(self._name, mine)
        holder = _holder(self._store.read(self._name))
        left = 0.0 if holder and holder.is_gone else self._seconds_left(there)
        if left > 0:
            raise LockedError(self._held(holder, left))
        try:
            return self._store.write_over(self._name, mine, there.stamp)
        except TakenError:
            raise LockedError(self._held(None, LEASE_SECONDS)) from None

    def _seconds_left(self, there: StoredFile) -> float:
        """Return for how long the lock still holds, by the store's own clock."""
        name = f"{self._folder}/{self._me.run}.clock"
        self._store.write(name, b"")
        try:
            now = self._store.entry(name)
        finally:
            self._store.remove(name)
        if now is None or not there.time:
            return LEASE_SECONDS
        return LEASE_SECONDS - (now.time - there.time) / 1e9

    def _held(self, holder: _Holder | None, left: float) -> str:
        if holder is None:
            return _("another run is writing into {folder}: wait for its end").format(
                folder=self._url
            )
        return _(
            "another run, process {pid} on {host}, is writing into {folder}: wait for its end, or"
            " {seconds} s if it was killed"
        ).format(folder=self._url, pid=holder.pid, host=holder.host, seconds=f"{left:.0f}")

    def _keeps_out(self) -> bool:
        """Tell whether the store really refuses to make what stands there: some ignore the wish."""
        try:
            self._stamp = self._store.write_new(self._name, bytes(self._next()))
        except TakenError:
            return True
        return False

    def _next(self) -> _Holder:
        me = self._me
        self._me = _Holder(me.run, me.host, me.pid, me.started, me.beat + 1)
        return self._me

    def _keep(self) -> None:
        """Write it again and again, until it is released; then remove it."""
        written = time.monotonic()
        while not self._ended.wait(BEAT_SECONDS):
            try:
                mine = bytes(self._next())
                self._stamp = self._store.write_over(self._name, mine, self._stamp)
                written = time.monotonic()
            except TakenError:
                self._lost(_("another run has taken over {folder}").format(folder=self._url))
                break
            except StoreError as error:
                # The store may be back soon; but nobody may write where others may.
                if time.monotonic() - written > LEASE_SECONDS - BEAT_SECONDS:
                    self._lost(str(error))
                    break
        else:
            with suppress(StoreError):
                there = self._store.entry(self._name)
                if there is not None and there.stamp == self._stamp:
                    self._store.remove(self._name)
        self._left.set()

    def release(self) -> None:
        """Release it; what cannot be removed in time runs out by itself."""
        self._ended.set()
        self._left.wait(LEAVING_SECONDS)
