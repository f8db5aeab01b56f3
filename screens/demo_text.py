"""The text of the demo that is shown: its own or a changed copy, in all the places that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from textual.screen import Screen

from tui_app.demos.catalogue import Demo
from tui_app.demos.copies import Copies
from tui_app.demos.parameters import Value, other_values, parameters, with_values
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.demo_list import demo_title
from tui_app.widgets.difference_view import DifferenceView
from tui_app.widgets.parameter_fields import ParameterFields
from tui_app.widgets.title_row import TitleRow


class DemoText:
    """The text that is played, in title, code, fields and difference.

    Args:
        screen: has `ParameterFields`, a `CodeView`, a `DifferenceView`, and a `TitleRow`.
        demo: whose text it is at first.
        is_noted: returns whether a demo has a note.

    Attributes:
        demo: whose text it is.
        copies: the texts of all demos.
        values: the values of the demo's parameters; `None` if more than values was changed.
    """

    def __init__(self, screen: Screen[None], demo: Demo, is_noted: Callable[[Demo], bool]) -> None:
        self._screen, self._is_noted = screen, is_noted
        self.demo = demo
        self.copies = Copies()
        self.values: Mapping[str, Value] | None = demo.values

    @property
    def text(self) -> str:
        """The text: the demo's own or a changed copy."""
        return self.copies.text(self.demo)

    @property
    def known_values(self) -> Mapping[str, Value]:
        """The values that are played, as far as they are known: of an edited text, the demo's."""
        return self.values or self.demo.values

    def take(self, demo: Demo) -> None:
        """Take another demo's text. It is shown by `show`."""
        self.demo, self.values = demo, demo.values

    async def show(self) -> None:
        """Show the text, and its parameters in the fields."""
        await self._screen.query_one(ParameterFields).show(self.demo, text=self.text)
        self.follow()

    def follow(self) -> None:
        """Show the text in all places but the fields, and remember it."""
        self.copies.save()
        own = self.copies.own(self.demo)
        changed = other_values(own, self.text)
        own_values = {parameter.name: parameter.value for parameter in parameters(own)}
        self.values = None if changed is None else {**self.demo.values, **own_values, **changed}
        self._screen.query_one(CodeView).show(self.text)
        self.name_it()
        self._screen.query_one(DifferenceView).show(self.demo.source, self.text)

    def name_it(self) -> None:
        """Show the title, with what is said of the demo there."""
        title = partial(demo_title, self.demo, self.copies, noted=self._is_noted(self.demo))
        self._screen.query_one(TitleRow).name_it(title(), title(named=False))

    def take_fields(self) -> bool:
        """Write what the fields have into the text.

        Returns:
            Whether that changed the text.

        Raises:
            ParameterError: a field has a value that its parameter cannot have.
        """
        fields = self._screen.query_one(ParameterFields)
        # While another demo's fields are put there, they belong to none.
        changed = fields.changed_values if fields.demo is self.demo else {}
        if changed:
            self.copies.keep(self.demo, with_values(self.text, changed))
            fields.follow(self.text)
            self.follow()
        return bool(changed)
