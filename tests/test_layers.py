"""Imports run downward only, and what is below stays light."""

import ast
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.images.factories import picture

ROOT = Path(__file__).parent.parent

LAYERS = (
    ("assets", "events", "files", "language", "stores", "summary", "system", "terminal"),
    ("engine", "images", "serve", "settings"),
    ("script",),
    ("demos",),
    ("runs",),
    ("exports", "records"),
    ("crash", "doctor", "widgets"),
    ("screens",),
    ("app",),
    ("cli", "__main__"),
)
"""From the bottom to the top. Within a layer imports may go either way, without a circle."""

APART = [("engine", "images"), ("images", "engine"), ("images", "settings"), ("engine", "settings")]
"""Of one layer, and yet neither knows the other: what runs is passed to the engine from above."""


def level(module: str) -> int:
    """The layer of a module `tui_app.…`."""
    room = module.split(".")[1]
    (found,) = [number for number, rooms in enumerate(LAYERS) if room in rooms]
    return found


def modules() -> dict[str, Path]:
    """Every module of the product, with its file; `screens` and `assets` go by their own names."""
    found = {}
    for top in ("tui_app", "screens", "assets"):
        for file in (ROOT / top).rglob("*.py"):
            parts = file.relative_to(ROOT).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            name = ".".join(parts if top == "tui_app" else ("tui_app", *parts))
            found[name] = file
    return found


MODULES = modules()


def is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.stmt) and is_for_types(child)):
            yield child
            yield from walk(child)


def imported(source: str) -> set[str]:
    """The product's modules that a source imports, at its top or in a function."""
    found = set()
    for node in walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                continue  # within the probe, which knows nothing of the product
            module = node.module or ""
            for name in node.names:
                whole = f"{module}.{name.name}"
                found.add(whole if whole in MODULES else module)
    return {name for name in found if name.split(".")[0] in ("tui_app", "screens", "assets")}


def known_to(module: str) -> set[str]:
    """The product's modules that a module names anywhere, for types and by dots as well."""
    file, found = MODULES[module], set()
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            found |= {base} | {f"{base}.{name.name}" for name in node.names}
    return found & set(MODULES)


def circles(names: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Of each module that comes back to itself by what it names: the shortest way there."""
    found = {}
    for start in names:
        ways, seen = deque([[start]]), {start}
        while ways and start not in found:
            way = ways.popleft()
            for other in sorted(names[way[-1]]):
                if other == start:
                    found[start] = [*way, start]
                    break
                if other not in seen:
                    seen.add(other)
                    ways.append([*way, other])
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even in functions, or for types: who reads one file need not have read the next."""
    assert circles({module: known_to(module) for module in MODULES}) == {}


def test_a_circle_is_found_by_its_shortest_way() -> None:
    names = {"a": {"b", "c"}, "b": {"c"}, "c": {"d"}, "d": {"a"}, "e": {"a"}}
    assert circles(names)["a"] == ["a", "c", "d", "a"]
    assert set(circles(names)) == {"a", "b", "c", "d"}
    assert "tui_app.engine.spec" in known_to("tui_app.engine.run")
    assert "tui_app.script.probe.procession_probe.home" in known_to(
        "tui_app.script.probe.procession_probe.start"
    )


@pytest.mark.slow
def test_imports_run_downward_only() -> None:
    pairs = {
        (module, other) for module in MODULES for other in imported(MODULES[module].read_text())
    }
    for module, other in sorted(pairs):
        assert other.split(".")[0] == "tui_app", f"{module}: a wheel has no top-level {other}"
        if "tui_app" in (module, other):
            continue
        assert level(other) <= level(module), f"{module} imports {other}, which is above it"
        assert (module.split(".")[1], other.split(".")[1]) not in APART, f"{module} knows {other}"


def test_only_the_probe_imports_its_neighbours_by_dots() -> None:
    """A played interpreter finds the probe on its path, under a name of its own."""
    for module, file in MODULES.items():
        dotted = any(
            isinstance(node, ast.ImportFrom) and node.level
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
        )
        assert not dotted or ".probe." in module


def test_the_reader_of_imports_sees_them_all() -> None:
    source = """
from typing import TYPE_CHECKING
import os, tui_app.cli
from tui_app.runs import view
from tui_app.runs.view import RunView
if TYPE_CHECKING:
    from tui_app.app import ProcessionApp
else:
    x = 1
class A:
    def f(self):
        if True:
            from tui_app.screens.batch import BatchScreen
"""
    assert imported(source) == {"tui_app.cli", "tui_app.runs.view", "tui_app.screens.batch"}
    assert {level(name) for name in MODULES if name != "tui_app"} == set(range(len(LAYERS)))
    with pytest.raises(ValueError, match="unpack"):
        level("tui_app.attic")


def loaded_by(*names: str) -> set[str]:
    """What a fresh interpreter has loaded after importing these."""
    code = f"import sys\nimport {', '.join(names)}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


OF_STORES = ("fsspec", "s3fs", "aiobotocore", "botocore", "aiohttp")
"""Packages that only a URL may load."""

OF_CLUSTERS = ("dask", "distributed", "tornado")
"""Packages that only a cluster may load."""


def heavy(loaded: set[str], *packages: str) -> set[str]:
    return {name for name in loaded if name.split(".")[0] in packages}


@pytest.mark.parametrize(
    "module",
    [
        "tui_app.engine.worker",
        "tui_app.engine.call_server",
        "tui_app.engine.cluster.worker_side",
        "tui_app.images.pipeline",
        "tui_app.events",
    ],
)
def test_what_a_worker_imports_is_light(module: str) -> None:
    loaded = loaded_by(module)
    assert module in loaded
    assert heavy(loaded, "textual", "rich", "asyncio", "click", "platformdirs", *OF_STORES) == set()
    assert {
        name for name in loaded if name.startswith(("tui_app.runs", "tui_app.screens"))
    } == set()


def test_the_command_line_imports_what_it_needs_when_it_needs_it() -> None:
    loaded = loaded_by("tui_app.cli.main")
    assert "click" in loaded
    assert heavy(loaded, "textual", "rich", "PIL", "asyncio") == set()


def loaded_at_the_end_of(*words: str | Path) -> set[str]:
    """What a process of the command has loaded when it ends."""
    code = """
import sys
from tui_app.__main__ import main
try:
    main()
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 0, done
    return set(done.stderr.split())


def test_help_loads_nothing_that_works() -> None:
    loaded = loaded_at_the_end_of("batch", "--help")
    assert "tui_app.cli.main" in loaded
    works = ("textual", "rich", "pygments", "PIL", "psutil", "asyncio", "concurrent")
    assert heavy(loaded, *OF_STORES, *OF_CLUSTERS) == set()
    assert heavy(loaded, *works) == set()
    # What may be asked of a sweep, what a person has set, and the packages that these stand in.
    of_help = {
        "tui_app.runs",
        "tui_app.runs.sweep",
        "tui_app.runs.sweep.kinds",
        "tui_app.runs.usual",
    }
    others = {name for name in loaded if name.startswith(("tui_app.images", "tui_app.runs"))}
    assert others == of_help


@pytest.mark.slow
def test_a_batch_without_a_screen_loads_what_it_runs(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.jpg")
    loaded = loaded_at_the_end_of("batch", tmp_path, "--headless", "--quiet")
    assert "tui_app.engine.run" in loaded
    assert heavy(loaded, "textual", "rich", "pygments", *OF_STORES, *OF_CLUSTERS) == set()
    # The film grain is for the samples, and of Pillow's forty readers five are for every start.
    # What works on images is for workers.
    unused = (
        "tui_app.images.film",
        "tui_app.images.pipeline",
        "tui_app.demos.catalogue",
        "PIL.TiffImagePlugin",
    )
    assert {name for name in loaded if name.startswith(unused)} == set()


@pytest.mark.slow
def test_the_first_screen_loads_no_other(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.jpg")
    code = """
import asyncio, sys
from tui_app.app import ProcessionApp
async def look():
    async with ProcessionApp().run_test() as pilot:
        await pilot.pause()
        print(*sys.modules, sep="\\n", file=sys.__stdout__)
asyncio.run(look())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "tui_app.screens.home" in loaded
    assert heavy(loaded, "textual_fspicker") == set()
    others = {
        f"tui_app.screens.{name}"
        for name in ("batch", "compare", "demos", "watch", "editor", "runs")
    }
    assert not loaded & {*others, "tui_app.images.film", "PIL.TiffImagePlugin"}


def test_spawned_workers_import_nothing_with_the_main_module() -> None:
    loaded = loaded_by("tui_app.__main__")
    assert heavy(loaded, "tui_app") == {"tui_app", "tui_app.__main__"}


@pytest.mark.parametrize(
    "rooms",
    [("engine",), ("images",), ("runs",), ("records",), ("doctor", "settings", "demos")],
)
def test_what_is_below_the_screen_never_loads_it(rooms: tuple[str, ...]) -> None:
    names = [
        name for name in MODULES for room in rooms if f"{name}.".startswith(f"tui_app.{room}.")
    ]
    assert len(names) >= 3
    loaded = loaded_by(*names)
    assert set(names) <= loaded
    assert heavy(loaded, "textual", "rich", "textual_fspicker") == set()
