import os
from dataclasses import replace
from pathlib import Path

import pytest

from tui_app.images.errors import RecipeError
from tui_app.images.recipe_changes import changed
from tui_app.images.recipe_files import (
    RecipeExistsError,
    is_own,
    known_recipes,
    load_recipe,
    own_folder,
    save_recipe,
)


@pytest.fixture(autouse=True)
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_a_saved_recipe_is_known_by_its_name() -> None:
    recipe = changed(load_recipe("web"), (("fit", [10, 20]), ("blur", 0.5)))
    file = save_recipe(recipe, "my web")
    assert file == own_folder() / "my web.toml"
    assert load_recipe("my web") == replace(recipe, name="my web", changes=())
    assert known_recipes()[-1].name == "my web"
    assert is_own("my web")
    assert not is_own("web")
    assert [path.name for path in own_folder().iterdir()] == ["my web.toml"]


def test_another_recipe_of_that_name_is_replaced_only_when_that_is_said() -> None:
    web, share = load_recipe("web"), load_recipe("share")
    file = save_recipe(web, "mine")
    assert save_recipe(web, "mine") == file, "the same values: nothing is lost"
    with pytest.raises(RecipeExistsError, match="another recipe mine"):
        save_recipe(share, "mine")
    assert load_recipe("mine").format == "webp"
    save_recipe(share, "mine", replace=True)
    assert load_recipe("mine").format == "same"


def test_what_cannot_be_read_counts_as_another_recipe() -> None:
    own_folder().mkdir(parents=True)
    (own_folder() / "odd.toml").write_bytes(b"\xff")
    (own_folder() / "link.toml").symlink_to("nowhere")
    for name in ("odd", "link"):
        with pytest.raises(RecipeExistsError):
            save_recipe(load_recipe("web"), name)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "..", "a/b", "../a", ".hidden", "-o", "a.toml", "a.TOML", "a\nb", "a "),
        *("n" * 99, "\udcff", "web", "tutorial"),
    ],
)
def test_a_name_that_could_not_be_asked_for_is_refused(name: str) -> None:
    with pytest.raises(RecipeError):
        save_recipe(load_recipe("web"), name, replace=True)
    assert not own_folder().exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said() -> None:
    own_folder().mkdir(parents=True)
    own_folder().chmod(0o500)
    with pytest.raises(RecipeError, match="permission denied"):
        save_recipe(load_recipe("web"), "mine")


def test_a_file_in_the_folder_s_place_is_said(tmp_path: Path) -> None:
    own_folder().parent.mkdir(parents=True)
    own_folder().touch()
    with pytest.raises(RecipeError, match="cannot save the recipe"):
        save_recipe(load_recipe("web"), "mine")
