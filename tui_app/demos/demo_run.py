"""A demo as a run: its script, or a changed copy of it."""

from __future__ import annotations

from tui_app.demos.catalogue import Demo
from tui_app.engine.machine import StartMethod
from tui_app.script.script_run import ScriptRun, ScriptSpec
from tui_app.system.user_folders import current_folder

SAMPLES = "PROCESSION_SAMPLES"
"""The variable that tells a demo of photographs where the samples are."""


class DemoRun(ScriptRun):
    """One run of a demo.

    Args:
        demo: The demo.
        source: The text that is played; None for the demo's own.
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
        self.source = demo.source if source is None else source
        spec = ScriptSpec(
            kind="demo",
            title=f"{demo.number}  {demo.name}: {demo.title()}",
            script=str(demo.script),
            source=None if self.source == demo.source else self.source,
            folder=folder or current_folder(),
            start_method=start_method or demo.start_method,
            environment=_samples() if demo.of_photographs else {},
        )
        super().__init__(spec)


def _samples() -> dict[str, str]:
    from tui_app.images.samples import samples_folder

    return {SAMPLES: str(samples_folder())}
