import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from tests.images.factories import picture, same_pixels
from tui_app.images.codec.blocks import DamagedBlockError, png, webp


def encoded(kind: str, mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    picture(mode=mode).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_chunks_of_a_png_are_put_in_where_they_belong(mode: str) -> None:
    data = encoded("PNG", mode)
    more = [
        png.PngChunk(b"gAMA", (100_000).to_bytes(4, "big")),
        png.PngChunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0\0\0\0\0"),
        png.xmp_chunk("<x>日本</x>".encode()),
    ]
    made = png.with_chunks(data, more)
    found = list(png.chunks(BytesIO(made)))
    assert [chunk for chunk in found if chunk in more] == more
    kinds = [chunk.kind for chunk in found]
    if mode == "P":
        assert kinds.index(b"gAMA") < kinds.index(b"PLTE") < kinds.index(b"eXIf")
    with Image.open(BytesIO(made)) as one, Image.open(BytesIO(data)) as other:
        one.load()
        assert same_pixels(one.convert("RGBA"), other.convert("RGBA"))
        assert one.info["gamma"] == 1.0
        assert one.info["xmp"] == "<x>日本</x>".encode()


def test_xmp_of_a_png_may_be_packed() -> None:
    text = png.XMP + b"\1\0en\0\0" + zlib.compress(b"<x/>")
    assert png.xmp_of(png.PngChunk(b"iTXt", text)) == b"<x/>"
    assert png.xmp_of(png.PngChunk(b"iTXt", b"Author\0\0\0\0\0Ann")) == b""
    with pytest.raises(DamagedBlockError):
        png.xmp_of(png.PngChunk(b"iTXt", png.XMP + b"\1\0\0\0rubbish"))


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


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("icc", [b"", b"profile!"])
def test_chunks_of_a_webp_are_put_in(lossless: bool, mode: str, icc: bytes) -> None:
    data = encoded("WEBP", mode, lossless=lossless, icc_profile=icc)
    found = list(webp.chunks(BytesIO(data)))
    assert webp.is_lossless(found) is lossless
    made = webp.with_chunks(data, b"MM\0*\0\0\0\x08\0\0\0\0\0\0", b"<x/>")
    with Image.open(BytesIO(made)) as one, Image.open(BytesIO(data)) as other:
        assert same_pixels(one.convert("RGBA"), other.convert("RGBA"))
        assert one.info["xmp"] == b"<x/>"
        assert one.info["exif"] == b"MM\0*\0\0\0\x08\0\0\0\0\0\0"
        assert one.info.get("icc_profile", b"") == icc
    assert webp.with_chunks(data, b"", b"") == data


def test_of_an_animation_the_first_frame_tells_whether_it_is_lossless() -> None:
    for lossless in (False, True):
        frames = [picture(mode="L").convert("RGB")]
        data = encoded("WEBP", save_all=True, append_images=frames, lossless=lossless)
        assert webp.is_lossless(list(webp.chunks(BytesIO(data)))) is lossless


@pytest.mark.parametrize("read", [png.chunks, webp.chunks])
def test_what_is_neither_is_said(read: object) -> None:
    for data in (b"", b"hello", b"\xff\xd8\xff\xe0"):
        with pytest.raises(DamagedBlockError):
            list(read(BytesIO(data)))  # type: ignore[operator]
