"""How recorded runs look: the list, an opened script and batch, and two beside each other."""

from pathlib import Path

import pytest
from tui_app.screens.base.recorded import RecordedRunScreen
from tui_app.screens.recorded_pair import RecordedPairScreen
from tui_app.screens.runs import RunsScreen

from tests.screens.pictures import Pictures, every_size
from tests.screens.pilot_steps import until
from tests.screens.test_recorded import stream
from tui_app.app import ProcessionApp
from tui_app.records.recorder import Recorder
from tui_app.records.store import find, new_record

NAMES = ("batch", "held", "demo", "deadlock")


def record(name: str) -> None:
    recorder = Recorder(new_record, pytest.fail)
    for event in stream(name):
        recorder.add(event)
    recorder.close()


@pytest.mark.slow
@every_size
async def test_recorded_runs(
    pictures: Pictures, home: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # How small zlib makes a record depends on the machine's.
    monkeypatch.setattr("tui_app.screens.runs.byte_size", lambda _bytes: "12 kB")
    for name in NAMES:
        record(name)
    find("last").pin(True)
    app = ProcessionApp(clock=lambda: 0.0)
    async with pictures.of(app, size) as looker:
        pilot = looker.pilot
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, RunsScreen) and bool(app.screen._shown))
        await pilot.press("down", "space")
        await looker.look_in_both_themes("list")
        await pilot.press("up", "enter")
        await until(pilot, lambda: isinstance(app.screen, RecordedRunScreen))
        await pilot.press("less_than_sign", "less_than_sign")
        await looker.look_in_both_themes("script")
        await pilot.press("escape", "end")
        await until(pilot, lambda: isinstance(app.screen, RunsScreen))
        await pilot.press("down", "down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, RecordedRunScreen))
        await pilot.press(*["comma"] * 6)
        await looker.look_in_both_themes("batch")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, RunsScreen))
        await pilot.press("up", "space", "x")
        await until(pilot, lambda: isinstance(app.screen, RecordedPairScreen))
        await looker.look_in_both_themes("pair")
