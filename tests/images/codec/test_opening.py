from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.images.factories import NOTHING, job, picture
from tui_app.images.codec.headers import HeaderOptions, read_header
from tui_app.images.codec.opening import admit
from tui_app.images.errors import ImageError
from tui_app.images.pipeline import process_image

pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An image that is larger than what is opened without being asked to."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000)
    picture((96, 64)).save(tmp_path / "a.png")
    yield tmp_path / "a.png"
    admit(None)


def test_a_large_image_is_opened_where_it_is_admitted_and_not_after(large: Path) -> None:
    for pixels, width in ((96 * 64, 96), (96 * 64 - 2, 0), (None, 0), (10**9, 96), (None, 0)):
        assert read_header(str(large), HeaderOptions(pixels)).width == width, pixels
    assert Image.MAX_IMAGE_PIXELS == 1_000
    admit(None)
    assert Image.MAX_IMAGE_PIXELS == 1_000


def test_a_worker_opens_what_its_job_admits(large: Path, tmp_path: Path) -> None:
    given = job(large, tmp_path / "out" / "a.png", NOTHING, "PNG")
    with pytest.raises(ImageError, match=r"--max-pixels 1M admits it$"):
        process_image(given, lambda step, fraction: None)
    result = process_image(replace(given, max_pixels=10_000), lambda step, fraction: None)
    assert (result["width"], result["height"]) == (96, 64)
