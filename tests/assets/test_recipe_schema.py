"""The schema of recipe files accepts what a recipe may have, and nothing else."""

import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.invariants import SCHEMAS
from tui_app.images.errors import RecipeError
from tui_app.images.recipe import Metadata, Recipe, recipe_from

SCHEMA = json.loads((SCHEMAS / "recipe.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
ASKED_APART = {"name", "exact", "changes"}
"""What no recipe file holds: its name is the file's, and the way is asked for with each run."""

SHIPPED = sorted((SCHEMAS.parent / "recipes").glob("*.toml"))


def allowed(table: dict[str, Any]) -> bool:
    try:
        recipe_from(table, "mine", "mine.toml")
    except RecipeError:
        return False
    return True


def test_it_has_every_key_with_words_and_defaults() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    keys = SCHEMA["properties"]
    assert set(keys) == {one.name for one in fields(Recipe)} - ASKED_APART
    assert all(part["description"].strip() for part in keys.values())
    defaults = {name: part["default"] for name, part in keys.items() if "default" in part}
    plain = recipe_from({}, "mine", "mine.toml")
    assert defaults == {
        one.name: getattr(plain, one.name)
        for one in fields(Recipe)
        if one.name in keys and one.name != "title" and getattr(plain, one.name) is not None
    }
    assert [one["const"] for one in keys["metadata"]["oneOf"]] == list(Metadata)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_the_recipes_that_are_shipped_are_accepted(file: Path) -> None:
    VALIDATOR.validate(tomllib.loads(file.read_text("utf-8")))


# A whole number is written without a point in TOML, while 5.0 is one in JSON Schema.
REAL = st.floats(-10, 1100).filter(lambda number: not number.is_integer())
WHOLE = st.integers(-2, 70_000)
ANYTHING = st.one_of(
    st.booleans(),
    WHOLE,
    REAL,
    st.lists(WHOLE | REAL, max_size=3),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=5),
    st.sampled_from([0, 1, 100, 101, 500, 501, 1000, 1001, 65_500, 65_501]),
    st.sampled_from(["same", "jpeg", "JPEG", "gif", "avif", "tiff", *Metadata]),
    st.lists(st.sampled_from([0, 1, 65_500, 65_501]), min_size=2, max_size=2),
)


@given(
    st.dictionaries(st.sampled_from([*SCHEMA["properties"], "name", "crop"]), ANYTHING, max_size=2)
)
def test_it_accepts_what_a_recipe_may_have_and_nothing_else(table: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(table) == allowed(table)
