"""JPEGs that end too early, or too late."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.images.factories import done, picture, same_pixels
from tui_app.images.errors import ImageError

KINDS: dict[str, dict[str, object]] = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_rows": 1},
    "grey": {"mode": "L"},
    "cmyk": {"mode": "CMYK"},
}


def encoded(mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    noise = Image.effect_noise((600, 400), 60).convert(mode)
    noise.save(file, "JPEG", quality=90, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_where_only_the_end_marker_is_missing_it_is_done_and_said(
    tmp_path: Path, kind: str
) -> None:
    data = encoded(**KINDS[kind])  # type: ignore[arg-type]
    for name, ending in (("whole", data), ("no end", data[:-2]), ("half of it", data[:-1])):
        (tmp_path / f"{name}.jpg").write_bytes(ending)
    whole, _ = done(tmp_path / "whole.jpg", tmp_path / "out" / "whole.png", written="PNG")
    for name in ("no end", "half of it"):
        found, notes = done(
            tmp_path / f"{name}.jpg", tmp_path / "out" / f"{name}.png", written="PNG"
        )
        assert same_pixels(found, whole)
        assert "its end marker was missing, and nothing else" in notes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lost", ["3 bytes", "20 bytes", "200 bytes", "1 %", "half"])
def test_a_file_that_was_cut_stays_cut_off(tmp_path: Path, kind: str, lost: str) -> None:
    data = encoded(**KINDS[kind])  # type: ignore[arg-type]
    number, unit = lost.split() if " " in lost else ("50", "%")
    count = int(number) * len(data) // 100 if unit == "%" else int(number)
    (tmp_path / "a.jpg").write_bytes(data[:-count])
    with pytest.raises(ImageError, match="the file is cut off"):
        done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg")


def test_a_progressive_file_without_its_last_scan_is_cut_off(tmp_path: Path) -> None:
    data = encoded(progressive=True)
    (tmp_path / "a.jpg").write_bytes(data[: data.rindex(b"\xff\xda")])
    with pytest.raises(ImageError, match="the file is cut off"):
        done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg")


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (b"\0", "1 byte behind its end was left out"),
        (b"ftypmp42" * 100, "800 bytes behind its end were left out"),
    ],
)
def test_what_stands_behind_the_end_is_left_out_and_said(
    tmp_path: Path, behind: bytes, said: str
) -> None:
    picture().save(tmp_path / "a.jpg")
    plain, _ = done(tmp_path / "a.jpg", tmp_path / "out" / "plain.jpg")
    (tmp_path / "a.jpg").write_bytes((tmp_path / "a.jpg").read_bytes() + behind)
    found, notes = done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg")
    assert same_pixels(found, plain)
    assert notes == [said]
