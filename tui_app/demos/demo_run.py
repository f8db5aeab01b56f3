"""A demo as a run: its script, or a changed copy of it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing
from dataclasses import replace
from pathlib import Path

from tui_app.demos.catalogue import Demo
from tui_app.engine.machine import StartMethod
from tui_app.events import Event
from tui_app.script.script_run import ScriptRun, ScriptSpec
from tui_app.system.user_folders import current_folder

SAMPLES = "PROCESSION_SAMPLES"
"""The variable that tells a demo of photographs where the samples are."""


class DemoRun:
    """One run of a demo: a `Runnable`, as a batch is.

    Args:
        demo: The demo.
        source: The text that is played; None for the demo's own. A changed text is played as a file
            of the same name in a temporary folder.
        start_method: How its processes start; None for the demo's own way, or Python's.
        folder: The script's current folder; None for the app's.
    """

    def __init__(
        self,
        demo: Demo,
        source: str | None = None,
        *,
        start_method: StartMethod | None = None,
        folder: str | None = None,
    ) -> None:
        self.demo = demo
        self.source = demo.source if source is None else source
        self._spec = ScriptSpec(
            kind="demo",
            title=f"{demo.number}  {demo.name}: {demo.title()}",
            script=str(demo.script),
            folder=folder or current_folder(),
            start_method=start_method or demo.start_method,
            environment=_samples() if demo.of_photographs else {},
        )
        self._run = ScriptRun(self._spec)
        self.id = self._run.id

    @property
    def exitcode(self) -> int | None:
        """See `ScriptRun.exitcode`."""
        return self._run.exitcode

    async def events(self) -> AsyncGenerator[Event, None]:
        """See `ScriptRun.events`."""
        with ExitStack() as stack:
            if self.source != self.demo.source:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="procession-"))
                copy = Path(folder) / self.demo.script.name
                copy.write_text(self.source, "utf-8")
                self._run.spec = replace(self._spec, script=str(copy))
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    yield event

    def cancel(self, reason: str = "") -> None:
        """See `ScriptRun.cancel`."""
        self._run.cancel(reason)


def _samples() -> dict[str, str]:
    from tui_app.images.samples import samples_folder

    return {SAMPLES: str(samples_folder())}
