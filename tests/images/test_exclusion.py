import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.images.errors import PlanError
from tui_app.images.exclusion import Exclusion


@pytest.mark.parametrize(
    ("pattern", "out", "kept"),
    [
        ("*.png", ["a.png", "deep/er/a.png"], ["a.jpg", "a.png.jpg"]),
        ("raw", ["raw/a.jpg", "deep/raw/er/a.jpg"], ["rawer/a.jpg", "a-raw.jpg"]),
        ("raw/", ["raw/a.jpg", "deep/raw/a.jpg"], ["deep/raw"]),
        ("/raw", ["raw/a.jpg"], ["deep/raw/a.jpg"]),
        ("raw/**", ["raw/a.jpg", "raw/deep/a.jpg"], ["deep/raw/a.jpg", "raw"]),
        ("**/raw/*.jpg", ["raw/a.jpg", "x/y/raw/a.jpg"], ["raw/a.png", "raw/deep/a.jpg"]),
        ("2024/*/a.jpg", ["2024/may/a.jpg"], ["2024/a.jpg", "2024/may/1/a.jpg"]),
        ("./a?.jpg", ["ab.jpg"], ["a.jpg", "x/ab.jpg"]),
        ("[ab].jpg", ["a.jpg", "b.jpg"], ["c.jpg", "A.jpg"]),
        ("two\nlines.*", ["two\nlines.jpg"], ["lines.jpg"]),
        ("*\udcff*", ["x\udcff.jpg"], ["x.jpg"]),
    ],
)
def test_what_a_pattern_leaves_out(pattern: str, out: list[str], kept: list[str]) -> None:
    exclusion = Exclusion([pattern])
    assert [name for name in out if not exclusion.leaves_out_on_the_way(name)] == []
    assert [name for name in kept if exclusion.leaves_out_on_the_way(name)] == []


@pytest.mark.parametrize("pattern", ["", "/", "./", "//"])
def test_an_empty_pattern_is_no_pattern(pattern: str) -> None:
    with pytest.raises(PlanError, match="empty"):
        Exclusion([pattern])


NAMES = st.lists(
    st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1), min_size=1
)


@given(NAMES)
def test_everything_is_everything(parts: list[str]) -> None:
    assert Exclusion(["**"]).leaves_out("/".join(parts))
    assert not Exclusion().leaves_out("/".join(parts))


@given(NAMES, NAMES)
def test_a_folder_takes_all_that_is_in_it(folder: list[str], below: list[str]) -> None:
    if {".", ".."} & {*folder, *below}:
        return
    plain = "/".join("".join(f"[{c}]" if c in "*?[" else c for c in part) for part in folder)
    assert Exclusion([f"/{plain}"]).leaves_out_on_the_way("/".join((*folder, *below)))
