"""Each failure is one plain sentence at its step, and leaves nothing behind."""

import errno
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile

from tests.images.factories import NOTHING, TUTORIAL, done, hidden, job, output_of, picture
from tui_app.images.errors import ImageError
from tui_app.images.pipeline import process_image


def failed(source: Path, output: Path, written: str = "JPEG") -> tuple[str, str]:
    """Process an image that fails, and return the step and the sentence."""
    steps = []
    given = job(source, output, TUTORIAL, written)
    with pytest.raises(ImageError) as caught:
        process_image(given, lambda step, fraction: steps.append(step))
    assert not os.path.lexists(output)
    assert list(hidden(output_of(given)).iterdir()) == []
    text = str(caught.value)
    assert text
    assert "\n" not in text
    return steps[-1], text


def encoded(kind: str, size: tuple[int, int] = (200, 200)) -> bytes:
    buffer = BytesIO()
    picture(size).save(buffer, kind)
    return buffer.getvalue()


def fifo(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


MAKERS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "empty": (lambda p: p.touch(), "open", "the file is empty"),
    "text": (lambda p: p.write_text("hello"), "open", "not an image that Pillow can read"),
    "missing": (lambda p: None, "open", "there is no such file"),
    "dangling link": (
        lambda p: p.symlink_to("nowhere"),
        "open",
        "the link points to nothing",
    ),
    "link to itself": (
        lambda p: p.symlink_to(p.name),
        "open",
        "the link leads in a circle",
    ),
    "folder": (lambda p: p.mkdir(), "open", "not a regular file"),
    "fifo": (fifo, "open", "not a regular file"),
    "socket": (unix_socket, "open", "not a regular file"),
    "device": (lambda p: p.symlink_to("/dev/zero"), "open", "not a regular file"),
    "truncated jpeg": (
        lambda p: p.write_bytes(encoded("JPEG")[:1500]),
        "decode",
        "the file is cut off: its image data ends too early",
    ),
    "truncated png": (
        lambda p: p.write_bytes(encoded("PNG")[:3000]),
        "decode",
        "the file is cut off: .*",
    ),
    "jpeg without pixels": (
        lambda p: p.write_bytes(encoded("JPEG")[:20]),
        "open",
        "not an image that Pillow can read|the file is cut off: .*",
    ),
    "damaged png": (
        lambda p: p.write_bytes(encoded("PNG").replace(b"IDAT", b"IDAT\xff\xff", 1)),
        "decode",
        "its image data is damaged .*|the file is cut off: .*",
    ),
    "postscript": (
        lambda p: p.write_bytes(
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n%%EOF\n"
        ),
        "open",
        "PostScript is a program for a printer, not an image",
    ),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("kind", MAKERS)
def test_a_bad_source(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make, step, sentence = MAKERS[kind]
    source = Path("bad.jpg")
    make(source)
    assert (step, True) == (
        (found := failed(source, tmp_path / "out" / "a.jpg"))[0],
        re.fullmatch(sentence, found[1]) is not None,
    ), found


def test_a_source_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.jpg"
    picture().save(source)

    real = os.open

    def refuse(path: str, *args: Any, **options: Any) -> int:
        if path == str(source):
            raise PermissionError(errno.EACCES, "as the system says it")
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", refuse)
    assert failed(source, tmp_path / "out" / "a.jpg") == ("open", "permission denied")


def test_an_image_that_would_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.png"
    Image.new("1", (3000, 2000)).save(source)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000_000)
    step, text = failed(source, tmp_path / "out" / "a.jpg")
    assert step == "open"
    assert text.startswith("it has 6 megapixels, more than the 2 that are opened")


def test_an_image_that_the_memory_does_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.jpg"
    picture().save(source)

    def exhausted(image: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", exhausted)
    assert failed(source, tmp_path / "out" / "a.jpg") == (
        "decode",
        "there is not enough memory for it",
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a.jpg"), (b"anything", "a.HEIC")],
    ids=["by content", "by name"],
)
def test_heic_without_its_extra_says_which(
    tmp_path: Path, head: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    (tmp_path / name).write_bytes(head + bytes(100))
    step, text = failed(tmp_path / name, tmp_path / "out" / "a.jpg")
    assert step == "open"
    assert "pip install 'procession[heif]'" in text


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EROFS, "the disk is read-only"),
    ],
)
def test_a_disk_that_takes_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    source = tmp_path / "a.jpg"
    picture().save(source)

    def full(handle: int) -> None:
        raise OSError(number, "as the system says it")

    monkeypatch.setattr(os, "fsync", full)
    assert failed(source, tmp_path / "out" / "a.jpg") == (
        "save",
        f"the output cannot be written: {sentence}",
    )


def test_the_systems_own_limit_is_told_by_its_reason(tmp_path: Path) -> None:
    import resource
    import signal

    source = tmp_path / "a.png"
    picture((400, 400)).save(source)
    given = job(source, tmp_path / "out" / "a.tif", NOTHING, "TIFF")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(ImageError, match="larger than is allowed here"):
            process_image(given, lambda step, fraction: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert not output_of(given).exists()
    assert list(hidden(output_of(given)).iterdir()) == []


def test_an_output_folder_that_has_gone(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.jpg")
    given = job(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg")
    hidden(output_of(given)).rmdir()
    output_of(given).parent.rmdir()
    with pytest.raises(ImageError, match="the output cannot be written: its folder has gone"):
        process_image(given, lambda step, fraction: None)


@pytest.mark.parametrize(("written", "side"), [("WEBP", 16384), ("JPEG", 65501)])
def test_an_image_that_the_format_cannot_hold(tmp_path: Path, written: str, side: int) -> None:
    Image.new("L", (side, 1)).save(tmp_path / "a.png")
    given = job(tmp_path / "a.png", tmp_path / "out" / "a", NOTHING, written)
    with pytest.raises(ImageError, match=f"{written} holds at most {side - 1} pixels a side"):
        process_image(given, lambda step, fraction: None)


def test_one_bad_image_does_not_harm_the_next_in_the_same_worker(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(encoded("JPEG")[:1500])
    picture().save(tmp_path / "good.jpg")
    for turn in range(3):
        failed(tmp_path / "bad.jpg", tmp_path / "out" / "bad.jpg")
        done(tmp_path / "good.jpg", tmp_path / "out" / f"good{turn}.jpg")


def test_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    picture((300, 200)).save(tmp_path / "a.jpg")
    done(tmp_path / "a.jpg", tmp_path / "out" / "alone.jpg", TUTORIAL)
    workers = [
        threading.Thread(
            target=done, args=(tmp_path / "a.jpg", tmp_path / "out" / f"{n}.jpg", TUTORIAL)
        )
        for n in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = (tmp_path / "out" / "alone.jpg").read_bytes()
    assert [(tmp_path / "out" / f"{n}.jpg").read_bytes() for n in range(4)] == [expected] * 4


def test_a_name_that_grows_too_long(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.jpg")
    step, text = failed(tmp_path / "a.jpg", tmp_path / "out" / ("n" * 252 + ".jpg"))
    assert (step, text) == (
        "open",
        "the output cannot be written: the name, or the path to it, is too long",
    )


def test_what_pillow_tells_its_log_reaches_no_terminal() -> None:
    script = (
        "import logging, tui_app.images.codec.opening; logging.getLogger('PIL.Any').error('hello')"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert ended.stderr == b""
