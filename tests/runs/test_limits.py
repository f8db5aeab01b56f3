import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.images.items import FULL_SIZE_BYTES, SHRUNK_BYTES, Item, memory_needed
from tui_app.images.recipe import load_recipe
from tui_app.runs.request import MaxFailures, parse_bytes


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_so_many_failures_are_so_many(number: int, tasks: int) -> None:
    assert MaxFailures.parse(str(number)).of(tasks) == number


@given(st.integers(1, 100), st.integers(1, 10**6))
def test_a_share_of_failures_is_reached_before_it_is_passed(percent: int, tasks: int) -> None:
    most = MaxFailures.parse(f"{percent}%").of(tasks)
    assert 1 <= most <= max(1, tasks)
    assert most * 100 >= tasks * percent
    assert most == 1 or (most - 1) * 100 < tasks * percent


@pytest.mark.parametrize("text", ["", "0", "-3", "many", "0%", "101%", "%", "1.5"])
def test_what_is_no_number_of_failures_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="such as 20 or 5%"):
        MaxFailures.parse(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4G", 4_000_000_000),
        ("500M", 500_000_000),
        ("1.5g", 1_500_000_000),
        ("123", 123),
        ("2GB", 2_000_000_000),
    ],
)
def test_amounts_of_memory(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "G", "-4G", "4 X", "four", "0"])
def test_what_is_no_amount_of_memory_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="such as 4G"):
        parse_bytes(text)


def test_an_image_needs_memory_by_its_pixels_and_by_what_is_done() -> None:
    item = Item("/", "a.jpg", "", "JPEG", 6000, 4000, 1)
    blurred = memory_needed(item, load_recipe("tutorial"), exact=True)
    shrunk = memory_needed(item, load_recipe("thumbnail"), exact=True)
    assert blurred - shrunk == 24_000_000 * (FULL_SIZE_BYTES - SHRUNK_BYTES)
    assert 250e6 < blurred < 350e6
    assert memory_needed(item, load_recipe("tutorial"), exact=False) == shrunk
    unread = Item("/", "a.jpg", "", "JPEG", 0, 0, 1)
    assert memory_needed(unread, load_recipe("web"), exact=True) == 0
