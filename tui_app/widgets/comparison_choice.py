"""Choosing what is seen side by side: a ready pair, demos of one's own choice, or settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Label, OptionList, Select, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.pairs import MOST, READY, Pair
from tui_app.demos.variant import Variant, suggested
from tui_app.language import N_, _
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.parameter_fields import ParameterFields
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

READY_TAB, OWN_TAB, SETTINGS_TAB = "ready", "own", "settings"

WAYS = {
    READY_TAB: N_("1 Ready pairs"),
    OWN_TAB: N_("2 Your own choice"),
    SETTINGS_TAB: N_("3 One demo, other settings"),
}
"""The tabs; the numbers are keys."""

HINT = N_("Space marks two or three, in the order in which they are played.")


class Pairs(OptionList, Localized):
    """The ready pairs, each with what to look at."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", N_("Run"))]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, compact=True, markup=False)

    def on_mount(self) -> None:
        """Lists them."""
        self.add_options(self._entry(pair) for pair in READY)
        self.highlighted = 0

    def speak(self) -> None:
        """Says them in the present language."""
        for index, pair in enumerate(READY):
            self.replace_option_prompt_at_index(index, self._entry(pair))

    def _entry(self, pair: Pair) -> Content:
        look = f" {'':<11}{_(pair.look)}"
        return Content.assemble((f" {pair.heading}\n", "bold"), (look, MUTED))

    @property
    def pair(self) -> Pair:
        """The one under the cursor."""
        return READY[self.highlighted or 0]


class DemoMarks(OptionList, Localized):
    """All demos; space marks one, and the marks' numbers are the order in which they are played."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", N_("Run")),
        Binding("space", "mark", N_("Mark")),
    ]

    @dataclass
    class TooMany(Message):
        """A fourth one was to be marked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, compact=True, markup=False)
        self._marked: list[str] = []

    def on_mount(self) -> None:
        """Lists them."""
        self.add_options(Option(self._line(demo), id=demo.name) for demo in demos())

    @property
    def marked(self) -> tuple[Variant, ...]:
        """Those that are marked, in the order in which they were."""
        return tuple(Variant(find_demo(name)) for name in self._marked)

    def action_mark(self) -> None:
        """Marks the demo under the cursor, or takes its mark away."""
        if self.highlighted is None:
            return
        name = demos()[self.highlighted].name
        if name in self._marked:
            self._marked.remove(name)
        elif len(self._marked) < MOST:
            self._marked.append(name)
        else:
            self.post_message(self.TooMany())
        self.speak()

    def speak(self) -> None:
        """Says their titles in the present language."""
        for index, demo in enumerate(demos()):
            self.replace_option_prompt_at_index(index, self._line(demo))

    def _line(self, demo: Demo) -> Content:
        mark = str(self._marked.index(demo.name) + 1) if demo.name in self._marked else " "
        return Content.assemble(
            (f" [{mark}] ", "bold $success" if mark.strip() else MUTED),
            f"{demo.number:>2} {demo.name:<23} ",
            (demo.title(), MUTED),
        )


class ComparisonChoice(Vertical, Localized):
    """Three ways to say what is to be seen side by side; `chosen` is what the open one says."""

    @dataclass
    class ComparisonWanted(Message):
        """Enter was pressed on something that can be run."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._demo = demos()[0]  # until one is offered

    def compose(self) -> ComposeResult:
        """A tab for each way."""
        with TabbedContent(id="ways"):
            with TabPane(_(WAYS[READY_TAB]), id=READY_TAB):
                yield Pairs(id="pairs")
            with TabPane(_(WAYS[OWN_TAB]), id=OWN_TAB):
                yield Static(_(HINT), id="hint", markup=False)
                yield DemoMarks(id="marks")
            with TabPane(_(WAYS[SETTINGS_TAB]), id=SETTINGS_TAB):
                with Horizontal(id="which"):
                    yield Label(_("Demo"), id="demo-label")
                    yield Select(
                        [(f"{demo.number} {demo.name}", demo.name) for demo in demos()],
                        value=self._demo.name,
                        allow_blank=False,
                        compact=True,
                        id="demo",
                    )
                for number in range(1, MOST + 1):
                    with Horizontal(classes="setting"):
                        tick = ReadableCheckbox(str(number), True, compact=True, classes="tick")
                        # A comparison has two; only the third may be left out.
                        tick.disabled = number < MOST
                        yield tick
                        yield ParameterFields()
                yield Button(_("▶ Run (enter)"), variant="primary", id="run", compact=True)

    def speak(self) -> None:
        """Says tabs and labels in the present language."""
        tabs = self.query_one(TabbedContent)
        for way, title in WAYS.items():
            tabs.get_tab(way).label = Content(_(title))
        self.query_one("#hint", Static).update(_(HINT))
        self.query_one("#demo-label", Label).update(_("Demo"))
        self.query_one("#run", Button).label = Content(_("▶ Run (enter)"))

    async def offer(self, demo: Demo) -> None:
        """Puts this demo's settings up for a comparison, and the cursor on it."""
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
        """What is to be seen side by side; fewer than two, and nothing can be compared.

        Raises:
            ParameterError: a field has a value that its parameter cannot have.
        """
        match self.query_one(TabbedContent).active:
            case way if way == OWN_TAB:
                return self.query_one(DemoMarks).marked
            case way if way == SETTINGS_TAB:
                rows = zip(self.query(ReadableCheckbox), self.query(ParameterFields), strict=True)
                return tuple(
                    Variant(self._demo, row.values, row.start_method)
                    for tick, row in rows
                    if tick.value
                )
        return self.query_one(Pairs).pair.variants

    def show_way(self, number: int) -> None:
        """Opens a tab, 1 to 3, and goes to what is chosen there."""
        tabs = self.query_one(TabbedContent)
        tabs.active = list(WAYS)[number - 1]
        self.focus_way()

    def focus_way(self) -> None:
        """Goes to what is chosen in the open tab."""
        way = self.query_one(TabbedContent).active
        focus = {READY_TAB: "#pairs", OWN_TAB: "#marks", SETTINGS_TAB: "#run"}
        self.query_one(focus[way]).focus()

    @on(OptionList.OptionSelected)
    @on(ParameterFields.RunWanted)
    @on(Button.Pressed)
    def tell_enter(self, event: Message) -> None:
        """Enter runs what is chosen."""
        event.stop()
        self.post_message(self.ComparisonWanted())

    @on(Select.Changed, "#demo")
    async def follow_demo(self, event: Select.Changed) -> None:
        """Offers the settings of the demo that was chosen."""
        event.stop()
        if event.value != self._demo.name:
            await self.offer(find_demo(str(event.value)))
