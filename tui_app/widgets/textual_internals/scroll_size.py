"""The size of what a scroll view shows, changed without a new layout where that is possible."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView


def show_rows(view: ScrollView, rows: int) -> None:
    """Tell a scroll view how many rows it has.

    `ScrollView.virtual_size` lays the whole screen out at each change. Where the view scrolls
    already, only its scrollbar has to know.
    """
    new, old = Size(view.size.width, rows), view.virtual_size
    if old.width == new.width and new.height >= old.height > view.size.height:
        view.set_reactive(ScrollView.virtual_size, new)
        view.vertical_scrollbar.window_virtual_size = new.height
    else:
        view.virtual_size = new
