"""A stylesheet that is parsed once for each theme."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class KeptStylesheet(Stylesheet):
    """A stylesheet that keeps what it has parsed while the theme's variables stay the same."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the variables of a theme; forget what was parsed only if they are others."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is not parsed yet. Textual's method parses everything again."""
        self.parse()
