"""The choice of what is compared: a ready pair, demos of one's own choice, or settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Label, OptionList, Select, TabbedContent, TabPane
from textual.widgets.option_list import Option

from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.pairs import MOST, READY, Pair
from tui_app.demos.variant import Variant, suggested
from tui_app.language import N_, _
from tui_app.widgets.base.form_fields import select_field
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.parameter_fields import ParameterFields
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

READY_TAB, OWN_TAB, SETTINGS_TAB = "ready", "own", "settings"

TABS = {
    READY_TAB: N_("1 Ready pairs"),
    OWN_TAB: N_("2 Your own choice"),
    SETTINGS_TAB: N_("3 One demo, other settings"),
}
"""The ways to choose; their numbers are keys."""

HINT = N_("Space marks two or three, in the order in which they are played.")


class Pairs(OptionList, Localized):
    """The ready pairs, each with what to look at."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", N_("Run"))]

    def __init__(self) -> None:
        super().__init__(*map(_pair_entry, READY), compact=True, markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the first pair."""
        self.highlighted = 0

    def update_texts(self) -> None:
        """Name the pairs in the present language."""
        for index, pair in enumerate(READY):
            self.replace_option_prompt_at_index(index, _pair_entry(pair))

    @property
    def pair(self) -> Pair:
        """The pair under the cursor."""
        return READY[self.highlighted or 0]


def _pair_entry(pair: Pair) -> Content:
    look = f" {'':<11}{_(pair.look)}"
    return Content.assemble((f" {pair.heading}\n", "bold"), (look, MUTED))


class DemoMarks(OptionList, Localized):
    """All demos, whose names are the options' ids; space marks one with the number of its turn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", N_("Run")),
        Binding("space", "mark", N_("Mark")),
    ]

    @dataclass
    class TooMany(Message):
        """A fourth demo was to be marked."""

    _marked: tuple[str, ...] = ()
    """The names of the marked demos, in the order in which they were marked."""

    def __init__(self) -> None:
        options = (Option(self._entry(demo), id=demo.name) for demo in demos())
        super().__init__(*options, compact=True, markup=False)

    @property
    def marked(self) -> tuple[Variant, ...]:
        """The marked demos, in the order in which they were marked."""
        return tuple(Variant(find_demo(name)) for name in self._marked)

    def action_mark(self) -> None:
        """Mark the demo under the cursor, or take its mark away."""
        if self.highlighted is None:
            return
        name = demos()[self.highlighted].name
        if name in self._marked:
            self._marked = tuple(other for other in self._marked if other != name)
        elif len(self._marked) < MOST:
            self._marked += (name,)
        else:
            self.post_message(self.TooMany())
        self.update_texts()

    def update_texts(self) -> None:
        """Show the marks, and the titles in the present language."""
        for index, demo in enumerate(demos()):
            self.replace_option_prompt_at_index(index, self._entry(demo))

    def _entry(self, demo: Demo) -> Content:
        mark = str(self._marked.index(demo.name) + 1) if demo.name in self._marked else " "
        return Content.assemble(
            (f" [{mark}] ", "bold $success" if mark.strip() else MUTED),
            f"{demo.number:>2} {demo.name:<23} ",
            (demo.title(), MUTED),
        )


class ComparisonChoice(Vertical, Localized):
    """Three ways to choose what is compared, a tab each."""

    @dataclass
    class ComparisonWanted(Message):
        """Enter was pressed on something that can be compared."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._demo = demos()[0]  # until one is offered

    def compose(self) -> ComposeResult:
        """Yield a tab for each way to choose."""
        with TabbedContent(id="ways"):
            with TabPane(_(TABS[READY_TAB]), id=READY_TAB):
                yield Pairs()
            with TabPane(_(TABS[OWN_TAB]), id=OWN_TAB):
                yield PlainText(id="hint")
                yield DemoMarks()
            with TabPane(_(TABS[SETTINGS_TAB]), id=SETTINGS_TAB):
                with Horizontal(id="which"):
                    yield Label(id="demo-label")
                    choices = [(f"{demo.number} {demo.name}", demo.name) for demo in demos()]
                    yield select_field("demo", choices, self._demo.name)
                for number in range(1, MOST + 1):
                    with Horizontal(classes="setting"):
                        box = ReadableCheckbox(str(number), True, compact=True, classes="tick")
                        # A comparison has two; only the third may be left out.
                        box.disabled = number < MOST
                        yield box
                        yield ParameterFields()
                yield Button(variant="primary", id="run", compact=True)

    def update_texts(self) -> None:
        """Name tabs and fields in the present language."""
        tabs = self.query_one(TabbedContent)
        for name, title in TABS.items():
            tabs.get_tab(name).label = Content(_(title))
        self.query_one("#hint", PlainText).update(_(HINT))
        self.query_one("#demo-label", Label).update(_("Demo"))
        self.query_one("#run", Button).label = Content(_("▶ Run (enter)"))

    async def offer(self, demo: Demo) -> None:
        """Offer a demo's settings for a comparison, and put the cursor on the demo."""
        self._demo = demo
        self.query_one(DemoMarks).highlighted = demos().index(demo)
        with self.prevent(Select.Changed):
            self.query_one("#demo", Select).value = demo.name
        variants = suggested(demo)
        rows = list(self.query(ParameterFields))
        for row, variant in zip(rows, [*variants, variants[-1]], strict=False):
            await row.show(demo, text=variant.source)
            row.choose_method(variant.start_method)
        self.query(ReadableCheckbox).last().value = len(variants) == MOST

    def chosen(self) -> tuple[Variant, ...]:
        """Return what is to be compared, as the open tab says; it may be fewer than two.

        Raises:
            ParameterError: a field has a value that its parameter cannot have.
        """
        active = self.query_one(TabbedContent).active
        if active == READY_TAB:
            return self.query_one(Pairs).pair.variants
        if active == OWN_TAB:
            return self.query_one(DemoMarks).marked
        rows = zip(self.query(ReadableCheckbox), self.query(ParameterFields), strict=True)
        return tuple(
            Variant(self._demo, row.values, row.start_method) for box, row in rows if box.value
        )

    def show_way(self, number: int) -> None:
        """Open tab 1, 2 or 3, and focus what is chosen there."""
        self.query_one(TabbedContent).active = list(TABS)[number - 1]
        self.focus_way()

    def focus_way(self) -> None:
        """Focus what is chosen in the open tab."""
        focus = {READY_TAB: "Pairs", OWN_TAB: "DemoMarks", SETTINGS_TAB: "#run"}
        self.query_one(focus[self.query_one(TabbedContent).active]).focus()

    @on(OptionList.OptionSelected)
    @on(ParameterFields.RunWanted)
    @on(Button.Pressed)
    def want_comparison(self, event: Message) -> None:
        """Ask for the comparison that is chosen."""
        event.stop()
        self.post_message(self.ComparisonWanted())

    @on(Select.Changed, "#demo")
    async def follow_demo(self, event: Select.Changed) -> None:
        """Offer the settings of the demo that was chosen."""
        event.stop()
        if event.value != self._demo.name:
            await self.offer(find_demo(str(event.value)))
