import os
from pathlib import Path

import pytest

from tui_app.files.folder import Folder
from tui_app.images.codec.formats import FORMATS
from tui_app.images.discovery import Search, default_output, image_suffixes, is_image_name
from tui_app.images.errors import PlanError
from tui_app.images.exclusion import Exclusion
from tui_app.images.plan import UnusableSource


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"not looked into")


def search(*sources: Path, output: str = "/nowhere", recursive: bool = False) -> Search:
    found = Search(output, recursive, lambda: False)
    for source in sources:
        found.add(str(source))
    return found


def names(found: Search) -> list[str]:
    return [name for _, name in found.images()]


def test_the_endings_that_are_taken() -> None:
    suffixes = image_suffixes()
    wanted = ".jpg .jpeg .png .webp .tif .tiff .gif .bmp .avif .heic .heif .psd .mpo .jp2 .ico"
    unwanted = ".pdf .ps .eps .mpg .mpeg .fit .h5 .wmf .emf .txt .mp4"
    assert set(wanted.split()) <= suffixes
    assert suffixes.isdisjoint(unwanted.split())


def test_names_are_told_by_their_endings_alone() -> None:
    endings = [ending for written in FORMATS.values() for ending in written.suffixes]
    assert set(endings) <= image_suffixes(), "a format of ours that Pillow does not read"
    assert all(is_image_name(f"a{ending.upper()}") for ending in (*endings, ".psd"))
    assert not any(map(is_image_name, ("a.txt", ".jpg", "jpg", "a.fit")))


def test_images_are_taken_sorted_and_others_counted(tmp_path: Path) -> None:
    make(tmp_path, "b.JPG", "a.png", "c.txt", "noending", ".hidden.jpg", ".procession/x.part")
    make(tmp_path, "inner/d.jpg", "folder.jpg/e.jpg")
    found = search(tmp_path)
    assert names(found) == ["a.png", "b.JPG"]
    assert found.ignored == 2
    assert found.notes == []


def test_folders_within_are_mirrored(tmp_path: Path) -> None:
    make(tmp_path, "b.jpg", "z/a.jpg", "a/b/c.jpg", "a/x.txt", ".git/d.jpg", "e.jpg/f.jpg")
    found = search(tmp_path, recursive=True)
    assert set(names(found)) == {"b.jpg", "z/a.jpg", "a/b/c.jpg", "e.jpg/f.jpg"}
    assert names(found) == names(search(tmp_path, recursive=True))
    assert found.ignored == 1
    assert {root for root, _ in found.images()} == {str(tmp_path)}


def test_the_output_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "deep/processed/a.jpg", "deep/b.jpg")
    (tmp_path / "again").symlink_to(tmp_path / "deep" / "processed")
    found = search(tmp_path, output=str(tmp_path / "again"), recursive=True)
    assert names(found) == ["a.jpg", "deep/b.jpg"]


def test_outputs_of_earlier_runs_are_no_sources_unless_they_are_named(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "may/b.jpg", "may/small/b.jpg", "may/small/deep/c.jpg")
    (tmp_path / "may" / "small" / ".procession").mkdir()
    found = search(tmp_path, recursive=True)
    assert names(found) == ["a.jpg", "may/b.jpg"]
    assert found.notes == [f"in {tmp_path} 1 folder with outputs of ours left out"]
    named = search(tmp_path / "may" / "small", recursive=True)
    assert names(named) == ["b.jpg", "deep/c.jpg"]
    assert named.notes == []


@pytest.mark.timeout(10)
def test_linked_folders_are_not_entered_and_it_is_said(tmp_path: Path) -> None:
    make(tmp_path / "s", "a.jpg", "inner/b.jpg")
    make(tmp_path / "elsewhere", "c.jpg")
    (tmp_path / "s" / "inner" / "loop").symlink_to(tmp_path / "s")
    (tmp_path / "s" / "out").symlink_to(tmp_path / "elsewhere")
    found = search(tmp_path / "s", recursive=True)
    assert names(found) == ["a.jpg", "inner/b.jpg"]
    assert found.notes == [f"in {tmp_path / 's'} 2 linked folders not entered"]
    assert names(search(tmp_path / "s" / "out")) == ["c.jpg"]


def test_links_to_files_are_taken_even_if_they_dangle(tmp_path: Path) -> None:
    make(tmp_path, "real/a.jpg")
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "good.jpg").symlink_to(tmp_path / "real" / "a.jpg")
    (folder / "dangling.jpg").symlink_to("nowhere.jpg")
    (folder / "itself.jpg").symlink_to("itself.jpg")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    found = search(folder)
    assert names(found) == ["dangling.jpg", "good.jpg", "itself.jpg"]
    assert found.ignored == 1


def test_special_files_are_counted_in_folders_and_taken_where_named(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "fifo.jpg")
    (tmp_path / "device.jpg").symlink_to("/dev/null")
    found = search(tmp_path)
    assert (names(found), found.ignored) == (["a.jpg"], 2)
    assert names(search(tmp_path / "fifo.jpg")) == ["fifo.jpg"]


def test_a_named_file_is_always_taken_and_each_file_once(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "b.weird", ".hidden")
    found = search(tmp_path / "b.weird", tmp_path, tmp_path / "a.jpg", tmp_path / ".hidden")
    assert names(found) == ["b.weird", "a.jpg", ".hidden"]


def test_sources_that_overlap_give_each_image_once(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "inner/b.jpg")
    found = search(tmp_path, tmp_path / "inner", tmp_path / "inner" / "b.jpg", recursive=True)
    assert names(found) == ["a.jpg", "inner/b.jpg"]
    paths = [str(Path(root, name)) for root, name in found.images()]
    assert paths == [str(tmp_path / "a.jpg"), str(tmp_path / "inner" / "b.jpg")]


@pytest.mark.parametrize("recursive", [False, True])
def test_a_folder_without_an_image_says_what_it_has(tmp_path: Path, recursive: bool) -> None:
    make(tmp_path, "a.txt", "b.pdf", "inner/c.txt")
    with pytest.raises(PlanError) as caught:
        search(tmp_path, recursive=recursive)
    hint = "3 other files" if recursive else "2 other files and 1 folder, not searched"
    assert str(caught.value) == f"there is no image in {tmp_path} ({hint})"


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"there is no .*none"):
        search(tmp_path / "none")


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.jpg", "closed/b.jpg")
    real = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "as the system says it")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = search(tmp_path, recursive=True)
    assert (names(found), found.notes) == (["a.jpg"], [])
    assert found.flaws == [
        UnusableSource("closed/", "the folder cannot be read: permission denied")
    ]
    with pytest.raises(PlanError, match="closed cannot be read: permission denied"):
        search(tmp_path / "closed")
    (tmp_path / "a.jpg").unlink()
    assert search(tmp_path, recursive=True).flaws == found.flaws


def test_what_lies_too_deep_for_a_path_is_not_missed(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    with Folder.open(str(tmp_path)) as first:
        folder = first.below("")
    for _ in range(25):
        folder.make("d" * 200, 0o755)
        with folder:
            folder = folder.below("d" * 200)
        os.close(folder.open_file("b.jpg", os.O_WRONLY | os.O_CREAT))
    folder.close()
    found = search(tmp_path, recursive=True)
    (flaw,) = found.flaws
    assert flaw.name.endswith("d/")
    assert flaw.reason == "the folder cannot be read: the name, or the path to it, is too long"
    # Every folder above it was looked into, also where an image's own path is too long.
    assert len(names(found)) == 1 + flaw.name.count("/") - 1


def test_a_search_can_be_stopped(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "b/c.jpg")
    found = Search("/nowhere", True, lambda: True)
    found.add(str(tmp_path))
    assert names(found) == []


def test_the_output_by_default(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    processed = str(tmp_path / "processed")
    assert default_output(str(tmp_path)) == default_output(str(tmp_path / "a.jpg")) == processed


def test_what_is_left_out_is_counted_and_not_looked_at(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "a-small.jpg", "raw/b.jpg", "raw/deep/c.jpg", "raw/x.txt", "d/e.jpg")
    (tmp_path / "raw" / "link").symlink_to(tmp_path)
    found = Search("/nowhere", True, lambda: False, Exclusion(["raw", "*-small.*"]))
    found.add(str(tmp_path))
    assert names(found) == ["a.jpg", "d/e.jpg"]
    assert (found.excluded, found.ignored, found.notes) == (3, 0, [])
    found.check()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_is_left_out_need_not_be_readable(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "lost/b.jpg")
    (tmp_path / "lost").chmod(0)
    found = Search("/nowhere", True, lambda: False, Exclusion(["lost"]))
    found.add(str(tmp_path))
    (tmp_path / "lost").chmod(0o700)
    assert (names(found), found.flaws) == (["a.jpg"], [])


def test_where_all_is_left_out_there_is_nothing_to_do(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "b.jpg")
    found = Search("/nowhere", False, lambda: False, Exclusion(["*.jpg"]))
    found.add(str(tmp_path))
    with pytest.raises(PlanError, match="--exclude leaves out all 2 images"):
        found.check()


def test_files_that_are_named_are_left_out_by_the_folders_from_here_on(here: Path) -> None:
    make(here, "raw/a.jpg", "b.jpg")
    found = Search("/nowhere", False, lambda: False, Exclusion(["raw", here.name]))
    for name in ("raw/a.jpg", "b.jpg"):
        found.add(str(here / name))
    assert names(found) == ["b.jpg"]


def test_files_that_are_named_keep_their_folders_where_asked(
    here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    make(here, "x/y/a.jpg", "b.jpg")
    make(other, "c.jpg")
    found = Search("/nowhere", False, lambda: False, keep_structure=True)
    for path in (here / "x/y/a.jpg", here / "b.jpg", other / "c.jpg"):
        found.add(str(path))
    assert list(found.images()) == [
        (str(here), "x/y/a.jpg"),
        (str(here), "b.jpg"),
        ("/", str(other / "c.jpg")[1:]),
    ]
