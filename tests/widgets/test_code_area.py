"""The editor's colours need nothing but what the app itself needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_app.widgets.base.palette import DARK, LIGHT, theme_style
from tui_app.widgets.code_area import CodeArea

PARSER = "class Language: ...\nNode = Parser = Query = QueryCursor = Tree = Language\n"
"""As much of tree-sitter as Textual imports; of its grammars there is none."""

LOOK = """
import asyncio, sys
from tests.widgets.test_code_area import Editing, colour
async def look():
    async with Editing().run_test() as pilot:
        await pilot.pause()
        print(*(colour(pilot, row, 4) for row in range(3)), sep="\\n")
asyncio.run(look())
assert sys.modules["tree_sitter"] is None
"""


class Editing(App[None]):
    def on_mount(self) -> None:
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield CodeArea("x = 1\ny = 'a'\n# end\n")


def colour(pilot: Pilot[None], row: int, column: int) -> str:
    """What colour a character has on the screen."""
    area = pilot.app.query_one(CodeArea)
    line = area.render_line(row)
    (piece,) = line.divide([area.gutter_width + column, area.gutter_width + column + 1])[1:]
    style = next(iter(piece)).style or Style()
    return "" if style.color is None else style.color.name


async def test_colours_follow_the_text_and_the_theme() -> None:
    async with Editing().run_test() as pilot:
        await pilot.pause()
        area = pilot.app.query_one(CodeArea)
        for theme in (DARK, LIGHT):
            pilot.app.theme = theme.name
            await pilot.pause()
            for row, name in ((0, "warning"), (1, "success")):
                wanted = theme_style(pilot.app, name).color
                assert wanted is not None
                assert colour(pilot, row, 4) == wanted.name
        area.insert('"""', (0, 0))
        await pilot.pause()
        assert colour(pilot, 2, 2) == colour(pilot, 1, 4), "all is one string now"
        area.action_undo()
        await pilot.pause()
        assert colour(pilot, 2, 2) != colour(pilot, 1, 4)


@pytest.mark.slow
def test_a_parser_without_a_grammar_changes_nothing(tmp_path: Path) -> None:
    """Somebody may have tree-sitter for a program of their own."""
    (tmp_path / "tree_sitter").mkdir()
    (tmp_path / "tree_sitter" / "__init__.py").write_text(PARSER)
    root = Path(__file__).parents[2]
    seen = []
    for path in ((root,), (tmp_path, root)):
        done = subprocess.run(
            [sys.executable, "-c", LOOK],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
            capture_output=True,
            text=True,
            check=True,
        )
        seen.append(done.stdout.split())
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == 3
