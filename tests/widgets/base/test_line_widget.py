"""What is drawn again, and what is not: on a slow link each line counts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.app import App, ComposeResult
from textual.events import Event
from textual.pilot import Pilot
from textual.signal import Signal
from textual.strip import Strip
from textual.widget import Widget

from tests.screens.pilot_steps import until
from tests.screens.sample_events import USAGE, half_way, view_of
from tui_app.events import Output, Stream
from tui_app.runs.formatting import safe
from tui_app.runs.view import RunView
from tui_app.widgets.base.line_widget import LineWidget, PlainText, bar, fitted, strip
from tui_app.widgets.log_view import LogView
from tui_app.widgets.process_rows import ProcessRows
from tui_app.widgets.progress_line import ProgressLine
from tui_app.widgets.run_pane import RunPane
from tui_app.widgets.timeline import NAME_CELLS, Timeline

TEXT = st.text(max_size=60).map(safe)


@given(st.lists(TEXT, max_size=5), st.integers(2, 120), st.integers(0, 80))
def test_a_line_has_exactly_its_width(texts: list[str], width: int, skip: int) -> None:
    line = strip([(text, Style()) for text in texts], width, Style(), skip=skip)
    assert line.cell_length == width
    assert cell_len(line.text) == width


@given(TEXT, st.integers(1, 60), st.booleans())
def test_a_cell_has_exactly_its_width(text: str, width: int, right: bool) -> None:
    assert cell_len(fitted(text, width, right=right)) == width


@given(st.floats(-1, 2), st.integers(0, 50))
def test_a_bar_has_exactly_its_width(fraction: float, width: int) -> None:
    done, rest = bar(fraction, width)
    assert len(done + rest) == width


class PaneApp(App[None]):
    """A run's pane; `drawn` is what widgets have drawn: the class of each, and which line."""

    CSS = """
    RunPane { height: 1fr; }
    #middle, #log, ContentSwitcher, ProcessRows { height: 1fr; }
    #facts { height: 9; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.language_changed_signal: Signal[str] = Signal(self, "language-changed")
        self.drawn: list[tuple[str, int]] = []

    def compose(self) -> ComposeResult:
        yield RunPane()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> PaneApp:
    app = PaneApp()
    for cls in (Widget, LineWidget):
        monkeypatch.setattr(cls, "render_line", noting(cls.render_line, app.drawn))
    return app


def noting(
    render: Callable[[Any, int], Strip], drawn: list[tuple[str, int]]
) -> Callable[[Any, int], Strip]:
    """A `render_line` that notes what it draws."""

    def render_line(widget: Widget, y: int) -> Strip:
        drawn.append((type(widget).__name__, y))
        return render(widget, y)

    return render_line


async def shown(pilot: Pilot[None], app: PaneApp, view: RunView) -> RunPane:
    """The pane at a run that has been drawn."""
    pane = app.query_one(RunPane)
    pane.watch_run(view)
    pane.show(view.snapshot(2.9), USAGE)
    await quiet(pilot, app)
    return pane


async def quiet(pilot: Pilot[None], app: PaneApp) -> None:
    """Waits until nothing is drawn any more, and forgets what was."""
    app.drawn.append(("nothing yet", 0))
    while app.drawn:
        app.drawn.clear()
        await pilot.pause(0.2)


@pytest.mark.slow
async def test_nothing_is_painted_where_nothing_has_changed(app: PaneApp) -> None:
    view = view_of(half_way())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await shown(pilot, app, view)
        pane.show(view.snapshot(2.9), USAGE)
        await pilot.pause(0.1)
        assert app.drawn == []


async def test_one_row_is_painted_where_one_process_goes_on(app: PaneApp) -> None:
    view = view_of(half_way())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await shown(pilot, app, view)
        snapshot = view.snapshot(2.9)
        first, second = snapshot.rows
        row = replace(first, fraction=0.9)
        pane.query_one(ProcessRows).show(replace(snapshot, rows=(row, second)), USAGE)
        await until(pilot, lambda: bool(app.drawn))
        # The heading is line 0.
        assert app.drawn == [("ProcessRows", 1)]


@pytest.mark.slow
async def test_time_that_passes_is_painted_where_it_is_said(app: PaneApp) -> None:
    view = view_of(half_way())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await shown(pilot, app, view)
        pane.show(view.snapshot(2.95), USAGE)
        await until(pilot, lambda: bool(app.drawn))
        assert not {"LogView", "ProcessRows"}.intersection(name for name, _ in app.drawn)


@pytest.mark.slow
async def test_lines_of_the_log_are_painted_without_a_new_layout(
    app: PaneApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(half_way())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await shown(pilot, app, view)
        log = pane.query_one(LogView)

        def say(number: int) -> None:
            text = f"line {number}"
            view.add(Output(t=3.0, pid=4121, stream=Stream.STDOUT, text=text, partial=False))
            log.update_lines({})

        for number in range(40):
            say(number)
            await pilot.pause()
        layouts: list[Event] = []
        follow = log.vertical_scrollbar.window_virtual_size
        monkeypatch.setattr(app.screen, "_refresh_layout", lambda *a, **k: layouts.append(a))
        say(40)
        await pilot.pause(0.1)
        assert layouts == []
        assert log.render_line(log.size.height - 1).text.rstrip().endswith("line 40")
        assert log.vertical_scrollbar.window_virtual_size == follow + 1


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_all_is_painted_in_another_theme(app: PaneApp, theme: str) -> None:
    view = view_of(half_way())
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app, view)
        app.theme = "nord"
        await quiet(pilot, app)
        app.theme = theme
        names = {cls.__name__ for cls in (LogView, ProcessRows, ProgressLine, Timeline, PlainText)}
        await until(pilot, lambda: names <= {name for name, _ in app.drawn})
        lines = app.query_one(ProcessRows)
        assert lines.render_line(0) == lines.draw_line(0)


async def test_short_tasks_do_not_reach_beyond_now(app: PaneApp) -> None:
    view = view_of(half_way())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await shown(pilot, app, view)
        worker = next(iter(view.snapshot().rows))
        many = [replace(worker.spans[0], start=n / 1000, end=(n + 1) / 1000) for n in range(1000)]
        many[500].failed = True
        snapshot = view.snapshot(2.9)
        timeline = pane.query_one(Timeline)
        timeline.show(replace(snapshot, rows=(replace(worker, spans=many),)))
        await pilot.pause()
        line = timeline.render_line(0).text
        ended = NAME_CELLS + timeline.window.cell(0.999) + 2
        assert line[ended:].strip() == ""
        assert line[ended - 1].strip()
        assert "✗" in line
