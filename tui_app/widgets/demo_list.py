"""The list of demos: which were played, how long each took, which are changed or picked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui_app.demos.catalogue import Demo, Group, demos
from tui_app.demos.copies import Copies
from tui_app.language import N_, _
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED

HEADINGS = {Group.TUTORIAL: N_("THE TUTORIAL"), Group.PITFALL: N_("PITFALLS")}


class DemoList(OptionList, Localized):
    """All demos below the headings of their groups; a demo's name is its option's id.

    Args:
        is_changed: returns whether a demo's text is not its own.
        is_picked: returns whether a demo is picked for the lesson.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", N_("Choose"))]

    def __init__(
        self,
        is_changed: Callable[[Demo], bool],
        is_picked: Callable[[Demo], bool],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self._is_changed, self._is_picked = is_changed, is_picked
        self._times: Mapping[str, float] = {}

    def show(self, times: Mapping[str, float]) -> None:
        """List the demos; `times` has the seconds of each demo that was played."""
        self._times = times
        self.update_texts()

    def show_marks(self, demo: Demo) -> None:
        """Show whether a demo is changed or picked now."""
        self.replace_option_prompt(demo.name, self._entry(demo))

    def choose(self, name: str) -> None:
        """Move the cursor to the demo of that name."""
        self.highlighted = self.get_option_index(name)

    def update_texts(self) -> None:
        """List the demos in the present language; the cursor stays where it is."""
        chosen = self.highlighted
        self.clear_options()
        for group, members in groupby(demos(), key=lambda demo: demo.group):
            self.add_option(Option(Content.styled(_(HEADINGS[group]), MUTED), disabled=True))
            self.add_options(Option(self._entry(demo), id=demo.name) for demo in members)
        self.highlighted = chosen

    def _entry(self, demo: Demo) -> Content:
        seconds = self._times.get(demo.name)
        played, time = ("✓", f"{seconds:6.2f}") if seconds is not None else (" ", "")
        mark = "*" if self._is_changed(demo) else "●" if self._is_picked(demo) else " "
        name = f"{demo.number:>2} {demo.name:<25}"
        return Content.assemble(
            (played, "$success"), (mark, "bold"), name, (f"{time:6}  ", MUTED), demo.title()
        )


def demo_title(demo: Demo, copies: Copies, margin: str = "", *, named: bool = True) -> Content:
    """Return a demo's number, name and title, and whether its text is mended or changed.

    Args:
        demo: the demo.
        copies: the texts of all demos.
        margin: what stands before it.
        named: whether its name is in it.
    """
    name = f"{demo.name}  " if named else ""
    words = [(f"{margin}{demo.number}  {name}", "bold $primary")]
    if copies.is_mended(demo):
        words.append((_("repaired") + "  ", "bold $success"))
    if copies.is_changed(demo):
        words.append((_("changed") + "  ", "bold $warning"))
    return Content.assemble(*words, demo.title())
