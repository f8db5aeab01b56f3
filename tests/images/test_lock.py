import errno
import fcntl
import os
from pathlib import Path

import pytest

from tui_app.images.lock import LOCK, Lock, LockedError


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


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / LOCK).symlink_to("theirs")
    with pytest.raises(OSError, match="symbolic links"):
        Lock(tmp_path)
    assert not (tmp_path / "theirs").exists()
