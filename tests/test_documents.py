"""What the documents name is there."""

import re
from pathlib import Path

import pytest

from tests.test_layers import LAYERS, MODULES

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`([\w./]+\.(?:py|json|toml|md)|[\w./]+/)(?::\w+)?`")


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md"])
def test_the_files_and_folders_that_a_document_names_are_there(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    named = {found[1] for found in NAMED.finditer(text)}
    assert len(named) > 5
    rooms = ("", "images", "images/codec", "widgets", "script", "runs", "demos")
    places = [ROOT, ROOT / "screens", *(ROOT / "tui_app" / room for room in rooms)]
    missing = {name for name in named if not any((place / name).exists() for place in places)}
    assert missing == set()


def test_the_floors_of_the_architecture_are_those_that_are_tested() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    floors = text[text.index("`cli` → ") :].split("\n\n")[0]
    rooms = [re.findall(r"`(\w+)`", floor) for floor in floors.split("→")]
    levels = {room: level for level, names in enumerate(LAYERS) for room in names}
    told = [[levels[room] for room in names] for names in rooms]
    assert [max(floor) for floor in told] == sorted((max(f) for f in told), reverse=True)
    assert all(len(set(floor)) == 1 for floor in told)


def test_the_names_of_functions_and_classes_that_the_architecture_has_are_there() -> None:
    """Each name in backticks that is no file stands in the source."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    names = set(re.findall(r"`(_?[A-Za-z]\w*(?:\.\w+)?)`", text))
    source = "\n".join(file.read_text("utf-8") for file in MODULES.values())
    missing = {name for name in names if not re.search(rf"\b{name.split('.')[-1]}\b", source)}
    assert len(names) > 40
    assert missing - {"xx", "ro", "allOf", "LICENSE"} == set()
