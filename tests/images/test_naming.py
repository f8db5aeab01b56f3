import os
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.images.factories import NOTHING
from tui_app.images.codec.headers import Header
from tui_app.images.errors import ImageError, PlanError
from tui_app.images.naming import FIELDS, NamedImage, NamePattern
from tui_app.images.recipe import Recipe

LONGEST = 255


def image(
    name: str = "deep/a.jpg", written: str = "JPEG", number: int = 7, **told: object
) -> NamedImage:
    header = Header(1, 60, 40, "RGB", True, written, **{"date": "2024-05-01", **told})  # type: ignore[arg-type]
    return NamedImage(f"/photos/{name}", name, header, written, number)


def named(pattern: str, of: NamedImage, recipe: Recipe = NOTHING) -> str:
    return NamePattern(pattern, LONGEST).path(of, recipe)


@pytest.mark.parametrize(
    ("pattern", "of", "path"),
    [
        ("{stem}{ext}", image(), "deep/a.jpg"),
        ("{stem}{ext}", image("A.JPEG"), "A.JPEG"),
        ("{stem}{ext}", image("a.psd", "PNG"), "a.png"),
        ("{stem}{ext}", image("v1.2"), "v1.2.jpg"),
        ("{stem}{ext}", image("noending"), "noending.jpg"),
        ("{stem}-small", image(), "deep/a-small.jpg"),
        ("{stem}.png", image(), "deep/a.png.jpg"),
        ("{folder}/{stem}", image(), "deep/a.jpg"),
        ("{folder}/{stem}", image("a.jpg"), "photos/a.jpg"),
        ("{date}/{counter}{ext}", image(), "2024-05-01/0007.jpg"),
        ("{counter}", image("a.jpg", number=12345), "12345.jpg"),
        ("{width}x{height}", image("a.jpg"), "60x40.jpg"),
        ("{width}x{height}", image("a.jpg", turned=True), "40x60.jpg"),
        ("{recipe}", image("a.jpg"), "nothing.jpg"),
        ("{{{stem}}}", image("a.jpg"), "{a}.jpg"),
        ("{stem}", image("\udcff.jpg"), "\udcff.jpg"),
    ],
)
def test_what_a_name_becomes(pattern: str, of: NamedImage, path: str) -> None:
    assert named(pattern, of) == path


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "/", "/{stem}", "{stem}/", "a//b", "..", "../{stem}", "a/../b", "./a", "a\0b"),
        *("{", "}", "{}", "{0}", "{soup}", "{stem.x}", "{stem[0]}", "{stem!r}", "{width:5}"),
        *(".procession/a", "a/.PROCESSION", f".procession-{os.geteuid()}", "{stem:{ext}}"),
        "n" * 256,
    ],
)
def test_a_pattern_that_cannot_be_used_is_one_sentence(pattern: str) -> None:
    with pytest.raises(PlanError) as caught:
        NamePattern(pattern, LONGEST)
    assert str(caught.value).startswith("--name ")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("pattern", "of", "says"),
    [
        ("{width}", image(unread="it is cut off", written="JPEG"), "it is cut off"),
        ("{date}", image(date=""), "its date is not known"),
        ("{folder}/x", NamedImage("/a.jpg", "a.jpg", Header(), "JPEG", 1), "a name is empty"),
        ("{stem}/x", image("..jpg"), "would leave"),
        ("{stem}/x", image(".procession.jpg"), "its own files"),
        ("{stem}-more", image(f"{'n' * 250}.jpg"), "too long"),
    ],
)
def test_an_image_may_have_no_usable_name(pattern: str, of: NamedImage, says: str) -> None:
    if says == "it is cut off":
        of = NamedImage(of.source, of.name, Header(1, unread=says), of.written, 1)
    with pytest.raises(ImageError, match=says):
        named(pattern, of)


PIECES = st.sampled_from(
    [*(f"{{{field}}}" for field in FIELDS), "/", "..", ".", "\\", " ", "~", ".procession", "{{"]
) | st.text(max_size=4)
PARTS = st.text(
    st.characters(codec=None, exclude_characters="/\0"), min_size=1, max_size=200
).filter(lambda part: part not in (".", ".."))


@given(
    st.lists(PIECES, max_size=8).map("".join),
    st.lists(PARTS, min_size=1, max_size=3).map("/".join),
    PARTS,
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
)
def test_no_name_leaves_the_output_folder(
    pattern: str, name: str, recipe: str, written: str
) -> None:
    try:
        os.fsencode(name + recipe + pattern)
        path = named(pattern, image(name, written), Recipe(recipe, ""))
    except (PlanError, ImageError, UnicodeEncodeError):
        return
    own = path if "/" in pattern else path.removeprefix(name.rpartition("/")[0]).lstrip("/")
    parts = own.split("/")
    assert len(parts) == pattern.count("/") + 1
    assert not {"", ".", ".."} & set(parts)
    assert not any(part.casefold().startswith(".procession") and len(part) == 11 for part in parts)
    assert all(len(os.fsencode(part)) <= LONGEST for part in parts)
    assert not PurePosixPath(path).is_absolute()
    assert "\0" not in path
