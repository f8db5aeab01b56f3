from pathlib import Path

import pytest

from tests.images.factories import picture
from tui_app.images.errors import PlanError, RecipeError
from tui_app.images.plan import Items
from tui_app.images.recipe import Metadata
from tui_app.images.samples import samples_folder
from tui_app.runs.request import BatchRequest, count_images, images_here


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture((24, 16)).save(folder / name)


def test_sources_that_were_named_stay(here: Path) -> None:
    put(here, "a.jpg")
    request = BatchRequest(sources=("elsewhere",), output="out")
    assert request.resolved() == request
    assert not request.of_samples


def test_without_a_source_it_is_this_folder(here: Path) -> None:
    put(here, "a.jpg")
    request = BatchRequest(overwrite=True).resolved()
    assert request == BatchRequest(sources=(".",), overwrite=True)
    plan = request.plan()
    assert [item.source for item in plan.items] == [str(here / "a.jpg")]
    assert plan.output == str(here / "processed")


def test_where_no_image_is_it_is_the_samples_into_this_folder(here: Path) -> None:
    (here / "notes.txt").touch()
    request = BatchRequest().resolved()
    assert request.sources == (str(samples_folder()),)
    assert request.output == "processed"
    assert request.of_samples
    assert BatchRequest(output="mine").resolved().output == "mine"
    assert not (here / "processed").exists(), "nothing is made by asking"


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("a.jpg", True), ("A.JPEG", True), ("b.png", True), (".hidden.jpg", False), ("c.txt", False)],
)
def test_what_counts_as_an_image_here(here: Path, name: str, is_there: bool) -> None:
    (here / name).touch()
    assert images_here() is is_there


def test_folders_and_links_that_lead_nowhere_are_no_images_here(here: Path) -> None:
    (here / "folder.jpg").mkdir()
    (here / "dangling.jpg").symlink_to(here / "nothing")
    assert not images_here()
    (here / "loop.jpg").symlink_to(here / "loop.jpg")
    assert not images_here()


def test_a_current_folder_that_has_gone_has_no_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert not images_here()


def test_upright_may_be_asked_for() -> None:
    assert not BatchRequest(recipe="clean").load_recipe().upright
    assert BatchRequest(recipe="clean", upright=True).load_recipe().upright


def test_metadata_may_be_other_than_the_recipe_s() -> None:
    assert BatchRequest().load_recipe().metadata is Metadata.KEEP
    strip = BatchRequest(metadata=Metadata.STRIP).load_recipe()
    assert (strip.name, strip.metadata) == ("tutorial", Metadata.STRIP)


def test_the_plan_is_as_it_was_asked_for(here: Path) -> None:
    put(here, "in/a.jpg", "in/deep/b.jpg", "out/a.jpg")
    plain = BatchRequest(("in",), "out").plan()
    assert [(item.name, item.exists) for item in plain.items] == [("a.jpg", True)]
    assert (plain.overwrite, plain.keep_dates, plain.todo) == (False, False, Items())
    more = BatchRequest(
        ("in",), "out", recipe="web", recursive=True, overwrite=True, keep_dates=True
    ).plan()
    assert {item.name for item in more.items} == {"a.jpg", "deep/b.jpg"}
    assert (more.overwrite, more.keep_dates, more.recipe.name) == (True, True, "web")
    assert len(more.todo) == 2


def test_what_is_taken_and_what_it_is_called_is_as_it_was_asked_for(here: Path) -> None:
    put(here, "x/a.jpg", "x/b-small.jpg")
    plan = BatchRequest(
        ("x/a.jpg", "x/b-small.jpg"),
        "out",
        exclude=("*-small.*",),
        keep_structure=True,
        max_pixels=250_000_000,
        name="{stem}-{height}",
    ).plan()
    assert [plan.output_of(item) for item in plan.items] == [str(here / "out/x/a-16.jpg")]
    assert plan.max_pixels == 250_000_000
    assert "1 image left out by --exclude" in plan.notes


def test_what_cannot_be_is_said(here: Path) -> None:
    put(here, "a.jpg")
    with pytest.raises(PlanError, match=r"there is no .*nowhere"):
        BatchRequest(("nowhere",)).plan()
    with pytest.raises(RecipeError, match="no recipe 'none'"):
        BatchRequest((".",), recipe="none").plan()


def test_a_plan_that_is_not_wanted_ends_early(here: Path) -> None:
    put(here, "a.jpg", "b.jpg")
    with pytest.raises(PlanError, match="stopped"):
        BatchRequest((".",)).plan(stop=lambda: True)


def test_images_of_a_folder_are_counted_by_their_names(here: Path) -> None:
    for name in ("a.jpg", "b.PNG", "c.txt", ".d.jpg"):
        (here / name).touch()
    (here / "folder.jpg").mkdir()
    assert count_images(str(here)) == (2, True)
    # Of a large folder only the first entries are looked at.
    images, all_of_them = count_images(str(here), most=2)
    assert images <= 2
    assert not all_of_them
    with pytest.raises(OSError, match="No such file"):
        count_images(str(here / "no"))
