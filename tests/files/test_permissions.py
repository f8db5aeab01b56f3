import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.files import permissions
from tui_app.files.atomic_write import Place, holding, write_whole
from tui_app.files.folder import Folder
from tui_app.files.permissions import folder_mode, keep_for_owner, own_mode, readers

MODES = st.integers(0, 0o777)
OTHERS_READ = stat.S_IRGRP | stat.S_IROTH


def status(mode: int, *, group: int = 7, kind: int = stat.S_IFREG) -> os.stat_result:
    return os.stat_result((kind | mode, 1, 1, 1, 1000, group, 0, 0, 0, 0))


@given(MODES, st.booleans())
def test_what_is_made_of_a_source_has_no_more_readers(mode: int, asked: bool) -> None:
    same = readers(status(mode), 7, asked=asked)
    assert same & ~mode & OTHERS_READ == 0
    # Another group's people are others to the source, unless the folder is that group's.
    other = readers(status(mode), 8, asked=False)
    assert other & stat.S_IROTH == mode & stat.S_IROTH
    assert not other & stat.S_IRGRP or (mode & stat.S_IRGRP and mode & stat.S_IROTH)
    assert readers(status(mode), 8, asked=True) == readers(status(mode), 7, asked=True)
    assert same & 0o600 == 0o600, "its owner can read it and replace it"


@given(MODES)
def test_a_mirrored_folder_is_no_more_open(mode: int) -> None:
    above = status(0o755, kind=stat.S_IFDIR)
    made = folder_mode(status(mode, group=os.getegid(), kind=stat.S_IFDIR), above)
    assert made & ~mode & 0o077 == 0
    assert made & 0o700 == 0o700


@pytest.mark.parametrize(
    ("folder", "file", "inner"),
    [(0o755, 0o600, 0o700), (0o2755, 0o600, 0o700), (0o2775, 0o660, 0o2770)],
)
def test_what_we_keep_is_for_us_or_for_a_group_that_may_write(
    folder: int, file: int, inner: int
) -> None:
    where = status(folder, kind=stat.S_IFDIR)
    assert own_mode(where) == file
    assert own_mode(where, is_folder=True) == inner


def write(folder: Path, name: str, source: Path, *, overwrite: bool = False) -> int:
    """Writes a file that is made of a source, and returns its mode."""
    with Folder.open(str(folder)) as opened:
        place = Place(opened, name, opened, "run", overwrite=overwrite)
        write_whole(place, holding(b"made"), source=source.stat())
    return stat.S_IMODE((folder / name).stat().st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o666, 0o444, 0o400])
def test_an_output_has_its_source_s_readers(tmp_path: Path, mode: int) -> None:
    source = tmp_path / "source"
    source.touch()
    source.chmod(mode)
    made = write(tmp_path, "made", source)
    assert made == (mode | 0o600) & 0o666 & ~permissions._UMASK


@pytest.mark.parametrize("before", [0o600, 0o640, 0o664, 0o644])
def test_what_is_made_again_keeps_its_mode(tmp_path: Path, before: int) -> None:
    source = tmp_path / "source"
    source.touch()
    source.chmod(0o644)
    write(tmp_path, "made", source)
    (tmp_path / "made").chmod(before)
    assert write(tmp_path, "made", source, overwrite=True) == before
    source.chmod(0o600)
    assert write(tmp_path, "made", source, overwrite=True) & OTHERS_READ == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to another group")
def test_a_file_in_a_group_s_folder_is_the_group_s(tmp_path: Path) -> None:
    source, team = tmp_path / "source", tmp_path / "team"
    source.touch()
    source.chmod(0o640)
    team.mkdir()
    os.chown(team, -1, 100)
    team.chmod(0o2770)
    with Folder.open(str(tmp_path)) as temporary, Folder.open(str(team)) as folder:
        place = Place(folder, "made", temporary, "run")
        write_whole(place, holding(b"made"), source=source.stat())
    status = (team / "made").stat()
    assert (status.st_gid, stat.S_IMODE(status.st_mode)) == (100, 0o640)


def test_what_is_kept_for_us_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir(mode=0o777)
    with Folder.open(str(tmp_path / "own")) as folder:
        assert keep_for_owner(folder.handle, 0o700)
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700


def test_a_disk_that_knows_no_modes_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(1, "as the system says it")

    (tmp_path / "own").mkdir()
    (tmp_path / "own").chmod(0o755)
    monkeypatch.setattr(os, "fchmod", refuse)
    with Folder.open(str(tmp_path / "own")) as folder:
        assert not keep_for_owner(folder.handle, 0o700)
