"""The list of demos below the field that searches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui_app.demos.search import find_demos
from tui_app.language import N_, _, counted
from tui_app.runs.formatting import safe
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.demo_list import DemoList

LONGEST = 60
"""The most characters of a search."""


class SearchField(Input):
    """A field whose enter chooses what was found."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", N_("Choose"))]


class DemoChooser(Vertical, Localized):
    """A list of demos that can be searched: arrows move in it while one types.

    Args:
        demo_list: the list.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "in_list('cursor_up')", show=False),
        Binding("down", "in_list('cursor_down')", show=False),
        Binding("pageup", "in_list('page_up')", show=False),
        Binding("pagedown", "in_list('page_down')", show=False),
        Binding("escape", "end_search", N_("End search")),
    ]

    DEFAULT_CSS = """
    DemoChooser {
        SearchField { display: none; }
        &.-searching SearchField { display: block; }
    }
    """

    @dataclass
    class Searched(Message):
        """The search has found others, or has ended."""

    def __init__(self, demo_list: DemoList, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._list = demo_list
        self._found = 0

    def compose(self) -> ComposeResult:
        """Yield a search field that is hidden at first, and the list."""
        yield SearchField(compact=True, select_on_focus=False, max_length=LONGEST)
        yield self._list

    def update_texts(self) -> None:
        """Set the field's hint."""
        self._field.placeholder = _("a word of the title, the lesson or the code, such as queue")

    @property
    def _field(self) -> SearchField:
        return self.query_one(SearchField)

    @property
    def searching(self) -> bool:
        """Whether a search goes on."""
        return self.has_class("-searching")

    def status(self) -> str:
        """Return what is said of a search: how many it has found, and the keys."""
        words = " ".join(self._field.value.split())
        if not words:
            return _("○ type what the demo is about   esc ends the search")
        if not self._found:
            return _("○ no demo has this: {words}   esc shows all").format(words=safe(words))
        return counted(
            self._found,
            "○ {n} demo   ↑ ↓ moves   enter chooses it   esc shows all",
            "○ {n} demos   ↑ ↓ moves   enter chooses it   esc shows all",
        )

    def search(self) -> None:
        """Open the search, or go back to it."""
        self.add_class("-searching")
        self._field.focus()
        self.post_message(self.Searched())

    def end_search(self) -> None:
        """Close the search, and list all demos again."""
        if self.searching:
            self.remove_class("-searching")
            with self.prevent(Input.Changed):
                self._field.value = ""
            self._list.show_hits(None)
            self.post_message(self.Searched())

    @on(Input.Changed)
    def find(self, event: Input.Changed) -> None:
        """List what is found."""
        event.stop()
        hits = find_demos(event.value) if event.value.strip() else None
        self._found = len(hits or ())
        self._list.show_hits(hits)
        self.post_message(self.Searched())

    @on(Input.Submitted)
    def choose(self, event: Input.Submitted) -> None:
        """Choose the demo that the cursor is on."""
        event.stop()
        # By the list itself: what its parent posts for it ends at its parent.
        self._list.call_later(self._list.action_select)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        if action in ("in_list", "end_search"):
            return self.searching
        return True

    async def action_in_list(self, action: str) -> None:
        """Move in the list."""
        await self._list.run_action(action)

    def action_end_search(self) -> None:
        """Close the search, and go back to the list."""
        self.end_search()
        self._list.focus()
