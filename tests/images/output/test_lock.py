import errno
import fcntl
import os
from pathlib import Path

import pytest

from tui_app.files.folder import Folder
from tui_app.images.output.lock import LOCK, LockedError
from tui_app.images.output.lock import Lock as RealLock

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to others")


def Lock(folder: Path) -> RealLock:  # noqa: N802 - as the lock itself
    with Folder.open(str(folder)) as opened:
        return RealLock(opened, folder.stat())


def test_one_at_a_time(tmp_path: Path) -> None:
    first = Lock(tmp_path)
    assert first.kept
    for _ in range(2):
        with pytest.raises(LockedError):
            Lock(tmp_path)
    first.release()
    second = Lock(tmp_path)
    second.release()
    second.release()
    assert [path.name for path in tmp_path.iterdir()] == [LOCK]


def test_a_forked_child_does_not_hold_it(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    waiting, release = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(release)
        os.read(waiting, 1)
        os._exit(0)
    os.close(waiting)
    try:
        lock.release()
        Lock(tmp_path).release()
    finally:
        os.close(release)
        os.waitpid(child, 0)


def test_a_child_that_is_executed_does_not_hold_it(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    handles = {path.name: path.resolve() for path in Path("/dev/fd").iterdir()}
    (mine,) = [int(name) for name, path in handles.items() if path == tmp_path / LOCK]
    assert not os.get_inheritable(mine)
    lock.release()


def test_a_disk_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.ENOLCK, "as the system says it")

    monkeypatch.setattr(fcntl, "flock", refuse)
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert not first.kept
    assert not second.kept
    first.release()
    second.release()


@pytest.mark.parametrize("kind", ["link", "folder", "fifo", "second name"])
def test_what_is_not_ours_in_its_place_is_set_aside(tmp_path: Path, kind: str) -> None:
    theirs = tmp_path.parent / f"{tmp_path.name}-theirs"
    match kind:
        case "link":
            (tmp_path / LOCK).symlink_to(theirs)
        case "folder":
            (tmp_path / LOCK).mkdir()
        case "fifo":
            os.mkfifo(tmp_path / LOCK)
        case _:
            theirs.write_text("theirs")
            (tmp_path / LOCK).hardlink_to(theirs)
    lock = Lock(tmp_path)
    assert lock.kept
    assert (tmp_path / LOCK).is_file()
    assert len(list(tmp_path.iterdir())) == 2
    assert theirs.exists() == (kind == "second name")
    lock.release()


@as_root
def test_a_stranger_s_file_cannot_keep_us_out(tmp_path: Path) -> None:
    (tmp_path / LOCK).touch()
    os.chown(tmp_path / LOCK, 65534, 65534)
    held = os.open(tmp_path / LOCK, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        Lock(tmp_path).release()
    finally:
        os.close(held)


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / LOCK).touch(mode=0o644)
    Lock(tmp_path).release()
    assert (tmp_path / LOCK).stat().st_mode & 0o777 == 0o600
