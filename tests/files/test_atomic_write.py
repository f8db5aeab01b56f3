import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from tui_app.files.atomic_write import (
    Place,
    SourceInTheWayError,
    holding,
    is_temporary_of,
    write_whole,
)
from tui_app.files.folder import Folder, Stamp, stamp


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / ".procession"
    folder.mkdir()
    return folder


def write(
    output: Path,
    text: bytes | Callable[[BinaryIO], None] = b"new",
    *,
    over: Stamp | None = None,
    overwrite: bool = False,
    source: os.stat_result | None = None,
    times: tuple[int, int] | None = None,
    prepared: Callable[[Stamp], None] = lambda stamp: None,
) -> int:
    with (
        Folder.open(str(output.parent)) as folder,
        Folder.open(str(output.parent / ".procession")) as temporary,
    ):
        place = Place(folder, output.name, temporary, "run", over, overwrite)
        save = holding(text) if isinstance(text, bytes) else text
        return write_whole(place, save, source=source, times=times, prepared=prepared)


def test_it_is_written_and_nothing_else_is_left(tmp_path: Path, temporary: Path) -> None:
    assert write(tmp_path / "a.jpg", b"twelve bytes") == 12
    assert (tmp_path / "a.jpg").read_bytes() == b"twelve bytes"
    assert (tmp_path / "a.jpg").stat().st_nlink == 1
    assert list(temporary.iterdir()) == []


def test_permissions_are_those_of_any_new_file(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "plain").touch()
    write(tmp_path / "a.jpg")
    assert (tmp_path / "a.jpg").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_while_it_is_written_the_name_shows_nothing_or_the_old(
    tmp_path: Path, temporary: Path
) -> None:
    seen = []

    def save(file: BinaryIO) -> None:
        file.write(b"half")
        file.flush()
        seen.append(
            (
                new.exists(),
                old.read_bytes(),
                [is_temporary_of(p.name, "run") for p in temporary.iterdir()],
            )
        )

    new, old = tmp_path / "new", tmp_path / "old"
    old.write_bytes(b"old")
    for output in (new, old):
        write(output, save, overwrite=True)
    assert seen == [(False, b"old", [True]), (True, b"old", [True])]
    assert old.read_bytes() == b"half"


class Killed(BaseException):
    """What no handler for errors catches."""


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), ValueError("mode"), Killed()])
@pytest.mark.parametrize("existing", [b"old", None])
def test_a_save_that_fails_changes_nothing(
    tmp_path: Path, temporary: Path, error: BaseException, existing: bytes | None
) -> None:
    output = tmp_path / "a.jpg"
    if existing:
        output.write_bytes(existing)

    def save(file: BinaryIO) -> None:
        file.write(b"half")
        raise error

    with pytest.raises(type(error)):
        write(output, save, overwrite=True)
    assert (output.read_bytes() if output.exists() else None) == existing
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_an_output_that_appeared_meanwhile_stays(
    tmp_path: Path, temporary: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        without_links(monkeypatch)
    output = tmp_path / "a.jpg"
    output.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        write(output)
    assert output.read_bytes() == b"theirs"
    assert list(temporary.iterdir()) == []
    write(output, overwrite=True)
    assert output.read_bytes() == b"new"


def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)


def test_where_there_are_no_links_it_is_written_all_the_same(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_links(monkeypatch)
    write(tmp_path / "a.jpg")
    assert (tmp_path / "a.jpg").read_bytes() == b"new"
    assert list(temporary.iterdir()) == []


def test_replacing_a_link_leaves_what_it_points_to(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "source").write_bytes(b"source")
    (tmp_path / "a.jpg").symlink_to(tmp_path / "source")
    write(tmp_path / "a.jpg", overwrite=True)
    assert (tmp_path / "source").read_bytes() == b"source"
    assert not (tmp_path / "a.jpg").is_symlink()


def test_dates_are_set_where_they_are_asked_for(tmp_path: Path, temporary: Path) -> None:
    write(tmp_path / "a.jpg", times=(1_000_000_001, 2_000_000_002))
    status = (tmp_path / "a.jpg").stat()
    assert (status.st_atime_ns, status.st_mtime_ns) == (1_000_000_001, 2_000_000_002)


def test_the_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = []
    fsync, link = os.fsync, os.link

    def watched_fsync(handle: int) -> None:
        order.append("file")
        fsync(handle)

    def watched_link(*names: str, **options: object) -> None:
        order.append("name")
        link(*names, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "link", watched_link)
    write(tmp_path / "a.jpg", prepared=lambda stamp: order.append("journal"))
    assert order == ["file", "journal", "name"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_one_of_the_same_contents_is_as_good(
    tmp_path: Path, temporary: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that made it, and died before it could say so, may have left it."""
    if not links:
        without_links(monkeypatch)
    output = tmp_path / "a.jpg"
    output.write_bytes(b"new")
    before = output.stat().st_ino
    assert write(output) == 3
    assert output.stat().st_ino == before
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_link_to_the_same_contents_is_another_s(
    tmp_path: Path, temporary: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        without_links(monkeypatch)
    (tmp_path / "same").write_bytes(b"new")
    (tmp_path / "a.jpg").symlink_to("same")
    with pytest.raises(FileExistsError):
        write(tmp_path / "a.jpg")


def test_a_folder_that_has_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "a.jpg")
    assert list(tmp_path.iterdir()) == []


def test_a_run_knows_its_own_temporaries() -> None:
    assert is_temporary_of("r1.0123.part", "r1")
    assert not is_temporary_of("r1.2.0123.part", "r1")
    assert not is_temporary_of("r1.jpg", "r1")


def stamp_of(path: Path) -> Stamp:
    return stamp(path.lstat())


def test_only_the_file_that_it_may_replace_is_replaced(tmp_path: Path, temporary: Path) -> None:
    output = tmp_path / "a.jpg"
    output.write_bytes(b"ours")
    known = stamp_of(output)
    write(output, b"again", over=known)
    assert output.read_bytes() == b"again"
    output.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        write(output, b"once more", over=known)
    assert output.read_bytes() == b"theirs"
    output.unlink()
    write(output, b"anew", over=known)
    assert output.read_bytes() == b"anew"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_source_is_never_replaced_by_what_is_made_of_it(
    tmp_path: Path, temporary: Path, overwrite: bool
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"original")
    (tmp_path / "a.jpg").hardlink_to(source)
    with pytest.raises(SourceInTheWayError):
        write(tmp_path / "a.jpg", overwrite=overwrite, over=stamp_of(source), source=source.stat())
    assert source.read_bytes() == b"original"
    assert list(temporary.iterdir()) == []


def test_the_stamp_is_told_just_before_the_name_is_there(tmp_path: Path, temporary: Path) -> None:
    output = tmp_path / "a.jpg"
    told: list[tuple[Stamp, bool]] = []
    write(output, times=(5, 7), prepared=lambda stamp: told.append((stamp, output.exists())))
    assert told == [(stamp_of(output), False)]


def test_where_it_cannot_be_told_it_is_not_there(tmp_path: Path, temporary: Path) -> None:
    def refuse(stamp: Stamp) -> None:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        write(tmp_path / "a.jpg", prepared=refuse)
    assert not (tmp_path / "a.jpg").exists()
    assert list(temporary.iterdir()) == []


def test_while_it_is_written_it_is_for_its_owner_alone(tmp_path: Path, temporary: Path) -> None:
    modes = []

    def save(file: BinaryIO) -> None:
        modes.append(stat.S_IMODE(os.fstat(file.fileno()).st_mode))

    write(tmp_path / "a.jpg", save)
    assert modes == [0o600]
