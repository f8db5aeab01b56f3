import os
import struct
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest

from tests.images.factories import picture
from tui_app.engine.machine import usable_cpus
from tui_app.images.codec.headers import Header, read_headers
from tui_app.runs import header_readers
from tui_app.runs.header_readers import read_apart

pytestmark = pytest.mark.slow


def endless(path: Path) -> None:
    """A JPEG of twenty bytes and a hole of a terabyte, in which a reader looks for a marker."""
    path.write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0")
    os.truncate(path, 2**40)


def put(folder: Path, count: int) -> list[str]:
    picture().save(folder / "first.jpg")
    files = [folder / f"{number:04}.jpg" for number in range(count)]
    for file in files:
        file.hardlink_to(folder / "first.jpg")
    return [str(file) for file in files]


@pytest.mark.parametrize("count", [0, 1, 64, 65, 600])
def test_headers_come_in_the_order_of_their_files(tmp_path: Path, count: int) -> None:
    files = put(tmp_path, count)
    picture((7, 9)).save(tmp_path / "other.png")
    mixed = [*files, str(tmp_path / "other.png"), str(tmp_path / "none.jpg"), *files]
    assert list(read_apart(mixed)) == list(read_headers(mixed))


@pytest.mark.parametrize("place", [0, 70, 300])
def test_a_file_that_never_ends_costs_itself_alone(
    tmp_path: Path, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = put(tmp_path, 300)
    endless(tmp_path / "evil.jpg")
    expected: list[Header] = list(read_headers(files))
    files.insert(place, str(tmp_path / "evil.jpg"))
    found = list(read_apart(files, 0.5))
    flaw = found.pop(place)
    assert flaw.flaw == "its header could not be read within 0.5 s"
    assert found == expected


def test_the_system_s_own_limit_of_cpu_ends_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(header_readers, "CPU_SECONDS", 1)
    files = put(tmp_path, 2)
    endless(tmp_path / "evil.jpg")
    first, evil, last = read_apart([files[0], str(tmp_path / "evil.jpg"), files[1]])
    # On a machine that is busy with other things the clock may be first.
    assert evil.flaw.startswith(("its header took too much time", "its header could not be read"))
    assert (first.width, last.width) == (96, 96)


def canvas(width: int, height: int) -> bytes:
    """An animated WebP that says how large it is, and has little in it (RFC 9649, 2.7)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    def three(number: int) -> bytes:
        return struct.pack("<I", number)[:3]

    size = three(width - 1) + three(height - 1)
    frame = chunk(b"VP8L", b"\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0")
    anmf = three(0) * 2 + three(0) * 2 + three(100) + b"\0" + frame
    body = chunk(b"VP8X", b"\x12\0\0\0" + size) + chunk(b"ANIM", b"\0" * 6) + chunk(b"ANMF", anmf)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def test_a_header_that_asks_for_gigabytes_does_not_get_them(tmp_path: Path) -> None:
    (tmp_path / "evil.webp").write_bytes(canvas(16383, 16383))
    (tmp_path / "small.webp").write_bytes(canvas(160, 160))
    evil, small = read_apart([str(tmp_path / "evil.webp"), str(tmp_path / "small.webp")])
    assert (evil.width, evil.flaw) == (0, "")
    assert small.width == 160


def test_whoever_does_not_want_them_any_more_waits_no_longer(tmp_path: Path) -> None:
    endless(tmp_path / "evil.jpg")
    wanted = time.monotonic() + 0.3
    files = [str(tmp_path / "evil.jpg")] * (2 * usable_cpus())
    found = list(read_apart(files, stop=lambda: time.monotonic() > wanted))
    assert found == []


def test_a_reader_that_is_killed_is_replaced(tmp_path: Path) -> None:
    files = put(tmp_path, 200)

    def killing() -> Iterator[str]:
        for number, file in enumerate(files):
            if number == 100:
                for process in active_children():
                    process.kill()
            yield file

    assert [header.width for header in read_apart(killing())] == [96] * 200
