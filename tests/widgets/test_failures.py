"""Failures on the screen: groups that open, at 3,000 failures as at one."""

import time

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.signal import Signal
from textual.widgets import Static

from tui_app.runs.view import Failure, Snapshot
from tui_app.widgets import failures as module
from tui_app.widgets.base.table import RowTable
from tui_app.widgets.failures import Failures


class FailuresApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.language_changed_signal: Signal[str] = Signal(self, "language-changed")

    def compose(self) -> ComposeResult:
        yield Failures()

    @property
    def listed(self) -> Failures:
        return self.query_one(Failures)

    def rows(self) -> list[str]:
        table = self.query_one(RowTable)
        rows = (table.get_row_at(row) for row in range(table.row_count))
        return [" | ".join(map(str, row)).rstrip(" |") for row in rows]

    def reason(self) -> str:
        return str(self.query_one("#reason", Static).render())


def of(number: int, reason: str, first: int = 0) -> list[Failure]:
    return [Failure(n, f"{reason}-{n}.jpg", "open", "E", reason) for n in range(first, number)]


def shown(failures: list[Failure]) -> Snapshot:
    return Snapshot(kind="batch", failures=failures, failed=len(failures))


async def test_a_failure_alone_is_a_row_and_several_are_a_group_that_opens() -> None:
    app = FailuresApp()
    async with app.run_test(size=(80, 12)) as pilot:
        failures = of(1, "empty")
        app.listed.show(shown(failures))
        assert app.rows() == ["empty-0.jpg | open | empty"]
        assert app.reason() == "empty-0.jpg: empty"
        failures += of(3, "empty", 1) + of(1, "cut")
        app.listed.show(shown(failures))
        closed = ["▶ 3 images | open | empty", "cut-0.jpg | open | cut"]
        assert app.rows() == closed
        app.listed.focus_table()
        await pilot.press("enter")
        assert app.rows() == [
            "▼ 3 images | open | empty",
            *(f"  empty-{n}.jpg" for n in range(3)),
            closed[1],
        ]
        await pilot.press("down")
        await pilot.pause()
        assert app.reason() == "empty-0.jpg: empty"
        # Enter on a name opens and closes nothing.
        await pilot.press("enter")
        assert len(app.rows()) == 5
        await pilot.press("home", "enter")
        assert app.rows() == closed
        await pilot.press("end")
        await pilot.pause()
        assert app.reason() == "cut-0.jpg: cut"


async def test_what_comes_while_a_group_is_open_is_added_and_the_cursor_stays() -> None:
    app = FailuresApp()
    async with app.run_test(size=(80, 12)) as pilot:
        failures = of(2, "empty") + of(2, "cut")
        app.listed.show(shown(failures))
        app.listed.focus_table()
        await pilot.press("enter", "end")
        await pilot.pause()
        assert app.reason().startswith("2 images: cut")
        failures += of(3, "empty", 2)
        app.listed.show(shown(failures))
        await pilot.pause()
        assert app.rows()[:4] == [
            "▼ 3 images | open | empty",
            *(f"  empty-{n}.jpg" for n in range(3)),
        ]
        assert app.reason().startswith("2 images: cut")


async def test_another_run_begins_another_list() -> None:
    app = FailuresApp()
    async with app.run_test(size=(80, 12)):
        app.listed.show(shown(of(4, "empty")))
        app.listed.show(shown([]))
        assert (app.rows(), app.reason()) == ([], "")


async def test_names_beyond_the_table_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    app = FailuresApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.listed.show(shown(of(9, "empty")))
        app.listed.focus_table()
        await pilot.press("enter")
        assert app.rows()[-1].startswith("  and 5 more | ")
        assert len(app.rows()) == 6


async def test_three_thousand_failures_that_come_one_by_one_are_quickly_listed() -> None:
    app = FailuresApp()
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.query_one(RowTable)
        began = time.process_time()
        for _ in range(3_000):
            table.add_row(Text("a"), Text("b"), Text("c"))
        flat = time.process_time() - began
        table.clear()
        failures: list[Failure] = []
        began = time.process_time()
        for number in range(0, 3_000, 10):
            failures += [one for why in ("empty", "cut") for one in of(number + 5, why, number)]
            app.listed.show(shown(failures))
        live = time.process_time() - began
        assert len(failures) == 3_000
        assert len(app.rows()) == 2
        assert live < 2 * flat, (live, flat)
        app.listed.focus_table()
        await pilot.press("enter")
        assert len(app.rows()) == 1_502
