import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.runs.request import MaxFailures, parse_bytes, parse_pixels


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


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("250M", 250_000_000),
        ("250MP", 250_000_000),
        ("250000000", 250_000_000),
        ("1.5g", 1_500_000_000),
        ("300mp", 300_000_000),
    ],
)
def test_numbers_of_pixels(text: str, pixels: int) -> None:
    assert parse_pixels(text) == pixels


@pytest.mark.parametrize("text", ["", "M", "-4M", "4 X", "250P", "0", "9999999G", "1e9"])
def test_what_is_no_number_of_pixels_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="such as 250M"):
        parse_pixels(text)
