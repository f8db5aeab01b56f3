"""Images of a plan, packed and unpacked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.files.folder import NO_FILE, Stamp
from tui_app.images.plan import Found, Item, Items, Standing

SIZES = st.integers(0, 2**63 - 1)
STAMPS = st.builds(Stamp, SIZES, SIZES) | st.just(NO_FILE)
ITEMS = st.builds(
    Item,
    root=st.sampled_from(["/photos", "/more/photos"]),
    # With surrogates: that is how Python holds a byte that is no UTF-8.
    name=st.text(st.characters(codec=None, exclude_characters="\0"), min_size=1),
    suffix=st.sampled_from(["", ".png"]),
    format=st.sampled_from(["JPEG", "PNG"]),
    width=st.integers(0, 2**31),
    height=st.integers(0, 2**31),
    bytes=SIZES,
    memory=SIZES,
    standing=st.sampled_from(Standing),
    done_at=SIZES,
    there=st.none() | STAMPS,
    target=st.sampled_from(["", "a.jpg", "deep/\udcff.jpg"]),
)


@pytest.mark.slow
@given(st.lists(ITEMS))
def test_what_is_packed_comes_out_the_same(items: list[Item]) -> None:
    packed = Items(items)
    assert list(packed) == items
    assert [packed[place] for place in range(-len(items), len(items))] == items + items
    assert packed == items
    with pytest.raises(IndexError):
        packed[len(items)]


@pytest.mark.slow
@given(st.lists(ITEMS), st.slices(8))
def test_some_of_them_are_what_a_list_would_give(items: list[Item], some: slice) -> None:
    assert Items(items)[some] == items[some]


@pytest.mark.slow
@given(st.lists(ITEMS))
def test_the_largest_are_first_and_equal_ones_stay_as_they_were(items: list[Item]) -> None:
    ordered = sorted(items, key=lambda item: -item.width * item.height)
    assert Items(items).largest_first() == ordered


@pytest.mark.slow
@given(st.lists(ITEMS), st.sets(st.sampled_from(Standing)))
def test_those_of_a_standing_are_chosen_in_their_order(
    items: list[Item], wanted: set[Standing]
) -> None:
    chosen = [item for item in items if item.standing in wanted]
    ordered = Items(items).of_standing(wanted.__contains__)
    assert ordered == chosen


FOUND = st.builds(Found, st.sampled_from(Standing), SIZES, st.none() | STAMPS)


@pytest.mark.slow
@given(st.lists(st.tuples(ITEMS, FOUND)))
def test_another_standing_is_for_each_in_its_place_and_the_first_ones_stay(
    pairs: list[tuple[Item, Found]],
) -> None:
    items = [item for item, _ in pairs]
    found = [one for _, one in pairs]
    before = Items(items).largest_first()
    after = before.standing(found)
    assert before == Items(items).largest_first()
    assert after == [
        replace(item, standing=one.standing, done_at=one.done_at, there=one.there)
        for item, one in zip(before, found, strict=True)
    ]


def test_they_differ_where_one_does() -> None:
    item = Item("/", "a.jpg", "", "JPEG", 1, 1, 1)
    assert Items([item]) != Items([replace(item, name="b.jpg")])
    assert Items([item]) != Items([item, item])
    assert Items() == Items([])
