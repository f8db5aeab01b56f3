"""Each process has its own look, also in a terminal's 16 colours."""

import re
from itertools import pairwise

import pytest
from rich.color import Color, ColorSystem
from textual.app import App

from tui_app.widgets.base.palette import DARK, LIGHT, process_mark, process_style

RED = (1, 9)
"""Numbers of the colours that are kept for failures."""


async def in_sixteen_colours(theme: str, processes: int) -> list[int]:
    app: App[None] = App()
    async with app.run_test():
        for one in (DARK, LIGHT):
            app.register_theme(one)
        app.theme = theme
        colours = [process_style(app, number).color for number in range(processes)]
    return [_nearest(colour) for colour in colours if colour is not None]


def _nearest(colour: Color) -> int:
    number = colour.downgrade(ColorSystem.STANDARD).number
    assert number is not None
    return number


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
async def test_neighbours_differ_in_sixteen_colours(theme: str) -> None:
    colours = await in_sixteen_colours(theme, 20)
    assert len(colours) == 20
    assert all(one != other for one, other in pairwise(colours))
    assert not set(colours) & set(RED)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
async def test_no_two_of_many_share_colour_and_mark(theme: str) -> None:
    colours = await in_sixteen_colours(theme, 32)
    looks = [(colour, process_mark(number)) for number, colour in enumerate(colours)]
    assert len(set(looks)) == 32
    assert all(len(mark) == 1 for _colour, mark in looks)
    assert not re.search(r"\S", "".join(mark for _colour, mark in looks[:8]))
