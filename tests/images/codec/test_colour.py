from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.images.codec.test_metadata import SRGB, WIDE
from tests.images.factories import NOTHING, done, picture, same_pixels
from tui_app.images.codec.blocks import png, tiff
from tui_app.images.codec.blocks.exif import EXIF, INTEROP
from tui_app.images.codec.colour import ProfileError, fits, implied_profile, is_adobe_rgb, is_srgb
from tui_app.images.codec.profiles import (
    ADOBE,
    ADOBE_CURVE,
    BT709,
    CODED_CURVES,
    CODED_PRIMARIES,
    D65,
    SRGB_CURVE,
    Curve,
    grey_profile,
    rgb_profile,
)
from tui_app.images.recipe import Metadata

STRIP = replace(NOTHING, metadata=Metadata.STRIP)
GREY = Curve(1.0)

LINEAR_BY_ANOTHER_NAME = rgb_profile(BT709, D65, Curve(1.0)).replace(
    "Colours as the file said".encode("utf-16-be"), "sRGB IEC61966-2.1 linear".encode("utf-16-be")
)
ADOBE_PROFILE = rgb_profile(ADOBE, D65, ADOBE_CURVE)


def shown(colour: tuple[int, ...], profile: bytes, mode: str = "RGB") -> tuple[int, ...]:
    """A colour of a profile as sRGB, by the colour management of Pillow itself."""
    image = Image.new(mode, (1, 1), colour if len(colour) > 1 else colour[0])
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    assert converted is not None
    pixel = converted.getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return pixel


def test_a_profile_is_srgb_by_its_colours_and_not_by_its_name() -> None:
    assert is_srgb(SRGB)
    assert is_srgb(rgb_profile(BT709, D65, SRGB_CURVE))
    assert is_srgb(grey_profile(SRGB_CURVE))
    assert "sRGB".encode("utf-16-be") in LINEAR_BY_ANOTHER_NAME
    assert not is_srgb(LINEAR_BY_ANOTHER_NAME)
    assert not is_srgb(WIDE)
    assert not is_srgb(grey_profile(GREY))
    with pytest.raises(ProfileError):
        is_srgb(WIDE[:132] + bytes(len(WIDE) - 132))


def test_a_linear_picture_that_calls_itself_srgb_is_converted(tmp_path: Path) -> None:
    image = Image.new("RGB", (20, 10), (55, 55, 55))
    image.save(tmp_path / "a.png", icc_profile=LINEAR_BY_ANOTHER_NAME)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.png", STRIP, "PNG")
    assert output.getpixel((0, 0)) == pytest.approx((128, 128, 128), abs=1)


@pytest.mark.parametrize("written", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("policy", [Metadata.KEEP, Metadata.STRIP])
def test_greys_look_the_same_with_a_profile_of_greys(
    tmp_path: Path, written: str, policy: Metadata
) -> None:
    profile = grey_profile(GREY)
    Image.new("L", (20, 10), 55).save(tmp_path / "a.png", icc_profile=profile)
    recipe = replace(NOTHING, metadata=policy)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a", recipe, written)
    kept = output.info.get("icc_profile")
    pixel = output.convert("L").getpixel((0, 0))
    assert isinstance(pixel, int)
    if policy is Metadata.KEEP and written != "WEBP":
        assert (kept, pixel) == (profile, 55)
    else:
        # WebP stores colours only, of which a profile of greys says nothing.
        assert kept is None
        assert pixel == pytest.approx(128, abs=2)


def test_the_greys_of_a_picture_are_those_that_its_profile_means(tmp_path: Path) -> None:
    colour = (100, 180, 110)
    Image.new("RGB", (20, 10), colour).save(tmp_path / "a.png", icc_profile=ADOBE_PROFILE)
    output, _ = done(
        tmp_path / "a.png", tmp_path / "out" / "a.png", replace(NOTHING, grayscale=True), "PNG"
    )
    expected = Image.new("RGB", (1, 1), shown(colour, ADOBE_PROFILE)).convert("L").getpixel((0, 0))
    assert output.getpixel((0, 0)) == expected
    assert "icc_profile" not in output.info


def camera(file: Path, index: bytes) -> None:
    """A JPEG whose EXIF alone says what its colours are."""
    interop = tiff.Ifd(">", {1: tiff.Value(2, index + b"\0")})
    details = tiff.Ifd(">", {0xA001: tiff.Value(3, b"\xff\xff")}, {INTEROP: interop})
    block = tiff.to_exif(tiff.Ifd(">", {271: tiff.Value(2, b"Maker\0")}, {EXIF: details}))
    picture = Image.new("RGB", (64, 48), (100, 180, 110))
    picture.save(file, quality=95, exif=b"Exif\0\0" + block)


@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP", "BMP"])
@pytest.mark.parametrize("policy", Metadata)
def test_adobe_rgb_that_only_exif_tells_looks_the_same(
    tmp_path: Path, written: str, policy: Metadata
) -> None:
    camera(tmp_path / "a.jpg", b"R03")
    right = shown((100, 180, 110), ADOBE_PROFILE)
    recipe = replace(NOTHING, metadata=policy)
    output, _ = done(tmp_path / "a.jpg", tmp_path / "out" / "a", recipe, written)
    pixel = output.convert("RGB").getpixel((9, 9))
    assert isinstance(pixel, tuple)
    profile = output.info.get("icc_profile")
    if policy is Metadata.KEEP and written != "BMP":
        # The colours are as they were, and EXIF still tells what they are.
        assert pixel == pytest.approx((100, 180, 110), abs=4)
        assert is_adobe_rgb(output.info.get("exif", b""))
        assert profile is None
    elif policy is Metadata.PRIVATE and written != "BMP":
        assert profile is not None
        assert shown(pixel, profile) == pytest.approx(right, abs=5)
    else:
        assert pixel == pytest.approx(right, abs=5)


def test_other_colours_by_exif_are_srgb(tmp_path: Path) -> None:
    camera(tmp_path / "a.jpg", b"R98")
    output, _ = done(tmp_path / "a.jpg", tmp_path / "out" / "a.png", STRIP, "PNG")
    assert output.getpixel((9, 9)) == pytest.approx((100, 180, 110), abs=4)


def with_colours(file: Path, *chunks: png.PngChunk, mode: str = "RGB", value: int = 55) -> None:
    info = PngInfo()
    for chunk in chunks:
        info.add(*chunk)
    colour = (value,) * len(mode) if len(mode) > 1 else value
    Image.new(mode, (20, 10), colour).save(file, "PNG", pnginfo=info)


def gamma(value: float) -> png.PngChunk:
    return png.PngChunk(b"gAMA", round(value * 100_000).to_bytes(4, "big"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_a_png_that_states_its_gamma_looks_the_same(tmp_path: Path, mode: str) -> None:
    with_colours(tmp_path / "a.png", gamma(1.0), mode=mode)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.png", written="PNG")
    assert output.info["gamma"] == 1.0
    assert output.convert("L").getpixel((0, 0)) == 55
    for recipe, written in ((STRIP, "PNG"), (STRIP, "WEBP"), (NOTHING, "BMP")):
        output, _ = done(
            tmp_path / "a.png", tmp_path / "out" / f"{written}{recipe.metadata}", recipe, written
        )
        assert "gamma" not in output.info
        if written != "BMP":
            assert output.convert("L").getpixel((0, 0)) == pytest.approx(128, abs=2)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.tif", written="TIFF")
    profile = output.info["icc_profile"]
    assert fits(profile, mode)
    values = (55,) if mode in ("L", "LA") else (55, 55, 55)
    seen = shown(values, profile, "L" if len(values) == 1 else "RGB")
    assert seen == pytest.approx((128, 128, 128), abs=2)


def test_what_a_png_says_first_counts() -> None:
    srgb, cicp = png.PngChunk(b"sRGB", b"\0"), png.PngChunk(b"cICP", bytes((12, 13, 0, 1)))
    assert implied_profile("RGB", [gamma(1.0), srgb], b"") is None
    assert implied_profile("RGB", [gamma(0.45455)], b"") is None
    assert implied_profile("RGB", [png.PngChunk(b"cICP", bytes((1, 13, 0, 1)))], b"") is None
    p3 = implied_profile("RGB", [srgb, cicp], b"")
    assert p3 is not None
    assert not is_srgb(p3)
    # Bradford-adapted Display P3, as its published profile has it.
    assert shown((255, 0, 0), p3)[0] == 255
    assert implied_profile("RGB", [png.PngChunk(b"cHRM", bytes(32))], b"") is None
    assert implied_profile("CMYK", [gamma(1.0)], b"") is None


def test_primaries_of_a_png_count() -> None:
    numbers = (0.3127, 0.3290, *(v for point in ADOBE for v in point))
    data = b"".join(round(v * 100_000).to_bytes(4, "big") for v in numbers)
    profile = implied_profile("RGB", [png.PngChunk(b"cHRM", data), gamma(256 / 563)], b"")
    assert profile is not None
    assert shown((100, 180, 110), profile) == pytest.approx(
        shown((100, 180, 110), ADOBE_PROFILE), abs=1
    )


@pytest.mark.parametrize("primaries", CODED_PRIMARIES)
@pytest.mark.parametrize("curve", CODED_CURVES)
def test_every_code_makes_a_profile_in_which_white_is_white(primaries: int, curve: int) -> None:
    *points, white = CODED_PRIMARIES[primaries]
    profile = rgb_profile(points, white, CODED_CURVES[curve])
    assert shown((255, 255, 255), profile) == pytest.approx((255, 255, 255), abs=1)
    assert shown((0, 0, 0), profile) == pytest.approx((0, 0, 0), abs=1)


def test_colours_that_are_not_converted_are_said(tmp_path: Path) -> None:
    with_colours(tmp_path / "a.png", png.PngChunk(b"cICP", bytes((9, 16, 0, 1))))
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.png", written="PNG")
    assert notes == ["its colours are of a kind that is not converted (cICP, such as HDR)"]
    data = (tmp_path / "out" / "a.png").read_bytes()
    assert b"cICP" + bytes((9, 16, 0, 1)) in data
    assert same_pixels(output, Image.new("RGB", (20, 10), (55, 55, 55)))


def test_a_profile_of_the_file_s_own_is_kept_beside_its_gamma(tmp_path: Path) -> None:
    info = PngInfo()
    info.add(*gamma(0.5))
    picture().save(tmp_path / "a.png", icc_profile=WIDE, pnginfo=info)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.png", written="PNG")
    assert (output.info["icc_profile"], output.info["gamma"]) == (WIDE, 0.5)
