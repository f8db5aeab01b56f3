from hypothesis import given
from hypothesis import strategies as st

from tui_app.runs.plot import AXIS, Marks, PlotArea, PlotLine, PlotText, plot
from tui_app.runs.sweep.scaling import Spread


def exact(y: float) -> Spread:
    return Spread(y, y, y)


def text(rows: list[list[PlotText]]) -> list[str]:
    return ["".join(piece for piece, _role in row) for row in rows]


def test_a_small_plot() -> None:
    marks = [
        Marks("t", "▲", [(1, exact(1.0)), (2, exact(1.0))], -1),
        Marks("p", "●", [(1, exact(1.0)), (2, Spread(1.9, 1.1, 2.0))], 1),
    ]
    rows = plot(PlotArea(30, 10, 2, 2.2), [PlotLine("ideal", lambda x: x)], marks)
    assert text(rows) == [
        "  │                           ",
        "  │                           ",
        " 2┤                     ⢀⣀⡠⠄● ",
        "  │              ⣀⣀⠤⠤⠒⠊⠉⠁   ⡇ ",
        "  │       ⣀⡠⠤⠔⠒⠊⠉           ⡇ ",
        " 1┤ ▲⠤●⠒⠉⠉                ▲ ⠁ ",
        "  │                           ",
        "  │                           ",
        " 0┼──┴─────────────────────┴──",
        "     1                     2  ",
    ]


def test_roles_stay_with_what_they_are_of() -> None:
    marks = [Marks("p", "●", [(1, exact(1.0))])]
    rows = plot(PlotArea(30, 10, 2, 2.2), [PlotLine("ideal", lambda x: x)], marks)
    roles = {role for row in rows for _piece, role in row}
    assert roles == {"", AXIS, "ideal", "p"}
    (mark,) = [piece for row in rows for piece, role in row if role == "p"]
    assert mark == "●"


@given(
    st.integers(1, 200),
    st.integers(1, 60),
    st.integers(1, 300),
    st.floats(0.5, 300),
    st.lists(st.tuples(st.integers(1, 300), st.floats(0, 300)), max_size=6),
    st.integers(-1, 1),
)
def test_it_has_the_size_that_was_asked_for(
    width: int,
    height: int,
    x_most: int,
    y_most: float,
    points: list[tuple[int, float]],
    shift: int,
) -> None:
    series = [(min(x, x_most), exact(min(y, y_most))) for x, y in points]
    lines = [PlotLine("a", lambda x: x), PlotLine("b", lambda x: x**0.5, dotted=True)]
    rows = plot(PlotArea(width, height, x_most, y_most), lines, [Marks("m", "●", series, shift)])
    if rows:
        assert [len(row) for row in text(rows)] == [width] * height
        drawn = "".join(text(rows))
        assert ("●" in drawn) == bool(series)
    else:
        assert width < 20 or height < 4, "only where there is no room"


@given(st.lists(st.floats(0, 10), min_size=2, max_size=2))
def test_what_is_more_stands_no_lower(values: list[float]) -> None:
    less, more = sorted(values)
    marks = [Marks("m", "●", [(1, exact(less))]), Marks("n", "▲", [(3, exact(more))])]
    rows = text(plot(PlotArea(40, 20, 3, 10.0), [], marks))
    low = next(number for number, row in enumerate(rows) if "●" in row)
    high = next(number for number, row in enumerate(rows) if "▲" in row)
    assert high <= low


@given(
    st.integers(20, 200),
    st.integers(4, 60),
    st.floats(0.3, 300),
    st.lists(st.floats(0, 1), min_size=1, max_size=4),
)
def test_a_mark_reads_its_value_by_the_axis_to_within_half_a_row(
    width: int, height: int, y_most: float, shares: list[float]
) -> None:
    for share in shares:
        value = share * y_most
        rows = text(
            plot(PlotArea(width, height, 3, y_most), [], [Marks("m", "●", [(2, exact(value))])])
        )
        if not rows:
            return
        axis = {
            number: float(row.replace("┼", "┤").split("┤")[0])
            for number, row in enumerate(rows)
            if "┤" in row or "┼" in row
        }
        zero, one = sorted(axis, reverse=True)[:2]
        assert axis[zero] == 0
        worth = axis[one] / (zero - one)
        (mark,) = [number for number, row in enumerate(rows) if "●" in row]
        assert abs((zero - mark) * worth - value) <= worth / 2 * 1.001
        for number, label in axis.items():
            assert abs((zero - number) * worth - label) < 0.001, "labels stand on their values"


@given(st.integers(1, 64), st.floats(0.6, 200))
def test_labels_do_not_run_into_each_other(x_most: int, y_most: float) -> None:
    rows = text(plot(PlotArea(60, 15, x_most, y_most), [], []))
    labels = [int(word) for word in rows[-1].split()]
    assert labels[0] == 1
    assert labels[-1] == x_most
    assert labels == sorted(set(labels))
    axis = [row.split("┤")[0].strip() for row in rows if "┤" in row]
    assert len(axis) == len(set(axis)) >= 1
