"""Names, links and special files that mean harm: nothing is opened that should not be, and
nothing is written outside the output folder.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands import tree
from tests.hostile import HOSTILE_NAMES
from tests.images.factories import TUTORIAL, done, jobs, picture
from tui_app.images.errors import ImageError, PlanError
from tui_app.images.output.hidden import HIDDEN
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Plan
from tui_app.images.planner import describe_plan, make_plan
from tui_app.runs.formatting import safe


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with an image in it, and one in a folder within."""
    (tmp_path / "photos" / "inner").mkdir(parents=True)
    picture().save(tmp_path / "photos" / "a.jpg")
    picture().save(tmp_path / "photos" / "inner" / "b.jpg")
    return tmp_path / "photos"


def a_plan(photos: Path, *, overwrite: bool = False) -> Plan:
    output = str(photos.parent / "out")
    return make_plan([str(photos)], TUTORIAL, output=output, recursive=True, overwrite=overwrite)


def process(plan: Plan) -> dict[str, str]:
    """Do all, and return what failed, with the reason."""
    failures = {}
    with jobs(plan) as all_jobs:
        for item, given in all_jobs:
            try:
                process_image(given, lambda step, fraction: None)
            except ImageError as error:
                failures[item.name] = str(error)
    # Empty, or nothing could remove it so.
    Path(plan.output, HIDDEN).rmdir()
    return failures


def test_every_name_is_planned_shown_and_done(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name in HOSTILE_NAMES:
        picture().save(tmp_path / "photos" / name, "JPEG")
    plan = a_plan(tmp_path / "photos")
    assert sorted(item.name for item in plan.items) == sorted(HOSTILE_NAMES)
    lines = [safe(line) for line in describe_plan(plan)]
    assert all(line.isprintable() for line in lines)
    assert len(lines) == len({*lines}) >= len(HOSTILE_NAMES)
    assert process(plan) == {}
    assert set(tree(tmp_path / "out")) == set(HOSTILE_NAMES)


def test_a_name_that_its_output_makes_too_long_fails_and_the_plan_tells(photos: Path) -> None:
    picture(mode="RGBA").save(photos / ("n" * 250 + ".jpg"), "PNG")
    picture(mode="RGBA").save(photos / ("n" * 247 + ".jpg"), "PNG")
    plan = a_plan(photos)
    assert plan.notes == ("1 output's name would be too long for this disk: that image will fail",)
    assert process(plan) == {
        "n" * 250 + ".jpg": "the output cannot be written: the name, or the path to it, is too long"
    }


def unreadable(path: Path) -> Iterator[tuple[Path, str]]:
    """What is called an image and is none, and why it is not done."""
    os.mkfifo(path / "fifo.jpg")
    yield path / "fifo.jpg", "not a regular file"
    (path / "zero.jpg").symlink_to("/dev/zero")
    yield path / "zero.jpg", "not a regular file"
    (path / "circle.jpg").symlink_to("circle.jpg")
    yield path / "circle.jpg", "the link leads in a circle"
    (path / "nowhere.jpg").symlink_to("no such file")
    yield path / "nowhere.jpg", "the link points to nothing"
    (path / "folder.jpg").mkdir()


@contextmanager
def listening(path: Path) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        yield


@pytest.mark.timeout(20)
def test_special_files_are_never_opened(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dict(unreadable(photos))
    monkeypatch.chdir(photos)
    with listening(Path("socket.jpg")):
        plan = a_plan(photos)
    # A folder's special files are counted; a link that leads nowhere fails by its name.
    assert plan.ignored == 3
    assert process(plan) == {p.name: made[p] for p in made if p.stem in ("circle", "nowhere")}
    for path, reason in made.items():
        named = make_plan([str(path)], TUTORIAL, output=str(photos.parent / "named"))
        assert process(named) == {path.name: reason}


@pytest.mark.timeout(20)
def test_a_file_that_becomes_a_fifo_is_not_waited_for(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = (photos / "a.jpg").stat()
    os.mkfifo(photos / "late.jpg")
    monkeypatch.setattr(Path, "stat", lambda path: status)
    with pytest.raises(ImageError, match="not a regular file"):
        done(photos / "late.jpg", photos.parent / "out" / "late.jpg")


def test_a_linked_image_is_taken_and_a_linked_folder_is_not_entered(photos: Path) -> None:
    outside = photos.parent / "outside"
    outside.mkdir()
    picture().save(outside / "private.jpg")
    (photos / "folder").symlink_to(outside)
    (photos / "up").symlink_to("..")
    (photos / "inner" / "round").symlink_to(photos)
    (photos / "image.jpg").symlink_to(outside / "private.jpg")
    before = tree(outside)
    plan = a_plan(photos)
    assert {item.name for item in plan.items} == {"a.jpg", "inner/b.jpg", "image.jpg"}
    assert plan.notes == (f"in {photos} 3 linked folders not entered",)
    assert process(plan) == {}
    assert tree(outside) == before
    assert not (photos.parent / "out" / "image.jpg").is_symlink()


@pytest.mark.parametrize("inside", [True, False])
def test_a_link_in_the_place_of_a_folder_stops_the_run(photos: Path, inside: bool) -> None:
    plan = a_plan(photos)
    out = photos.parent / "out"
    elsewhere = out / "real" if inside else photos.parent / "outside"
    elsewhere.mkdir(parents=True)
    out.mkdir(exist_ok=True)
    (out / "inner").symlink_to(elsewhere)
    with pytest.raises(PlanError, match="out/inner is a link or a file, and outputs go into"):
        a_plan(photos)
    with pytest.raises(PlanError, match="out/inner cannot be made: something that is no folder"):
        process(plan)
    assert tree(elsewhere) == {}


@pytest.mark.parametrize("kind", ["link", "fifo", "file"])
def test_what_comes_into_the_place_of_a_folder_during_the_run_fails_its_images(
    photos: Path, kind: str
) -> None:
    plan = a_plan(photos)
    outside = photos.parent / "outside"
    outside.mkdir()
    inner = photos.parent / "out" / "inner"
    reasons = []
    with jobs(plan) as all_jobs:
        inner.rmdir()
        match kind:
            case "link":
                inner.symlink_to(outside)
            case "fifo":
                os.mkfifo(inner)
            case _:
                inner.touch()
        for _, given in all_jobs:
            try:
                process_image(given, lambda step, fraction: None)
            except ImageError as error:
                reasons.append(str(error))
    assert reasons == ["the output cannot be written: a link or a file is in its folder's place"]
    assert tree(outside) == {}


def test_another_folder_in_the_output_folder_s_place_is_not_written_to(photos: Path) -> None:
    plan = a_plan(photos)
    victim = photos.parent / "victim"
    (victim / "inner").mkdir(parents=True)
    out = photos.parent / "out"
    with jobs(plan) as all_jobs:
        out.rename(photos.parent / "moved")
        out.symlink_to(victim)
        for _, given in all_jobs:
            with pytest.raises(ImageError, match="its folder has gone"):
                process_image(given, lambda step, fraction: None)
    assert set(tree(victim)) == {"inner"}


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_link_under_an_outputs_name_is_never_written_through(
    photos: Path, overwrite: bool
) -> None:
    kept = photos.parent / "kept.jpg"
    kept.write_bytes(b"somebody's")
    (photos.parent / "out").mkdir()
    (photos.parent / "out" / "a.jpg").symlink_to(kept)
    plan = a_plan(photos, overwrite=overwrite)
    process(replace(plan, items=plan.todo))
    assert kept.read_bytes() == b"somebody's"
    assert (photos.parent / "out" / "a.jpg").is_symlink() is not overwrite


def test_names_with_dots_lead_nowhere_else(photos: Path) -> None:
    picture().save(photos / "..jpg", "JPEG")
    picture().save(photos / "...jpg", "JPEG")
    named = [str(photos / "inner" / ".." / "a.jpg"), str(photos / "...jpg")]
    plan = make_plan(named, TUTORIAL, output=str(photos / "inner" / ".." / ".." / "out"))
    assert process(plan) == {}
    assert set(tree(photos.parent / "out")) == {"a.jpg", "...jpg"}


def test_what_changes_or_goes_after_the_plan_is_taken_as_it_is_then(photos: Path) -> None:
    picture(mode="RGB").save(photos / "c.jpg")
    plan = a_plan(photos)
    (photos / "a.jpg").unlink()
    picture((30, 20), "RGBA").save(photos / "c.jpg", "PNG")
    (photos / "inner" / "b.jpg").write_bytes(b"")
    assert process(plan) == {"a.jpg": "there is no such file", "inner/b.jpg": "the file is empty"}
    output, notes = done(photos / "c.jpg", photos.parent / "again" / "c.jpg")
    assert (output.format, output.size) == ("JPEG", (30, 20))
    assert notes == ["JPEG has no transparency: it was laid on white"]
