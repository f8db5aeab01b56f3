"""The point of every demo is on the screen before, during and after its run.

Each demo was played once (`tests/assets/streams/demos`); what is asserted is read off the screen.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from tui_app.screens.demos import DemosScreen
from tui_app.screens.dialogs.prediction import PredictionDialog

from tests.screens.pictures import LATER
from tests.screens.pilot_steps import until
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import Demo, Group, demos
from tui_app.demos.expected_times import Machine
from tui_app.demos.lessons import LessonQuestion
from tui_app.demos.points import POINTS
from tui_app.events import Event, from_json
from tui_app.runs.line_time_words import said_of
from tui_app.runs.samples import SamplesFirst
from tui_app.settings import Settings
from tui_app.widgets.base.stage_layout import Moment
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.prints_view import PrintsView
from tui_app.widgets.timeline import Timeline
from tui_app.widgets.title_row import TitleRow

STREAMS = Path(__file__).parents[1] / "assets" / "streams" / "demos"

PLACES = list(dict.fromkeys((demo.part, demo.group) for demo in demos()))
"""The parts of the course, and in each its steps and its pitfalls."""

SIZES = ((80, 24), (100, 30), (120, 40))

GUTTER = 13
"""Cells before a line of code: its number and its time."""

FOCUS = "┃"
"""What stands in the first cell of a part that has the focus."""

SEEN = 30
"""Characters of a print that are compared: long ones are cut."""


def recorded(demo: Demo) -> list[Event]:
    with gzip.open(STREAMS / f"{demo.name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        events = [from_json(line) for line in lines]
    return [event for event in events if event is not None]


class RecordedRun:
    """Plays what was recorded of a demo, and stops half-way until it is told to go on."""

    exitcode = 0

    def __init__(self, demo: Demo, *_: object, **__: object) -> None:
        self._demo = demo

    async def events(self) -> AsyncIterator[Event]:
        events = recorded(self._demo)
        half = 4 * len(events) // 5
        for number, event in enumerate(events):
            if number == half:
                self.paused.set()
                await self.go_on.wait()
            yield event

    paused = asyncio.Event()
    go_on = asyncio.Event()

    def cancel(self, reason: str = "") -> None:
        self.go_on.set()


@pytest.fixture(autouse=True)
def _recorded(_unasked: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(ask_before_demos=True).save()
    monkeypatch.setattr("tui_app.screens.demos.DemoRun", RecordedRun)
    monkeypatch.setattr(
        "tui_app.screens.demos.SamplesFirst", lambda run, needed: SamplesFirst(run, needed=False)
    )
    monkeypatch.setattr(RecordedRun, "paused", asyncio.Event())
    monkeypatch.setattr(RecordedRun, "go_on", asyncio.Event())


class Look:
    """What is on the screen of a demo now."""

    def __init__(self, screen: DemosScreen, demo: Demo) -> None:
        self.screen, self.demo = screen, demo
        self.lines = demo.source.splitlines()
        shown = screen.app.screen
        self.rows = [strip.text for strip in shown._compositor.render_strips(shown.size)]

    def of(self, kind: type[Widget] | str) -> list[str]:
        """The rows of a widget, as far as nothing covers it."""
        region = self.screen.query_one(kind).region
        rows = [row[region.x : region.right] for row in self.rows[region.y : region.bottom]]
        return [row.replace(FOCUS, " ", 1) if row.startswith(FOCUS) else row for row in rows]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.rows).split())

    @property
    def code(self) -> str:
        """The code that is seen, without any space."""
        said = [said_of(time) for time in self.screen.view.snapshot().times.values()]
        rows = [row[GUTTER:].rstrip() for row in self.of(CodeView)]
        for words in filter(None, said):
            rows = [row.removesuffix(f"  {words}") for row in rows]
        return "".join("".join(row.split()) for row in rows)

    def has_line(self, number: int) -> bool:
        return "".join(self.lines[number - 1].split()) in self.code

    def check_code(self) -> None:
        view = self.screen.query_one(CodeView)
        assert view.virtual_size.height <= view.size.height, "lines are quoted, not scrolled to"

    @property
    def prints(self) -> list[str]:
        lines = (row.partition("▏")[2] for row in self.of(PrintsView))
        return [line.rstrip()[:SEEN].rstrip() for line in lines if line]

    def check_lanes(self) -> None:
        rows = [row for row in self.of(Timeline) if row.strip()]
        names = [lane.name for lane in self.screen.view.snapshot().rows]
        assert len(names) <= 12, "what demos play has a row for each process"
        assert [row[1:].split()[0] for row in rows[:-1]] == names
        assert "╵" in rows[-1]


def plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def before(look: Look, words: LessonQuestion) -> None:
    assert look.screen.moment is Moment.BEFORE
    look.check_code()
    assert plain(words.question) in look.words
    for _key, text in words.choices:
        assert plain(text) in look.words
    point = POINTS[look.demo.name]
    for number in (*point.decisive(look.demo.source), *point.body(look.demo.source)):
        assert look.has_line(number), f"line {number} is hidden"


def during(look: Look) -> None:
    assert look.screen.moment is Moment.DURING
    look.check_lanes()
    look.check_code()
    snapshot = look.screen.view.snapshot()
    if snapshot.line is not None:
        assert any(f"{snapshot.line:>3}▶" in row for row in look.of(CodeView))
        for number in range(snapshot.line - 1, snapshot.line + 2):
            assert not 0 < number <= len(look.lines) or look.has_line(number)
    printed = all_prints(look)
    assert look.prints[-1:] == printed[-1:]
    assert look.prints == printed[-len(look.prints) :]
    assert len(look.prints) >= min(3, len(printed))


def all_prints(look: Look) -> list[str]:
    lines = look.screen.view.log.lines
    return [line.text[:SEEN].rstrip() for line in lines if line.level in ("stdout", "stderr")]


def after(look: Look, words: LessonQuestion) -> None:
    assert look.screen.moment is Moment.AFTER
    look.check_lanes()
    look.check_code()
    (title,), reason = look.of(TitleRow), look.of("#reason")
    assert " · " in title, "what was said, what was measured, and whether that is right"
    assert str(look.screen._prediction.headline()) in title
    assert 1 <= len(reason) <= 2
    assert " ".join(plain(words.reason).split()[:3]) in " ".join(" ".join(reason).split())
    point = POINTS[look.demo.name]
    decisive = point.decisive(look.demo.source)
    # The fourth line yields only after the third row of the answer.
    most = decisive if len(reason) == 2 else decisive[:3]
    for number in most:
        assert look.has_line(number), f"line {number} is hidden"
    snapshot = look.screen.view.snapshot()
    stood = [number for number in most if snapshot.times.get(number) is not None]
    for number in stood:
        time = snapshot.times[number]
        (row,) = [row for row in look.of(CodeView) if row.startswith(f"{number:>3}")]
        assert row[3] == ("▶" if number == snapshot.line else "┄" if time.waits else " ")
        if time.after >= 0.01:
            assert f"+{time.after:.2f} s" in row
        elif time.seconds >= 0.01:
            assert f"{time.seconds:.2f} s" in row
    texts = [line.text for line in look.screen.view.log.lines if line.level in ("stdout", "stderr")]
    printed = all_prints(look)
    for number in {0, len(printed) - 1, *point.asked(texts)} if printed else ():
        assert printed[number] in look.prints


@pytest.mark.slow
@pytest.mark.parametrize("spoken", ["en", "ro"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[1]}-{place[0]}")
async def test_the_point_of_every_demo_is_on_the_screen(
    place: tuple[int, Group], spoken: str
) -> None:
    language.use(spoken)
    app = ProcessionApp(demo=demos()[0], clock=lambda: 0.0)
    troubles: list[str] = []
    async with app.run_test(size=SIZES[-1]) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DemosScreen))
        for demo in [demo for demo in demos() if (demo.part, demo.group) == place]:
            try:
                await look_at(pilot, demo)
            except AssertionError as error:
                troubles.append(f"{demo.name} at {app.size}: {str(error).splitlines()[0]}")
                await go_on(pilot)
    assert not troubles, "\n".join(troubles)


async def look_at(pilot: Pilot[None], demo: Demo) -> None:
    app = pilot.app
    screen = app.screen
    assert isinstance(screen, DemosScreen)
    RecordedRun.paused.clear()
    RecordedRun.go_on.clear()
    await screen.show_demo(demo)
    words = demo.lesson(Machine(2)).predict
    assert words is not None
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, PredictionDialog))
    await at_every_size(pilot, lambda: before(Look(screen, demo), words))
    await pilot.press("a")
    await until(pilot, RecordedRun.paused.is_set)
    screen.draw()
    await at_every_size(pilot, lambda: during(Look(screen, demo)))
    RecordedRun.go_on.set()
    await until(pilot, lambda: not screen.busy)
    await at_every_size(pilot, lambda: after(Look(screen, demo), words))


async def at_every_size(pilot: Pilot[None], check: Callable[[], None]) -> None:
    """Checks the screen as it is, and then in the other sizes of terminals."""
    await pilot.pause()
    await soon(pilot, check)
    for size in SIZES:
        if size != tuple(pilot.app.size):
            await pilot.resize_terminal(*size)
            await soon(pilot, check)


async def soon(pilot: Pilot[None], check: Callable[[], None]) -> None:
    """Checks again where it fails: what stands below a dialog is drawn a little later."""
    for pause in LATER:
        try:
            return check()
        except AssertionError:
            await pilot.pause(pause)
    return check()


async def go_on(pilot: Pilot[None]) -> None:
    """Leaves a demo that was found wanting."""
    if isinstance(pilot.app.screen, PredictionDialog):
        await pilot.press("escape")
    RecordedRun.go_on.set()
    screen = pilot.app.screen
    assert isinstance(screen, DemosScreen)
    await until(pilot, lambda: not screen.busy)
