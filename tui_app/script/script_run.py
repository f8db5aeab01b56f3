"""Plays a script: a run whose events come from inside it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import zipfile
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from tui_app.engine.exit_status import describe_exit
from tui_app.engine.inbox import Inbox
from tui_app.engine.machine import StartMethod
from tui_app.engine.run import Run, here_and_now
from tui_app.engine.run_clock import RunClock
from tui_app.engine.spec import ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.events import Event, Outcome, RunFinished, RunStarted, TaskFailed
from tui_app.language import _
from tui_app.script.event_server import ScriptEventServer
from tui_app.script.exit_status import end_marked
from tui_app.script.interpreter import Interpreter, code_file, own_interpreter
from tui_app.script.program import Program, ProgramForm
from tui_app.script.script_task import ADDRESS, ScriptTask, play
from tui_app.system.import_path import persons_environment
from tui_app.system.user_folders import current_folder
from tui_app.terminal.handed_input import HandedInput

GRACE_SECONDS = 2.0
"""Time that a script has to end by itself after it was interrupted."""

OBEY_SECONDS = 1.0
"""Time that the supervisor has to kill the script after that."""

LEAVE_SECONDS = 5.0
"""Longest wait for the supervisor of a script that was stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSpec:
    """Which script is played, and how.

    Attributes:
        kind: `demo`, or `watch` for a person's own script.
        title: what it is called.
        script: the file or folder, as the script finds it in `sys.argv[0]`; or what `form` says.
        source: a changed text, which is played as a file of the same name in a temporary folder;
            `None`: the file's own.
        arguments: the rest of `sys.argv`.
        form: what `script` is.
        options: of Python, which stand before the script.
        interpreter: the Python that plays it; `None`: the one that runs this program.
        code_file: the file with the code of a module; empty: not known.
        input: the script's standard input; `None`: it is closed.
        folder: the script's current folder.
        start_method: how its processes start; `None`: as plain `python` starts them.
        environment: variables that are set beside the person's own.
        id: a name that no other run has.
    """

    kind: str
    title: str
    script: str
    source: str | None = None
    arguments: tuple[str, ...] = ()
    form: ProgramForm = ProgramForm.FILE
    options: tuple[str, ...] = ()
    interpreter: Interpreter | None = None
    code_file: str = ""
    input: HandedInput | None = None
    folder: str = field(default_factory=current_folder)
    start_method: StartMethod | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: os.urandom(4).hex())

    @classmethod
    def watched(
        cls,
        program: Program,
        interpreter: Interpreter,
        start_method: StartMethod | None = None,
        *,
        input_: HandedInput | None = None,
    ) -> Self:
        """Return how a person's own script is played."""
        return cls(
            kind="watch",
            title=program.title,
            script=program.target,
            arguments=program.arguments,
            form=program.form,
            options=program.options,
            interpreter=interpreter,
            code_file=code_file(interpreter, program, current_folder(), persons_environment()),
            input=input_,
            start_method=start_method,
        )

    @property
    def program(self) -> Program:
        """What Python is given."""
        return Program(self.script, self.form, self.options, self.arguments)

    def read_code(self) -> str:
        """Return the code of the main module; empty where it is not known.

        Raises:
            OSError: its file cannot be read.
        """
        path = Path(self.code_file if self.form is ProgramForm.MODULE else self.script)
        match self.form:
            case ProgramForm.CODE:
                return self.script
            case ProgramForm.MODULE if not self.code_file:
                return ""
        if path.is_dir():
            path /= "__main__.py"
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, suppress(KeyError):
                return archive.read("__main__.py").decode("utf-8", "backslashreplace")
            return ""
        return path.read_text("utf-8", "backslashreplace")


class ScriptRun:
    """Plays a script once; `events()` is what happens. It is a `Runnable`, as a batch is.

    The run begins when the script's main process does, and ends when the last process of the
    script has ended. Its outcome is the script's own: `ok` where its exit code is 0.
    """

    def __init__(self, spec: ScriptSpec) -> None:
        self.spec = spec
        self.id = spec.id
        self._clock = RunClock()
        self._inbox = Inbox(self._clock)
        self._begun = False
        self._player: Run | None = None
        self._server: ScriptEventServer | None = None
        self._last_resort: asyncio.TimerHandle | None = None
        self._cancelled = self._fault = ""

    @property
    def exitcode(self) -> int | None:
        """The script's, negative for a signal; `None` until it has ended, or if it never ran."""
        return self._server.ends.exitcode if self._server is not None else None

    def events(self) -> AsyncGenerator[Event, None]:
        """Play, and yield each event as it happens. See `Inbox.events`."""
        return self._inbox.events(self._drive, self._leave)

    def cancel(self, reason: str = "") -> None:
        """Interrupt the script, as a terminal's Ctrl-C does, and kill it if it does not end soon.

        A second call kills it at once. The run then ends as cancelled, for the first reason given.
        """
        again = bool(self._cancelled)
        self._note(reason or _("cancelled"))
        if again or self._server is None or not self._server.interrupt(GRACE_SECONDS):
            self._kill()
        else:
            # The supervisor kills the script in time, unless the script has stopped it.
            loop = asyncio.get_running_loop()
            self._last_resort = loop.call_later(GRACE_SECONDS + OBEY_SECONDS, self._kill)

    def _leave(self) -> None:
        self._note(_("the run was left"))
        self._kill()

    def _note(self, reason: str) -> None:
        self._cancelled = self._cancelled or reason
        if self._server is not None:
            self._server.tasks.stopped = self._server.tasks.stopped or self._cancelled

    def _kill(self) -> None:
        """Kill every process of the script now."""
        if self._player is not None and self._server is not None:
            self._server.wake_supervisor()
            self._player.cancel(self._cancelled)

    def _begin(self) -> None:
        spec, python = self.spec, self.spec.interpreter or own_interpreter()
        self._begun = True
        option = spec.program.keeps_probe_out
        note = _(
            "with {option}, Python does not load the probe: what happens in the script is not seen"
        )
        self._inbox.add(
            RunStarted(
                t=0.0,
                run=spec.id,
                kind=spec.kind,
                title=spec.title,
                executor="script",
                workers=0,
                start_method=spec.start_method or python.start_method,
                tasks=0,
                weight=0.0,
                notes=[note.format(option=option)] if option else [],
                code=_code(spec),
                **{**here_and_now(), "python": python.version},
            )
        )

    async def _drive(self) -> None:
        """Do the whole run, from `run_started` to `run_finished`."""
        sink, label = self._inbox.add_in_order, self.spec.program.label
        with self._file() as file:
            input_ = self.spec.input
            self._server = server = ScriptEventServer(
                self._clock, label, self._begin, sink, input_.fd if input_ else None
            )
            if input_ is not None:
                input_.rewind()
            self._inbox.paces(server.channels)
            try:
                if not self._cancelled:
                    await self._play(file, server)
            finally:
                if not self._begun:
                    self._begin()
                end = server.ends.finish()
                server.close()
                if self._last_resort is not None:
                    self._last_resort.cancel()
                notes, reason = server.channels.notes, self._reason()
                self._inbox.finish(
                    RunFinished(t=end, outcome=self._outcome(), reason=reason, notes=notes)
                )

    @contextmanager
    def _file(self) -> Iterator[str]:
        """Yield the path of the file that is played, while it exists."""
        if self.spec.source is None:
            yield self.spec.script
            return
        with tempfile.TemporaryDirectory(prefix="procession-") as folder:
            copy = Path(folder) / Path(self.spec.script).name
            copy.write_text(self.spec.source, "utf-8")
            yield str(copy)

    async def _play(self, file: str, server: ScriptEventServer) -> None:
        """Run the task `play` in a pool of one, until nothing of the script is left."""
        spec, address = self.spec, server.channels.address
        program = replace(spec.program, target=file)
        job = ScriptTask(
            address=address,
            command=((spec.interpreter or own_interpreter()).path, *program.words),
            folder=spec.folder,
            has_input=spec.input is not None,
            start_method=spec.start_method or "",
            environment={**persons_environment(), **spec.environment},
        )
        pool = Pool(ExecutorKind.SEQUENTIAL, 1)
        # A script is never played a second time: what it has done is done.
        once = Limits(crashes=1, kills=1)
        about = RunSpec(kind="play", title=spec.title, tasks=1, weight=1.0, pool=pool, limits=once)
        self._player = Run([Task(spec.title, play, job)], about)
        async with aclosing(self._player.events()) as events:
            async for event in events:
                if isinstance(event, TaskFailed):
                    self._fault = event.reason
        if server.members.any_left:
            with suppress(TimeoutError):
                await asyncio.wait_for(server.ends.over.wait(), LEAVE_SECONDS)
        if self._fault:
            # The process that should end what is left of the script may be gone.
            await asyncio.to_thread(end_marked, f"{ADDRESS}={address}", LEAVE_SECONDS)
            main = server.members.main
            if main is not None and sys.platform != "linux":
                with suppress(OSError):
                    os.killpg(os.getpgid(main.pid), signal.SIGKILL)

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


def _code(spec: ScriptSpec) -> str:
    """Return the text that is played; empty where it cannot be read."""
    if spec.source is not None:
        return spec.source
    try:
        return spec.read_code()
    except OSError:
        return ""
