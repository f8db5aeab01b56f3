"""A table of rows that are read, not changed."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import DataTable


class RowTable(DataTable[Text]):
    """A table whose columns have fixed widths, so that they stand still."""

    DEFAULT_CSS = """
    RowTable {
        height: 1fr;
        overflow-x: hidden;
        background: transparent;
        scrollbar-size-vertical: 1;
    }
    """

    # Textual's own go to the ends of a row, where nothing can be seen of these.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home", "scroll_top", show=False),
        Binding("end", "scroll_bottom", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(cursor_type="row", cell_padding=1)

    def set_columns(self, *columns: tuple[str, int]) -> None:
        """Begin an empty table with these headings and widths: Textual cannot change a heading."""
        self.clear(columns=True)
        for heading, cells in columns:
            self.add_column(heading, width=cells)
