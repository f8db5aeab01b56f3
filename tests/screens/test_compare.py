from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import ContentSwitcher, Input, OptionList, Static
from tui_app.screens.compare import CHOOSING, CompareScreen
from tui_app.screens.demos import DemosScreen
from tui_app.screens.dialogs.choice import ChoiceDialog

from tests.conftest import workers_left
from tests.screens.pilot_steps import heard_by, leave, until
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import demos, find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.play_times import load_play_times
from tui_app.demos.variant import Variant, parse_variant
from tui_app.events import Event, RunFinished, RunStarted
from tui_app.runs.comparison.run import ComparisonRun
from tui_app.runs.comparison.trial import TrialReader
from tui_app.runs.view import RunState
from tui_app.widgets.comparison_choice import ComparisonChoice, DemoMarks
from tui_app.widgets.timeline import Timeline


def variants(*texts: str) -> list[Variant]:
    return [parse_variant(text) for text in texts]


def compare_screen(app: ProcessionApp) -> CompareScreen:
    assert isinstance(app.screen, CompareScreen)
    return app.screen


async def opened(pilot: Pilot[None], app: ProcessionApp) -> CompareScreen:
    """Waits until the comparison's screen is there, with its fields."""
    await until(pilot, lambda: isinstance(app.screen, CompareScreen))
    await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
    await until(pilot, lambda: app.screen.focused is not None)
    return compare_screen(app)


def text(app: ProcessionApp, of: str) -> str:
    return str(app.screen.query_one(of, Static).render())


def states(screen: CompareScreen) -> list[RunState]:
    return [trial.state for trial in screen.run_shown.trials()]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event that the compared runs sent, in the order in which they came."""
    return heard_by(TrialReader, monkeypatch)


@pytest.mark.slow
async def test_two_demos_are_played_one_after_another(home: Path, heard: list[Event]) -> None:
    app = ProcessionApp(compared=variants("2:seconds=0.4", "5:seconds=0.4"))
    async with app.run_test() as pilot:
        screen = await opened(pilot, app)
        assert not screen.busy, "it opens at them, and plays nothing yet"
        await pilot.press("enter")
        await until(pilot, lambda: not screen.busy and screen.run_shown.playing == 1)
        frames = [event for event in heard if isinstance(event, RunStarted | RunFinished)]
        assert [event.event for event in frames] == ["run_started", "run_finished"] * 2
        assert heard[0] is frames[0]
        assert heard[-1] is frames[-1]
        # The figures are those of the events.
        walls = [event.t for event in frames if isinstance(event, RunFinished)]
        first, second = screen.run_shown.trials()
        assert [first.wall, second.wall] == walls
        assert (first.at_once, second.at_once) == (1, 2)
        assert second.times_as_fast(first) == pytest.approx(walls[0] / walls[1])
        table = text(app, "#table")
        assert f"{walls[0]:.2f} s" in table
        assert f"{walls[0] / walls[1]:.2f} x" in table
        windows = [timeline.window for timeline in app.screen.query(Timeline)]
        assert windows[0] == windows[1]
        assert windows[0].end == max(walls)
        # Changed copies are not the demos: their times are not kept.
        assert load_play_times() == {}


@pytest.mark.slow
async def test_a_cancel_ends_it_and_what_was_measured_stands(home: Path) -> None:
    app = ProcessionApp(compared=variants("1:seconds=0.1", "5:seconds=60", "2:seconds=0.1"))
    async with app.run_test() as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(
            pilot, lambda: screen.run_shown.playing == 1 and screen.view.snapshot().running == 2
        )
        await pilot.press("c")
        await until(pilot, lambda: not screen.busy)
        assert states(screen) == [RunState.OK, RunState.CANCELLED, RunState.IDLE]
        assert "was stopped" in text(app, "#notes")
        assert "■ cancelled" in text(app, "#table")
        assert "○ not played" in text(app, "#table")
        await until(pilot, lambda: not workers_left())


def broken(text: str, monkeypatch: pytest.MonkeyPatch) -> Variant:
    """A variant whose script fails."""
    variant = parse_variant(text)
    real = Variant.run

    def run(it: Variant) -> DemoRun:
        return DemoRun(it.demo, "raise SystemExit(3)") if it is variant else real(it)

    monkeypatch.setattr(Variant, "run", run)
    return variant


@pytest.mark.slow
async def test_after_a_failure_the_others_are_played(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = broken("1:seconds=0.1", monkeypatch)
    app = ProcessionApp(compared=[bad, *variants("2:seconds=0.1")])
    async with app.run_test() as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: not screen.busy and screen.run_shown.playing == 1)
        assert states(screen) == [RunState.FAILED, RunState.OK]
        assert "1 one-call, seconds 0.1 failed" in text(app, "#notes")
        assert "✗ 1 of 2 went well" in text(app, "#status")


@pytest.mark.slow
async def test_leaving_ends_what_is_compared(home: Path) -> None:
    app = ProcessionApp(compared=variants("5:seconds=60", "2:seconds=60"))
    async with app.run_test() as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: screen.view.snapshot().running == 2)
        await leave(pilot)
    assert app.return_code == 130


@pytest.mark.slow
async def test_the_photographs_are_drawn_first_and_their_times_are_kept(
    home: Path, small_samples: Path
) -> None:
    app = ProcessionApp(compared=variants("images-sequential", "images-pool"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: screen.busy)
        await until(pilot, lambda: not screen.busy)
        assert states(screen) == [RunState.OK, RunState.OK]
        assert len(list(small_samples.glob("*.jpg"))) == 2
        assert len(list((home / "photos" / "processed").glob("*.jpg"))) == 2
        sequential, pool = screen.run_shown.trials()
        assert load_play_times() == {"images-sequential": sequential.wall, "images-pool": pool.wall}
        assert sequential.said is not None
        assert sequential.said <= sequential.wall
        table = text(app, "#table")
        assert "Finished in" in table
        assert "limit here, 2 CPUs" in table
        assert "3.45 x" in table
        # The demos' list knows these times as well.
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DemosScreen))
        entry = app.screen.query_one("#demo-list", OptionList).get_option("images-pool").prompt
        assert str(entry).startswith("✓")


@pytest.mark.slow
async def test_from_the_demos_one_gets_there_and_back(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("pool-two"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await pilot.press("x")
        await opened(pilot, app)
        await pilot.press("3")
        await pilot.pause()
        settings = app.screen.query_one(ComparisonChoice).chosen()
        assert [variant.demo.name for variant in settings] == ["pool-two"] * 2
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DemosScreen))


@pytest.mark.slow
async def test_a_ready_pair_runs_by_enter(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ProcessionApp(compared=())
    async with app.run_test() as pilot:
        screen = await opened(pilot, app)
        played: list[list[str]] = []

        async def note(run: ComparisonRun) -> None:
            played.append([variant.demo.name for variant in run.variants])

        monkeypatch.setattr(screen, "play", note)
        await pilot.press("down", "enter")
        await until(pilot, lambda: bool(played))
        assert played == [["loop-joined", "pool-as-completed"]]


@pytest.mark.slow
async def test_marks_say_what_is_played_in_their_order(home: Path) -> None:
    app = ProcessionApp(compared=())
    async with app.run_test() as pilot:
        screen = await opened(pilot, app)
        await pilot.press("2", "home", "enter")
        await until(pilot, lambda: "mark two or three" in text(app, "#status"))
        assert not screen.busy
        marks = app.screen.query_one(DemoMarks)
        await pilot.press("down", "down", "space", "home", "space", "end", "space")
        assert [variant.demo.number for variant in marks.marked] == [3, 1, len(demos())]
        await pilot.press("up", "space")
        await until(pilot, lambda: "three at most" in text(app, "#status"))
        await pilot.press("home", "space")
        assert [variant.demo.number for variant in marks.marked] == [3, len(demos())]


@pytest.mark.slow
async def test_one_demo_with_other_settings(home: Path) -> None:
    app = ProcessionApp(compared=())
    async with app.run_test() as pilot:
        screen = await opened(pilot, app)
        await pilot.press("3")
        await pilot.pause()
        choice = app.screen.query_one(ComparisonChoice)
        told = [variant.settings for variant in choice.chosen()]
        assert told == ["", "workers 4", "workers 2"]
        field = app.screen.query(Input).last()
        field.value = "many"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: "WORKERS is a whole number" in text(app, "#status"))
        assert not screen.busy
        for field in app.screen.query(Input):
            if field.name == "SECONDS":
                field.value = "0.5"
        field = app.screen.query(Input).last()
        field.value = "1"
        field.focus()
        await pilot.press("enter")
        await until(pilot, lambda: screen.run_shown.playing == 2 and not screen.busy)
        assert states(screen) == [RunState.OK] * 3
        most = [trial.at_once for trial in screen.run_shown.trials()]
        assert most[0] > most[2] == 1
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one(ContentSwitcher).current == CHOOSING


@pytest.mark.slow
async def test_nothing_is_timed_beside_another_run_unasked(home: Path) -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        demos = app.screen
        assert isinstance(demos, DemosScreen)
        for field in demos.query(Input):
            field.value = "60"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: demos.running)
        await app.open_comparison()
        screen = await opened(pilot, app)
        await screen.prepare(ComparisonRun(variants("2:seconds=0.1", "5:seconds=0.1")))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        assert "Another run goes on" in str(app.screen.query_one(Static).render())
        await pilot.press("n")
        await until(pilot, lambda: not screen.busy)
        assert screen.run_shown.playing is None
        assert not demos.beside
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("s")
        await until(pilot, lambda: screen.run_shown.playing == 1 and not screen.busy)
        assert states(screen) == [RunState.OK] * 2
        assert screen.beside
        assert demos.beside
        # What slept is compared all the same.
        assert "process-joined, seconds 0.1 " in text(app, "#notes")
        assert "not sure" not in text(app, "#notes")
        demos.action_cancel()
        await until(pilot, lambda: not demos.busy)


def marked_as(app: ProcessionApp, title: str) -> bool:
    return title in str(app.screen.query_one(DemoMarks).get_option("two-calls").prompt)


def shown_as(screen: CompareScreen, title: str) -> bool:
    return title in str(screen.query(".title").first(Static).render())


@pytest.mark.slow
async def test_titles_follow_the_language(home: Path) -> None:
    app = ProcessionApp(compared=variants("2:seconds=0.1", "5:seconds=0.1"))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, app)
        for name in ("ro", "en"):
            app.set_language(name)
            title = find_demo("two-calls").title()
            await until(pilot, partial(marked_as, app, title))
            await until(pilot, partial(shown_as, screen, title))
