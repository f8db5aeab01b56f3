import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.images.test_recipe import GOOD
from tui_app.images.errors import RecipeError
from tui_app.images.recipe import KEYS, recipe_from
from tui_app.images.recipe_changes import changed, table_of
from tui_app.images.recipe_files import load_recipe, to_toml

TABLES = GOOD.flatmap(
    lambda table: st.sampled_from([table, {**table, "lossless": True}]).filter(
        lambda made: (
            not made.get("lossless")
            or ("quality" not in made and made.get("format") not in ("jpeg", "avif"))
        )
    )
)


@given(TABLES)
def test_a_recipe_comes_back_from_its_toml(table: dict[str, object]) -> None:
    recipe = recipe_from(table, "mine", "mine")
    assert recipe_from(tomllib.loads(to_toml(recipe)), "mine", "mine") == recipe


@given(st.text(min_size=1).filter(lambda text: text.strip() != "" and text.isprintable()))
def test_any_title_comes_back(title: str) -> None:
    recipe = recipe_from({"title": title}, "mine", "mine")
    assert recipe_from(tomllib.loads(to_toml(recipe)), "mine", "mine").title == title


@given(TABLES, GOOD)
def test_what_is_asked_for_is_in_the_place_of_the_recipe_s_own(
    table: dict[str, object], other: dict[str, object]
) -> None:
    recipe = recipe_from(table, "mine", "mine")
    other.pop("title", None)
    try:
        made = changed(recipe, tuple(other.items()))
    except RecipeError:
        assert recipe.lossless or table.get("lossless")
        return
    asked = table_of(recipe_from(other, "mine", "mine"))
    assert all(table_of(made)[key] == value for key, value in asked.items())
    own = {key: value for key, value in table_of(recipe).items() if key not in other}
    if "quality" not in other:
        assert own.items() <= table_of(made).items()
    assert (made.name, made.title) == (recipe.name, recipe.title)
    assert set(made.changes) == set(other)


def test_the_name_tells_what_is_changed_whatever_the_recipe_has() -> None:
    web = load_recipe("web")
    steps = (("quality", 82), ("fit", [1600, 1600]))
    assert changed(web, steps).heading == "web with fit 1600x1600, quality 82"
    assert web.heading == "web"


def test_none_takes_a_value_out() -> None:
    tutorial = load_recipe("tutorial")
    made = changed(tutorial, (("blur", None), ("fit", None)))
    assert (made.blur, made.fit, made.copies) == (0, None, True)
    assert made.heading == "tutorial with no blur, full size"


def test_quality_and_lossless_take_each_other_s_place() -> None:
    web = load_recipe("web")
    lossless = changed(web, (("lossless", True),))
    assert (lossless.quality, lossless.lossless) == (None, True)
    lossy = changed(lossless, (("quality", 70),))
    assert (lossy.quality, lossy.lossless) == (70, False)
    with pytest.raises(RecipeError, match="exclude each other"):
        changed(web, (("lossless", True), ("quality", 70)))
    with pytest.raises(RecipeError, match="avif cannot be lossless"):
        changed(lossless, (("format", "avif"),))


def test_every_key_is_said_in_words_both_ways() -> None:
    some = {"crop": "1:1", "grayscale": True, "blur": 3, "fit": [9, 9], "sharpen": 5}
    some |= {"format": "webp", "upright": True, "frames": "first", "metadata": "strip"}
    full = recipe_from({**some, "quality": 9}, "full", "full")
    keys = [key for key in KEYS if key not in ("title", "metadata", "lossless")]
    said = changed(full, tuple((key, None) for key in keys)).heading
    assert said.count(",") == len(keys) - 1
    told = changed(load_recipe("plain"), tuple((k, v) for k, v in some.items())).heading
    assert told.count(",") == len(some) - 1
    assert not set(said.split(" with ")[1].split(", ")) & set(told.split(" with ")[1].split(", "))
