"""Animations: the same is seen at the same time, in whatever format and however it is worked on."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from tests.images.codec.test_metadata import GPS, KEPT, PERSONAL, full_exif, parts
from tests.images.factories import COPIED, NOTHING, done, job
from tui_app.images.codec import animation, frames
from tui_app.images.codec.blocks import gif, webp
from tui_app.images.errors import ImageError
from tui_app.images.pipeline import process_image
from tui_app.images.planner import make_plan
from tui_app.images.recipe import Metadata, Recipe

SIZE = (60, 40)
TIMES = (100, 50, 30, 70, 200, 110)
FRAMES = "only the first of its frames or pages was processed"
PAIRS = [
    (source, written)
    for source in ("GIF", "PNG", "WEBP")
    for written in ("GIF", "PNG", "WEBP")
    if written != "GIF" or source == "GIF"
]


def moving(mode: str = "RGB", size: tuple[int, int] = SIZE, count: int = 6) -> list[Image.Image]:
    """A box that moves over a ground, or over nothing; twice it stands still."""
    found = []
    for number in range(count):
        at = 5 * (number - (number == 3))
        image = Image.new(mode, size, (250, 240, 230) if mode == "RGB" else (0, 0, 0, 0))
        colour = (200, 8 * at, 40, 255)[: len(mode)]
        ImageDraw.Draw(image).rectangle((at, 8, at + 12, 25), fill=colour)
        found.append(image)
    return found


def saved(
    images: Sequence[Image.Image], kind: str, times: Sequence[int] = TIMES, **options: Any
) -> bytes:
    file = BytesIO()
    if kind == "WEBP":
        options = {"lossless": True, "loop": 0, **options}
    if kind == "GIF" and images[0].mode == "RGBA":
        options["disposal"] = 2
    images[0].save(
        file, kind, save_all=True, append_images=images[1:], duration=list(times), **options
    )
    return file.getvalue()


def timeline(data: bytes) -> list[tuple[float, Image.Image]]:
    """When each picture that is seen ends, and the picture."""
    found = []
    with Image.open(BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            if not (number == 0 and image.info.get("default_image")):
                found.append((float(image.info.get("duration", 0)), image.convert("RGBA")))
    ends = accumulate(time for time, _ in found)
    return [(end, seen) for end, (_, seen) in zip(ends, found, strict=True)]


def at(line: list[tuple[float, Image.Image]], time: float) -> Image.Image:
    return next((image for end, image in line if time < end), line[-1][1])


def differ(one: Image.Image, other: Image.Image) -> int:
    """By how much two pictures differ where anything is seen of them."""
    pairs = zip(one.convert("RGBa").split(), other.convert("RGBa").split(), strict=True)
    # The four bands of a picture whose colours are weighted.
    return max(int(ImageChops.difference(a, b).getextrema()[1]) for a, b in pairs)  # type: ignore[arg-type]


def check_same(source: bytes, output: bytes, most: int = 0, rounding: float = 0) -> None:
    """That the same is seen at the same time, and as long."""
    one, other = timeline(source), timeline(output)
    assert other[-1][0] == pytest.approx(one[-1][0], abs=rounding)
    ends = sorted({0.0, *(end for end, _ in one), *(end for end, _ in other)})
    for begin, end in pairwise(ends):
        if end - begin > 2 * rounding:
            middle = (begin + end) / 2
            assert differ(at(one, middle), at(other, middle)) <= most


def made(
    data: bytes, folder: Path, recipe: Recipe = NOTHING, written: str = "GIF"
) -> tuple[bytes, list[str]]:
    (folder / "a").write_bytes(data)
    output = folder / "out" / "a"
    output.unlink(missing_ok=True)
    _, notes = done(folder / "a", output, recipe, written)
    return output.read_bytes(), notes


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(("kind", "written"), PAIRS)
def test_the_same_is_seen_at_the_same_time(
    tmp_path: Path, kind: str, written: str, mode: str
) -> None:
    source = saved(moving(mode), kind)
    recipe = replace(NOTHING, quality=100)
    output, notes = made(source, tmp_path, recipe, written)
    lossy = written == "WEBP" and kind != "WEBP"
    check_same(source, output, 90 if lossy else 0)
    assert len(timeline(output)) > 1
    if kind == written:
        assert notes == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(("kind", "written"), PAIRS)
@pytest.mark.parametrize(
    "recipe",
    [
        Recipe("fit", "", fit=(30, 30)),
        Recipe("all", "", blur=1, fit=(30, 30), sharpen=50),
        Recipe("grey", "", grayscale=True),
    ],
    ids=lambda recipe: recipe.name,
)
def test_each_frame_is_worked_on_as_a_picture_of_its_own(
    tmp_path: Path, kind: str, written: str, mode: str, recipe: Recipe
) -> None:
    source = saved(moving(mode), kind)
    recipe = replace(recipe, quality=100)
    output, _ = made(source, tmp_path, recipe, written)
    line = timeline(output)
    before = 0.0
    for end, image in timeline(source):
        file = BytesIO()
        image.save(file, "PNG")
        (tmp_path / "one.png").write_bytes(file.getvalue())
        (tmp_path / "out" / "one").unlink(missing_ok=True)
        expected, _ = done(tmp_path / "one.png", tmp_path / "out" / "one", recipe, "PNG")
        found = at(line, (before + end) / 2)
        before = end
        assert found.size == expected.size
        # A GIF has 256 colours and no half transparency, a WebP blurs colours.
        if written == "PNG" or (written == kind == "WEBP"):
            assert differ(found, expected.convert("RGBA")) <= 1
        elif mode == "RGB":
            assert differ(found, expected.convert("RGBA")) <= 80


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40)), min_size=2, max_size=7),
    st.sampled_from(PAIRS),
    st.sampled_from(["RGB", "RGBA"]),
)
def test_whatever_frames_there_are_times_add_up(
    tmp_path: Path, shown: list[tuple[int, int]], pair: tuple[str, str], mode: str
) -> None:
    kind, written = pair
    pool = moving(mode, (20, 14), 4)
    source = saved(
        [pool[number].copy() for number, _ in shown], kind, [10 * time for _, time in shown]
    )
    recipe = replace(NOTHING, quality=100)
    if len(timeline(source)) > 1:
        output, _ = made(source, tmp_path, recipe, written)
        check_same(source, output, 90 if written == "WEBP" and kind != "WEBP" else 0)


@pytest.mark.parametrize(("kind", "written"), PAIRS)
@pytest.mark.parametrize("plays", [0, 1, 3])
def test_it_is_played_as_often(tmp_path: Path, kind: str, written: str, plays: int) -> None:
    # A GIF tells how often it is played again.
    options: dict[str, Any] = {"loop": plays - 1 if kind == "GIF" and plays else plays}
    if kind == "GIF" and plays == 1:
        options = {}
    output, _ = made(saved(moving(), kind, **options), tmp_path, NOTHING, written)
    with Image.open(BytesIO(output)) as image:
        loop = image.info.get("loop")
    if written == "GIF":
        assert loop == {0: 0, 1: None, 3: 2}[plays]
    else:
        assert loop == plays


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_the_first_frame_alone_if_that_is_asked_for(tmp_path: Path, kind: str) -> None:
    source = saved(moving(), kind)
    for recipe in (replace(NOTHING, frames="first"), replace(COPIED, frames="first")):
        output, notes = made(source, tmp_path, recipe, kind)
        line = timeline(output)
        assert len(line) == 1
        assert differ(line[0][1], moving()[0].convert("RGBA")) <= 40
        assert FRAMES not in notes


def test_a_format_without_animations_has_the_first_and_says_so(tmp_path: Path) -> None:
    output, notes = made(saved(moving(), "GIF"), tmp_path, NOTHING, "JPEG")
    assert (len(timeline(output)), notes) == (1, [FRAMES])


def test_an_animation_in_avif_becomes_one(tmp_path: Path) -> None:
    source = saved(moving(), "AVIF", quality=100)
    output, notes = made(source, tmp_path, NOTHING, "PNG")
    check_same(source, output, rounding=1)
    assert notes == []


def test_a_still_picture_for_those_who_play_none_stays_one(tmp_path: Path) -> None:
    file, still = BytesIO(), Image.new("RGB", SIZE, "navy")
    still.save(
        file, "PNG", save_all=True, append_images=moving(), default_image=True, duration=list(TIMES)
    )
    for recipe in (NOTHING, Recipe("grey", "", grayscale=True), COPIED):
        output, _ = made(file.getvalue(), tmp_path, recipe, "PNG")
        with Image.open(BytesIO(output)) as image:
            assert image.info["default_image"]
        assert timeline(output)[-1][0] == sum(TIMES)
    output, _ = made(file.getvalue(), tmp_path, NOTHING, "WEBP")
    check_same(file.getvalue(), output, 90)


@pytest.mark.parametrize("metadata", Metadata)
@pytest.mark.parametrize("written", ["PNG", "WEBP"])
def test_metadata_is_as_in_any_other_output(
    tmp_path: Path, written: str, metadata: Metadata
) -> None:
    source = saved(moving(), written, exif=full_exif())
    recipe = replace(NOTHING, fit=(30, 30), metadata=metadata)
    output, _ = made(source, tmp_path, recipe, written)
    with Image.open(BytesIO(output)) as image:
        ifd0, _, gps = parts(image)
        assert (getattr(image, "n_frames", 1), image.size) == (5, (30, 20))
    keep, strip = metadata is Metadata.KEEP, metadata is Metadata.STRIP
    assert gps == (GPS if keep else {})
    assert set(PERSONAL) <= set(ifd0) if keep else not set(PERSONAL) & set(ifd0)
    assert not ifd0 if strip else set(KEPT) <= set(ifd0)


def test_comments_of_a_gif_stay_where_they_are_to(tmp_path: Path) -> None:
    source = saved(moving(), "GIF", comment=b"by Ann " * 60)
    for metadata in Metadata:
        output, _ = made(source, tmp_path, replace(NOTHING, metadata=metadata))
        with Image.open(BytesIO(output)) as image:
            kept = b"by Ann " * 60 if metadata is Metadata.KEEP else None
            assert image.info.get("comment") == kept


def test_times_are_rounded_so_that_they_never_add_up(tmp_path: Path) -> None:
    source = saved(moving(), "PNG", [33, 33, 33, 34, 33, 34])
    output, _ = made(source, tmp_path, NOTHING, "WEBP")
    check_same(source, output, 90, rounding=1)
    source = saved(moving(), "GIF", [30] * 6)
    output, _ = made(source, tmp_path)
    check_same(source, output)


@pytest.mark.parametrize(("kind", "most"), [("GIF", 655_350), ("PNG", 65_535)])
def test_a_frame_may_stand_longer_than_one_can_say(tmp_path: Path, kind: str, most: int) -> None:
    frame = moving()[0]
    times = [most - 5] * 3 if kind == "PNG" else [most - 50] * 3
    sequence = animation._Sequence(kind, "", {})
    for time in times:
        sequence.add(frames.Frame(frame.copy(), time))
    unit = 10 if kind == "GIF" else 1
    assert sum(coded.time for coded in sequence.coded) * unit == sum(times)
    assert max(coded.time for coded in sequence.coded) * unit <= most
    assert most < webp.MOST_TIME


@pytest.mark.parametrize(("kind", "share"), [("GIF", 0.75), ("PNG", 0.75)])
def test_frames_that_are_damaged_are_left_out_and_it_is_said(
    tmp_path: Path, kind: str, share: float
) -> None:
    source = saved(
        [Image.effect_noise(SIZE, 90).convert("L").quantize(60).convert("RGB") for _ in range(6)],
        kind,
    )
    cut = source[: int(share * len(source))]
    output, notes = made(cut, tmp_path, NOTHING, kind)
    assert 1 < len(timeline(output)) < 6
    (note,) = notes
    assert "are damaged and were left out" in note or "its end is missing" in note
    _, notes = made(cut, tmp_path, COPIED, kind)
    assert notes == ["its pixels were encoded anew", note]
    with pytest.raises(ImageError):
        made(source[: len(source) // 12], tmp_path, NOTHING, kind)


def test_a_missing_end_is_said(tmp_path: Path) -> None:
    source = saved(moving(), "GIF")
    assert gif.count_frames(BytesIO(source), 99) == (5, True)
    assert gif.count_frames(BytesIO(source), 3) == (3, True)
    assert gif.count_frames(BytesIO(source[:-1]), 99) == (5, False)
    _, notes = made(source[:-1], tmp_path)
    assert notes == ["its end is missing, and perhaps frames with it"]


@pytest.mark.parametrize("recipe", [NOTHING, COPIED], ids=["anew", "copied"])
@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_more_frames_than_anybody_makes_fail_by_name(
    tmp_path: Path, kind: str, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(moving(), kind)
    monkeypatch.setattr(frames, "MOST_FRAMES", 4)
    with pytest.raises(ImageError, match="more than 4 frames: a recipe with frames"):
        made(source, tmp_path, recipe, kind)
    made(source, tmp_path, replace(recipe, frames="first"), kind)
    monkeypatch.undo()
    monkeypatch.setattr(frames, "MOST_PIXELS", 5 * 60 * 40 - 1)
    with pytest.raises(ImageError, match="megapixels in all"):
        made(source, tmp_path, recipe, kind)
    monkeypatch.undo()
    if recipe is NOTHING:
        monkeypatch.setattr(animation, "MOST_BYTES", 200)
        with pytest.raises(ImageError, match="its frames take more than"):
            made(source, tmp_path, recipe, kind)


def test_a_hundred_thousand_frames_are_not_even_counted(tmp_path: Path) -> None:
    small = saved([Image.new("RGB", (1, 1), colour) for colour in ("red", "blue")], "GIF", (10, 10))
    start = small.index(b"\x21\xf9")
    bomb = small[:start] + small[start:-1] * 60_000 + b";"
    (tmp_path / "a.gif").write_bytes(bomb)
    plan = make_plan([str(tmp_path / "a.gif")], NOTHING, output=str(tmp_path / "out"))
    assert plan.items[0].memory < 100_000_000
    with pytest.raises(ImageError, match=r"more than 10.000 frames"):
        made(bomb, tmp_path)


def test_it_is_told_how_far_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(saved(moving("RGBA"), "GIF"))
    told: list[tuple[str, float]] = []
    given = job(tmp_path / "a.gif", tmp_path / "out" / "a.gif", NOTHING, "GIF")
    process_image(given, lambda step, fraction: told.append((step, fraction)))
    assert [step for step, _ in told][:2] == ["open", "decode"]
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert told[-1][0] == "save"
    assert 0.5 < fractions[-1] < 1


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_plan_keeps_an_animated_gif_a_gif(tmp_path: Path, mode: str) -> None:
    (tmp_path / "a.gif").write_bytes(saved(moving(mode), "GIF"))
    for kept, animated in (("all", True), ("first", False)):
        recipe = replace(NOTHING, frames=kept)
        (item,) = make_plan([str(tmp_path / "a.gif")], recipe, output=str(tmp_path / "o")).items
        assert item.animated is animated
        assert item.format == ("GIF" if mode == "RGB" or animated else "PNG")
