from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Button, ContentSwitcher, DataTable, Input, Select, Static, TabbedContent
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.dialogs.save_failures import SaveFailuresDialog

from tests.commands import outputs
from tests.conftest import workers_left
from tests.screens.pilot_steps import batch_screen, ended, leave, planned, until
from tui_app.app import ProcessionApp
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.runs.request import BatchRequest
from tui_app.runs.view import RunState
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.log_view import LogView
from tui_app.widgets.summary_panel import SummaryPanel
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox
from tui_app.widgets.timeline import Timeline


def app_for(folder: Path, pool: Pool | None = None, **asked: object) -> ProcessionApp:
    request = BatchRequest(sources=(str(folder),), **asked)  # type: ignore[arg-type]
    return ProcessionApp(request, pool)


def many_large(folder: Path) -> None:
    """Work enough to be in the midst of it."""
    Image.new("RGB", (3000, 2000), "teal").save(folder / "large-0.jpg")
    for number in range(1, 40):
        (folder / f"large-{number}.jpg").write_bytes((folder / "large-0.jpg").read_bytes())


@pytest.mark.slow
async def test_a_batch_from_plan_to_summary(photos: Path, pool: Pool) -> None:
    before = {path: path.read_bytes() for path in photos.iterdir()}
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        head = str(screen.query_one("#plan-head", Static).render())
        assert head.startswith("4 images, 0 MP, fast, about")
        assert "1 other file left out" in str(screen.query_one("#plan-notes", Static).render())
        await pilot.press("enter")
        await ended(pilot, app)
        snapshot = screen.view.snapshot()
        assert (snapshot.ok, snapshot.failed) == (3, 1)
        assert screen.query_one("#facts", TabbedContent).active == "summary"
        (failure,) = snapshot.failures
        assert (failure.label, failure.step) == ("broken.jpg", "open")
        assert "not an image" in failure.reason
        assert any("broken.jpg failed in open" in line.text for line in screen.view.log.lines)
    assert sorted(outputs(photos / "processed")) == [f"photo-{number}.jpg" for number in (1, 2, 3)]
    for path, data in before.items():
        assert path.read_bytes() == data


@pytest.mark.slow
async def test_what_failed_is_tried_again_alone(photos: Path, pool: Pool) -> None:
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        first = batch_screen(app).view
        (photos / "broken.jpg").write_bytes((photos / "photo-1.jpg").read_bytes())
        await pilot.press("r")
        await until(pilot, lambda: batch_screen(app).view is not first)
        await ended(pilot, app)
        snapshot = batch_screen(app).view.snapshot()
        assert (snapshot.tasks, snapshot.ok, snapshot.failed) == (1, 1, 0)
    assert (photos / "processed" / "broken.jpg").exists()


@pytest.mark.slow
async def test_running_again_asks_where_all_is_done(photos: Path, pool: Pool) -> None:
    (photos / "broken.jpg").unlink()
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        first = batch_screen(app).view
        stamp = (photos / "processed" / "photo-1.jpg").stat().st_ino
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("m")
        await until(pilot, lambda: not isinstance(app.screen, ChoiceDialog))
        await until(pilot, lambda: batch_screen(app).view is not first)
        await ended(pilot, app)
        assert batch_screen(app).view.snapshot().ok == 3
    assert (photos / "processed" / "photo-1.jpg").stat().st_ino != stamp


@pytest.mark.slow
async def test_escape_leaves_the_question_and_runs_nothing(photos: Path, pool: Pool) -> None:
    (photos / "processed").mkdir()
    (photos / "processed" / "photo-1.jpg").write_text("mine")
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ChoiceDialog))
        assert not batch_screen(app).busy
    assert [path.name for path in (photos / "processed").iterdir()] == ["photo-1.jpg"]
    assert (photos / "processed" / "photo-1.jpg").read_text() == "mine"


@pytest.mark.slow
async def test_leaving_them_leaves_them(photos: Path, pool: Pool) -> None:
    (photos / "processed").mkdir()
    (photos / "processed" / "photo-1.jpg").write_text("mine")
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("l")
        await until(pilot, lambda: not isinstance(app.screen, ChoiceDialog))
        await ended(pilot, app)
        snapshot = batch_screen(app).view.snapshot()
        assert (snapshot.ok, snapshot.skipped) == (2, 1)
    assert (photos / "processed" / "photo-1.jpg").read_text() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("source", "/no/such/folder", "there is no /no/such/folder"),
        ("source", "'open", "the source cannot be read"),
        ("output", ".", "source folder"),
        ("workers", "0", "a whole number from 1"),
        ("workers", "", "a whole number from 1"),
    ],
)
async def test_a_wrong_field_is_said_and_nothing_runs(
    photos: Path, pool: Pool, field: str, value: str, says: str
) -> None:
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        screen.query_one(f"#{field}", Input).value = value
        await until(pilot, lambda: bool(screen.query(".-wrong")))
        assert says in str(screen.query_one("#plan-head", Static).render())
        screen.query_one("#run", Button).press()
        await pilot.pause()
        assert not screen.busy
    assert not (photos / "processed").exists()


@pytest.mark.slow
async def test_the_form_decides_how_it_runs(photos: Path, pool: Pool) -> None:
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        screen.query_one("#output", Input).value = "~/out"
        screen.query_one("#recipe", Select).value = "grayscale"
        screen.query_one("#executor", Select).value = "threads"
        screen.query_one("#workers", Input).value = "3"
        screen.query_one("#keep-dates", ReadableCheckbox).value = True

        def told() -> tuple[str, bool] | None:
            plan = screen.plan
            return None if plan is None else (plan.recipe.name, plan.keep_dates)

        await until(pilot, lambda: told() == ("grayscale", True))
        screen.query_one("#run", Button).press()
        await ended(pilot, app)
        snapshot = screen.view.snapshot()
        assert (snapshot.executor, snapshot.workers) == ("threads", 3)
        assert len({row.key[0] for row in snapshot.rows}) == 1
    assert (photos.parent / "out" / "photo-1.jpg").exists()


@pytest.mark.slow
async def test_a_cluster_is_chosen_in_the_form_and_a_missing_one_is_said(photos: Path) -> None:
    app = app_for(photos, Pool(ExecutorKind.SEQUENTIAL))
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        field = screen.query_one("#scheduler", Input)
        assert not field.region, "only a cluster has a scheduler"
        screen.query_one("#executor", Select).value = str(ExecutorKind.DASK)
        await until(pilot, lambda: bool(field.region))
        field.value = "soup://host:1"
        await planned(pilot, app)
        assert screen.query_one("#workers", Input).region
        await pilot.press("enter")
        said = screen.query_one("#plan-head", Static)
        await until(pilot, lambda: "soup://host:1 cannot be reached" in str(said.render()))
        assert screen.query_one(ContentSwitcher).current == "planning"
    assert not (photos / "processed").exists()


@pytest.mark.slow
async def test_cancel_says_what_was_done(photos: Path) -> None:
    many_large(photos)
    app = app_for(photos, Pool(ExecutorKind.SEQUENTIAL))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        screen = batch_screen(app)
        await until(pilot, lambda: screen.view.snapshot().ok > 0)
        await pilot.press("c")
        await ended(pilot, app)
        snapshot = screen.view.snapshot()
        assert snapshot.state is RunState.CANCELLED
        assert snapshot.summary is not None
        assert "cancelled" in str(screen.query_one("#status", Static).render())
        assert screen.query_one("#facts", TabbedContent).active == "summary"
        done = snapshot.ok
        panel = str(screen.query_one(SummaryPanel).render())
        assert "a goes on where it stopped" in panel
    assert len(outputs(photos / "processed")) >= done


@pytest.mark.slow
async def test_quitting_in_mid_run_leaves_no_process(photos: Path, pool: Pool) -> None:
    many_large(photos)
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: batch_screen(app).view.snapshot().ok > 0)
        await pilot.press("q")
        await leave(pilot)
    assert not workers_left()
    outputs(photos / "processed")


@pytest.mark.slow
async def test_the_log_is_searched_and_cut_down(photos: Path, pool: Pool) -> None:
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        log = batch_screen(app).query_one(LogView)
        everything = log.shown
        await pilot.press("f")
        await pilot.pause()
        assert log.shown == 1
        await pilot.press("escape")
        await pilot.pause()
        assert log.shown == everything
        await pilot.press("slash", *"PHOTO-2")
        await pilot.pause()
        assert log.shown == 1
        await pilot.press("enter", "y")
        assert "photo-2.jpg was processed" in app.clipboard
        await pilot.press("escape")
        await pilot.pause()
        assert log.shown == everything
        await pilot.press("Y")
        assert len(app.clipboard.splitlines()) == everything
        # Once more: now it is the way back to the plan.
        await pilot.press("escape")
        await pilot.pause()
        assert batch_screen(app).query_one(ContentSwitcher).current == "planning"


@pytest.mark.slow
async def test_an_output_that_cannot_be_made_is_said(photos: Path, pool: Pool) -> None:
    app = app_for(photos, pool, output="/proc/nowhere")
    async with app.run_test() as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: bool(screen.query(".-wrong")) and not screen.busy)
        assert "/proc/nowhere" in str(screen.query_one("#plan-head", Static).render())
        assert screen.query_one(ContentSwitcher).current == "planning"


@pytest.mark.slow
async def test_a_worker_that_writes_everywhere_leaves_the_screen_alone(
    photos: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.engine import work
    from tui_app.runs import batch

    monkeypatch.setattr(batch, "do_image", work.say_of)
    app = app_for(photos, Pool(ExecutorKind.PROCESSES, 1))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        lines = batch_screen(app).view.log.lines
        pid = batch_screen(app).view.snapshot().rows[0].key[0]
    texts = {line.text: line for line in lines}
    for said in ("print x", "write 2 x", "puts x", "print to stderr x"):
        assert texts[said].pid == pid
        assert texts[said].who == "W-1"
    assert "x" not in "".join(capfd.readouterr())


@pytest.mark.slow
async def test_the_failures_are_listed_with_their_whole_reason(photos: Path, pool: Pool) -> None:
    app = app_for(photos, pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        await pilot.press("x")
        await pilot.pause()
        table = batch_screen(app).query_one("Failures DataTable", DataTable)
        assert table.row_count == 1
        reason = str(batch_screen(app).query_one("#reason", Static).render())
        assert reason.startswith("broken.jpg: not an image")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SaveFailuresDialog))
        listed = photos.parent / "failed.txt"
        app.screen.query_one(Input).value = str(listed)
        await pilot.press("enter")
        await until(pilot, listed.exists)
        assert listed.read_text("utf-8") == f"{photos / 'broken.jpg'}\n"
        said = str(app.screen.query_one("#save-said", Static).render())
        assert f"procession batch - < {listed}" in said


@pytest.mark.slow
async def test_the_log_can_be_copied_wherever_the_focus_is(
    photos: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_for(photos, pool)
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("y")
        assert copied == []
        await pilot.press("enter")
        await ended(pilot, app)
        app.screen.query_one(Timeline).focus()
        await pilot.press("question_mark")
        await pilot.pause()
        said = str(app.screen.query_one(PlainText).render())
        assert "y  Copy line" in said
        await pilot.press("escape", "y", "Y")
        await pilot.pause()
        assert len(copied) == 2
        assert copied[1].endswith(copied[0])
        assert copied[1].count("\n") > 4
