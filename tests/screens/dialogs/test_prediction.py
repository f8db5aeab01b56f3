"""Asking before a demo is played, one person or a class; answering after it; the score."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static, TabbedContent
from tui_app.screens import prediction_flow
from tui_app.screens.demos import DemosScreen
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.dialogs.prediction import PredictionDialog
from tui_app.screens.dialogs.score import ScoreDialog

from tests.screens.pilot_steps import until
from tests.screens.test_demos import demos_screen, played, set_field
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import find_demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.quiz.predictions import (
    Prediction,
    PredictionResult,
    load_results,
    save_results,
)
from tui_app.runs.disturbance import Disturbance, DisturbanceReader, Disturber
from tui_app.settings import Settings
from tui_app.widgets.answer_panel import AnswerPanel
from tui_app.widgets.base.number_input import NumberInput
from tui_app.widgets.measurements_panel import MeasurementsPanel


@pytest.fixture(autouse=True)
def _asked(_unasked: None) -> None:
    Settings(ask_before_demos=True).save()


@pytest.fixture
def _romanian() -> Iterator[None]:
    language.use("ro")
    yield
    language.use("en")


async def asked_about(pilot: Pilot[None], name: str, **values: str) -> PredictionDialog:
    """Plays the demo that is open, with these values; waits for its question."""
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, DemosScreen) and bool(app.screen.focused))
    await until(pilot, lambda: name in text_of(app, "#play-title"))
    for field, value in values.items():
        await set_field(pilot, field.upper(), value)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, PredictionDialog))
    assert isinstance(app.screen, PredictionDialog)
    return app.screen


def text_of(app: object, selector: str) -> str:
    assert isinstance(app, ProcessionApp)
    return str(app.screen.query_one(selector, Static).render())


def answer(app: ProcessionApp) -> str:
    return str(app.screen.query_one(AnswerPanel).render())


def in_front(app: ProcessionApp) -> str:
    return app.screen.query_one(TabbedContent).active


@pytest.mark.slow
async def test_a_letter_predicts_and_plays(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-started"))
    async with app.run_test() as pilot:
        asking = await asked_about(pilot, "process-started", seconds="0.4")
        assert "Which line is printed first?" in text_of(app, "#predict-question")
        assert not asking.query("#own-number")
        await pilot.press("b")
        await played(pilot, app)
        assert in_front(app) == "prints"
        assert "✓ right" in answer(app)
        assert "You said    Finished: main" in answer(app)
        assert "`" not in answer(app)
        assert "The answer  Finished: main" in answer(app)
        assert "you said b · right" in text_of(app, "#play-title")
        assert "Finished: main does not wait · start() returns at once" in text_of(app, "#reason")
    assert load_results() == {"process-started": PredictionResult(Prediction("finished"), True)}


@pytest.mark.slow
async def test_a_wrong_prediction_is_called_wrong(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-created"))
    async with app.run_test() as pilot:
        await asked_about(pilot, "process-created")
        await pilot.press("down", "down", "down", "up", "down", "enter")
        await played(pilot, app)
        assert "You said  2" in answer(app)
        assert "Measured  0   ✗ wrong" in answer(app)
        assert "you said 2 · measured 0 · wrong" in text_of(app, "#play-title")
        assert text_of(app, "#reason").startswith("Process(...) only describes a process.")
    assert load_results() == {"process-created": PredictionResult(Prediction(2.0), False)}


@pytest.mark.slow
async def test_a_number_of_ones_own_may_be_typed(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        asking = await asked_about(pilot, "one-call", seconds="0.5")
        await pilot.press("0", "comma", "5")
        assert asking.query_one("#own-number", NumberInput).number == 0.5
        await pilot.press("enter")
        await played(pilot, app)
        assert "You said  0.5 s" in answer(app)
    assert load_results()["one-call"].prediction == Prediction(0.5)


@pytest.mark.slow
async def test_enter_alone_chooses_nothing(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        asking = await asked_about(pilot, "one-call")
        await pilot.press("enter", "z", "e")
        assert app.screen is asking
        assert "Choose one of a-c" in text_of(app, "#predict-message")
        await pilot.press("escape")
        await until(pilot, lambda: not demos_screen(app).busy)
        assert demos_screen(app).view.snapshot().title == ""
    assert load_results() == {}


@pytest.mark.slow
async def test_a_question_is_asked_once_and_again_where_values_change(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-created"))
    async with app.run_test() as pilot:
        await asked_about(pilot, "process-created")
        await pilot.press("s")
        await played(pilot, app)
        # Skipped: the answer is there, and nothing is said of a prediction.
        assert "measured 0" in text_of(app, "#play-title")
        assert "Measured  0" in answer(app)
        assert "You said" not in answer(app)
        assert "you said" not in text_of(app, "#play-title")
        first = demos_screen(app).view
        await pilot.press("enter")
        await until(pilot, lambda: demos_screen(app).view is not first)
        await played(pilot, app)
        await asked_about(pilot, "process-created", seconds="3")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, PredictionDialog))
        # Shown anew, it is asked anew.
        await pilot.press("n")
        await until(pilot, lambda: "process-started" in text_of(app, "#play-title"))
        await pilot.press("p")
        await asked_about(pilot, "process-created")
        await pilot.press("escape")
    assert load_results() == {}


@pytest.mark.slow
async def test_the_hands_of_a_class_are_counted(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-started"))
    async with app.run_test() as pilot:
        await asked_about(pilot, "process-started", seconds="0.4")
        await pilot.press("h", "enter")
        assert "Enter the hands" in text_of(app, "#predict-message")
        # Letters are no hands, and choose nothing while a class is counted.
        await pilot.press("1", "a", "b", "2", "tab", "7", "down", "x", "1")
        assert "20 hands" in text_of(app, "#predict-message")
        await pilot.press("enter")
        await played(pilot, app)
        await pilot.press("a")
        assert in_front(app) == "answer"
        lines = answer(app).splitlines()
        assert "7 of 20 hands were right" in lines[0]
        assert [line[:6] for line in lines[1:4]] == ["   12 ", "✓   7 ", "    1 "]
        assert lines[1].count("█") > lines[2].count("█") > lines[3].count("█") > 0
        assert "7 of 20 hands right" in text_of(app, "#play-title")
    hands = (("done", 12), ("finished", 7), ("never", 1))
    result = PredictionResult(Prediction(hands=hands), False, 7)
    assert load_results() == {"process-started": result}


@pytest.mark.slow
async def test_the_lesson_waits_for_the_prediction(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-created"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "How many" in text_of(app, "#lesson-text"))
        assert "No process appears" not in text_of(app, "#lesson-text")
        assert "expected" not in text_of(app, "#status")
        await asked_about(pilot, "process-created")
        await pilot.press("a")
        await played(pilot, app)
        await pilot.press("t")
        await pilot.pause()
        assert "No process appears" in text_of(app, "#lesson-text")
        # Whoever wants it first gets it first.
        await pilot.press("n")
        await until(pilot, lambda: "Which line" in text_of(app, "#lesson-text"))
        await pilot.press("t")
        await pilot.pause()
        assert "Both processes sleep" in text_of(app, "#lesson-text")


@pytest.mark.slow
async def test_nothing_is_asked_where_it_was_turned_off(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-created"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        commands["Ask before each demo: off"].callback()
        assert not Settings.load().ask_before_demos
        await pilot.press("enter")
        await played(pilot, app)
        assert in_front(app) == "prints"
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        assert "Ask before each demo: on" in commands


@pytest.mark.slow
async def test_a_cancelled_run_is_not_graded(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        await asked_about(pilot, "one-call", seconds="60")
        await pilot.press("a")
        await until(pilot, lambda: demos_screen(app).view.snapshot().running > 0 or running(app))
        await pilot.press("c")
        await played(pilot, app)
        assert "This run gives no answer." in answer(app)
    assert load_results() == {}


def running(app: ProcessionApp) -> bool:
    return bool(demos_screen(app).view.snapshot().rows)


BUSY = Disturbance(Disturber.PROGRAM, 0.3)


@pytest.fixture
def disturbed(monkeypatch: pytest.MonkeyPatch) -> list[Disturbance]:
    """What disturbs the runs that are played: what stands in the list, until it is emptied."""
    found = [BUSY]
    told = property(lambda reader: found[0] if found else None)
    monkeypatch.setattr(DisturbanceReader, "disturbance", told)
    return found


@pytest.mark.slow
async def test_the_answer_of_a_busy_machine_is_not_graded(
    home: Path, disturbed: list[Disturbance]
) -> None:
    app = ProcessionApp(demo=find_demo("threads-or-processes"))
    async with app.run_test(size=(120, 40)) as pilot:
        await asked_about(pilot, "threads-or-processes", size="20000")
        await pilot.press("b")
        await played(pilot, app)
        assert "Another program was busy (30% of the CPUs): this is not graded." in answer(app)
        assert "✓" not in answer(app)
        assert "✗" not in answer(app)
        assert "The answer  not sure this time" in answer(app)
        title = text_of(app, "#play-title")
        assert "machine busy: not graded, enter plays it again" in title
        assert text_of(app, "#reason").startswith("Another program was busy")
        assert load_results() == {}
        results = str(app.screen.query_one(MeasurementsPanel).render())
        assert "these times are not sure" in results
        # Played again on a quiet machine, it is graded without a second question.
        disturbed.clear()
        first = demos_screen(app).view
        await pilot.press("enter")
        await until(pilot, lambda: demos_screen(app).view is not first)
        await played(pilot, app)
        assert "Another program" not in answer(app)
        assert set(load_results()) == {"threads-or-processes"}


@pytest.mark.slow
async def test_the_hands_of_a_class_are_not_graded_either(
    home: Path, disturbed: list[Disturbance]
) -> None:
    app = ProcessionApp(demo=find_demo("threads-or-processes"))
    async with app.run_test(size=(120, 40)) as pilot:
        await asked_about(pilot, "threads-or-processes", size="20000")
        await pilot.press("h", "1", "tab", "9", "tab", "8", "tab", "0", "enter")
        await played(pilot, app)
        assert "this is not graded" in answer(app)
        assert "✓" not in answer(app)
        assert load_results() == {}


@pytest.mark.slow
async def test_times_that_nobody_predicted_are_not_trusted_either(
    home: Path, disturbed: list[Disturbance]
) -> None:
    app = ProcessionApp(demo=find_demo("threads-or-processes"))
    async with app.run_test(size=(120, 40)) as pilot:
        await asked_about(pilot, "threads-or-processes", size="20000")
        await pilot.press("s")
        await played(pilot, app)
        assert "machine busy: times not sure" in text_of(app, "#status")


@pytest.mark.slow
@pytest.mark.parametrize("late", [False, True])
async def test_who_sleeps_is_graded_unless_the_times_are_far_off(
    home: Path, disturbed: list[Disturbance], monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    monkeypatch.setattr(prediction_flow, "LATE_SECONDS", -99.0 if late else 99.0)
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        await asked_about(pilot, "one-call", seconds="0.5")
        await pilot.press("0", "comma", "5", "enter")
        await played(pilot, app)
        assert ("this is not graded" in answer(app)) == late
    assert bool(load_results()) != late


@pytest.mark.slow
async def test_another_run_beside_it_disturbs_as_another_program_does(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ProcessionApp(demo=find_demo("threads-or-processes"))
    async with app.run_test() as pilot:
        await asked_about(pilot, "threads-or-processes", size="20000")
        screen = app.screen_stack[-2]
        assert isinstance(screen, DemosScreen)
        screen.beside = True
        await pilot.press("b")
        await played(pilot, app)
        assert "Another run of this app was busy: this is not graded." in answer(app)
    assert load_results() == {}


@pytest.mark.slow
async def test_the_score_of_a_course_and_a_new_one(home: Path) -> None:
    a_class = Prediction(hands=(("done", 12), ("finished", 18)))
    save_results(
        {
            "one-call": PredictionResult(Prediction(1.0), True),
            "two-calls": PredictionResult(Prediction(1.0), False),
            "process-started": PredictionResult(a_class, True, 18),
        }
    )
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await pilot.press("K")
        await until(pilot, lambda: isinstance(app.screen, ScoreDialog))
        lines = text_of(app, "#score-list").splitlines()
        assert lines[0] == "2 of 3 predicted right"
        assert lines[1].startswith("18 of 30 hands")
        assert any(line.startswith("✓") and "one-call" in line for line in lines)
        assert any(line.startswith("✗") and "two-calls" in line for line in lines)
        assert any(line.startswith("–") and "pool-two" in line for line in lines)
        assert any("process-started" in line and line.endswith("18 of 30") for line in lines)
        for key, left in (("n", 3), ("y", 0)):
            await pilot.press("n")
            await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, ScoreDialog))
            await pilot.pause()
            assert len(load_results()) == left
        assert "Nothing predicted yet" in text_of(app, "#score-list")
        await pilot.press("escape", "h")
        await pilot.pause()
        assert "predicted" not in text_of(app, "#machine")
        save_results({"one-call": PredictionResult(Prediction(1.0), True)})
        await pilot.press("d", "h")
        await pilot.pause()
        assert "1 of 1 predicted right" in text_of(app, "#machine")


@pytest.mark.slow
@pytest.mark.usefixtures("_romanian")
async def test_it_is_asked_in_the_present_language(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("process-started"))
    async with app.run_test() as pilot:
        asking = await asked_about(pilot, "process-started")
        words = find_demo("process-started").lesson(Machine(2)).predict
        assert words is not None
        assert words.question.split()[0] in str(asking.query_one("#predict-question").render())
        await pilot.press("escape")
