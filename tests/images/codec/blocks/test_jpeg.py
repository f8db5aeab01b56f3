from io import BytesIO

import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from tests.images.factories import picture, same_pixels
from tui_app.images.codec.blocks import DamagedBlockError, jpeg

OPTIONS: list[dict[str, object]] = [
    {},
    {"progressive": True},
    {"subsampling": 0},
    {"restart_marker_rows": 1},
    {"progressive": True, "optimize": True, "quality": 40},
]


def encoded(**options: object) -> bytes:
    file = BytesIO()
    picture((200, 140), str(options.pop("mode", "RGB"))).save(file, "JPEG", **options)
    return file.getvalue()


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_where_a_picture_ends_and_that_it_is_whole(options: dict[str, object], mode: str) -> None:
    data = encoded(mode=mode, **options)
    assert jpeg.layout(data) == (len(data), True, True)
    assert jpeg.layout(data + b"\0\0more\xff\xd9") == (len(data), True, True)
    assert jpeg.layout(data[:-2]) == (len(data) - 2, False, True)


def test_a_scan_that_is_missing_is_seen() -> None:
    data = encoded(progressive=True)
    last = data.rindex(b"\xff\xda")
    assert jpeg.layout(data[:last]).complete is False
    assert jpeg.layout(data[:last] + b"\xff\xd9") == (last + 2, True, False)


def test_segments_are_put_in_and_the_picture_stays() -> None:
    data = encoded(dpi=(72, 72))
    more = [
        jpeg.Segment(jpeg.APP1, jpeg.EXIF + b"MM\0*"),
        jpeg.Segment(jpeg.COM, b"\xff\xd9 hello"),
    ]
    made = jpeg.with_segments(data, more, b"\1\1\x2c\1\x2c")
    with Image.open(BytesIO(made)) as one, Image.open(BytesIO(data)) as other:
        assert isinstance(one, JpegImageFile)
        assert one.applist[0][1][7:12] == b"\1\1\x2c\1\x2c"
        assert one.applist[1:] == [("APP1", more[0].data), ("COM", more[1].data)]
        assert same_pixels(one.convert("RGB"), other.convert("RGB"))
        assert one.info["dpi"] == (300, 300)
    with pytest.raises(ValueError, match="longer than a segment"):
        jpeg.with_segments(data, [jpeg.Segment(jpeg.COM, bytes(70_000))])


@pytest.mark.parametrize("cut", [0, 1])
def test_what_is_no_jpeg_is_said(cut: int) -> None:
    with pytest.raises(DamagedBlockError):
        jpeg.layout(encoded()[:cut])


@pytest.mark.parametrize("cut", [30, 200])
def test_a_segment_that_is_cut_off_is_said(cut: int) -> None:
    with pytest.raises(DamagedBlockError):
        jpeg.layout(encoded()[:cut])


def test_filling_and_stray_bytes_are_passed_over() -> None:
    data = encoded()
    odd = data[:20] + b"\xff\xff\xff" + data[20:]
    assert jpeg.layout(odd) == (len(odd), True, True)
