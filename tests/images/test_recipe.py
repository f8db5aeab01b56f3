import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.images.codec.formats import RECIPE_FORMATS
from tui_app.images.errors import RecipeError
from tui_app.images.recipe import DEFAULT_RECIPE, LONGEST_VALUE, Metadata, Recipe, recipe_from
from tui_app.images.recipe_files import known_recipes, load_recipe

SHIPPED = {"tutorial", "web", "share", "thumbnail", "grayscale", "clean", "plain"}

GOOD = st.fixed_dictionaries(
    {},
    optional={
        "title": st.just("A title"),
        "blur": st.one_of(st.integers(0, 1000), st.floats(0, 1000)),
        "fit": st.lists(st.integers(1, 65500), min_size=2, max_size=2),
        "grayscale": st.booleans(),
        "sharpen": st.integers(0, 500),
        "format": st.sampled_from(RECIPE_FORMATS),
        "quality": st.integers(1, 100),
        "upright": st.booleans(),
        "crop": st.sampled_from(["1:1", "16:9", "1.91:1"]),
        "frames": st.sampled_from(["all", "first"]),
        "metadata": st.sampled_from([policy.value for policy in Metadata]),
    },
)

BAD: list[tuple[str, Any]] = [
    ("title", ""),
    ("title", 3),
    ("title", "two\nlines"),
    ("blur", -1),
    ("blur", "15"),
    ("blur", True),
    ("blur", float("nan")),
    ("blur", float("inf")),
    ("blur", 1001),
    ("blur", 10**400),
    ("sharpen", 10**400),
    ("fit", 1200),
    ("fit", [1200]),
    ("fit", [1200, 0]),
    ("fit", [1200.5, 1200]),
    ("fit", [True, 1200]),
    ("grayscale", 1),
    ("sharpen", 10.5),
    ("sharpen", 501),
    ("format", "JPEG"),
    ("format", "psd"),
    ("format", ["jpeg"]),
    ("quality", 0),
    ("quality", 101),
    ("quality", "high"),
    ("upright", "yes"),
    ("crop", 1),
    ("crop", "1"),
    ("crop", "1:0"),
    ("crop", "0.0:3"),
    ("crop", "-1:1"),
    ("crop", "1:1:1"),
    ("crop", "nan:1"),
    ("crop", "\u0661:1"),
    ("frames", 1),
    ("frames", "last"),
    ("metadata", "all"),
    ("metadata", ["keep"]),
    ("metadata", {}),
]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own recipes, empty."""
    folder = tmp_path / "config" / "recipes"
    folder.mkdir(parents=True)
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: folder.parent)
    return folder


def test_the_shipped_recipes_can_all_be_loaded() -> None:
    recipes = known_recipes()
    assert {recipe.name for recipe in recipes} == SHIPPED
    assert recipes[0].name == DEFAULT_RECIPE
    assert all(recipe == load_recipe(recipe.name) and recipe.title for recipe in recipes)


def test_the_default_is_the_tutorials() -> None:
    recipe = load_recipe(DEFAULT_RECIPE)
    assert recipe == Recipe("tutorial", recipe.title, blur=15.0, fit=(1200, 1200))
    assert recipe.describe() == "blur 15, fit 1200x1200, same format, metadata kept"


@given(GOOD)
def test_what_a_table_says_is_what_the_recipe_holds(table: dict[str, Any]) -> None:
    recipe = recipe_from(table, "mine", "mine.toml")
    assert recipe.name == "mine"
    assert recipe.title == table.get("title", "mine")
    for key, value in table.items():
        held = getattr(recipe, key)
        assert (list(held) if key == "fit" else held) == value


@given(GOOD)
def test_a_description_is_one_plain_line(table: dict[str, Any]) -> None:
    line = recipe_from(table, "mine", "mine.toml").describe()
    assert re.fullmatch(r"[a-zA-Z0-9 .,:%x+-]+", line)
    assert ("blur" in line) == (table.get("blur", 0) > 0)
    assert ("fit" in line) == ("fit" in table)
    assert table.get("format", "same") in line


def test_a_recipe_without_work_leaves_pixels_as_they_are() -> None:
    clean = load_recipe("clean")
    assert clean.copies
    assert clean.describe().startswith("pixels as they are, same format, private metadata")
    assert replace(clean, upright=True).describe().startswith("turned upright, same format")
    every = {"quality": 80, "format": "png", "fit": [9, 9], "grayscale": True, "crop": "1:1"}
    for key, value in every.items():
        assert not recipe_from({key: value}, "mine", "mine.toml").copies


@pytest.mark.parametrize(("key", "value"), BAD, ids=lambda v: repr(v))
def test_a_bad_value_names_file_key_and_what_is_allowed(key: str, value: object) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from({key: value}, "mine", "/x/mine.toml")
    text = str(caught.value)
    assert text.startswith(f"/x/mine.toml: {key} must be ")
    said = text.rpartition("not ")[2]
    assert repr(value).startswith(said.removesuffix("…"))
    assert said == repr(value) or len(said) == LONGEST_VALUE


def test_an_unknown_key_lists_the_keys() -> None:
    with pytest.raises(RecipeError, match=r"m\.toml: there is no key 'blurr'.*title, blur, fit"):
        recipe_from({"blurr": 3}, "m", "m.toml")


def test_an_unknown_name_lists_the_known_ones(own: Path) -> None:
    (own / "mine.toml").write_text("blur = 3")
    with pytest.raises(RecipeError) as caught:
        load_recipe("nothing-like-it")
    assert all(name in str(caught.value) for name in (*SHIPPED, "mine", "nothing-like-it"))


def test_a_recipe_of_ones_own_by_name_and_by_file(own: Path) -> None:
    file = own / "mine.toml"
    file.write_text('title = "Mine"\nfit = [10, 20]')
    assert load_recipe("mine") == load_recipe(str(file)) == Recipe("mine", "Mine", fit=(10, 20))
    assert known_recipes()[-1].name == "mine"


def test_ones_own_goes_before_a_shipped_one(own: Path) -> None:
    (own / "web.toml").write_text("blur = 3")
    assert load_recipe("web").blur == 3
    assert len(known_recipes()) == len(SHIPPED)


def test_a_wrong_file_of_ones_own_does_not_hide_the_others(own: Path) -> None:
    (own / "broken.toml").write_text("blur = ")
    (own / "good.toml").write_text("blur = 1")
    assert {recipe.name for recipe in known_recipes()} == {*SHIPPED, "good"}
    with pytest.raises(RecipeError, match=r"broken\.toml is not a TOML file"):
        load_recipe("broken")


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"cannot read the recipe .*none\.toml"):
        load_recipe(str(tmp_path / "none.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RecipeError, match=r"bytes\.toml is not a TOML file"):
        load_recipe(str(tmp_path / "bytes.toml"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (os.mkfifo, "cannot read the recipe {file}: not a regular file"),
        (os.mkdir, "cannot read the recipe {file}: not a regular file"),
        (lambda file: file.write_text("blur=" + "[" * 5_000), "{file} is nested too deeply"),
        (lambda file: file.write_text("#" * 9_000_000), "the file is too large"),
    ],
    ids=["fifo", "folder", "nested", "large"],
)
def test_whatever_stands_in_the_place_of_a_recipe_is_not_waited_for(
    own: Path, make: Callable[[Path], object], says: str
) -> None:
    file = own / "odd.toml"
    make(file)
    with pytest.raises(RecipeError) as caught:
        load_recipe("odd")
    assert says.format(file=file) in str(caught.value)
    assert {recipe.name for recipe in known_recipes()} == SHIPPED


def test_without_a_folder_of_ones_own_there_are_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    assert {recipe.name for recipe in known_recipes()} == SHIPPED
