import os
from pathlib import Path

import pytest

from tests.commands import tree
from tui_app.files.folder import (
    NO_FILE,
    Folder,
    ForeignLinkError,
    Stamp,
    stamp,
    stamp_at,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a link to another user")


@pytest.mark.parametrize("through", ["in", "a/../in", "./in/", "link", "far/in", "up"])
def test_a_folder_is_opened_by_any_path_of_ours(tmp_path: Path, through: str) -> None:
    for name in ("in", "a", "elsewhere/in"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to("in")
    (tmp_path / "far").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "up").symlink_to("a/../in")
    with Folder.open(f"{tmp_path}/{through}") as folder:
        assert folder.identity == (
            (tmp_path / through).stat().st_dev,
            (tmp_path / through).stat().st_ino,
        )


def test_a_path_longer_than_any_may_be_is_walked(tmp_path: Path) -> None:
    path = str(tmp_path)
    with Folder.open(path) as first:
        folder = first.below("")
    for _ in range(25):
        folder.make("d" * 200, 0o755)
        path = f"{path}/{'d' * 200}"
        with folder:
            folder = folder.below("d" * 200)
    with folder, Folder.open(path) as found:
        assert found.identity == folder.identity


def test_what_is_no_folder_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "circle").symlink_to("circle")
    for name in ("file", "fifo"):
        with pytest.raises(NotADirectoryError):
            Folder.open(str(tmp_path / name))
    with pytest.raises(OSError, match="Too many levels"):
        Folder.open(str(tmp_path / "circle"))
    with pytest.raises(FileNotFoundError):
        Folder.open(str(tmp_path / "none"))


@as_root
@pytest.mark.parametrize("path", ["link", "link/inner"])
def test_a_link_of_somebody_else_s_is_not_followed(tmp_path: Path, path: str) -> None:
    (tmp_path / "theirs" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to("theirs")
    os.lchown(tmp_path / "link", 65534, 65534)
    with pytest.raises(ForeignLinkError) as caught:
        Folder.open(str(tmp_path / path))
    assert caught.value.link == str(tmp_path / "link")


@pytest.mark.parametrize("kind", ["link", "fifo", "file"])
def test_below_an_open_folder_no_link_is_followed(tmp_path: Path, kind: str) -> None:
    (tmp_path / "out" / "real").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    match kind:
        case "link":
            (tmp_path / "out" / "inner").symlink_to("real")
        case "fifo":
            os.mkfifo(tmp_path / "out" / "inner")
        case _:
            (tmp_path / "out" / "inner").touch()
    with Folder.open(str(tmp_path / "out")) as folder:
        for path in ("inner", "inner/more"):
            with pytest.raises(NotADirectoryError):
                folder.below(path)
        with folder.below("real") as real:
            assert real.make("more", 0o755)
            assert not real.make("more", 0o755)
        with folder.below("real/more") as more:
            assert more.path == str(tmp_path / "out" / "real" / "more")


def test_it_stays_the_same_folder_wherever_it_is_moved(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "victim").mkdir()
    with Folder.open(str(tmp_path / "out")) as folder:
        (tmp_path / "out").rename(tmp_path / "moved")
        (tmp_path / "out").symlink_to("victim")
        os.close(folder.open_file("a", os.O_WRONLY | os.O_CREAT))
        folder.rename("a", folder, "b")
        folder.link("b", folder, "c")
        folder.unlink("b")
        folder.unlink("b")
        assert list(folder.names()) == ["c"]
    assert set(tree(tmp_path)) == {"moved", "moved/c", "out", "victim"}


def test_a_file_is_never_opened_through_a_link_nor_waited_for(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "link").symlink_to("theirs")
    os.mkfifo(tmp_path / "fifo")
    with Folder.open(str(tmp_path)) as folder:
        with pytest.raises(OSError, match="symbolic links"):
            folder.open_file("link", os.O_RDWR | os.O_CREAT)
        with pytest.raises(OSError, match="No such device"):
            folder.open_file("fifo", os.O_WRONLY)
        status = folder.lstat("link")
        assert status is not None
        assert stamp(status) == NO_FILE
        assert folder.lstat("none") is None


def test_a_stamp_is_of_files_alone(tmp_path: Path) -> None:
    file = tmp_path / "a"
    assert stamp_at(str(file)) is None
    file.write_text("four")
    os.utime(file, ns=(1, 1_234_567_890_123_456_789))
    assert stamp_at(str(file)) == Stamp(4, 1_234_567_890_123_456_789)
    (tmp_path / "link").symlink_to("a")
    assert stamp_at(str(tmp_path / "link")) == stamp_at(str(tmp_path)) == NO_FILE
    assert stamp_at(str(tmp_path / "link"), follow=True) == stamp_at(str(file))
    with Folder.open(str(tmp_path)) as folder:
        assert stamp_at("a", folder=folder) == stamp_at(str(file))
