import zlib
from io import BytesIO

import pytest
from PIL import PngImagePlugin

from tests.images.factories import picture
from tui_app.images.codec.blocks import DamagedBlockError, png, webp


def encoded(kind: str, mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    picture(mode=mode).save(file, kind, **options)
    return file.getvalue()


def test_chunks_of_a_png_are_read_wherever_they_stand() -> None:
    data = encoded("PNG", dpi=(300, 300))
    end = len(data) - 12
    late = b"\0\0\0\x04tEXta\0bc" + zlib.crc32(b"tEXta\0bc").to_bytes(4, "big")
    found = list(png.chunks(BytesIO(data[:end] + late + data[end:])))
    assert [chunk.kind for chunk in found] == [b"IHDR", b"pHYs", b"tEXt"]
    assert found[-1].data == b"a\0bc"
    with pytest.raises(DamagedBlockError, match="cut off"):
        list(png.chunks(BytesIO(data[:20])))


def test_xmp_of_a_png_may_be_packed() -> None:
    head = b"XML:com.adobe.xmp\0"
    text = head + b"\1\0en\0\0" + zlib.compress(b"<x/>")
    assert png.xmp_of(png.PngChunk(b"iTXt", text)) == b"<x/>"
    assert png.xmp_of(png.PngChunk(b"iTXt", b"Author\0\0\0\0\0Ann")) == b""
    with pytest.raises(DamagedBlockError):
        png.xmp_of(png.PngChunk(b"iTXt", head + b"\1\0\0\0rubbish"))


@pytest.mark.parametrize("packed", [False, True])
def test_a_block_that_image_magick_stored_as_a_text_is_read(packed: bool) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Raw profile type iptc", "\niptc\n      4\n3842494d\n", zip=packed)
    found = [png.raw_profile(chunk) for chunk in png.chunks(BytesIO(encoded("PNG", pnginfo=info)))]
    assert ("iptc", b"8BIM") in found
    assert png.raw_profile(png.PngChunk(b"tEXt", b"Raw profile type exif\0\nexif\n 4\nzz")) == (
        "",
        b"",
    )


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff\xe0"])
def test_what_is_no_png_is_said(data: bytes) -> None:
    with pytest.raises(DamagedBlockError):
        list(png.chunks(BytesIO(data)))


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("icc", [b"", b"profile!"])
def test_a_webp_tells_whether_it_is_lossless(lossless: bool, mode: str, icc: bytes) -> None:
    data = encoded("WEBP", mode, lossless=lossless, icc_profile=icc, xmp=b"<x/>")
    assert webp.is_lossless(BytesIO(data)) is lossless


def test_of_an_animation_the_first_frame_tells_whether_it_is_lossless() -> None:
    for lossless in (False, True):
        frames = [picture(mode="L").convert("RGB")]
        data = encoded("WEBP", save_all=True, append_images=frames, lossless=lossless)
        assert webp.is_lossless(BytesIO(data)) is lossless


@pytest.mark.parametrize("data", [b"", b"hello", b"RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff"])
def test_what_is_no_whole_webp_is_not_lossless(data: bytes) -> None:
    assert not webp.is_lossless(BytesIO(data))
