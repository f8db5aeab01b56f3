"""Whatever bytes a file holds, it is processed or fails as an image: no other exception."""

import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.images.codec.test_metadata import full_exif, with_preview
from tests.images.factories import TUTORIAL, hidden, job, picture
from tui_app.images.errors import ImageError
from tui_app.images.pipeline import process_image
from tui_app.images.planner import make_plan

pytestmark = pytest.mark.filterwarnings("ignore")

FORMATS = {
    "JPEG": "RGB",
    "PNG": "RGBA",
    "GIF": "P",
    "WEBP": "RGBA",
    "TIFF": "CMYK",
    "BMP": "RGB",
    "TGA": "RGBA",
    "PCX": "P",
    "ICO": "RGBA",
    "PPM": "L",
    "JPEG2000": "RGB",
    "DDS": "RGBA",
    "SGI": "RGB",
}


def encoded(kind: str) -> bytes:
    buffer = BytesIO()
    picture((40, 30), FORMATS[kind]).save(buffer, kind)
    return buffer.getvalue()


ENCODED = {kind: encoded(kind) for kind in FORMATS}
# Most of what a reader believes stands at the beginning.
PLACES = st.one_of(st.integers(0, 100), st.integers(0, 5000))


def damaged(data: bytes, changes: list[tuple[int, int]], cut: int | None) -> bytes:
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(changed)] = value
    return bytes(changed if cut is None else changed[: cut % len(changed)])


def process(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, "a"), Path(folder, "out", "a.png")
        source.write_bytes(data)
        assert len(make_plan([str(source)], TUTORIAL).items) == 1
        given_job = job(source, output, TUTORIAL, "PNG")
        try:
            process_image(given_job, lambda step, fraction: None)
        except ImageError as error:
            assert str(error)  # noqa: PT017
            assert not output.exists()
        else:
            assert output.stat().st_size > 0
        assert list(hidden(output).iterdir()) == []


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(FORMATS)),
    st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=5),
    st.one_of(st.none(), PLACES),
)
def test_damaged_images(kind: str, changes: list[tuple[int, int]], cut: int | None) -> None:
    process(damaged(ENCODED[kind], changes, cut))


@pytest.mark.slow
@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(6, 900), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_exif(changes: list[tuple[int, int]]) -> None:
    buffer = BytesIO()
    picture((40, 30)).save(buffer, "JPEG", exif=damaged(with_preview(full_exif()), changes, None))
    process(buffer.getvalue())
