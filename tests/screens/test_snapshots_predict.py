"""How predicting looks: the question, a class's hands, the answer, the score."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui_app.screens.demos import DemosScreen
from tui_app.screens.dialogs.prediction import PredictionDialog

from tests.screens.pictures import LIGHT, Pictures, every_size
from tests.screens.pilot_steps import until
from tests.screens.sample_demo import joined
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import find_demo
from tui_app.demos.quiz.predictions import Prediction, PredictionResult, save_results
from tui_app.events import Event
from tui_app.settings import Settings

Do = Callable[[Pilot[None]], Awaitable[None]]
Size = tuple[int, int]

A_CLASS = Prediction(hands=((0.0, 2), (1.0, 14), (2.0, 9)))
MARKS = {
    "one-call": PredictionResult(Prediction(1.0), True),
    "two-calls": PredictionResult(Prediction(1.0), False),
    "process-started": PredictionResult(
        Prediction(hands=(("done", 15), ("finished", 10))), False, 10
    ),
    "process-joined": PredictionResult(A_CLASS, True, 14),
}


class CannedRun:
    """Demo 5 as it might have been played."""

    exitcode = 0

    def __init__(self, *_: object, **__: object) -> None:
        pass

    async def events(self) -> AsyncIterator[Event]:
        for event in joined():
            yield event

    def cancel(self, reason: str = "") -> None:
        pass


@pytest.fixture(autouse=True)
def _canned(_unasked: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(ask_before_demos=True).save()
    monkeypatch.setattr("tui_app.screens.demos.DemoRun", CannedRun)


def app_at(name: str) -> ProcessionApp:
    return ProcessionApp(demo=find_demo(name), clock=lambda: 0.0)


async def teased(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: bool(pilot.app.screen.query("Input.parameter")))


async def asked(pilot: Pilot[None]) -> None:
    await teased(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, PredictionDialog))
    await pilot.pause()


async def counted(pilot: Pilot[None]) -> None:
    await asked(pilot)
    await raise_hands(pilot)


async def raise_hands(pilot: Pilot[None]) -> None:
    await pilot.press("h", "2", "down", "1", "4", "down", "9")
    await pilot.pause()


async def over(pilot: Pilot[None]) -> None:
    def ended() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, DemosScreen) and not screen.busy

    await until(pilot, ended)
    await pilot.pause()


async def right(pilot: Pilot[None]) -> None:
    await asked(pilot)
    await pilot.press("b")
    await over(pilot)


async def wrong(pilot: Pilot[None]) -> None:
    await asked(pilot)
    await pilot.press("c")
    await over(pilot)


async def reveal(pilot: Pilot[None]) -> None:
    await pilot.press("enter")
    await over(pilot)


async def scored(pilot: Pilot[None]) -> None:
    await teased(pilot)
    await pilot.press("K")


@pytest.mark.slow
@every_size
async def test_predicting(pictures: Pictures, size: Size) -> None:
    async with pictures.of(app_at("process-joined"), size) as looker:
        await teased(looker.pilot)
        await looker.look("teased")
        await asked(looker.pilot)
        await looker.look("asked")
        await raise_hands(looker.pilot)
        await looker.look("counted")
        await reveal(looker.pilot)
        await looker.look("of_a_class")


@pytest.mark.slow
@every_size
@pytest.mark.parametrize("act", [right, wrong])
async def test_predicted(pictures: Pictures, size: Size, act: Do) -> None:
    async with pictures.of(app_at("process-joined"), size) as looker:
        await act(looker.pilot)
        await looker.look(act.__name__)


@pytest.mark.slow
@every_size
async def test_choosing(pictures: Pictures, size: Size) -> None:
    async with pictures.of(app_at("pool-completion-order"), size) as looker:
        await asked(looker.pilot)
        looker.pilot.app.theme = f"procession-{LIGHT}"
        await looker.look("asked")


@pytest.mark.slow
@every_size
async def test_score(pictures: Pictures, size: Size) -> None:
    save_results(MARKS)
    async with pictures.of(app_at("process-joined"), size) as looker:
        await scored(looker.pilot)
        await looker.look("scored")


@pytest.mark.slow
async def test_the_longest_question_fits_in_romanian(pictures: Pictures) -> None:
    language.use("ro")
    async with pictures.of(app_at("pool-completion-order"), (80, 24)) as looker:
        await counted(looker.pilot)
        await looker.look("counted")
