from io import BytesIO

import pytest
from PIL import Image

from tests.images.factories import picture, same_pixels
from tui_app.images.codec.blocks import DamagedBlockError, tiff
from tui_app.images.codec.blocks.exif import EXIF


def encoded(**options: object) -> bytes:
    file = BytesIO()
    picture().save(file, "TIFF", **options)
    return file.getvalue()


@pytest.mark.parametrize("big", [False, True])
def test_a_folder_is_read(big: bool) -> None:
    data = encoded(tiffinfo={271: "Maker", 700: b"<x/>"}, big_tiff=big)
    found = tiff.read_ifd0(BytesIO(data))
    assert found.values[271] == tiff.Value(2, b"Maker\0")
    assert found.values[700].data == b"<x/>"
    assert int.from_bytes(found.values[256].data, "little") == 96


@pytest.mark.parametrize("order", ["<", ">"])
def test_entries_are_put_in_and_the_picture_stays(order: str) -> None:
    below = tiff.Ifd(order, {0x9003: tiff.Value(2, b"2024:05:01 10:00:00\0")})
    short = (7).to_bytes(2, "little" if order == "<" else "big")
    more = tiff.Ifd(
        order, {271: tiff.Value(2, b"M\xc3\xa4ker\0"), 40_000: tiff.Value(3, short)}, {EXIF: below}
    )
    data = encoded()
    made = tiff.with_entries(data, more)
    found = tiff.read_ifd0(BytesIO(made))
    assert found.values[271].data == b"M\xc3\xa4ker\0"
    assert found.values[40_000] == tiff.Value(3, (7).to_bytes(2, "little"))
    assert found.below[EXIF].values[0x9003].data.startswith(b"2024")
    with Image.open(BytesIO(made)) as one, Image.open(BytesIO(data)) as other:
        assert same_pixels(one.convert("RGB"), other.convert("RGB"))


@pytest.mark.parametrize(
    "data", [b"", b"II*\0", b"hello, this is no TIFF", b"II*\0\xff\xff\xff\0" + bytes(9)]
)
def test_what_is_no_tiff_is_said(data: bytes) -> None:
    with pytest.raises(DamagedBlockError):
        tiff.read_ifd0(BytesIO(data))
