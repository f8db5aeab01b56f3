import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tui_app.script.script_task import PROBE, SUPERVISOR

LIGHT = {"_socket", "_thread", "_json", "io", "os", "sys", "time", "types", "typing"}
"""What an interpreter has at its start anyway, or has in C."""


def loaded(module: str) -> set[str]:
    code = f"import {module}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_a_worker_imports_to_play_is_light() -> None:
    assert not loaded("tui_app.script.script_task") & {"asyncio", "textual", "rich", "PIL"}


@pytest.mark.parametrize(
    "module", ["script.script_run", "demos.catalogue", "demos.demo_run", "demos.check"]
)
def test_playing_needs_no_screen(module: str) -> None:
    assert not loaded(f"tui_app.{module}") & {"textual", "rich", "PIL"}


def test_the_probe_knows_nothing_of_the_package_around_it() -> None:
    for file in [*PROBE.rglob("*.py"), SUPERVISOR]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("tui_app") for alias in node.names), file
            elif isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("tui_app"), file


@pytest.mark.slow
def test_the_probe_brings_next_to_nothing_into_a_script(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(*sorted(sys.modules))\n")
    plain = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    played = subprocess.run(
        [sys.executable, "-m", "tui_app", "watch", "--json", script],
        capture_output=True,
        text=True,
        check=True,
    )
    more = next(line for line in played.stdout.splitlines() if "zipimport" in line)
    names = {name.strip('",') for name in more.split()} - set(plain.stdout.split())
    brought = {name for name in names if "." not in name and "procession" not in name}
    assert brought & {"json", "socket", "threading", "multiprocessing", "re", "enum"} == set()
