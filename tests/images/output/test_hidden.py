import os
import stat
from pathlib import Path

import pytest

from tui_app.files.folder import Folder
from tui_app.images.output.hidden import HIDDEN, Hidden, find, make, names

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to others")


@pytest.fixture
def root(tmp_path: Path) -> Folder:
    return Folder.open(str(tmp_path))


def closed(hidden: Hidden) -> Hidden:
    if hidden.folder is not None:
        hidden.folder.close()
    return hidden


def test_it_is_made_once_for_us_alone(tmp_path: Path, root: Folder) -> None:
    assert closed(find(root)) == Hidden(None, HIDDEN)
    first, second = closed(make(root)), closed(make(root))
    assert (first.name, first.made, second.name, second.made) == (HIDDEN, True, HIDDEN, False)
    assert stat.S_IMODE((tmp_path / HIDDEN).stat().st_mode) == 0o700
    (tmp_path / HIDDEN).chmod(0o777)
    assert closed(make(root)).notes == ()
    assert stat.S_IMODE((tmp_path / HIDDEN).stat().st_mode) == 0o700


def plant(path: Path, kind: str) -> None:
    match kind:
        case "link":
            (path.parent / "victim").mkdir(exist_ok=True)
            path.symlink_to("victim")
        case "dangling link":
            path.symlink_to("nowhere")
        case "fifo":
            os.mkfifo(path)
        case "file":
            path.touch()
        case _:
            path.mkdir(mode=0o777)
            os.chown(path, 65534, 65534)


@pytest.mark.parametrize(
    "kind", ["link", "dangling link", "fifo", "file", pytest.param("foreign", marks=as_root)]
)
def test_what_is_not_ours_counts_as_not_there(tmp_path: Path, root: Folder, kind: str) -> None:
    usual, own = names()
    plant(tmp_path / usual, kind)
    note = f"{tmp_path}/{usual} was not made by you: it is left alone, and counts as not there"
    assert closed(find(root)).notes == (note,)
    first = closed(make(root))
    assert (first.name, first.lasting, first.notes) == (own, True, (note,))
    again = closed(find(root))
    assert (again.name, again.notes) == (own, (note,))


@pytest.mark.parametrize("kind", ["link", "file"])
def test_where_both_names_are_taken_there_is_one_for_a_run_alone(
    tmp_path: Path, root: Folder, kind: str
) -> None:
    for name in names():
        plant(tmp_path / name, kind)
    hidden = closed(make(root))
    assert not hidden.lasting
    assert hidden.name not in names()
    assert len(hidden.notes) == 3
    assert "no journal is kept of this run" in hidden.notes[-1]
