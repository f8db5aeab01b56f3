"""Where to look in each demo is found in its text."""

import pytest

from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.points import MOST_LINES, MOST_PRINTS, POINTS, Point

every_demo = pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.name)


@every_demo
def test_all_decisive_lines_of_a_demo_are_found(demo: Demo) -> None:
    point = POINTS[demo.name]
    found = point.decisive(demo.source)
    assert 0 < len(found) == len(set(found)) == len(point.lines) <= MOST_LINES
    lines = demo.source.splitlines()
    for number, begins in zip(found, point.lines, strict=True):
        assert lines[number - 1].lstrip().startswith(begins)


@every_demo
def test_a_mended_demo_has_decisive_lines_too(demo: Demo) -> None:
    if demo.mended is not None:
        assert POINTS[demo.name].decisive(demo.mended)


@every_demo
def test_the_function_that_is_called_is_found_whole(demo: Demo) -> None:
    point = POINTS[demo.name]
    body = point.body(demo.source)
    assert bool(body) == bool(point.function)
    if body:
        lines = demo.source.splitlines()
        assert lines[body[0] - 1].removeprefix("async ").startswith(f"def {point.function}(")
        assert all(lines[number - 1].startswith(" ") for number in body[1:] if lines[number - 1])
        assert lines[body[-1] - 1].strip()
        assert all(not line.strip() for line in lines[body[-1] : body[-1] + 1])


def test_there_is_a_point_for_each_demo_and_for_nothing_else() -> None:
    assert set(POINTS) == {demo.name for demo in demos()}


def test_a_line_that_is_gone_is_left_out() -> None:
    demo = find_demo("process-joined")
    without = demo.source.replace("    p1.join()\n", "")
    assert len(POINTS[demo.name].decisive(without)) == 3
    assert POINTS[demo.name].decisive("") == ()
    assert not POINTS[demo.name].body("")


def test_of_many_prints_that_are_asked_about_the_first_and_the_last_count() -> None:
    point = Point((), ("^Counted",))
    printed = ["begin", *(f"Counted {n}" for n in range(20)), "end"]
    assert point.asked(printed) == [1, 2, 3, 18, 19, 20]
    assert len(point.asked(printed)) == MOST_PRINTS
    assert point.asked(["Counted 1", "no", "Counted 2"]) == [0, 2]
