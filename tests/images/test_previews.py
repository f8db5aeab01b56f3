"""A preview is not the photograph: raw files, gain maps, and pictures behind the first one."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.images.factories import done, picture
from tui_app.images.codec.blocks import tiff
from tui_app.images.errors import ImageError

RAW = "a raw file, of which only the preview can be read: export it as a JPEG first"


def raw_file(kind: str) -> bytes:
    """A camera's raw file: a TIFF whose first folder has a preview, and more that Pillow skips."""
    file = BytesIO()
    picture((160, 120)).save(file, "TIFF")
    data = file.getvalue()
    if kind == "CR2":
        data = tiff.with_entries(data, tiff.Ifd("<", {271: tiff.Value(2, b"Canon\0")}))
        return data[:8] + b"CR\2\0" + data[12:]
    one = (1).to_bytes(4, "little")
    values = {
        "NEF": {254: tiff.Value(4, one)},
        "DNG": {254: tiff.Value(4, one), 50706: tiff.Value(1, b"\1\4\0\0")},
        "linear DNG": {50706: tiff.Value(1, b"\1\4\0\0")},
    }[kind]
    return tiff.with_entries(data, tiff.Ifd("<", values))


@pytest.mark.parametrize("kind", ["NEF", "DNG", "linear DNG"])
@pytest.mark.parametrize("name", ["a.nef", "a.tif", "a.jpg"])
def test_of_a_raw_file_the_preview_is_not_taken(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(raw_file(kind))
    with Image.open(tmp_path / name) as image:
        assert image.size == (160, 120), "Pillow itself takes it"
    with pytest.raises(ImageError, match=RAW):
        done(tmp_path / name, tmp_path / "out" / "a.jpg")


def test_a_cr2_is_told_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(raw_file("CR2"))
    with pytest.raises(ImageError, match=RAW):
        done(tmp_path / "a.tif", tmp_path / "out" / "a.jpg")


@pytest.mark.parametrize("name", ["a.cr3", "a.raf", "a.ARW"])
def test_a_raw_file_that_pillow_does_not_know_is_called_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"FUJIFILMCCD-RAW 0201" + bytes(300))
    with pytest.raises(ImageError, match=RAW):
        done(tmp_path / name, tmp_path / "out" / "a.jpg")


def test_an_ordinary_tiff_is_no_raw_file(tmp_path: Path) -> None:
    pages = [picture((80, 60)), picture((40, 30))]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    output, _ = done(tmp_path / "a.tif", tmp_path / "out" / "a.jpg")
    assert output.size == (80, 60)


HDRGM = b'<x:xmpmeta xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>'
MOTION = b'<x:xmpmeta GCamera:MotionPhoto="1"/>'
STILL = b'<x:xmpmeta GCamera:MotionPhoto="0"/>'


@pytest.mark.parametrize(
    ("packet", "pictures", "said"),
    [
        (HDRGM, 2, "its gain map (HDR) was left out"),
        (b"", 2, "its second picture was left out"),
        (MOTION, 1, "its video (motion photo) was left out"),
        (STILL, 1, ""),
        (b"", 1, ""),
    ],
)
def test_what_else_is_in_a_photograph_is_said(
    tmp_path: Path, packet: bytes, pictures: int, said: str
) -> None:
    options = {"save_all": True, "append_images": [picture((40, 30))]} if pictures > 1 else {}
    file = tmp_path / "a.jpg"
    picture().save(file, "MPO" if options else "JPEG", xmp=packet or None, **options)
    output, notes = done(file, tmp_path / "out" / "a.jpg")
    assert notes == ([said] if said else [])
    assert b"MPF\0" not in (tmp_path / "out" / "a.jpg").read_bytes()
    assert output.size == (96, 64)


def test_sound_files_with_much_text_are_not_called_damaged(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Comment", "long " * 1_000_000, zip=True)
    picture().save(tmp_path / "a.png", pnginfo=texts, icc_profile=bytes(3_000_000))
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.png", written="PNG")
    assert output.size == (96, 64)
    assert "its colour profile is damaged or of other colours, and was left out" in notes
