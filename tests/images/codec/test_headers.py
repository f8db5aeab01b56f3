import os
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from tests.images.factories import picture
from tui_app.images.codec.headers import Header, HeaderOptions, read_header, read_headers


def test_what_a_header_says(tmp_path: Path) -> None:
    picture((30, 20), "RGBA").save(tmp_path / "a.png")
    picture((60, 40), "L").save(tmp_path / "b.jpg")
    one, other = read_headers([str(tmp_path / "a.png"), str(tmp_path / "b.jpg")])
    assert one == Header((tmp_path / "a.png").stat().st_size, 30, 20, "RGBA", False, "PNG")
    assert other == Header((tmp_path / "b.jpg").stat().st_size, 60, 40, "L", True, "JPEG")


@pytest.mark.parametrize("text", [b"hello", b""])
def test_of_what_cannot_be_read_the_disk_knows_the_size(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(text)
    assert read_header(str(tmp_path / "a.jpg")) == Header(len(text))
    assert read_header(str(tmp_path / "none.jpg")) == Header()


@pytest.mark.timeout(10)
def test_a_fifo_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert read_header(str(tmp_path / "a.jpg")).width == 0


def exif_of(orientation: int, taken: str) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    return exif


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
def test_details_are_how_it_lies_and_when_it_was_taken(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"a.{ending}"
    picture((60, 40)).save(file, exif=exif_of(6, "2024:05:01 12:30:00"))
    header = read_header(str(file), HeaderOptions(details=True))
    size = (header.width, header.height)
    assert (size[::-1] if header.turned else size) == (40, 60)
    # Pillow writes no EXIF directory into a TIFF of ours.
    assert header.date == "2024-05-01" or ending == "tif"
    plain = read_header(str(file))
    assert (plain.turned, plain.date) == (False, ""), "not looked for"


@pytest.mark.parametrize(
    "taken", ["", "0000:00:00 00:00:00", "2024:13:01 12:00:00", "../../../x", "2024-05-01"]
)
def test_without_a_day_that_is_one_it_is_the_file_s(tmp_path: Path, taken: str) -> None:
    picture().save(tmp_path / "a.jpg", exif=exif_of(1, taken))
    (tmp_path / "b.jpg").write_text("no image")
    for name in ("a.jpg", "b.jpg"):
        file = tmp_path / name
        os.utime(file, (86_400 * 365.0, 86_400 * 365.0 + 43_200))
        assert read_header(str(file), HeaderOptions(details=True)).date == "1971-01-01"


def test_why_it_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert read_header(str(tmp_path / "a.jpg")).unread == "the file is empty"
    assert "no such" in read_header(str(tmp_path / "b.jpg")).unread
