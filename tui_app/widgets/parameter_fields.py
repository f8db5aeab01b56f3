"""The fields of a demo: its parameters, and how its processes start."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Select

from tui_app.demos.catalogue import Demo
from tui_app.demos.parameters import Parameter, Value, parameters
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.language import _
from tui_app.widgets.base.form_fields import Fields, select_field

OWN = "default"
"""The choice of the start method that the script gets by itself."""

SHORTEST, LONGEST = 6, 24
"""Cells of a field; a longer value is scrolled in it."""


class ParameterFields(Horizontal, Fields):
    """An input for each parameter of a demo, and a choice of the start method."""

    demo: Demo | None = None
    """The demo whose parameters are shown; `None` while the fields are exchanged."""

    _shown: tuple[Parameter, ...] = ()

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._changing = asyncio.Lock()

    def compose(self) -> ComposeResult:
        """Yield the start method; the parameters are put before it, demo by demo."""
        methods = [(OWN, OWN), *((str(method), str(method)) for method in start_methods())]
        yield Label(_("start"))
        yield select_field("start-method", methods, OWN)

    async def show(self, demo: Demo, *, text: str | None = None) -> None:
        """Show another demo's parameters, with the values of its own text or of a copy of it.

        A text that cannot be read as Python has no parameters.
        """
        shown = demo.parameters if text is None else parameters(text)
        async with self._changing, self.batch():
            # Keys are handled meanwhile: they must not take one demo's field for another's.
            self.demo, self._shown = None, ()
            await self.query(".parameter").remove()
            fields: list[Label | Input] = []
            for parameter in shown:
                written = parameter.written
                field = Input(written, name=parameter.name, classes="parameter", compact=True)
                field.styles.width = max(SHORTEST, min(LONGEST, len(written) + 2))
                fields += [Label(parameter.name.lower(), classes="parameter"), field]
            await self.mount(*fields, before=0)
            self.demo, self._shown = demo, shown

    @property
    def values(self) -> dict[str, Value]:
        """The values in the fields, by parameter.

        Raises:
            ParameterError: a field has a value that its parameter cannot have.
        """
        texts = {field.name: field.value for field in self.query("Input.parameter").results(Input)}
        return {
            parameter.name: parameter.parse(texts[parameter.name])
            for parameter in self._shown
            if parameter.name in texts
        }

    @property
    def changed_values(self) -> dict[str, Value]:
        """The values that differ from those in the text.

        Raises:
            ParameterError: a field has a value that its parameter cannot have.
        """
        own = {parameter.name: parameter.value for parameter in self._shown}
        # Compared as they are written: 1 and 1.0 are equal, but print differently.
        return {name: one for name, one in self.values.items() if repr(one) != repr(own[name])}

    def follow(self, text: str) -> None:
        """Take the values of a text as those that are shown; the fields stay as they are."""
        self._shown = parameters(text)

    def choose_method(self, method: StartMethod | None) -> None:
        """Choose a start method; `None`: the script's own."""
        self.query_one(Select).value = str(method or OWN)

    @property
    def start_method(self) -> StartMethod | None:
        """The chosen start method; `None`: the script's own."""
        value = self.chosen("start-method")
        return None if value == OWN else StartMethod(value)
