"""Pictures of the screens: one app is started, and compared with kept pictures in many states."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input

from tui_app.app import ProcessionApp

SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((120, 40), id="120x40")]
every_size = pytest.mark.parametrize("size", SIZES)

DARK, LIGHT = "dark", "light"

LOOKS = 20
"""So often it is looked whether a picture still changes."""

LATER = (0.1, 1.0, 10.0)
"""Seconds until another look: a machine that is busy elsewhere may draw so late."""


class Looker:
    """Looks at a running app; whoever has it does what a person would, by its `pilot`."""

    def __init__(self, pilot: Pilot[None], kept: SnapshotAssertion) -> None:
        self.pilot = pilot
        self._kept = kept

    async def look(self, state: str) -> None:
        """What is drawn now is what the picture of that name shows."""
        await self.pilot.pause()
        for field in self.pilot.app.screen.query(Input):
            field.cursor_blink = False
        await self.pilot.wait_for_scheduled_animations()
        for pause in LATER:
            if await self._settled() == self._kept(name=state):
                return
            await self.pilot.pause(pause)
        assert await self._settled() == self._kept(name=state)

    async def _settled(self) -> str:
        """The picture once it stays as it is: on a busy machine the last drawing may come late."""
        app, before = self.pilot.app, ""
        for _look in range(LOOKS):
            await self.pilot.pause(0.02)
            picture = app.export_screenshot(title=app.title, simplify=True)
            if picture == before:
                return picture
            before = picture
        return before

    async def look_in_both_themes(self, state: str) -> None:
        """Likewise on the light ground, and then on the dark one again."""
        for theme in (LIGHT, DARK):
            self.pilot.app.theme = f"procession-{theme}"
            await self.look(f"{state}-{theme}")


class Pictures:
    """The kept pictures of a test."""

    def __init__(self, kept: SnapshotAssertion) -> None:
        self._kept = kept.use_extension(SVGImageExtension)

    @asynccontextmanager
    async def of(self, app: ProcessionApp, size: tuple[int, int]) -> AsyncIterator[Looker]:
        """Runs the app in so many columns and rows, and looks at it."""
        async with app.run_test(size=size, tooltips=True, notifications=True) as pilot:
            yield Looker(pilot, self._kept)
