from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_app.runs.wait_graph import GraphPart, GraphPiece, Step
from tui_app.widgets.wait_graph_view import LEAST_ARROW, chain_lines

NAMES = st.text(min_size=1, max_size=12)
STEPS = st.lists(st.tuples(st.text(max_size=60), NAMES), max_size=6)


def chain_of(first: str, steps: list[tuple[str, str]]) -> list[Step]:
    name = (GraphPiece(GraphPart.NAME, first),)
    return [
        name,
        *(
            (GraphPiece(GraphPart.ARROW, f" ──{words}──▶ "), GraphPiece(GraphPart.NAME, to))
            for words, to in steps
        ),
    ]


def text(step: Step) -> str:
    return "".join(piece.text for piece in step)


@given(NAMES, STEPS, st.integers(20, 120))
def test_no_line_is_wider_than_there_is_room_for(
    first: str, steps: list[tuple[str, str]], width: int
) -> None:
    most = max(width, 2 * LEAST_ARROW + 2 * max(map(len, (first, *(to for _, to in steps)))))
    lines = list(chain_lines(chain_of(first, steps), width))
    assert all(cell_len(text(line)) <= most for line in lines)
    names = [piece.text for line in lines for piece in line if piece.part is GraphPart.NAME]
    assert names == [first, *(to for _, to in steps)]


def test_a_long_chain_goes_on_in_another_line() -> None:
    chain = chain_of("main", [("waits in join()", "P-1"), ("waits for the lock total", "P-2")])
    assert [text(line) for line in chain_lines(chain, 40)] == [
        "main ──waits in join()──▶ P-1",
        "  ──waits for the lock total──▶ P-2",
    ]
    assert [text(line) for line in chain_lines(chain, 30)] == [
        "main ──waits in join()──▶ P-1",
        "  ──waits for…ock total──▶ P-2",
    ]
