"""How a sweep looks: its form, its plot and its table, at the two sizes that count."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Select

from tests.screens import canned_sweep
from tests.screens.acting import show_swept
from tests.screens.pictures import every_size
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.runs.sweep import WorkKind
from tui_app.runs.sweep_work import SweepRequest

Compare = Callable[..., bool]
Do = Callable[[Pilot[None]], Awaitable[None]]
every_theme = pytest.mark.parametrize(
    "theme",
    [pytest.param("procession-dark", id="dark"), pytest.param("procession-light", id="light")],
)


def sweep_app() -> ProcessionApp:
    return ProcessionApp(swept=SweepRequest(), clock=lambda: 0.0)


def in_theme(theme: str, then: Do) -> Do:
    async def act(pilot: Pilot[None]) -> None:
        await pilot.pause()
        pilot.app.theme = theme
        await then(pilot)
        await pilot.pause()

    return act


async def asked(pilot: Pilot[None]) -> None:
    await pilot.pause()


async def asked_to_compute(pilot: Pilot[None]) -> None:
    await pilot.pause()
    pilot.app.screen.query_one("#work", Select).value = str(WorkKind.COMPUTING)
    await pilot.pause()


async def half_way(pilot: Pilot[None]) -> None:
    await show_swept(pilot, *canned_sweep.half_way_through(), 1.9)


async def done(pilot: Pilot[None]) -> None:
    await show_swept(pilot, canned_sweep.done(), None, [], 0.0)


async def done_table(pilot: Pilot[None]) -> None:
    await done(pilot)
    await pilot.press("t")


async def half_way_table(pilot: Pilot[None]) -> None:
    await half_way(pilot)
    await pilot.press("t")


async def cancelled(pilot: Pilot[None]) -> None:
    await show_swept(pilot, canned_sweep.after(5), None, [], 0.0)


async def failed(pilot: Pilot[None]) -> None:
    await show_swept(pilot, canned_sweep.with_failures(), None, [], 0.0)


async def failed_table(pilot: Pilot[None]) -> None:
    await failed(pilot)
    await pilot.press("t")


async def hopeless(pilot: Pilot[None]) -> None:
    await show_swept(pilot, canned_sweep.hopeless(), None, [], 0.0)


@every_theme
@every_size
@pytest.mark.parametrize("state", [asked, half_way, done])
def test_sweep(
    snap_compare: Compare, home: Path, size: tuple[int, int], theme: str, state: Do
) -> None:
    assert snap_compare(sweep_app(), terminal_size=size, run_before=in_theme(theme, state))


@every_theme
@pytest.mark.parametrize("state", [half_way_table, done_table])
def test_the_table_on_a_small_screen(
    snap_compare: Compare, home: Path, theme: str, state: Do
) -> None:
    act = in_theme(theme, state)
    assert snap_compare(sweep_app(), terminal_size=(80, 24), run_before=act)


@every_size
@pytest.mark.parametrize("state", [asked_to_compute, cancelled, failed, hopeless])
def test_sweep_in_the_dark(
    snap_compare: Compare, home: Path, size: tuple[int, int], state: Do
) -> None:
    assert snap_compare(sweep_app(), terminal_size=size, run_before=state)


def test_failures_in_the_table(snap_compare: Compare, home: Path) -> None:
    assert snap_compare(sweep_app(), terminal_size=(80, 24), run_before=failed_table)


@pytest.mark.parametrize("state", [half_way, done_table])
def test_sweep_without_colour(
    snap_compare: Compare, home: Path, monkeypatch: pytest.MonkeyPatch, state: Do
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(sweep_app(), terminal_size=(80, 24), run_before=state)


@pytest.mark.parametrize("state", [asked, half_way, done_table, failed])
def test_sweep_in_romanian(snap_compare: Compare, home: Path, state: Do) -> None:
    language.use("ro")
    assert snap_compare(sweep_app(), terminal_size=(80, 24), run_before=state)
