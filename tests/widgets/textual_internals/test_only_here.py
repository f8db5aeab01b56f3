"""Private parts of Textual, Rich and Click are touched in `widgets/textual_internals/` only."""

import ast
import importlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_layers import MODULES

INTERNALS = "tui_app.widgets.textual_internals"

PRODUCT = [
    module
    for module in MODULES
    if not module.startswith("tui_app.assets")  # scripts, which run when they are imported
    and not module.endswith("__main__")
    and ".probe." not in module  # is imported under another name
]

LIBRARIES = ("textual", "textual_fspicker", "rich", "click")

UNDOCUMENTED = {"get_driver_class", "bindings_changed"}
"""Methods without an underscore that Textual documents nowhere."""

DOCUMENTED = {"_replace", "_asdict", "_fields", "_make"}
"""What every named tuple has: https://docs.python.org/3/library/collections.html"""


def is_private(name: str) -> bool:
    hidden = name.startswith("_") and not name.startswith("__") and name != "_"
    return (hidden and name not in DOCUMENTED) or name in UNDOCUMENTED


def is_of_library(module: str) -> bool:
    return module.split(".")[0] in LIBRARIES


@cache
def private_names(module: str) -> dict[str, set[str]]:
    """The private names that each class of a module sets or defines, by the class's name."""
    file = sys.modules[module].__file__
    assert file is not None
    tree = ast.parse(Path(file).read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names = found.setdefault(node.name, set())
            names |= {name for name in names_set_in(node) if is_private(name)}
    return found


def names_set_in(node: ast.ClassDef) -> Iterator[str]:
    """The attributes of a class: its methods, its variables, and what methods set on `self`."""
    for statement in node.body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield statement.name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
    for child in ast.walk(node):
        match child:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name


def names_of(classes: list[type]) -> set[str]:
    return {
        name for kind in classes for name in private_names(kind.__module__).get(kind.__name__, ())
    }


def private_parts_in(module: ModuleType) -> Iterator[str]:
    """The private parts that a module touches: of the libraries, or of whoever it is given."""
    file = module.__file__
    assert file is not None
    own = {name for names in private_names(module.__name__).values() for name in names}

    def is_module(node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and isinstance(vars(module).get(node.id), ModuleType)

    for node in ast.walk(ast.parse(Path(file).read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from filter(imports_private, (name.name for name in names))
            case ast.ImportFrom(module=str(source), names=names):
                yield from filter(imports_private, (f"{source}.{name.name}" for name in names))
            case ast.ClassDef():
                yield from private_parts_in_class(node, module)
            case ast.Attribute(value=value) if is_own(value) or is_module(value):
                pass  # seen with its class, or a function such as `os._exit`
            case ast.Attribute(attr=name) if is_private(name) and name not in own:
                yield ast.unparse(node)
            case ast.Call(
                func=ast.Name(id="getattr" | "setattr" | "hasattr" | "delattr"),
                args=[value, ast.Constant(value=str(name)), *_],
            ) if is_private(name) and not is_module(value):
                yield ast.unparse(node)


def is_own(node: ast.expr) -> bool:
    match node:
        case ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super")):
            return True
    return False


def imports_private(name: str) -> bool:
    return is_of_library(name) and any(is_private(part) for part in name.split("."))


def private_parts_in_class(node: ast.ClassDef, module: ModuleType) -> Iterator[str]:
    """The private names of its bases that a class overrides or uses as its own."""
    kind = vars(module).get(node.name)
    if not isinstance(kind, type):
        return  # a class within a class or a function: messages and the like
    theirs = names_of([base for base in kind.__mro__ if is_of_library(base.__module__)])
    ours = names_of(
        [base for base in kind.__mro__ if base.__module__.startswith(("tui_app", "x_"))]
    )
    own = set(filter(is_private, names_set_in(node)))
    yield from (f"{node.name}.{name} (overridden)" for name in own & theirs)
    for child in ast.walk(node):
        match child:
            case ast.Attribute(value=value, attr=name) if is_own(value) and name in theirs - ours:
                yield ast.unparse(child)


def test_no_other_module_touches_a_private_part() -> None:
    found = [
        f"{module}: {part}"
        for module in PRODUCT
        if not module.startswith(INTERNALS)
        for part in private_parts_in(importlib.import_module(module))
    ]
    assert found == []


def test_the_folder_says_what_it_touches() -> None:
    table = importlib.import_module(INTERNALS).__doc__ or ""
    rooms = {name.removeprefix(f"{INTERNALS}.") for name in MODULES if name.startswith(INTERNALS)}
    assert {room for room in rooms - {INTERNALS} if f"\n`{room}`\n" not in table} == set()


def test_the_version_is_the_one_that_is_tested_with() -> None:
    """Whoever takes another version of Textual reads the private parts again."""
    constraints = (Path(__file__).parents[3] / "constraints.txt").read_text("utf-8")
    (version,) = [
        line.partition("==")[2] for line in constraints.splitlines() if line.startswith("textual==")
    ]
    assert f"Textual {version}" in (importlib.import_module(INTERNALS).__doc__ or "")


SAMPLE = """
import os
from textual import _compositor
from textual._xterm_parser import XTermParser
from textual.widgets._footer import FooterKey
from textual.app import App
from textual.widget import Widget

class Ours(Widget):
    def __init__(self):
        super().__init__()
        self._rows = []
        self._nodes = []

    def look(self):
        self._rows.append(self._size)
        self._own._replace(a=1)
        os._exit(1)

    def _on_mount(self):
        return super()._on_mount()

def look(app, ours):
    ours._rows
    app._exception
    getattr(app, "_driver")
"""


def test_the_reader_of_private_parts_sees_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x_sample.py").write_text(SAMPLE)
    monkeypatch.syspath_prepend(tmp_path)
    assert sorted(private_parts_in(importlib.import_module("x_sample"))) == [
        "Ours._nodes (overridden)",
        "Ours._on_mount (overridden)",
        "app._exception",
        "getattr(app, '_driver')",
        "self._size",
        "textual._compositor",
        "textual._xterm_parser.XTermParser",
        "textual.widgets._footer.FooterKey",
    ]
