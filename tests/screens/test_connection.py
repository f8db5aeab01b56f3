"""Over SSH the first batch tells once that it ends with the connection."""

import os
from pathlib import Path

import pytest

from tests.screens.pilot_steps import batch_screen, ended, planned, until
from tui_app.app import ProcessionApp
from tui_app.engine.spec import Pool
from tui_app.runs.request import BatchRequest


@pytest.mark.slow
async def test_it_is_told_once(photos: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.setattr(os, "isatty", lambda fd: True)
    app = ProcessionApp(BatchRequest((str(photos),)), pool)
    told: list[str] = []
    monkeypatch.setattr(app, "notify", lambda message, **_: told.append(message))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        assert told == []
        await pilot.press("enter")
        await ended(pilot, app)
        first = batch_screen(app).view
        await pilot.press("r")
        await until(pilot, lambda: batch_screen(app).view is not first)
        await ended(pilot, app)
    (note,) = told
    assert "ends with the SSH connection" in note
