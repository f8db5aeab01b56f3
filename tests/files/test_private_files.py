import os
import stat
from pathlib import Path

import pytest

from tui_app.files.private_files import LARGEST, read_small, write_small


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "new" / "file"
    write_small(file, "ș\n")
    assert read_small(file) == "ș\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "large"])
def test_what_is_no_small_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file"
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "device":
        file.symlink_to("/dev/zero")
    else:
        with file.open("wb") as sparse:
            sparse.truncate(LARGEST + 1)
    with pytest.raises(OSError, match=r"not a regular file|too large"):
        read_small(file)


def test_what_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xe9")
    with pytest.raises(UnicodeError):
        read_small(tmp_path / "file")


@pytest.mark.parametrize("kind", ["file", "link", "fifo"])
def test_what_stands_in_its_place_is_replaced_and_not_followed(tmp_path: Path, kind: str) -> None:
    file, other = tmp_path / "file", tmp_path / "other"
    other.write_text("theirs")
    if kind == "file":
        file.write_text("before")
    elif kind == "link":
        file.symlink_to(other)
    else:
        os.mkfifo(file)
    write_small(file, "mine")
    assert (read_small(file), other.read_text()) == ("mine", "theirs")
    assert not file.is_symlink()


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "inside").touch()
    with pytest.raises(OSError, match="file"):
        write_small(tmp_path / "file", "mine")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
