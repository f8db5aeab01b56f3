"""A thumbnail is what one would see: upright, on a ground, the first frame; or a reason why not."""

from pathlib import Path

import pytest
from PIL import Image

from tui_app.images.codec.opening import admit
from tui_app.images.errors import ImageError
from tui_app.images.thumbnail import GROUND, Thumbnail, thumbnail

RED, BLUE = (255, 0, 0), (0, 0, 255)


def halves(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def pixel(made: Thumbnail, x: int, y: int) -> tuple[int, ...]:
    at = 3 * (y * made.width + x)
    return tuple(made.pixels[at : at + 3])


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


def test_it_fits_and_says_what_it_shows(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    halves((3000, 1500)).save(file, quality=95)
    made = thumbnail(str(file), (36, 36))
    assert (made.width, made.height) == (36, 18)
    assert len(made.pixels) == 3 * 36 * 18
    assert made.source == (3000, 1500)
    assert made.bytes == file.stat().st_size
    assert near(pixel(made, 2, 9), RED)
    assert near(pixel(made, 33, 9), BLUE)
    assert Thumbnail.from_dict(made.to_dict()) == made


def test_a_portrait_that_is_stored_on_its_side_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    halves((400, 200)).save(tmp_path / "a.jpg", exif=exif, quality=95)
    made = thumbnail(str(tmp_path / "a.jpg"), (40, 40))
    assert (made.width, made.height, made.source) == (20, 40, (200, 400))
    assert near(pixel(made, 10, 3), RED)
    assert near(pixel(made, 10, 36), BLUE)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA", "RGBA", "I;16"])
def test_every_mode_is_seen(mode: str, tmp_path: Path) -> None:
    image = Image.new("I;16", (64, 64), 40_000) if mode == "I;16" else halves((64, 64), mode)
    ending = ".tif" if mode == "CMYK" else ".png"
    image.save(tmp_path / f"a{ending}")
    made = thumbnail(str(tmp_path / f"a{ending}"), (16, 16))
    assert (made.width, made.height) == (16, 16)
    assert len(made.pixels) == 3 * 16 * 16
    if mode in ("P", "RGBA", "CMYK"):
        assert near(pixel(made, 1, 8), RED)


def test_behind_what_is_transparent_is_the_ground(tmp_path: Path) -> None:
    image = halves((40, 40), "RGBA")
    image.paste((0, 0, 0, 0), (0, 20, 40, 40))
    image.save(tmp_path / "a.png")
    made = thumbnail(str(tmp_path / "a.png"), (40, 40))
    assert pixel(made, 5, 5) == RED
    assert pixel(made, 5, 35) == GROUND[:3]


def test_of_an_animation_the_first_frame_is_seen(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert near(pixel(thumbnail(str(tmp_path / "a.gif"), (10, 10)), 5, 5), RED)


def test_what_cannot_be_seen_has_its_reason(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jpg"
    halves((600, 600)).save(whole)
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(whole.read_bytes()[:2000])
    for file, says in (
        (cut, "cut off"),
        (tmp_path / "none.jpg", "there is no such file"),
        (tmp_path, "not a regular file"),
    ):
        with pytest.raises(ImageError, match=says):
            thumbnail(str(file), (10, 10))
    try:
        with pytest.raises(ImageError, match="pixels"):
            thumbnail(str(whole), (10, 10), max_pixels=1000)
    finally:
        admit(None)
