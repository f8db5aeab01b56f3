import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageChops

from tests.images.factories import NOTHING, TUTORIAL, done, job, picture, psnr, same_pixels
from tui_app.images.pipeline import process_image
from tui_app.images.recipe import Recipe
from tui_app.images.recipe_files import load_recipe
from tui_app.images.reduction import SMOOTH, Way, describe_way, fitted_size, reduction, way_of
from tui_app.images.samples import SAMPLES, SampleJob, make_sample

ENOUGH = 49.5
"""dB of PSNR that the fast way promises against the exact one, before encoding."""

GRAIN = bytes((n * n * 31 >> 5) % 32 for n in range(1024))

sides = st.integers(1, 9000)
sizes = st.tuples(sides, sides)


def photograph(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A picture with what photographs have: broad light, sharp edges, fine structure, and grain."""
    image = picture(size).convert("RGB")
    edges = Image.effect_mandelbrot(size, (-1.5, -1.0, 0.5, 1.0), 40).convert("RGB")
    # Not random: `effect_noise` has no seed.
    pixels = math.prod(size)
    grain = Image.frombytes("L", size, (GRAIN * (pixels // len(GRAIN) + 1))[:pixels])
    image = ImageChops.add(Image.blend(image, edges, 0.35), grain.convert("RGB"))
    if mode == "RGBA":
        image.putalpha(Image.radial_gradient("L").resize(size))
        return image
    return image.convert(mode)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three of the sample photographs, smaller than they are shipped."""
    folder = tmp_path_factory.mktemp("samples")
    found = []
    for sample in (SAMPLES[4], SAMPLES[6], SAMPLES[10]):
        small = replace(sample, width=sample.width // 3 // 8 * 8 + 5, height=sample.height // 3)
        make_sample(SampleJob(small, str(folder / small.name)), lambda step, fraction: None)
        found.append(folder / small.name)
    return found


# The way


@pytest.mark.parametrize(
    ("recipe", "way"),
    [
        (TUTORIAL, Way.FAST),
        (replace(TUTORIAL, grayscale=True), Way.FAST),
        (replace(TUTORIAL, sharpen=20), Way.EXACT),
        (replace(TUTORIAL, fit=None), Way.EXACT),
        (replace(TUTORIAL, blur=1.0), Way.EXACT),
        (NOTHING, Way.EXACT),
        (replace(NOTHING, fit=(300, 300)), Way.EXACT),
    ],
    ids=lambda value: value.describe() if isinstance(value, Recipe) else value,
)
def test_a_recipe_is_computed_the_fast_way_where_its_blur_leaves_no_detail(
    recipe: Recipe, way: Way
) -> None:
    assert way_of(recipe) is way
    assert way_of(replace(recipe, exact=True)) is Way.EXACT
    assert describe_way(recipe).endswith(f", {way}")


def test_which_of_the_shipped_recipes_are_fast() -> None:
    shipped = ("tutorial", "web", "share", "thumbnail", "grayscale", "clean")
    fast = [name for name in shipped if way_of(load_recipe(name)) is Way.FAST]
    assert fast == ["tutorial"]


@given(sizes, st.floats(0, 200), sizes)
def test_what_is_blurred_after_a_reduction_is_still_blurred_enough(
    size: tuple[int, int], blur: float, box: tuple[int, int]
) -> None:
    recipe = Recipe("any", "", blur=blur, fit=box)
    by = reduction(recipe, size)
    assert by in (1, 2, 4, 8)
    assert by == 1 or (blur / by >= SMOOTH and fitted_size(size, box) != size)
    assert reduction(replace(recipe, exact=True), size) == 1


def test_the_tutorials_blur_allows_an_eighth() -> None:
    assert reduction(TUTORIAL, (6000, 4000)) == 8
    assert reduction(TUTORIAL, (1200, 800)) == 1


@given(st.tuples(st.integers(1, 400), st.integers(1, 400)), st.tuples(sides, sides))
@example((1, 400), (7, 3))
def test_the_fitted_size_is_thumbnails(size: tuple[int, int], box: tuple[int, int]) -> None:
    image = Image.new("L", size)
    image.thumbnail(box)
    assert fitted_size(size, box) == image.size


# The pixels


@pytest.mark.slow
def test_the_fast_way_is_close_to_the_exact_one_on_photographs(
    samples: list[Path], tmp_path: Path
) -> None:
    recipe = replace(TUTORIAL, fit=(400, 400), format="png")
    for source in samples:
        exact, _ = done(source, tmp_path / "e" / source.name, recipe, "PNG")
        fast, _ = done(source, tmp_path / "f" / source.name, recipe, "PNG", exact=False)
        assert psnr(exact, fast) >= ENOUGH, source.name
        assert not same_pixels(exact, fast)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "RGBA"])
@pytest.mark.parametrize(
    ("size", "blur", "box"),
    [
        ((1603, 1207), 15.0, (400, 300)),
        ((1607, 1201), 15.0, (1200, 1200)),
        ((1601, 1203), 7.5, (300, 500)),
        ((1201, 803), 3.5, (200, 200)),
        ((1203, 807), 40.0, (600, 100)),
    ],
    ids=str,
)
def test_close_in_every_mode_size_and_radius(
    tmp_path: Path, mode: str, size: tuple[int, int], blur: float, box: tuple[int, int]
) -> None:
    suffix, written = (".png", "PNG") if mode == "RGBA" else (".jpg", "TIFF")
    source = tmp_path / f"a{suffix}"
    photograph(size, mode).save(source, quality=95)
    recipe = Recipe("any", "", blur=blur, fit=box, format=written.lower())
    exact, _ = done(source, tmp_path / "exact", recipe, written)
    fast, _ = done(source, tmp_path / "fast", recipe, written, exact=False)
    assert reduction(recipe, size) > 1
    assert psnr(exact, fast) >= ENOUGH


@pytest.mark.slow
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_is_reduced_in_its_place(tmp_path: Path, orientation: int) -> None:
    # Neither side is a multiple of 8: the padding lies elsewhere after each turn.
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    photograph((1605, 1003)).save(tmp_path / "a.jpg", quality=95, exif=exif)
    recipe = Recipe("any", "", blur=15, fit=(300, 500), format="png")
    exact, _ = done(tmp_path / "a.jpg", tmp_path / "exact", recipe, "PNG")
    fast, _ = done(tmp_path / "a.jpg", tmp_path / "fast", recipe, "PNG", exact=False)
    assert psnr(exact, fast) >= ENOUGH


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@example(54, 576, 16, 4.0)
@example(264, 1209, 3, 25.0)
@example(135, 122, 55, 49.4)
@example(1255, 36, 286, 52.9)
@example(227, 246, 56, 45.6)
@given(st.integers(16, 1300), st.integers(16, 1300), st.integers(16, 700), st.floats(3.5, 60))
def test_smooth_pictures_of_any_size_are_close(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int, fit: int, blur: float
) -> None:
    folder = tmp_path_factory.mktemp("smooth")
    picture((width, height)).save(folder / "a.jpg", quality=95)
    recipe = Recipe("any", "", blur=blur, fit=(fit, fit), format="png")
    exact, _ = done(folder / "a.jpg", folder / "exact", recipe, "PNG")
    fast, _ = done(folder / "a.jpg", folder / "fast", recipe, "PNG", exact=False)
    assert psnr(exact, fast) >= ENOUGH


@pytest.mark.slow
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("exact", [True, False])
def test_without_a_filter_before_it_the_pixels_are_those_of_thumbnail(
    tmp_path: Path, orientation: int, exact: bool
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    photograph((1605, 1003)).save(tmp_path / "a.jpg", quality=95, exif=exif)
    recipe = Recipe("any", "", fit=(300, 300), format="png")
    output, _ = done(tmp_path / "a.jpg", tmp_path / "out", recipe, "PNG", exact=exact)
    with Image.open(tmp_path / "a.jpg") as expected:
        expected.thumbnail((300, 300))
        if orientation == 1:
            assert same_pixels(output, expected)
        else:
            assert psnr(output, expected.transpose(Image.Transpose.ROTATE_270)) >= ENOUGH


def test_how_far_it_was_reduced_is_told(tmp_path: Path) -> None:
    photograph((640, 480)).save(tmp_path / "a.jpg")
    recipe = replace(TUTORIAL, fit=(100, 100))
    for exact, told in ((True, 1), (False, 8)):
        given_job = job(tmp_path / "a.jpg", tmp_path / f"{exact}" / "a.jpg", recipe, exact=exact)
        result = process_image(given_job, lambda step, fraction: None)
        assert (result["reduction"], result["width"], result["out_width"]) == (told, 640, 100)
