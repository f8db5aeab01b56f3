import hashlib
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import ExifTags, Image, WebPImagePlugin

from tui_app.images import samples
from tui_app.images.errors import ImageError
from tui_app.images.samples import SAMPLES, Sample, SampleJob, make_sample, missing_samples

DRAWINGS = Path(str(files("tui_app.assets") / "samples"))

# Made in a fresh interpreter, and what was loaded for it: no screen, not all of Pillow's readers.
MAKE_ELSEWHERE = """
import sys
from hashlib import sha256
from pathlib import Path
from tui_app.images.samples import Sample, SampleJob, make_sample
for path in map(Path, sys.argv[1:]):
    make_sample(SampleJob(Sample(path.name, 900, 600), str(path)), lambda step, fraction: None)
    print(sha256(path.read_bytes()).hexdigest())
others = {"textual", "rich", "asyncio", "numpy", "platformdirs", "PIL.TgaImagePlugin"}
print(sorted(others & set(sys.modules)))
"""


def nobody(step: str, fraction: float) -> None:
    """Listens to no progress."""


def by_name(name: str) -> Sample:
    return next(sample for sample in SAMPLES if sample.name == name)


def test_there_are_fifteen_of_different_names_and_shapes() -> None:
    assert len({sample.name for sample in SAMPLES}) == 15
    assert len({round(sample.width / sample.height, 2) for sample in SAMPLES}) >= 6


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_each_is_as_large_as_photographs_are_and_has_a_drawing(sample: Sample) -> None:
    assert 12 <= sample.megapixels <= 24
    assert sample.megapixels == sample.width * sample.height / 1e6
    with Image.open((DRAWINGS / sample.name).with_suffix(".webp")) as drawing:
        assert (drawing.format, drawing.mode) == ("WEBP", "RGB")
        width, height = drawing.size
        levels = drawing.convert("L").tobytes()
    assert abs(width / height - sample.width / sample.height) < 2 / height
    assert max(levels) - min(levels) > 60


def test_the_drawings_are_small_and_there_is_none_beside_them() -> None:
    drawings = list(DRAWINGS.glob("*.webp"))
    assert {file.stem for file in drawings} == {Path(sample.name).stem for sample in SAMPLES}
    assert sum(file.stat().st_size for file in drawings) < 2_000_000


def test_a_note_tells_which_commit_drew_them_and_who_may_use_them() -> None:
    note = (DRAWINGS / "README.md").read_text("utf-8")
    assert len(re.findall(r"\bcommit [0-9a-f]{40}$", note, re.MULTILINE)) == 1
    assert "MIT" in note


def test_pixels_are_the_same_in_another_process_that_loads_no_screen(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("misty-mountains.jpg", "desert-dunes.jpg")]
    here = []
    for path in paths:
        make_sample(SampleJob(Sample(path.name, 900, 600), str(path)), nobody)
        here.append(hashlib.sha256(path.read_bytes()).hexdigest())
        path.unlink()
    command = [sys.executable, "-c", MAKE_ELSEWHERE, *map(str, paths)]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert there == [*here, "[]"]


@pytest.mark.filterwarnings("ignore:image file could not be identified")
def test_a_pillow_without_webp_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WebPImagePlugin, "SUPPORTED", False)
    sample = Sample("moonrise.jpg", 60, 60)
    with pytest.raises(ImageError, match="this Pillow cannot read WebP"):
        make_sample(SampleJob(sample, str(tmp_path / sample.name)), nobody)
    assert list(tmp_path.iterdir()) == []


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
    assert {step for step, _ in steps} == {"open", "enlarge", "save"}
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


def test_a_photograph_that_has_a_sample_s_name_stays(tmp_path: Path) -> None:
    sample = Sample("moonrise.jpg", 60, 60)
    file = tmp_path / sample.name
    file.write_bytes(b"somebody's own")
    with pytest.raises(ImageError, match="something else has that name"):
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


def test_another_version_of_the_samples_has_another_folder() -> None:
    assert samples.samples_folder().name == f"samples-{samples.VERSION}"
