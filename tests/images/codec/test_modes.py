"""Every mode that Pillow knows, through a blur and a shrink, into every format."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from tests.images.factories import done, picture, same_pixels
from tui_app.images.codec import modes
from tui_app.images.codec.formats import FORMATS
from tui_app.images.recipe import Recipe

BLUR = Recipe("blur", "", blur=2, fit=(40, 40))

WORKING = {
    "1": "L",
    "L": "L",
    "LA": "LA",
    "La": "LA",
    "P": "RGB",
    "PA": "RGBA",
    "RGB": "RGB",
    "RGBX": "RGB",
    "RGBA": "RGBA",
    "RGBa": "RGBA",
    "CMYK": "CMYK",
    "YCbCr": "RGB",
    "HSV": "RGB",
    "LAB": "RGB",
    "I": "L",
    "F": "L",
    "I;16": "L",
    "I;16L": "L",
    "I;16B": "L",
    "I;16N": "L",
}


def nothing_to_say(note: str) -> None:
    raise AssertionError(note)


def greys(mode: str, values: list[float]) -> Image.Image:
    image = Image.new(mode, (len(values), 1))
    for x, value in enumerate(values):
        image.putpixel((x, 0), value if mode == "F" else int(value))
    return image


@pytest.mark.parametrize("mode", WORKING)
def test_every_mode_becomes_one_that_can_be_worked_on(mode: str) -> None:
    working = modes.to_working(Image.new(mode, (8, 6)), lambda note: None)
    assert working.mode == WORKING[mode]
    assert modes.filtered(working, ImageFilter.GaussianBlur(2)).mode == working.mode


@pytest.mark.parametrize("mode", sorted(set(WORKING.values())))
def test_working_modes_are_left_as_they_are(mode: str) -> None:
    image = picture(mode=mode)
    assert modes.to_working(image, nothing_to_say) is image


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_every_working_mode_into_every_format(tmp_path: Path, mode: str, written: str) -> None:
    source = tmp_path / "source.tif"
    image = picture(mode=mode)
    image.save(source)
    output, notes = done(source, tmp_path / "out" / "a", BLUR, written)
    assert output.format == written
    assert output.size == (40, 27)
    has_alpha = mode in ("LA", "RGBA")
    assert output.has_transparency_data == (has_alpha and FORMATS[written].alpha)
    is_converted = mode == "CMYK" and "CMYK" not in FORMATS[written].modes
    assert len(notes) == ((has_alpha and not FORMATS[written].alpha) or is_converted)
    if has_alpha:
        return
    expected = image.convert("RGB").filter(ImageFilter.GaussianBlur(2))
    expected.thumbnail((40, 40))
    difference = ImageChops.difference(expected, output.convert("RGB"))
    assert max(high for _, high in difference.getextrema()) < 45  # type: ignore[misc]


@pytest.mark.parametrize("mode", ["I;16", "I;16L", "I;16B", "I;16N"])
def test_sixteen_bits_are_scaled_and_not_clipped(mode: str) -> None:
    image = greys(mode, [0, 128, 129, 257, 32768, 65535])
    working = modes.to_working(image, nothing_to_say)
    assert list(working.tobytes()) == [0, 0, 1, 1, 128, 255]


def test_a_grey_of_sixteen_bits_that_is_declared_transparent_becomes_alpha() -> None:
    image = greys("I;16", [0, 1000, 65535])
    image.info["transparency"] = 1000
    working = modes.to_working(image, nothing_to_say)
    assert working.mode == "LA"
    assert list(working.tobytes()) == [0, 255, 4, 0, 255, 255]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_transparency_that_no_pixel_can_have_is_left_out_and_it_is_said(mode: str) -> None:
    image = picture(mode=mode)
    image.info["transparency"] = "none"
    notes: list[str] = []
    assert modes.to_working(image, notes.append).mode == mode
    assert notes == ["its transparency is damaged and was left out"]


@pytest.mark.parametrize(
    ("mode", "values", "expected", "said"),
    [
        ("I", [0, 100, 255], [0, 100, 255], "0 to 255"),
        ("I", [0, 257, 65535], [0, 1, 255], "0 to 65535"),
        ("I", [-100, 1, 100], [0, 129, 255], "-100 to 100"),
        ("I", [0, 0, 70000], [0, 0, 255], "0 to 70000"),
        ("F", [0.0, 0.5, 1.0], [0, 128, 255], "0 to 1"),
        ("F", [0.0, 2.0, 255.0], [0, 2, 255], "0 to 255"),
        ("F", [0.0, 257.0, 65535.0], [0, 1, 255], "0 to 65535"),
        ("F", [-1.0, 0.0, 1.0], [0, 128, 255], "-1 to 1"),
        ("F", [-5.0, -5.0, -5.0], [0, 0, 0], "-5 to -5"),
    ],
)
def test_wide_values_become_greys_and_it_is_said(
    mode: str, values: list[float], expected: list[int], said: str
) -> None:
    notes: list[str] = []
    working = modes.to_working(greys(mode, values), notes.append)
    assert list(working.tobytes()) == expected
    assert notes == [f"its values from {said} became the greys 0 to 255"]


@pytest.mark.parametrize("wrong", [float("inf"), float("-inf"), float("nan")])
def test_values_that_are_no_numbers_become_the_lowest_and_it_is_said(wrong: float) -> None:
    notes: list[str] = []
    working = modes.to_working(greys("F", [wrong, 51.0, 255.0]), notes.append)
    assert list(working.tobytes()) == [51, 51, 255]
    assert notes[0] == "its values that are no finite numbers became the lowest one"


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_hidden_colours_do_not_bleed(mode: str) -> None:
    """A black, invisible half beside a white, visible one: what is visible stays white."""
    image = Image.new(mode, (40, 10), (255,) * (len(mode) - 1) + (255,))
    image.paste((0,) * len(mode), (0, 0, 20, 10))
    blurred = modes.filtered(image, ImageFilter.GaussianBlur(4))
    visible = [
        pixel
        for pixel in (blurred.getpixel((x, 5)) for x in range(40))
        if isinstance(pixel, tuple) and pixel[-1] > 20
    ]
    assert len(visible) > 20
    assert min(min(pixel[:-1]) for pixel in visible) > 240


def palette() -> Image.Image:
    image = picture().quantize(16)
    image.info["transparency"] = 3
    return image


def declared(mode: str) -> Image.Image:
    image = picture(mode=mode)
    image.info["transparency"] = image.getpixel((0, 0))
    return image


@pytest.mark.parametrize(
    ("image", "working"),
    [(palette(), "RGBA"), (declared("L"), "LA"), (declared("RGB"), "RGBA")],
    ids=["palette", "grey", "colour"],
)
def test_a_declared_transparent_colour_becomes_alpha(image: Image.Image, working: str) -> None:
    buffer = BytesIO()
    image.save(buffer, "PNG", transparency=image.info["transparency"])
    found = modes.to_working(Image.open(buffer), nothing_to_say)
    assert found.mode == working
    assert found.getextrema()[-1] == (0, 255)


def test_transparency_is_laid_on_white() -> None:
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (10, 20, 30, 255))
    notes: list[str] = []
    flat = modes.to_format(image, "JPEG", notes.append)
    assert list(flat.tobytes()) == [255, 255, 255, 10, 20, 30]
    assert notes == ["JPEG has no transparency: it was laid on white"]


def gif(path: Path) -> None:
    frames = [picture((50, 40)), Image.new("RGB", (50, 40), "red")]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:])


def tiff(path: Path) -> None:
    picture((50, 40)).save(
        path, "TIFF", save_all=True, append_images=[Image.new("RGB", (50, 40), "red")]
    )


def webp(path: Path) -> None:
    picture((50, 40)).save(
        path, "WEBP", save_all=True, append_images=[Image.new("RGB", (50, 40), "red")]
    )


@pytest.mark.parametrize("make", [gif, tiff, webp])
def test_of_an_animation_the_first_frame_is_kept_and_it_is_said(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "source")
    with Image.open(tmp_path / "source") as image:
        first = image.convert("RGB")
    output, notes = done(tmp_path / "source", tmp_path / "out" / "a", written="TIFF")
    assert same_pixels(output.convert("RGB"), first)
    assert notes == ["only the first of its frames or pages was processed"]


def test_a_phones_second_picture_is_no_animation(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[picture((40, 30))])
    output, notes = done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg")
    assert (output.format, output.size) == ("JPEG", (96, 64))
    assert notes == ["its second picture was left out"]
