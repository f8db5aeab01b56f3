"""What is imported stays light."""

import subprocess
import sys

HEAVY = {"asyncio", "textual", "rich", "click", "platformdirs", "tui_app.engine", "tui_app.runs"}


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_worker_loads_nothing_heavy() -> None:
    loaded = loaded_by("import tui_app.images.pipeline")
    assert "PIL.Image" in loaded
    assert loaded & HEAVY == set()


def test_planning_loads_neither_screen_nor_engine() -> None:
    loaded = loaded_by(
        "import tui_app.images.planner, tui_app.images.output.folder, tui_app.images.recipe"
    )
    assert "PIL.Image" in loaded
    assert loaded & HEAVY == set()
