import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from tui_app.images import samples
from tui_app.images.errors import ImageError
from tui_app.images.samples import SAMPLES, Sample, SampleJob, make_sample, missing_samples
from tui_app.images.scenery import SCENES, drawn
from tui_app.images.scenery.field import Frame

SMALL = Frame(150, 100)

# Drawn in a fresh interpreter, and what was loaded for it.
DRAW_ELSEWHERE = """
import sys
from hashlib import sha256
from tui_app.images.errors import ImageError
from tui_app.images.samples import SAMPLES
from tui_app.images.scenery import drawn
from tui_app.images.scenery.field import Frame
for scene in sys.argv[1:]:
    print(sha256(drawn(scene, Frame(150, 100)).tobytes()).hexdigest())
print(sorted({"textual", "rich", "asyncio", "numpy", "platformdirs"} & set(sys.modules)))
"""


def nobody(step: str, fraction: float) -> None:
    """Listens to no progress."""


def by_name(name: str) -> Sample:
    return next(sample for sample in SAMPLES if sample.name == name)


def test_there_are_fifteen_of_different_names_and_shapes() -> None:
    assert len({sample.name for sample in SAMPLES}) == 15
    assert len({round(sample.width / sample.height, 2) for sample in SAMPLES}) >= 6


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_each_is_as_large_as_photographs_are_and_has_a_scene(sample: Sample) -> None:
    assert 12 <= sample.megapixels <= 24
    assert sample.megapixels == sample.width * sample.height / 1e6
    assert Path(sample.name).stem in SCENES


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_draws_at_any_size(scene: str) -> None:
    picture = drawn(scene, SMALL)
    assert (picture.mode, picture.size) == ("RGB", SMALL.size)
    levels = picture.convert("L").tobytes()
    assert max(levels) - min(levels) > 60


@pytest.mark.slow
def test_pixels_are_the_same_in_another_process_that_loads_no_screen() -> None:
    scenes = ("misty-mountains", "desert-dunes", "rain-on-glass")
    here = [hashlib.sha256(drawn(scene, SMALL).tobytes()).hexdigest() for scene in scenes]
    command = [sys.executable, "-c", DRAW_ELSEWHERE, *scenes]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert there == [*here, "[]"]


@pytest.mark.slow
def test_making_one_writes_a_whole_photograph(tmp_path: Path) -> None:
    sample = by_name("autumn-forest.jpg")
    steps: list[tuple[str, float]] = []
    path = tmp_path / sample.name
    result = make_sample(SampleJob(sample, str(path)), lambda *step: steps.append(step))
    assert result == {
        "width": sample.width,
        "height": sample.height,
        "megapixels": sample.megapixels,
        "bytes_out": path.stat().st_size,
    }
    assert 0.15 < path.stat().st_size / (sample.width * sample.height) < 0.35
    assert [entry.name for entry in path.parent.iterdir()] == [sample.name]
    with Image.open(path) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (4000, 3000))
        image.load()
        assert image.getexif()[ExifTags.Base.Make] == "Procession"
    assert {step for step, _ in steps} == {"draw", "grain", "save"}
    fractions = [fraction for _, fraction in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(picture: Image.Image, sample: Sample, file: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(samples, "_save", save)
    sample = Sample("moonrise.jpg", 60, 60)
    with pytest.raises(ImageError, match="no space left"):
        make_sample(SampleJob(sample, str(tmp_path / sample.name)), nobody)
    assert list(tmp_path.iterdir()) == []


def test_a_photograph_that_has_a_drawing_s_name_stays(tmp_path: Path) -> None:
    sample = Sample("moonrise.jpg", 60, 60)
    file = tmp_path / sample.name
    file.write_bytes(b"somebody's own")
    with pytest.raises(ImageError, match="something of that name is in the way"):
        make_sample(SampleJob(sample, str(file)), nobody)
    assert file.read_bytes() == b"somebody's own"
    make_sample(SampleJob(sample, str(file), overwrite=True), nobody)
    with Image.open(file) as image:
        assert image.size == (60, 60)


def test_one_is_stored_turned_and_one_has_a_profile(tmp_path: Path) -> None:
    turned = Sample("milky-way.jpg", 90, 60, orientation=6)
    profiled = Sample("lavender-field.jpg", 90, 60, profiled=True)
    for sample in (turned, profiled):
        make_sample(SampleJob(sample, str(tmp_path / sample.name)), nobody)
    with Image.open(tmp_path / turned.name) as image:
        assert image.size == (90, 60)
        assert image.getexif()[ExifTags.Base.Orientation] == 6
    with Image.open(tmp_path / profiled.name) as image:
        assert "sRGB".encode("utf-16-be") in image.info["icc_profile"]
    assert [sample.name for sample in SAMPLES if sample.orientation != 1] == [turned.name]
    assert [sample.name for sample in SAMPLES if sample.profiled] == [profiled.name]


def test_missing_are_those_that_are_not_there_whole(tmp_path: Path) -> None:
    assert missing_samples(tmp_path / "nowhere") == SAMPLES
    for sample in SAMPLES:
        (tmp_path / sample.name).write_bytes(b"\xff\xd8 a picture \xff\xd9")
    assert missing_samples(tmp_path) == ()
    empty, cut, gone = SAMPLES[:3]
    (tmp_path / empty.name).write_bytes(b"")
    (tmp_path / cut.name).write_bytes(b"\xff\xd8 half a pic")
    (tmp_path / gone.name).unlink()
    assert missing_samples(tmp_path) == (empty, cut, gone)


def test_another_version_of_the_drawings_has_another_folder() -> None:
    assert samples.samples_folder().name == f"samples-{samples.VERSION}"
