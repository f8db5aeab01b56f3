import os
from pathlib import Path

import pytest

from tests.images.factories import picture
from tui_app.images.codec.headers import Header, read_header, read_headers


def test_what_a_header_says(tmp_path: Path) -> None:
    picture((30, 20), "RGBA").save(tmp_path / "a.png")
    picture((60, 40), "L").save(tmp_path / "b.jpg")
    one, other = read_headers([str(tmp_path / "a.png"), str(tmp_path / "b.jpg")])
    assert one == Header((tmp_path / "a.png").stat().st_size, 30, 20, "RGBA", False, "PNG")
    assert other == Header((tmp_path / "b.jpg").stat().st_size, 60, 40, "L", True, "JPEG")


@pytest.mark.parametrize("text", [b"hello", b""])
def test_of_what_cannot_be_read_the_disk_knows_the_size(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(text)
    assert read_header(str(tmp_path / "a.jpg")) == Header(len(text))
    assert read_header(str(tmp_path / "none.jpg")) == Header()


@pytest.mark.timeout(10)
def test_a_fifo_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert read_header(str(tmp_path / "a.jpg")).width == 0
