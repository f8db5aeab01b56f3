"""Plays a script: a run whose events come from inside it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import platform
import signal
import socket
import sys
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from tui_app.engine.executors import ExecutorKind
from tui_app.engine.exit_status import describe_exit
from tui_app.engine.machine import StartMethod, usable_cpus
from tui_app.engine.run import WAITING_EVENTS, Run
from tui_app.engine.spec import Limits, Pool, RunSpec, Task
from tui_app.events import Event, Outcome, RunFinished, RunStarted, TaskFailed
from tui_app.language import _
from tui_app.script.event_server import ScriptEventServer
from tui_app.script.exit_status import end_marked
from tui_app.script.script_task import ADDRESS, ScriptTask, play
from tui_app.summary import Tally
from tui_app.system.import_path import persons_environment
from tui_app.system.user_folders import current_folder

GRACE_SECONDS = 2.0
"""How long a script that is interrupted may take to end by itself."""

OBEY_SECONDS = 1.0
"""How much longer the supervisor is given, which kills the script then."""

LEAVE_SECONDS = 5.0
"""How long the supervisor of a script that was stopped is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSpec:
    """Which script is played, and how.

    Attributes:
        kind: `demo`, or `watch` for somebody's own script.
        title: what it is called.
        script: the file, as the script finds it in `sys.argv[0]`.
        arguments: the rest of `sys.argv`.
        folder: the current folder of the script.
        start_method: how its processes start; `None`: as plain `python` would start them.
        environment: variables that are set besides those of the app.
    """

    kind: str
    title: str
    script: str
    arguments: tuple[str, ...] = ()
    folder: str = field(default_factory=current_folder)
    start_method: StartMethod | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: os.urandom(4).hex())


class ScriptRun:
    """Plays a script once; `events()` is what happens. It is a `Runnable`, as a batch is.

    The run begins when the script's main process does, and ends when the last process of the
    script has ended; its outcome is the script's own: `ok` where its exit code is 0.
    """

    def __init__(self, spec: ScriptSpec) -> None:
        self.spec = spec
        self.id = spec.id
        self._inbox: deque[Event] = deque()
        self._tally = Tally()
        self._player: Run | None = None
        self._hub: ScriptEventServer | None = None
        self._cancelled = ""
        self._last_resort: asyncio.TimerHandle | None = None
        self._fault = ""

    @property
    def exitcode(self) -> int | None:
        """The script's, negative for a signal; `None` until it has ended, or if it never ran."""
        return self._hub.exitcode if self._hub is not None else None

    async def events(self) -> AsyncGenerator[Event, None]:
        """Plays, and yields each event as it happens. To be iterated once.

        A caller that stops iterating stops the script; with `contextlib.aclosing` it does so at
        once, and no process is left when the block is.
        """
        assert self._hub is None, "a run runs once"
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._begun = False
        label = Path(self.spec.script).name
        self._hub = hub = ScriptEventServer(label, self._begin, self._emit, self._over.set)
        driver = asyncio.create_task(self._drive(hub))
        driver.add_done_callback(lambda _: self._news.set())
        try:
            while self._inbox or not driver.done():
                await self._news.wait()
                self._news.clear()
                while self._inbox:
                    if len(self._inbox) <= WAITING_EVENTS // 2:
                        hub.resume()
                    yield self._inbox.popleft()
                # A reader takes a burst without a pause; keys and timers get their turn after it.
                await asyncio.sleep(0)
            driver.result()
        finally:
            self._note(_("the run was left"))
            self._kill()
            hub.resume()
            await asyncio.wait([driver])

    def cancel(self, reason: str = "") -> None:
        """Interrupts the script, as a terminal's Ctrl-C does, and kills it if it does not end soon.

        A second call kills it at once. The run then ends as cancelled, for the first reason given.
        """
        again = bool(self._cancelled)
        self._note(reason or _("cancelled"))
        if again or self._hub is None or not self._hub.interrupt(GRACE_SECONDS):
            self._kill()
        else:
            # The supervisor sees to it; the script may have stopped that.
            loop = asyncio.get_running_loop()
            self._last_resort = loop.call_later(GRACE_SECONDS + OBEY_SECONDS, self._kill)

    def _note(self, reason: str) -> None:
        self._cancelled = self._cancelled or reason
        if self._hub is not None:
            self._hub.tasks.stopped = self._hub.tasks.stopped or self._cancelled

    def _kill(self) -> None:
        """Kills every process of the script now."""
        if self._player is not None and self._hub is not None:
            self._hub.wake_supervisor()
            self._player.cancel(self._cancelled)

    def _emit(self, event: Event) -> None:
        self._tally.add(event)
        self._inbox.append(event)
        self._news.set()
        if len(self._inbox) > WAITING_EVENTS and self._hub is not None:
            self._hub.pause()

    def _begin(self) -> None:
        spec = self.spec
        self._begun = True
        method = spec.start_method or plain_start_method()
        self._emit(
            RunStarted(
                t=0.0,
                run=spec.id,
                kind=spec.kind,
                title=spec.title,
                executor="script",
                workers=0,
                start_method=method,
                cpus=usable_cpus(),
                python=platform.python_version(),
                host=socket.gethostname(),
                started_at=datetime.now().astimezone().isoformat(timespec="seconds"),
                tasks=0,
                weight=0.0,
            )
        )

    async def _drive(self, hub: ScriptEventServer) -> None:
        """The whole run, from `run_started` to `run_finished`."""
        try:
            if not self._cancelled:
                await self._play(hub)
        finally:
            if not self._begun:
                self._begin()
            end = hub.finish()
            hub.close()
            if self._last_resort is not None:
                self._last_resort.cancel()
            finished = RunFinished(
                t=end, outcome=self._outcome(), reason=self._reason(), notes=hub.notes
            )
            self._tally.add(finished)
            self._inbox.append(replace(finished, summary=self._tally.summary().to_dict()))
            self._news.set()

    async def _play(self, hub: ScriptEventServer) -> None:
        """Runs the task `play` in a pool of one, until nothing of the script is left."""
        spec = self.spec
        job = ScriptTask(
            address=hub.address,
            script=spec.script,
            arguments=spec.arguments,
            folder=spec.folder,
            start_method=spec.start_method or "",
            environment={**persons_environment(), **spec.environment},
        )
        pool = Pool(ExecutorKind.SEQUENTIAL, 1)
        # What a script has done so far is done: it is never played a second time.
        once = Limits(crashes=1, kills=1)
        about = RunSpec(kind="play", title=spec.title, tasks=1, weight=1.0, pool=pool, limits=once)
        self._player = Run([Task(spec.title, play, job)], about)
        async with aclosing(self._player.events()) as events:
            async for event in events:
                if isinstance(event, TaskFailed):
                    self._fault = event.reason
        if any(caller.gone is None for caller in hub.callers.values()):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), LEAVE_SECONDS)
        if self._fault:
            # Who was to end what is left of it may be gone.
            await asyncio.to_thread(end_marked, f"{ADDRESS}={hub.address}", LEAVE_SECONDS)
            if hub.main is not None and sys.platform != "linux":
                with suppress(OSError):
                    os.killpg(os.getpgid(hub.main.pid), signal.SIGKILL)

    def _outcome(self) -> Outcome:
        if self._fault:
            return Outcome.FAILED
        if self._cancelled:
            return Outcome.CANCELLED
        return Outcome.OK if self.exitcode == 0 else Outcome.FAILED

    def _reason(self) -> str:
        if self._fault or self._cancelled:
            return self._fault or self._cancelled
        code = self.exitcode
        if code == 0:
            return ""
        return _("the script {how}").format(how=describe_exit(code))


def plain_start_method() -> StartMethod:
    """How plain `python` starts processes here: the first of all methods is the default one."""
    return StartMethod(multiprocessing.get_all_start_methods()[0])
