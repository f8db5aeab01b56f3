"""Who is counted out, and when nobody is left."""

import pytest

from tui_app.engine.slots import Slot
from tui_app.engine.spec import Pool
from tui_app.engine.workforce import MOST_LOST, STILLBORN, Workforce


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> list[Slot]:
    """Of three workers the first two have been started."""
    slots = [Slot(number, Pool(), "/nowhere") for number in (1, 2, 3)]
    monkeypatch.setattr(Slot, "started", property(lambda slot: slot.name != "W-3"))
    return slots


def test_who_is_refused_is_counted_out_with_those_who_were_never_started(
    slots: list[Slot],
) -> None:
    staff = Workforce(slots)
    assert staff.notes == []
    assert staff.miss(slots[1], "no room", refused=True) == ""
    assert [slot.name for slot in staff.slots] == ["W-1"]
    assert staff.notes == ["1 worker did all the work: no more could be started (no room)"]
    assert not staff.tries_again


def test_what_may_pass_is_tried_again(slots: list[Slot]) -> None:
    staff = Workforce(slots)
    for _ in range(STILLBORN - 1):
        assert staff.miss(slots[2], "gone", refused=False) == ""
        assert len(staff.slots) == 3
        assert staff.tries_again
    assert staff.miss(slots[2], "gone", refused=False) == ""
    assert [slot.name for slot in staff.slots] == ["W-1", "W-2"]


@pytest.mark.parametrize("refused", [True, False])
def test_the_last_one_is_tried_as_often_and_then_nobody_is_left(
    slots: list[Slot], refused: bool
) -> None:
    staff = Workforce(slots[:1])
    said = [staff.miss(slots[0], "no room", refused=refused) for _ in range(STILLBORN)]
    assert said == [*[""] * (STILLBORN - 1), "no room"]
    assert staff.notes == []


def test_a_fork_server_that_is_killed_again_and_again_ends_a_run_where_nothing_is_done() -> None:
    staff = Workforce()
    for _ in range(MOST_LOST - 1):
        assert staff.lose() == ""
    staff.ended(1)
    assert [staff.lose() for _ in range(MOST_LOST)] == [
        *[""] * (MOST_LOST - 1),
        "the process that starts workers is killed again and again",
    ]
