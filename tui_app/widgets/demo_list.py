"""The list of demos: which were played, how long each took, and the lesson that is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option, OptionDoesNotExist

from tui_app.demos.catalogue import Demo, Group, demos, find_demo
from tui_app.demos.copies import Copies
from tui_app.demos.lesson_plan import LessonPlan
from tui_app.demos.search import DemoHit, FoundIn
from tui_app.language import N_, _
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED

HEADINGS = {
    (1, Group.TUTORIAL): N_("THE TUTORIAL"),
    (1, Group.PITFALL): N_("PITFALLS"),
    (2, Group.TALKING): N_("PART TWO: PROCESSES THAT TALK"),
    (2, Group.PITFALL): N_("PITFALLS OF PART TWO"),
}
FOUND_IN = {
    FoundIn.TITLE: N_("IN THE TITLE"),
    FoundIn.NAME: N_("IN THE NAME"),
    FoundIn.LESSON: N_("IN THE TEXT OF THE LESSON"),
    FoundIn.CODE: N_("IN THE CODE"),
}

NOTED = "¶"
"""Stands beside a demo that has a note."""

PLANNED = "lesson "
"""Begins the id of an option that stands in the lesson; elsewhere the id is the demo's name."""

EARLIER, LATER = "shift+up,left_square_bracket", "shift+down,right_square_bracket"
"""The keys that move a demo in the lesson: not every terminal tells shift+up from up."""


class DemoList(OptionList, Localized):
    """The lesson in its order, if one is planned, and all demos below the headings of their groups.

    While a search goes on, the demos that were found stand there instead.

    Args:
        is_changed: returns whether a demo's text is not its own.
        is_noted: returns whether a demo has a note.
        plan: returns the lesson that is planned.
    """

    # Here, and not in the screen: a key of the screen may overtake the arrow before it.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", N_("Choose")),
        Binding("space", "screen.pick", N_("Pick for the lesson"), show=False),
        Binding("left", "heading(-1)", N_("To the heading before"), show=False),
        Binding("right", "heading(1)", N_("To the next heading"), show=False),
        Binding(EARLIER, "screen.reorder(-1)", N_("Earlier in the lesson"), show=False),
        Binding(LATER, "screen.reorder(1)", N_("Later in the lesson"), show=False),
    ]

    def __init__(
        self,
        is_changed: Callable[[Demo], bool],
        is_noted: Callable[[Demo], bool],
        plan: Callable[[], LessonPlan],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self._is_changed, self._is_noted, self._plan = is_changed, is_noted, plan
        self._times: Mapping[str, float] = {}
        self._hits: Sequence[DemoHit] | None = None

    @property
    def demo(self) -> Demo | None:
        """The demo that the cursor is on."""
        option = self.highlighted_option
        return None if option is None else listed_demo(option)

    def show(self, times: Mapping[str, float]) -> None:
        """List the demos; `times` has the seconds of each demo that was played."""
        self._times = times
        self.update_texts()

    def show_marks(self, demo: Demo) -> None:
        """Show what is said of a demo beside its name, as it is now."""
        for id_ in (f"{PLANNED}{demo.name}", demo.name):
            if self._has(id_):
                self.replace_option_prompt(id_, self._entry(demo))

    def show_hits(self, hits: Sequence[DemoHit] | None) -> None:
        """List the demos that were found, with the cursor on the first one; `None`: all again."""
        self._hits = hits
        if hits is None:
            self.update_texts()
        else:
            self.set_options(self._rows())
            self.highlighted = 1 if hits else None

    def choose(self, name: str) -> None:
        """Move the cursor to the demo of that name, in the lesson if it is there."""
        if self.demo is not None and self.demo.name == name:
            return
        id_ = next((one for one in (f"{PLANNED}{name}", name) if self._has(one)), None)
        if id_ is not None:
            self.highlighted = self.get_option_index(id_)

    def update_texts(self) -> None:
        """List the demos in the present language; the cursor stays where it is."""
        with self._cursor_kept():
            self.set_options(self._rows())

    @contextmanager
    def _cursor_kept(self) -> Iterator[None]:
        """Keep the cursor on its demo, and that demo on its row of the screen.

        Where it has left the lesson, the cursor is on the one after it.
        """
        before, index = self.highlighted_option, self.highlighted or 0
        row = index - self.scroll_offset.y
        yield
        if before is None or before.id is None:
            return
        if self._has(before.id):
            index = self.get_option_index(before.id)
        else:
            name = listed_demo(before).name
            at_end = index >= self.option_count or self.options[index].disabled
            planned = before.id.startswith(PLANNED) and bool(self._plan().demos)
            if not planned:
                index = self.get_option_index(name) if self._has(name) else 0
            elif at_end:
                index -= 1
        self.highlighted = index
        in_lesson = (self.options[index].id or "").startswith(PLANNED)
        # What is moved in the lesson is seen among the others.
        y = 0 if in_lesson and index < self.size.height else max(0, index - row)
        self.scroll_to(y=y, animate=False, force=True, immediate=True)

    def action_heading(self, step: int) -> None:
        """Move the cursor to the first demo below another heading, with that heading on top."""
        firsts = [row + 1 for row, option in enumerate(self.options) if option.disabled]
        here = self.highlighted or 0
        found = [row for row in firsts if row > here] if step > 0 else []
        if step < 0:
            found = [row for row in reversed(firsts) if row < here]
        if found:
            self.highlighted = found[0]
            self.scroll_to(y=found[0] - 1, animate=False, force=True, immediate=True)

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Scroll to the cursor; at the first demo below a heading, show the heading, too."""
        super().scroll_to_highlight(top)
        row = self.highlighted
        if row and self.options[row - 1].disabled and self.scroll_offset.y >= row:
            self.scroll_to(y=row - 1, animate=False, force=True, immediate=True)

    def _has(self, id_: str) -> bool:
        try:
            self.get_option_index(id_)
        except OptionDoesNotExist:
            return False
        return True

    def _rows(self) -> Iterator[Option]:
        if self._hits is not None:
            for place, hits in groupby(self._hits, key=lambda hit: hit.place):
                yield _heading(FOUND_IN[place])
                yield from (Option(self._entry(hit.demo), id=hit.demo.name) for hit in hits)
            return
        if planned := self._plan().demos:
            yield _heading(N_("YOUR LESSON"))
            for demo in planned:
                yield Option(self._entry(demo), id=f"{PLANNED}{demo.name}")
        for place, members in groupby(demos(), key=lambda demo: (demo.part, demo.group)):
            yield _heading(HEADINGS[place])
            yield from (Option(self._entry(demo), id=demo.name) for demo in members)

    def _entry(self, demo: Demo) -> Content:
        seconds, place = self._times.get(demo.name), self._plan().place(demo)
        played, time = ("✓", f"{seconds:6.2f}") if seconds is not None else (" ", "")
        return Content.assemble(
            (played, "$success"),
            ("*" if self._is_changed(demo) else " ", "bold"),
            (f"{place}.".rjust(3) if place else "   ", "bold $accent"),
            f" {demo.number:>2} {demo.name:<24}",
            (f"{time:6} ", MUTED),
            (f"{NOTED if self._is_noted(demo) else ' '} ", "bold $accent"),
            demo.title(),
        )


def _heading(text: str) -> Option:
    return Option(Content.styled(_(text), MUTED), disabled=True)


def listed_demo(option: Option) -> Demo:
    """Return the demo that an option of the list stands for."""
    return find_demo((option.id or "").removeprefix(PLANNED))


def demo_title(
    demo: Demo, copies: Copies, margin: str = "", *, named: bool = True, noted: bool = False
) -> Content:
    """Return a demo's number, name and title, and whether its text is mended or changed.

    Args:
        demo: the demo.
        copies: the texts of all demos.
        margin: what stands before it.
        named: whether its name is in it.
        noted: whether the demo has a note.
    """
    name = f"{demo.name}  " if named else ""
    words = [(f"{margin}{demo.number}  {name}", "bold $primary")]
    if noted:
        words.append((f"{NOTED}  ", "bold $accent"))
    if copies.is_mended(demo):
        words.append((_("repaired") + "  ", "bold $success"))
    if copies.is_changed(demo):
        words.append((_("changed") + "  ", "bold $warning"))
    return Content.assemble(*words, demo.title())
