import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tui_app.images.codec.formats import (
    FORMATS,
    RECIPE_FORMATS,
    format_of_name,
    output_format,
    suffix_for,
)

NAMES = st.builds(
    lambda stem, ending: stem + ending,
    st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=20),
    st.sampled_from([e.swapcase() for f in FORMATS.values() for e in f.suffixes] + ["", ".psd"]),
)


@given(NAMES, st.sampled_from(list(FORMATS)))
def test_an_outputs_name_says_its_format_and_is_the_sources_where_that_does(
    name: str, written: str
) -> None:
    output = name + suffix_for(name, written)
    assert format_of_name(output) == written
    assert (output == name) == (format_of_name(name) == written)


@pytest.mark.parametrize(
    ("name", "written", "output"),
    [
        ("hopper.psd", "PNG", "hopper.psd.png"),
        ("photo", "JPEG", "photo.jpg"),
        ("x.jpg", "PNG", "x.jpg.png"),
        ("x.JPEG", "JPEG", "x.JPEG"),
        ("x.mpo", "JPEG", "x.mpo.jpg"),
        (".jpg", "JPEG", ".jpg.jpg"),
    ],
)
def test_names(name: str, written: str, output: str) -> None:
    assert name + suffix_for(name, written) == output


@pytest.mark.parametrize(
    ("own", "opaque", "written"),
    [
        ("JPEG", True, "JPEG"),
        ("MPO", True, "JPEG"),
        ("PNG", False, "PNG"),
        ("BMP", True, "BMP"),
        ("BMP", False, "PNG"),
        ("PSD", True, "JPEG"),
        ("PSD", False, "PNG"),
        (None, True, "JPEG"),
    ],
)
def test_the_same_format_where_it_is_written_well(
    own: str | None, opaque: bool, written: str
) -> None:
    assert output_format("same", own, opaque) == written


@pytest.mark.parametrize("asked", [name for name in RECIPE_FORMATS if name != "same"])
def test_a_format_that_is_asked_for_is_written(asked: str) -> None:
    assert output_format(asked, "PSD", False) == asked.upper() in FORMATS


def test_pillow_knows_the_table() -> None:
    Image.init()
    endings = Image.registered_extensions()
    for name, form in FORMATS.items():
        assert name in Image.SAVE
        assert {endings.get(suffix, name) for suffix in form.suffixes} == {name}
