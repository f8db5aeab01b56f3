from hypothesis import given
from hypothesis import strategies as st

from tui_app.script.partial_line import PartialLine

PARTS = st.lists(st.text("ab \r", max_size=5))


@given(PARTS)
def test_what_stands_after_the_last_carriage_return_is_seen(parts: list[str]) -> None:
    growing = PartialLine()
    for number, part in enumerate(parts, 1):
        growing.add(part)
        if number % 2:
            so_far = "".join(parts[:number])
            assert growing.text == so_far.rstrip("\r").rpartition("\r")[2]
    assert growing.text == "".join(parts).rstrip("\r").rpartition("\r")[2]


def test_of_a_bar_only_the_present_state_is_kept() -> None:
    growing = PartialLine()
    for number in range(1000):
        growing.add(f"\r{number} of many")
    assert growing.text == "999 of many"
    assert len(growing._parts) == 1
