from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.demos.variant import parse_variant
from tui_app.runs.comparison.table import Comparison, is_tutorial, labels
from tui_app.runs.comparison.trial import Trial
from tui_app.runs.disturbance import Disturbance, Disturber
from tui_app.runs.view import RunState

OK, FAILED, CANCELLED = RunState.OK, RunState.FAILED, RunState.CANCELLED
IN_TURN = Trial("2 two-calls", OK, 2.05, 2.05, 1, slept=True)
AT_ONCE = Trial("5 process-joined", OK, 1.06, 2.04, 2, slept=True)
ALONE = Trial("16 images-sequential", OK, 13.6, 13.58, 1, said=13.45)
POOL = Trial("17 images-pool", OK, 6.9, 13.3, 2, said=6.81)


def lines(comparison: Comparison, width: int = 78) -> list[str]:
    table = comparison.table(width)
    return [table.header, *table.rows, *table.limits]


def told(*trials: Trial, cpus: int = 2, tutorial: bool = False) -> list[str]:
    return list(Comparison(trials, cpus, tutorial).sentences())


def test_the_table_of_two_that_sleep() -> None:
    comparison = Comparison([IN_TURN, AT_ONCE], 2)
    assert lines(comparison) == [
        "                       Wall     Work Work/wall vs first At once",
        "2 two-calls          2.05 s   2.05 s    1.00 x   1.00 x       1",
        "5 process-joined     1.06 s   2.04 s    1.92 x   1.93 x       2",
    ]
    assert told(IN_TURN, AT_ONCE) == [
        "5 process-joined was 1.93 x as fast as 2 two-calls.",
        "Sleeping needs no CPU, so the 2 CPUs here are no limit.",
    ]


def test_the_photographs_have_their_ceiling_and_the_tutorial_beside_them() -> None:
    comparison = Comparison([ALONE, POOL], 2, tutorial=True)
    assert lines(comparison) == [
        "                         Wall Finished in     Work Work/wall vs first At once",
        "16 images-sequential  13.60 s     13.45 s  13.58 s    1.00 x   1.00 x       1",
        "17 images-pool         6.90 s      6.81 s  13.30 s    1.93 x   1.97 x       2",
        "limit here, 2 CPUs                                             2.00 x",
        "the tutorial: 53.8 s, then 15.6 s                              3.45 x",
    ]
    assert told(ALONE, POOL, tutorial=True) == [
        "17 images-pool was 1.97 x as fast as 16 images-sequential.",
        "The tutorial's times are its author's; it does not say on how many CPUs.",
    ]


def test_where_the_first_was_parallel_the_cpus_are_no_ceiling_of_the_ratio() -> None:
    again = Comparison([POOL, POOL], 2)
    assert not again.has_ceiling
    assert told(POOL, POOL)[-1] == (
        "Only as many can compute at once as there are CPUs here: 2 CPUs."
    )
    assert Comparison([ALONE, POOL], 2).has_ceiling
    assert not Comparison([IN_TURN, AT_ONCE], 2).has_ceiling


def test_before_and_while_they_run() -> None:
    idle, running = Trial("2 two-calls"), Trial("2 two-calls", RunState.RUNNING, 0.5)
    assert lines(Comparison([idle, running], 2))[1:] == [
        "2 two-calls         ○ not played",
        "2 two-calls          0.50 s  ● running",
    ]
    assert told(idle, running) == []
    assert told(IN_TURN, running) == []


def test_one_that_failed_is_told_and_the_others_stand() -> None:
    broken = Trial("5 process-joined", FAILED, 0.4, reason="the script exited with 3")
    comparison = Comparison([IN_TURN, broken, AT_ONCE], 2)
    assert lines(comparison)[2] == "5 process-joined     0.40 s  ✗ failed"
    assert list(comparison.sentences())[:2] == [
        "5 process-joined failed: the script exited with 3.",
        "5 process-joined was 1.93 x as fast as 2 two-calls.",
    ]


def test_against_one_that_was_stopped_nothing_is_measured() -> None:
    stopped = Trial("2 two-calls", CANCELLED, 0.4, reason="cancelled")
    comparison = Comparison([stopped, AT_ONCE], 2)
    assert "      -" in lines(comparison)[2]
    assert list(comparison.sentences())[:2] == [
        "2 two-calls was stopped: cancelled.",
        "Nothing can be compared with 2 two-calls.",
    ]


def test_who_was_disturbed_is_not_compared() -> None:
    """Another program had the CPUs: that one of them was faster says nothing."""
    busy = replace(POOL, disturbance=Disturbance(Disturber.PROGRAM, 0.3))
    more = replace(POOL, disturbance=Disturbance(Disturber.PROGRAM, 0.4))
    for trials in ([ALONE, busy], [busy, ALONE]):
        sentences = told(*trials)
        assert sentences[0] == (
            "Another program was busy (30% of the CPUs): these times are not sure. Play it again."
        )
        assert not any(" as fast as " in one or " as long as " in one for one in sentences)
        assert "      -" in lines(Comparison(trials, 2))[2]
    assert "40% of the CPUs" in told(ALONE, busy, more)[0]
    assert len(told(ALONE, busy, more)) == len(told(ALONE, busy))


def test_who_sleeps_hardly_notices_another_program() -> None:
    busy = replace(AT_ONCE, disturbance=Disturbance(Disturber.PROGRAM, 0.9))
    assert told(IN_TURN, busy) == told(IN_TURN, AT_ONCE)


@pytest.mark.parametrize(
    ("wall", "sentence"),
    [
        (1.0, "b was 2.05 x as fast as 2 two-calls."),
        (2.04, "b took as long as 2 two-calls."),
        (4.1, "b took 2.00 x as long as 2 two-calls."),
    ],
)
def test_a_ratio_is_worded_the_way_it_points(wall: float, sentence: str) -> None:
    assert told(IN_TURN, Trial("b", OK, wall, 2.05, 2, slept=True))[0] == sentence


def test_other_work_is_no_fair_comparison_and_that_is_said() -> None:
    more = Trial("b", OK, 2.0, 4.1, 2, slept=True)
    assert "b had other work to do: 4.10 s, not 2.05 s." in told(IN_TURN, more)
    # Who computes and shares a CPU computes longer: that is the same work.
    shared = Trial("b", OK, 2.0, 30.0, 2)
    assert not any("other work" in sentence for sentence in told(ALONE, shared))


TRIALS = st.builds(
    Trial,
    st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=60),
    st.sampled_from(RunState),
    st.floats(0.01, 9999),
    st.floats(0, 9999),
    st.integers(0, 999),
    st.booleans(),
).filter(lambda trial: trial.work < 9999 * trial.wall)


@given(st.lists(TRIALS, min_size=2, max_size=3), st.integers(1, 64), st.booleans())
def test_the_table_fits_and_its_columns_stand_still(
    trials: list[Trial], cpus: int, tutorial: bool
) -> None:
    comparison = Comparison(trials, cpus, tutorial)
    table = comparison.table(78)
    assert len(table.rows) == len(trials)
    assert all(len(line) <= 78 for line in lines(comparison))
    ended = [row for row, trial in zip(table.rows, trials, strict=True) if trial.ok]
    assert {len(row) for row in ended} <= {len(table.header)}
    assert all(sentence.endswith(".") for sentence in comparison.sentences())


def test_what_they_are_called() -> None:
    both = [parse_variant(text) for text in ("2", "7:seconds=1.5:start=spawn")]
    assert labels(both) == ["2 two-calls", "7 loop-joined, seconds 1.5, spawn"]
    same = [parse_variant(text) for text in ("13", "13:workers=4")]
    assert labels(same) == ["unchanged", "workers 4"]


def test_the_tutorial_timed_its_two_in_its_order() -> None:
    there = [parse_variant(name) for name in ("images-sequential", "images-pool")]
    assert is_tutorial(there)
    assert not is_tutorial(there[::-1])
