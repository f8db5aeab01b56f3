from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.images.factories import NOTHING, done, picture, same_pixels
from tui_app.images.codec.storage import growth
from tui_app.images.recipe import Recipe

SMALL = Recipe("small", "", fit=(100, 100))


def page(mode: str) -> Image.Image:
    """A page of text, in few colours."""
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    for row in range(10, 290, 14):
        draw.text((10, row), "lorem ipsum dolor sit amet " * 3, fill=(30, 30, 90))
    return image.quantize(16) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize(
    "compression", ["group4", "group3", "tiff_lzw", "tiff_adobe_deflate", "packbits"]
)
def test_a_scan_of_one_bit_stays_one(tmp_path: Path, compression: str) -> None:
    page("1").save(tmp_path / "a.tif", compression=compression)
    output, notes = done(tmp_path / "a.tif", tmp_path / "out" / "a.tif", written="TIFF")
    assert (output.mode, output.info["compression"], notes) == ("1", compression, [])
    assert same_pixels(output, page("1"))
    _, notes = done(tmp_path / "a.tif", tmp_path / "out" / "b.tif", SMALL, "TIFF")
    expected = ["its 1 bit a pixel became 8"]
    if compression in ("group4", "group3"):
        expected.append(f"its compression {compression} became tiff_adobe_deflate")
    assert notes == expected


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "CMYK"])
@pytest.mark.parametrize(
    "compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"]
)
def test_a_tiff_keeps_its_compression(tmp_path: Path, mode: str, compression: str) -> None:
    if compression == "jpeg" and mode in ("RGBA", "CMYK"):
        pytest.skip("none is written so")
    picture((200, 150), mode).save(tmp_path / "a.tif", compression=compression)
    output, notes = done(tmp_path / "a.tif", tmp_path / "out" / "a.tif", written="TIFF")
    assert (output.info["compression"], notes) == (compression, [])


@pytest.mark.parametrize("ending", ["png", "gif", "bmp", "tif"])
def test_a_palette_stays_where_the_pixels_do(tmp_path: Path, ending: str) -> None:
    written = {"tif": "TIFF"}.get(ending, ending.upper())
    page("P").save(tmp_path / f"a.{ending}")
    output, notes = done(tmp_path / f"a.{ending}", tmp_path / "out" / "a", written=written)
    assert output.mode == "P"
    assert same_pixels(output.convert("RGB"), page("P").convert("RGB"))
    assert notes == []
    assert (tmp_path / "out" / "a").stat().st_size < 1.3 * (tmp_path / f"a.{ending}").stat().st_size
    _, notes = done(tmp_path / f"a.{ending}", tmp_path / "out" / "b", SMALL, written)
    assert notes == ([] if ending == "gif" else ["its palette of few colours became full colours"])


def test_a_transparent_palette_stays_transparent_and_upright(tmp_path: Path) -> None:
    image = page("P")
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.png", transparency=bytes((0, 128, 255)), exif=exif)
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.png", written="PNG")
    assert (output.mode, output.size, notes) == ("P", (300, 400), [])
    with Image.open(tmp_path / "a.png") as source:
        turned = source.transpose(Image.Transpose.ROTATE_270)
        assert same_pixels(output.convert("RGBA"), turned.convert("RGBA"))


@pytest.mark.parametrize("recipe", [NOTHING, SMALL])
def test_what_is_stored_without_loss_stays_so(tmp_path: Path, recipe: Recipe) -> None:
    image = picture((300, 200))
    image.save(tmp_path / "a.webp", lossless=True)
    output, notes = done(tmp_path / "a.webp", tmp_path / "out" / "a.webp", recipe, "WEBP")
    expected = image.copy()
    if recipe.fit:
        expected.thumbnail(recipe.fit)
    assert same_pixels(output.convert("RGB"), expected)
    assert notes == []
    lossy = replace(recipe, format="webp", quality=80)
    _, notes = done(tmp_path / "a.webp", tmp_path / "out" / "b.webp", lossy, "WEBP")
    assert notes == ["it was stored without loss, and is not any more"]


@pytest.mark.parametrize("ending", ["tif", "png", "bmp", "jpg", "webp"])
def test_a_quality_is_for_formats_that_have_one(tmp_path: Path, ending: str) -> None:
    written = {"tif": "TIFF", "jpg": "JPEG"}.get(ending, ending.upper())
    options = {"compression": "tiff_lzw"} if ending == "tif" else {}
    picture().save(tmp_path / f"a.{ending}", **options)
    recipe = replace(NOTHING, quality=90)
    output, _ = done(tmp_path / f"a.{ending}", tmp_path / "out" / "a", recipe, written)
    assert output.size == (96, 64)


def test_an_output_that_is_much_larger_is_said(tmp_path: Path) -> None:
    Image.effect_noise((900, 700), 60).save(tmp_path / "a.jpg", quality=10)
    _, notes = done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg", replace(NOTHING, quality=95))
    (note,) = notes
    assert note.endswith(" times as large as its source")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (1_000, 9_000, ""),
        (100_000, 190_000, ""),
        (100_000, 250_000, "2.5 times as large as its source"),
    ],
)
def test_growth(before: int, after: int, said: str) -> None:
    assert growth(before, after) == said
