"""The stylesheet of the app: what was read of it is kept as long as the theme stays."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class KeptStylesheet(Stylesheet):
    """Textual's, which reads all styles anew, two times, whenever a place is first opened.

    What they come to depends on the theme's variables alone.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        """Takes other variables; what was read with the present ones is kept where none differs."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Reads what was not yet read with the present variables."""
        self.parse()
