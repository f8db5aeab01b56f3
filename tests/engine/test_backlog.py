"""Which task is next: in turn, as memory allows, and suspects first and alone."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import work
from tui_app.engine.backlog import Backlog
from tui_app.engine.spec import Task


def task(memory: int = 0, skip: str = "") -> Task:
    return Task("", work.double, 1, memory=memory, skip=skip)


def backlog_of(*memory: int, limit: int = 100) -> Backlog:
    """All of these have been taken in."""
    backlog = Backlog([task(one) for one in memory], limit)
    while backlog.take_in(len(memory) + 1):
        pass
    return backlog


def pick(backlog: Backlog, most: int = 100) -> list[int]:
    """The tasks that are picked, as far as any is ready."""
    return [number for number, _task in islice(backlog.pick(), most)] if backlog.ready else []


def made_suspects(backlog: Backlog, *tasks: int) -> None:
    """Of the tasks that wait, these become suspects, in this order; the others wait as before."""
    picked = pick(backlog)
    for number in tasks:
        backlog.wait_alone(number)
    backlog.wait_first([number for number in picked if number not in tasks])


def test_tasks_are_taken_as_the_window_allows_and_numbered() -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        while True:
            taken += 1
            yield task()

    backlog = Backlog(endless(), None)
    numbers = [came[0] for came in iter(lambda: backlog.take_in(3), None)]
    assert (numbers, taken, backlog.waiting) == ([1, 2, 3], 3, 3)
    assert pick(backlog, 2) == [1, 2]
    assert backlog.take_in(3) is None, "picked ones have their place in the window"
    backlog.end(2)
    came = backlog.take_in(3)
    assert came is not None
    assert (came[0], taken, backlog.left) == (4, 4, [1, 3, 4])


def test_what_is_to_be_skipped_is_told_and_has_ended() -> None:
    backlog = Backlog([task(skip="it is there"), task()], None)
    came = backlog.take_in(1)
    assert came is not None
    assert (came[0], came[1].skip) == (1, "it is there")
    assert 1 not in backlog
    assert backlog.take_in(1) is not None
    assert pick(backlog) == [2]


def test_it_is_done_when_all_have_come_and_ended() -> None:
    backlog = Backlog([task()], None)
    assert not backlog.done
    backlog.take_in(2)
    backlog.take_in(2)
    assert not backlog.done
    assert pick(backlog) == [1]
    assert not backlog.done
    assert 1 in backlog
    backlog.end(1)
    assert backlog.done
    assert 1 not in backlog


def test_each_is_picked_once_and_in_turn() -> None:
    backlog = backlog_of(0, 0, 0, 0)
    assert pick(backlog, 3) == [1, 2, 3]
    assert backlog.waiting == 1
    assert pick(backlog) == [4]
    assert not backlog.ready


def test_what_comes_back_waits_where_it_belongs() -> None:
    backlog = backlog_of(*[0] * 6)
    assert pick(backlog, 5) == [1, 2, 3, 4, 5]
    backlog.put_back([4, 5])
    backlog.wait(1)
    backlog.wait_first([2, 3])
    assert backlog.waiting == 6
    assert pick(backlog) == [2, 3, 4, 5, 6, 1]


# Suspects


def test_suspects_go_first_one_by_one_and_the_others_after_them() -> None:
    backlog = backlog_of(0, 0, 0, 0)
    made_suspects(backlog, 3, 2)
    order = []
    while backlog.suspects:
        (suspect,) = pick(backlog, 1)
        assert not backlog.ready, "nothing goes beside a suspect"
        order.append(suspect)
        backlog.end(suspect)
    assert order == [3, 2]
    assert pick(backlog) == [1, 4]


@pytest.mark.parametrize(
    ("becomes", "next_ones"),
    [
        (lambda backlog: backlog.put_back([3]), [3]),
        (lambda backlog: backlog.wait_alone(3), [3]),
        (lambda backlog: backlog.wait(3), [1, 2, 4, 3]),
        (lambda backlog: backlog.wait_first([3]), [3, 1, 2, 4]),
        (lambda backlog: backlog.end(3), [1, 2, 4]),
    ],
)
def test_whatever_becomes_of_a_suspect_the_next_is_ready(
    becomes: Callable[[Backlog], None], next_ones: list[int]
) -> None:
    backlog = backlog_of(0, 0, 0, 0)
    made_suspects(backlog, 3)
    assert pick(backlog, 1) == [3]
    becomes(backlog)
    assert backlog.suspects is (next_ones == [3])
    assert pick(backlog) == next_ones


def test_a_new_suspect_waits_after_those_there_are_and_one_put_back_before_them() -> None:
    backlog = backlog_of(0, 0, 0)
    made_suspects(backlog, 1, 2, 3)
    assert pick(backlog, 1) == [1]
    backlog.wait_alone(1)
    assert pick(backlog, 1) == [2]
    backlog.put_back([2])
    for suspect in (2, 3, 1):
        assert pick(backlog, 1) == [suspect]
        backlog.end(suspect)


def test_of_one_pick_all_come_from_one_line() -> None:
    backlog = backlog_of(0, 0, 0)
    made_suspects(backlog, 2)
    picked = []
    for number, _task in backlog.pick():
        picked.append(number)
        backlog.end(number)
    assert picked == [2]
    assert pick(backlog) == [1, 3]


def test_what_waits_again_meanwhile_is_picked_too() -> None:
    backlog = backlog_of(0, 0)
    picked = []
    for number, _task in backlog.pick():
        picked.append(number)
        if picked == [1]:
            backlog.wait(1)
    assert picked == [1, 2, 1]


# Memory


def test_tasks_wait_for_memory_in_their_turn() -> None:
    backlog = backlog_of(60, 40, 20, 10)
    assert pick(backlog) == [1, 2], "together they have all there is"
    assert not backlog.ready
    backlog.end(2)
    assert pick(backlog) == [3, 4]


def test_none_is_let_past_one_that_waits_for_memory() -> None:
    backlog = backlog_of(60, 50, 10)
    assert pick(backlog) == [1]
    backlog.end(1)
    assert pick(backlog) == [2, 3]


@pytest.mark.parametrize(
    "becomes",
    [
        lambda backlog: backlog.end(1),
        lambda backlog: backlog.wait(1),
        lambda backlog: backlog.wait_alone(1),
    ],
)
def test_what_comes_back_holds_no_memory(becomes: Callable[[Backlog], None]) -> None:
    backlog = backlog_of(60, 60)
    assert pick(backlog) == [1]
    assert not backlog.ready
    becomes(backlog)
    assert backlog.ready


def test_who_needs_none_passes_and_who_is_too_large_does_not_wait() -> None:
    backlog = backlog_of(100, 0, 101, 1)
    picked = list(islice(backlog.pick(), 10))
    assert [number for number, _task in picked] == [1, 2, 3]
    assert [backlog.too_large(one) for _number, one in picked] == [False, False, True]


def test_free_memory_is_asked_for_once_and_only_where_a_task_names_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free_memory = Mock(return_value=50)
    monkeypatch.setattr("tui_app.engine.backlog.free_memory", free_memory)
    without = Backlog([task(), task()], None)
    while without.take_in(10):
        pass
    assert [without.too_large(one) for _number, one in without.pick()] == [False, False]
    free_memory.assert_not_called()
    named = Backlog([task(40), task(51), task(40)], None)
    while named.take_in(10):
        pass
    assert [named.too_large(one) for _number, one in named.pick()] == [False, True]
    free_memory.assert_called_once_with()


@given(
    st.lists(st.integers(0, 60), max_size=20),
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=200),
)
def test_none_is_lost_and_memory_holds_whatever_comes(
    memory: list[int], choices: list[tuple[int, int]]
) -> None:
    backlog = backlog_of(*memory)
    held: dict[int, int] = {}
    ended: Counter[int] = Counter()
    alone: int | None = None
    # After the choices all that is picked ends, so that the run does.
    for how, most in [*choices, *[(4, 1)] * 2 * len(memory)]:
        suspect = backlog.suspects
        picked = pick(backlog, 1 if suspect else most)
        assert alone is None or not picked
        if suspect and picked:
            (alone,) = picked
        held |= {number: memory[number - 1] for number in picked}
        assert sum(held.values()) <= 100
        if not held:
            continue
        oldest = next(iter(held))
        del held[oldest]
        alone = None if oldest == alone else alone
        match how:
            case 0:
                backlog.wait(oldest)
            case 1:
                backlog.wait_first([oldest])
            case 2:
                backlog.wait_alone(oldest)
            case _:
                backlog.end(oldest)
                ended[oldest] += 1
    assert backlog.done
    assert ended == dict.fromkeys(range(1, len(memory) + 1), 1)
