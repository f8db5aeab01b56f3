"""The fields of a demo: its parameters, and how its processes start."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label, Select

from tui_app.demos.catalogue import Demo
from tui_app.demos.script import Value
from tui_app.demos.variant import Variant, written
from tui_app.engine.machine import StartMethod, start_methods

OWN = "default"
"""The start method that the script gets by itself."""


class ParameterFields(Horizontal):
    """An input for each parameter of a demo, and a choice of the start method."""

    @dataclass
    class Changed(Message):
        """A field has changed."""

    @dataclass
    class RunWanted(Message):
        """Enter was pressed in a field."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._demo: Demo | None = None

    def compose(self) -> ComposeResult:
        """The start method; the parameters are put before it, demo by demo."""
        methods = [(OWN, OWN), *((str(method), str(method)) for method in start_methods())]
        yield Label("start")
        yield Select(methods, value=OWN, allow_blank=False, compact=True, id="start-method")

    async def show(self, demo: Demo, variant: Variant | None = None) -> None:
        """Shows another demo's parameters, with their own values or a variant's."""
        self._demo = demo
        values = demo.values
        if variant is not None:
            values |= variant.values
            self.query_one(Select).value = str(variant.start_method or OWN)
        async with self.batch():
            await self.query(".parameter").remove()
            fields: list[Label | Input] = []
            for parameter in demo.parameters:
                text = written(values[parameter.name])
                field = Input(text, name=parameter.name, classes="parameter", compact=True)
                field.styles.width = max(6, len(text) + 2)
                fields += [Label(parameter.name.lower(), classes="parameter"), field]
            await self.mount(*fields, before=0)

    @property
    def values(self) -> dict[str, Value]:
        """The values in the fields, by parameter.

        Raises:
            ParameterError: one of them its parameter cannot have.
        """
        if self._demo is None:
            return {}
        texts = {field.name or "": field.value for field in self.query("Input.parameter")}  # type: ignore[attr-defined]
        return self._demo.parse(texts)

    @property
    def start_method(self) -> StartMethod | None:
        """The start method that is asked for; `None`: the script's own."""
        value = str(self.query_one(Select).value)
        return None if value == OWN else StartMethod(value)

    @on(Input.Changed)
    @on(Select.Changed)
    def tell_change(self, event: Message) -> None:
        """Tells that a field has changed."""
        event.stop()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def tell_enter(self, event: Input.Submitted) -> None:
        """Enter in a field plays the demo."""
        event.stop()
        self.post_message(self.RunWanted())
