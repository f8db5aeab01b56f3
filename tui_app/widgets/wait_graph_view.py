"""Who waits for whom, drawn as lines of names and arrows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_app.language import _
from tui_app.runs.formatting import shorten
from tui_app.runs.view import RunState, Snapshot
from tui_app.runs.wait_graph import Chain, GraphPart, GraphPiece, Step, wait_chains
from tui_app.widgets.base.line_widget import LineView
from tui_app.widgets.base.palette import muted_style, process_style, theme_style

LEAST_ARROW = 16
"""Characters of an arrow with its words on the narrowest screen."""

_INDENT = "  "


class WaitGraphView(LineView):
    """Draws who waits for whom at the moment that is shown."""

    _snapshot = Snapshot()
    _lines: Sequence[Step] = ()

    def show(self, snapshot: Snapshot) -> None:
        """Show a moment of a run; where it is not seen, it is drawn when it is next resized."""
        self._snapshot = snapshot
        if self.size:
            self._lay_out()
            self.redraw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width - 1
        chains = wait_chains(self._snapshot)
        self._lines = [line for chain in chains for line in chain_lines(chain, width)]
        self.virtual_size = Size(self.size.width, max(1, len(self._lines)))

    def draw_line(self, y: int) -> Strip:
        """Return a line; with nothing to show, a hint."""
        index = y + self.scroll_offset.y
        if index < len(self._lines):
            pieces = [(piece.text, self._style(piece)) for piece in self._lines[index]]
            return self.line([(" ", Style()), *pieces])
        if index == 0:
            return self.line([(f" {self._hint()}", muted_style(self.app))])
        return self.line()

    def _hint(self) -> str:
        match self._snapshot.state:
            case RunState.IDLE:
                return _("Who waits for whom will be shown here.")
            case RunState.RUNNING:
                return _("Nobody waits for anybody now.")
            case _:
                return _("The script has ended: nobody waits.")

    def _style(self, piece: GraphPiece) -> Style:
        match piece.part:
            case GraphPart.NAME:
                if piece.number is None:
                    return Style(bold=True)
                return process_style(self.app, piece.number) + Style(bold=True)
            case GraphPart.DEADLOCK | GraphPart.GONE:
                return theme_style(self.app, "error")
            case GraphPart.STATE:
                return muted_style(self.app)
            case GraphPart.ARROW:
                return Style()


def chain_lines(chain: Chain, width: int) -> Iterator[Step]:
    """Yield a chain in lines of so many cells; of a step that is too long, the arrow is cut."""
    line: Step = ()
    for step in chain:
        if line and _cells(line) + _cells(step) > width:
            yield line
            arrow, *rest = step
            text = _INDENT + arrow.text.lstrip()
            over = max(0, cell_len(text) + _cells(rest) - width)
            text = shorten(text, max(LEAST_ARROW, len(text) - over))
            line = (GraphPiece(arrow.part, text), *rest)
        else:
            line += step
    yield line


def _cells(line: Iterable[GraphPiece]) -> int:
    return sum(cell_len(piece.text) for piece in line)
