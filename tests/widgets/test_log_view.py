import pytest
from textual.app import App, ComposeResult

from tui_app.events import Event, Output, ProcessStarted, Stream
from tui_app.runs.log import Log
from tui_app.widgets.log_view import LogView


class LogApp(App[None]):
    def compose(self) -> ComposeResult:
        yield LogView()


def said(number: int, text: str = "", *, partial: bool = False) -> Event:
    text = text or f"line {number}"
    return Output(t=number / 100, pid=1, stream=Stream.STDOUT, text=text, partial=partial)


def filled(lines: int, longest: int = 100_000) -> Log:
    log = Log(longest)
    log.add(ProcessStarted(t=0.0, pid=1, parent=0, name="W-1"))
    for number in range(lines):
        log.add(said(number))
    return log


def seen(view: LogView) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def test_the_end_is_followed_until_a_line_is_chosen() -> None:
    app = LogApp()
    async with app.run_test(size=(60, 10)) as pilot:
        view = app.query_one(LogView)
        log = filled(100)
        view.watch_log(log)
        view.focus()
        await pilot.pause()
        assert seen(view)[-1].endswith("line 99")
        log.add(said(100))
        view.update_lines({})
        await pilot.pause()
        assert seen(view)[-1].endswith("line 100")
        await pilot.press("home")
        log.add(said(101))
        view.update_lines({})
        await pilot.pause()
        assert seen(view)[0].endswith("started")
        await pilot.press("end")
        assert seen(view)[-1].endswith("line 101")


async def test_a_line_grows_in_its_place() -> None:
    app = LogApp()
    async with app.run_test(size=(60, 10)) as pilot:
        view = app.query_one(LogView)
        log = filled(0)
        view.watch_log(log)
        log.add(said(1, "working", partial=True))
        view.update_lines({})
        await pilot.pause()
        assert view.shown == 2
        log.add(said(2, " done"))
        view.update_lines({})
        assert view.shown == 2
        assert seen(view)[1].endswith("working done")


@pytest.mark.slow
async def test_old_lines_go_and_the_chosen_one_stays_chosen() -> None:
    app = LogApp()
    async with app.run_test(size=(60, 10)) as pilot:
        view = app.query_one(LogView)
        log = filled(90, longest=100)
        view.watch_log(log)
        view.focus()
        await pilot.press("home", *["down"] * 50, "y")
        chosen = app.clipboard
        for number in range(90, 120):
            log.add(said(number))
            view.update_lines({})
        await pilot.press("y")
        assert app.clipboard == chosen
        assert log.dropped > 0


async def test_long_lines_are_cut_with_a_mark_and_can_be_moved() -> None:
    app = LogApp()
    async with app.run_test(size=(40, 5)) as pilot:
        view = app.query_one(LogView)
        log = filled(0)
        log.add(said(1, "x" * 50 + "END"))
        view.watch_log(log)
        view.focus()
        await pilot.pause()
        assert seen(view)[1].endswith("…")
        await pilot.press("right", "right", "right")
        assert seen(view)[1].endswith("END")
        await pilot.press("left", "left", "left", "left")
        assert seen(view)[1].endswith("…")


async def test_what_a_terminal_would_obey_is_shown() -> None:
    app = LogApp()
    async with app.run_test(size=(80, 5)) as pilot:
        view = app.query_one(LogView)
        log = filled(0)
        log.add(said(1, "\x1b]0;title\x07 [red]not red[/] \u202eback \udcff"))
        view.watch_log(log)
        await pilot.pause()
        line = seen(view)[1]
        assert "␛]0;title␇ [red]not red[/] \ufffdback \\xff" in line


@pytest.mark.slow
async def test_a_hundred_thousand_lines_are_no_burden() -> None:
    app = LogApp()
    async with app.run_test(size=(80, 24)) as pilot:
        view = app.query_one(LogView)
        view.watch_log(filled(99_000))
        await pilot.pause()
        view.filter("line 98999")
        assert view.shown == 1
        view.filter("")
        assert seen(view)[-1].endswith("line 98999")


@pytest.mark.slow
async def test_a_log_that_was_long_stands_at_its_top_when_little_is_left() -> None:
    app = LogApp()
    async with app.run_test(size=(60, 10)) as pilot:
        view = app.query_one(LogView)
        log = filled(5)
        view.watch_log(log)
        await pilot.pause()
        for number in range(5, 60):
            log.add(said(number))
            view.update_lines({})
            await pilot.pause()
        assert view.show_vertical_scrollbar
        assert seen(view)[-1].endswith("line 59")
        view.filter("line 5")
        await pilot.pause()
        assert seen(view)[-1].endswith("line 59")
        view.filter("line 59")
        await pilot.pause()
        assert seen(view) == ["   0.59 W-1   ▏line 59", *[""] * 9]
        assert not view.show_vertical_scrollbar
