from hypothesis import given
from hypothesis import strategies as st

from tui_app.images.plan import Item, Items
from tui_app.images.preflight import same_names
from tui_app.images.roots import told_apart

PARTS = st.sampled_from(["a", "b", "A", "card"])
ROOTS = st.lists(PARTS, min_size=3, max_size=3).map(lambda parts: "/" + "/".join(parts))
FILES = st.lists(PARTS, min_size=1, max_size=2).map(lambda parts: "/".join(parts) + ".jpg")


def item(root: str, name: str, target: str = "") -> Item:
    return Item(root, name, "", "JPEG", 1, 1, 1, target=target)


def outputs(items: Items) -> list[str]:
    return [item.output_name for item in items]


def apart(items: Items, *, fold: bool = False) -> Items:
    return told_apart(items, same_names(fold))


def test_names_that_differ_stay_as_they_are() -> None:
    items = Items([item("/x/A", "1.jpg"), item("/x/B", "2.jpg")])
    assert apart(items) is items


def test_each_root_s_name_is_in_front_where_two_have_the_same_names() -> None:
    items = Items([item("/x/A", "1.jpg"), item("/x/B", "1.jpg"), item("/y/C", "d/2.jpg")])
    assert outputs(apart(items)) == ["A/1.jpg", "B/1.jpg", "C/d/2.jpg"]
    assert [one.source for one in apart(items)] == [one.source for one in items]


def test_buckets_tell_folders_of_one_name_apart() -> None:
    urls = ("s3://one/card", "s3://two/card", "s3://two")
    items = Items([item(url, "1.jpg") for url in urls])
    assert outputs(apart(items)) == ["one/card/1.jpg", "two/card/1.jpg", "two/1.jpg"]
    assert [one.source for one in apart(items)] == [one.source for one in items]


def test_as_many_folders_are_in_front_as_tell_them_apart() -> None:
    items = Items([item("/1/card", "1.jpg"), item("/2/card", "1.jpg"), item("/x/p", "1.jpg")])
    assert outputs(apart(items)) == ["1/card/1.jpg", "2/card/1.jpg", "x/p/1.jpg"]


def test_a_name_that_a_pattern_made_gets_it_too() -> None:
    items = Items([item("/A", "1.jpg", "x.jpg"), item("/B", "2.jpg", "x.jpg")])
    assert outputs(apart(items)) == ["A/x.jpg", "B/x.jpg"]


def test_where_the_disk_folds_case_names_that_differ_by_it_are_the_same() -> None:
    items = Items([item("/x/a", "P.jpg"), item("/y/A", "p.jpg")])
    assert apart(items) is items
    assert outputs(apart(items, fold=True)) == ["x/a/P.jpg", "y/A/p.jpg"]


def test_the_root_of_all_has_no_name() -> None:
    items = Items([item("/", "1.jpg"), item("/A", "1.jpg")])
    assert outputs(apart(items)) == ["1.jpg", "A/1.jpg"]


@given(st.lists(st.tuples(ROOTS, FILES), unique_by="".join))
def test_no_name_comes_twice_and_names_come_from_nothing_but_the_images(
    found: list[tuple[str, str]],
) -> None:
    items = Items(item(root, name) for root, name in found)
    moved = apart(items)
    assert [one.source for one in moved] == [one.source for one in items]
    assert len(set(outputs(moved))) == len(items)
    assert outputs(apart(Items(reversed(list(items))))) == outputs(moved)[::-1]
