import os
import shutil
import tempfile
from collections import namedtuple
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from tests.images.factories import NOTHING, TUTORIAL, jobs, output_of, picture
from tui_app.images import preflight
from tui_app.images.codec.headers import Header, HeaderOptions, read_header
from tui_app.images.errors import PlanError
from tui_app.images.job import OutputPlace
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Items, Plan, UnusableSource
from tui_app.images.planner import describe_plan, make_plan
from tui_app.images.recipe import Recipe


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with three photographs of different sizes, and a text."""
    folder = tmp_path / "photos"
    folder.mkdir()
    picture((30, 20)).save(folder / "a.jpg")
    picture((90, 60)).save(folder / "b.jpg")
    picture((60, 40)).save(folder / "c.png")
    (folder / "notes.txt").write_text("hello")
    return folder


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def plan_of(*sources: Path, recipe: Recipe = TUTORIAL, **options: bool) -> Plan:
    return make_plan([str(path) for path in sources], recipe, **options)  # type: ignore[arg-type]


def refused(*sources: str | Path, output: Path | None = None, recipe: Recipe = TUTORIAL) -> str:
    with pytest.raises(PlanError) as caught:
        make_plan([str(s) for s in sources], recipe, output=None if output is None else str(output))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_becomes_its_plan_and_nothing_is_written(tmp_path: Path, source: Path) -> None:
    before = tree(tmp_path)
    plan = make_plan([str(source)], TUTORIAL)
    assert [(item.name, item.width, item.height) for item in plan.items] == [
        ("b.jpg", 90, 60),
        ("c.png", 60, 40),
        ("a.jpg", 30, 20),
    ]
    assert plan.output == str(source / "processed")
    assert [plan.output_of(item) for item in plan.items] == [
        str(source / "processed" / name) for name in ("b.jpg", "c.png", "a.jpg")
    ]
    first = plan.items[0]
    assert first.source == str(source / "b.jpg")
    assert (first.megapixels, first.bytes) == (0.0054, (source / "b.jpg").stat().st_size)
    assert (plan.ignored, plan.notes, plan.todo, plan.existing) == (1, (), plan.items, Items())
    assert tree(tmp_path) == before


def test_a_run_of_the_plan_makes_what_it_says(tmp_path: Path, source: Path) -> None:
    (source / "deep" / "er").mkdir(parents=True)
    picture().save(source / "deep" / "er" / "d.bmp")
    before = tree(source)
    plan = plan_of(source, recursive=True)
    with jobs(plan) as all_jobs:
        results = [process_image(job, lambda *told: None) for _, job in all_jobs]
    made = {os.path.relpath(plan.output_of(item), source) for item in plan.items}
    after = tree(source)
    new = {path for path in after if path not in before and after[path]}
    assert new == made
    assert {path: after[path] for path in before} == before
    assert [result["width"] for result in results] == [item.width for item in plan.items]

    again = plan_of(source, recursive=True)
    assert (again.existing, again.todo, again.ignored) == (again.items, Items(), 1)
    assert again.notes == (
        "4 outputs left alone, not made by procession: --overwrite replaces them",
    )
    over = plan_of(source, recursive=True, overwrite=True)
    assert (over.todo, over.existing, over.notes) == (over.items, Items(), ())


def test_a_relative_path_means_the_same_later(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = make_plan([str(source)], TUTORIAL)
    monkeypatch.chdir(source)
    for path in (".", "./", "../photos", str(source / ".." / "photos")):
        assert make_plan([path], TUTORIAL) == expected
    assert make_plan(["a.jpg"], TUTORIAL, output="out").output == str(source / "out")


def test_headers_that_cannot_be_read_are_tried(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "link.jpg").symlink_to("nowhere")
    plan = plan_of(tmp_path)
    assert {(i.name, i.width, i.height, i.suffix) for i in plan.items} == {
        ("empty.jpg", 0, 0, ""),
        ("text.png", 0, 0, ""),
        ("link.jpg", 0, 0, ""),
    }


def test_a_header_that_says_too_much_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture((2000, 10)).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert plan_of(tmp_path).items[0].width == 0


@pytest.mark.timeout(10)
def test_a_fifo_that_is_named_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert plan_of(tmp_path / "a.jpg").items[0].width == 0


def test_contents_decide_the_format_and_names_follow(tmp_path: Path) -> None:
    picture().save(tmp_path / "photo", "JPEG")
    picture(mode="RGBA").save(tmp_path / "x.jpg", "PNG")
    picture(mode="RGBA").save(tmp_path / "icon.ico", "ICO", sizes=[(16, 16)])
    picture().save(tmp_path / "old.pcx")
    picture().save(tmp_path / "phone.mpo", "MPO")
    plan = plan_of(*tmp_path.iterdir())
    assert {(i.name + i.suffix, i.format) for i in plan.items} == {
        ("photo.jpg", "JPEG"),
        ("x.jpg.png", "PNG"),
        ("icon.ico.png", "PNG"),
        ("old.pcx.jpg", "JPEG"),
        ("phone.mpo.jpg", "JPEG"),
    }


def test_only_the_failed_again(source: Path) -> None:
    plan = plan_of(source)
    again = plan.only({"a.jpg", "c.png"})
    assert {item.name for item in again.items} == {"a.jpg", "c.png"}
    assert set(again.items) < set(plan.items)
    assert again == replace(plan, items=again.items)


def test_jobs_say_what_the_plan_says(source: Path) -> None:
    plan = make_plan([str(source)], TUTORIAL, overwrite=True, keep_dates=True)
    with jobs(plan, "r1") as made:
        assert [item for item, _ in made] == list(plan.items)
        for item, job in made:
            assert (job.source, str(output_of(job)), job.format) == (
                item.source,
                plan.output_of(item),
                item.format,
            )
            place = job.place
            assert isinstance(place, OutputPlace)
            assert (job.recipe, place.run, job.keep_dates) == (TUTORIAL, "r1", True)
            assert (place.path, place.hidden) == (plan.output, ".procession")
            # Nothing stands there: nothing is to be replaced.
            assert (job.over, job.overwrite) == (None, False)


def test_a_plan_can_be_stopped(source: Path) -> None:
    with pytest.raises(PlanError, match="planning was stopped"):
        make_plan([str(source)], TUTORIAL, stop=lambda: True)
    read: list[str] = []

    def headers(paths: Iterable[str], *, options: HeaderOptions) -> Iterator[Header]:
        for path in paths:
            read.append(path)
            yield read_header(path)

    with pytest.raises(PlanError, match="planning was stopped"):
        make_plan([str(source)], TUTORIAL, stop=lambda: len(read) == 2, headers=headers)
    assert len(read) == 2


def test_the_description_has_a_line_for_each_image(source: Path) -> None:
    (source / "processed").mkdir()
    (source / "processed" / "a.jpg").touch()
    (source / "bad.jpg").touch()
    lines = list(describe_plan(plan_of(source)))
    blank = lines.index("")
    assert lines[blank + 1 :] == [
        "a.jpg  30x20  -> a.jpg  (exists: left alone)",
        "b.jpg  90x60  -> b.jpg",
        "bad.jpg  unreadable  -> bad.jpg",
        "c.png  60x40  -> c.png",
    ]
    head = "\n".join(lines[:blank])
    assert f"source   {source}\n" in head
    assert f"output   {source / 'processed'}\n" in head
    assert "tutorial: blur 15, fit 1200x1200, same format, metadata kept" in head
    assert "images   3 to process, 1 unreadable, 1 left alone; 1 other file ignored" in head
    assert "note     1 output left alone" in head


def test_two_folders_with_the_same_names_get_folders_of_theirs(tmp_path: Path) -> None:
    for name in ("1/card/a.jpg", "2/card/a.jpg", "phone/b.jpg", "phone/deep/c.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        picture().save(tmp_path / name)
    sources = [str(tmp_path / name) for name in ("1/card", "2/card", "phone")]
    out = tmp_path / "out"
    plan = make_plan(sources, TUTORIAL, output=str(out), recursive=True)
    assert [(item.source, plan.output_of(item)) for item in plan.items] == [
        (str(tmp_path / name), str(out / name)) for name in ("1/card/a.jpg", "2/card/a.jpg")
    ] + [
        (str(tmp_path / name), str(out / tmp_path.name / name))
        for name in ("phone/b.jpg", "phone/deep/c.jpg")
    ]
    assert plan.notes == ("sources have the same names in them: each gets a folder of its name",)
    apart = make_plan([sources[0], sources[2]], TUTORIAL, output=str(out))
    assert [item.output_name for item in apart.items] == ["a.jpg", "b.jpg"], "no need to"
    assert apart.notes == ()


def test_an_output_in_the_place_of_a_folder_to_come(source: Path) -> None:
    (source / "a-30.jpg").mkdir()
    picture().save(source / "a-30.jpg" / "d.jpg")
    with pytest.raises(PlanError, match=r"a-30\.jpg: a folder is there"):
        make_plan([str(source)], NOTHING, recursive=True, name="{stem}-{width}{ext}")


def test_a_pattern_names_outputs_by_what_they_will_be(source: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    picture((90, 60)).save(source / "b.jpg", exif=exif)
    (source / "d").mkdir()
    picture().save(source / "d" / "e.psd.jpg", "PNG")
    recipe = replace(NOTHING, name="small", fit=(20, 45))
    plan = make_plan(
        [str(source)], recipe, recursive=True, name="{folder}-{stem}-{width}x{height}{ext}"
    )
    assert {item.name: item.output_name for item in plan.items} == {
        "a.jpg": "photos-a-20x13.jpg",
        "b.jpg": "photos-b-20x30.jpg",
        "c.png": "photos-c-20x13.png",
        "d/e.psd.jpg": "d/d-e.psd-20x13.png",
    }
    assert plan.notes == ("outputs are named {folder}-{stem}-{width}x{height}{ext}",)
    with jobs(plan) as all_jobs:
        for item, job in all_jobs:
            result = process_image(job, lambda *told: None)
            size = f"{result['out_width']}x{result['out_height']}"
            assert size in item.output_name
    folders = make_plan([str(source)], recipe, recursive=True, name="{recipe}/{counter}")
    assert {item.name: item.output_name for item in folders.items} == {
        "a.jpg": "small/0001.jpg",
        "b.jpg": "small/0002.jpg",
        "c.png": "small/0003.png",
        "d/e.psd.jpg": "small/0004.png",
    }


def test_an_image_without_a_usable_name_fails_by_its_own(source: Path) -> None:
    (source / "empty.jpg").touch()
    (source / f"{'n' * 250}.jpg").write_bytes((source / "a.jpg").read_bytes())
    plan = make_plan([str(source)], TUTORIAL, name="{stem}-{width}{ext}")
    assert {item.name for item in plan.items} == {"a.jpg", "b.jpg", "c.png"}
    empty, long = plan.flaws
    assert (empty.name, empty.reason) == ("empty.jpg", "the file is empty")
    assert long.reason.endswith("which cannot be used: it is too long for this disk")
    assert len(make_plan([str(source)], TUTORIAL, name="{counter}").flaws) == 0


NAMES = st.lists(
    st.builds(
        lambda stem, ending: stem + ending,
        st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=8),
        st.sampled_from(["", ".jpg", ".PNG", ".psd", ".txt"]),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.slow
@settings(max_examples=40)
@given(NAMES, st.sampled_from(["same", "webp", "png"]))
def test_every_image_has_one_output_which_is_no_source(names: list[str], written: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}{name}") for number, name in enumerate(names)]
        for file in files:
            file.write_bytes(b"x")
        plan = plan_of(*files, recipe=replace(NOTHING, format=written))
        assert sorted(item.source for item in plan.items) == sorted(map(str, files))
        outputs = {Path(plan.output_of(item)) for item in plan.items}
        assert len(outputs) == len(files)
        assert outputs.isdisjoint(files)
        assert {output.parent for output in outputs} == {Path(plan.output)}


def test_no_source_is_an_error() -> None:
    assert "there is no source" in refused()
    assert "empty" in refused("")
    assert "null character" in refused("a\0b")


def test_sources_that_are_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "none") == f"there is no {tmp_path / 'none'}"


@pytest.mark.parametrize("through", ["itself", "link", "dots"])
def test_the_output_is_not_the_source(tmp_path: Path, source: Path, through: str) -> None:
    (tmp_path / "link").symlink_to(source)
    output = {"itself": source, "link": tmp_path / "link", "dots": source / ".." / "photos"}[
        through
    ]
    assert "is a source folder: choose another" in refused(source, output=output)


def test_an_output_is_not_a_source_of_another_name(tmp_path: Path, source: Path) -> None:
    (tmp_path / "other").mkdir()
    picture().save(tmp_path / "other" / "a.jpg")
    picture().save(source / "a.jpg", "PNG")
    files = (tmp_path / "other" / "a.jpg", source / "a.jpg")
    text = refused(*files, output=source)
    assert text.startswith(f"{files[0]} would be written to {files[1]}, which is a source")
    picture().save(source / "a.jpg")
    (tmp_path / "link").symlink_to(source)
    for output in (source, tmp_path / "link", source / ".." / "photos"):
        assert "which is a source" in refused(source / "a.jpg", output=output)


def test_two_sources_with_one_output_are_both_named(tmp_path: Path, source: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    picture().save(other / "a.jpg")
    with pytest.raises(PlanError) as caught:
        make_plan([str(source), str(other)], TUTORIAL, name="all/{stem}{ext}")
    for path in (source / "a.jpg", other / "a.jpg", source / "processed" / "all" / "a.jpg"):
        assert str(path) in str(caught.value)


def test_formats_can_make_names_collide(source: Path) -> None:
    picture().save(source / "x.jpg", "PNG")
    picture().save(source / "x.jpg.png")
    assert "would both be written to" in refused(source)


def test_case_matters_where_the_disk_folds_it(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture().save(source / "A.jpg")
    assert len(plan_of(source).items) == 4
    monkeypatch.setattr("tui_app.images.preflight.folds_case", lambda folder: True)
    text = refused(source)
    assert str(source / "A.jpg") in text
    assert str(source / "a.jpg") in text


def test_whether_a_disk_folds_case_is_seen_without_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Name").touch()
    before = tree(tmp_path)
    assert preflight.folds_case(str(tmp_path / "not" / "there")) is False
    os.link(tmp_path / "Name", tmp_path / "nAME")
    assert preflight.folds_case(str(tmp_path)) is True
    (tmp_path / "nAME").unlink()
    assert tree(tmp_path) == before


def test_an_output_that_is_no_folder(tmp_path: Path, source: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    assert refused(source, output=tmp_path / "file").endswith("is not a folder")
    assert refused(source, output=tmp_path / "dangling").endswith("is not a folder")
    below = refused(source, output=tmp_path / "file" / "below" / "it")
    assert below.endswith(f"cannot be made: {tmp_path / 'file'} is not a folder")


def test_a_folder_in_an_outputs_place(source: Path) -> None:
    (source / "processed" / "a.jpg").mkdir(parents=True)
    assert "a folder is there" in refused(source)


def test_a_file_in_the_place_of_a_mirrored_folder(source: Path) -> None:
    (source / "inner").mkdir()
    picture().save(source / "inner" / "d.jpg")
    (source / "processed").mkdir()
    (source / "processed" / "inner").touch()
    with pytest.raises(PlanError, match="processed/inner is a link or a file"):
        plan_of(source, recursive=True)


def test_an_output_that_cannot_be_written(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert refused(source).endswith(f"cannot be written: no permission in {source}")


Usage = namedtuple("Usage", "total used free")


def test_a_disk_that_is_too_small(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = 0
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100, 100, free))
    assert "is too small: at least " in refused(source)
    free = 500
    assert plan_of(source).notes[0].startswith("the disk may be too small: about ")
    free = 10**9
    assert plan_of(source).notes == ()


def test_outputs_that_exist_need_no_room(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source / "processed").mkdir()
    for name in ("a.jpg", "b.jpg", "c.png"):
        (source / "processed" / name).touch()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100, 100, 0))
    assert len(plan_of(source).existing) == 3


def test_a_format_that_this_pillow_cannot_write(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.init()
    monkeypatch.delitem(Image.SAVE, "AVIF")
    assert "cannot write avif" in refused(source, recipe=replace(NOTHING, format="avif"))


def test_no_source_is_replaced_by_whatever_link_it_is_reached(source: Path) -> None:
    """Here the folder of an earlier run has become a source, through links."""
    out = source / "processed"
    out.mkdir()
    picture((70, 50)).save(out / "a.jpg")
    for link in ("soft.jpg", "hard.jpg"):
        path = source / link
        (path.symlink_to if link == "soft.jpg" else path.hardlink_to)(out / "a.jpg")
        with pytest.raises(PlanError, match=r"a\.jpg would be written to .*, which is a source"):
            plan_of(source, overwrite=True)
        assert len(plan_of(source).existing) == 1, "left alone, it can be a source"
        path.unlink()
    assert len(plan_of(source, overwrite=True).todo) == 3


def test_a_file_that_is_not_to_be_tried_is_told_and_stands_in_nobody_s_way(source: Path) -> None:
    def headers(paths: Iterable[str], *, options: HeaderOptions) -> Iterator[Header]:
        for path in paths:
            yield Header(flaw="it took too long") if path.endswith("a.jpg") else read_header(path)

    plan = make_plan([str(source)], TUTORIAL, headers=headers)
    assert plan.flaws == (UnusableSource("a.jpg", "it took too long"),)
    assert {item.name for item in plan.items} == {"b.jpg", "c.png"}
    assert plan.count == 3
    lines = list(describe_plan(plan))
    assert lines[-1] == "a.jpg  fails: it took too long"
    assert "images   2 to process, 1 to fail; 1 other file ignored" in lines
    assert plan.only({"a.jpg"}).flaws == plan.flaws
    assert plan.only({"b.jpg"}).flaws == ()
