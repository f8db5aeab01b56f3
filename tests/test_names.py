"""One class name means one thing in the whole product."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.test_layers import MODULES


def classes(sources: dict[str, str]) -> dict[str, list[str]]:
    """The modules that have a class of each name, within other classes and functions too."""
    found = defaultdict(list)
    for module, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(module)
    return found


def twice(sources: dict[str, str]) -> dict[str, list[str]]:
    return {name: modules for name, modules in classes(sources).items() if len(modules) > 1}


def test_no_class_name_is_used_twice() -> None:
    product = {
        module: file.read_text("utf-8")
        for module, file in MODULES.items()
        if Path("assets") not in file.parents and ".assets" not in module
    }
    assert len(classes(product)) > 150
    assert twice(product) == {}


def test_a_name_that_is_used_twice_is_found() -> None:
    sources = {"a": "class Row: ...", "b": "class A:\n    class _Row: ...", "c": "class B: ..."}
    assert twice(sources) == {"Row": ["a", "b"]}
