from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs.factories import begun, done, ended, failed, queued, run_started, up
from tui_app.engine.spec import LOCAL_EXECUTORS, ExecutorKind
from tui_app.events import Event, Outcome, ProcessExited
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.measurement import SEQUENTIAL, Cell, Measurement, MeasurementReader
from tui_app.runs.sweep.result import PARALLEL, Sweep, cells_of, worker_counts
from tui_app.runs.sweep.scaling import amdahl
from tui_app.runs.view import RunState

PROCESSES, THREADS = ExecutorKind.PROCESSES, ExecutorKind.THREADS
CPUS = st.integers(1, 256)


def sweep_of(
    most: int = 4, rounds: int = 3, cpus: int = 2, work: WorkKind = WorkKind.IMAGES
) -> Sweep:
    return Sweep(work, cells_of(PARALLEL, worker_counts(most, cpus)), rounds, cpus)


def ran(cell: Cell, wall: float, state: RunState = RunState.OK) -> Measurement:
    return Measurement(cell, state, wall, cpu=1.0, memory=50_000_000)


def walls(sweep: Sweep, **of: list[float]) -> Sweep:
    """The sweep with runs of these wall times: `sequential`, `processes_2`, …."""
    for name, times in of.items():
        kind, _, workers = name.partition("_")
        for wall in times:
            sweep = sweep.with_run(ran(Cell(ExecutorKind(kind), int(workers or 1)), wall))
    return sweep


# Which runs, in which order


@given(st.integers(1, 1000), CPUS)
def test_the_counts_are_few_and_have_what_counts(most: int, cpus: int) -> None:
    counts = worker_counts(most, cpus)
    assert list(counts) == sorted(set(counts))
    assert {1, most} <= set(counts)
    assert {count for count in (2, cpus) if count <= most} <= set(counts)
    assert counts[-1] == most
    assert len(counts) <= 12
    if most <= 8:
        assert counts == tuple(range(1, most + 1))


@given(st.integers(1, 40), st.integers(1, 9), CPUS, st.sets(st.sampled_from(LOCAL_EXECUTORS)))
def test_every_cell_comes_once_a_round_and_the_sequential_one_first(
    most: int, rounds: int, cpus: int, executors: set[ExecutorKind]
) -> None:
    cells = cells_of(executors, worker_counts(most, cpus))
    sweep = Sweep(WorkKind.IMAGES, cells, rounds, cpus)
    order = list(sweep.order())
    assert order[0] == SEQUENTIAL
    assert len(order) == sweep.runs_in_all
    for start in range(0, len(order), len(cells)):
        assert set(order[start : start + len(cells)]) == set(cells)
    assert set(Counter(order).values()) == {rounds}
    assert {cell.executor for cell in cells} == {ExecutorKind.SEQUENTIAL, *executors}


def test_a_machine_that_grows_slower_favours_no_cell() -> None:
    """Over two rounds each cell's runs stand, on average, in the same place."""
    sweep = sweep_of(rounds=2)
    places: dict[Cell, list[int]] = {}
    for place, cell in enumerate(sweep.order()):
        places.setdefault(cell, []).append(place)
    assert len({sum(of) for of in places.values()}) == 1


# What events come to


def gone(pid: int, cpu: float | None, memory: int | None, gil: bool | None = None) -> ProcessExited:
    return ProcessExited(t=3.0, pid=pid, exitcode=0, cpu=cpu, memory=memory, gil=gil)


def read(*events: Event, outcome: Outcome = Outcome.OK, reason: str = "") -> Measurement:
    reader = MeasurementReader(Cell(PROCESSES, 2))
    for event in events:
        reader.add(event)
    assert reader.measurement is None, "before its end it came to nothing"
    for event in ended(events, outcome, reason, t=3.5)[len(events) :]:
        reader.add(event)
    assert reader.measurement is not None
    return reader.measurement


def test_a_run_comes_to_its_wall_time_and_what_its_workers_cost() -> None:
    start: list[Event] = [run_started(1), up(7, "W-1"), up(8, "W-2"), queued(1), begun(1, 7)]
    told = read(*start, done(1, 7), gone(7, 1.5, 100), gone(8, 0.5, 50))
    assert told == Measurement(Cell(PROCESSES, 2), RunState.OK, 3.5, 2.0, 150)
    # One that ended no task tells nothing, and takes nothing from the other.
    assert read(*start, done(1, 7), gone(7, 1.5, 100), gone(8, None, None)).memory == 100
    untold = read(*start, done(1, 7), gone(7, None, None))
    assert (untold.cpu, untold.memory, untold.gil) == (None, None, None)
    for locks, gil in (((True, True), True), ((False, None), False), ((False, True), True)):
        exits = [gone(pid, 1.0, 100, lock) for pid, lock in zip((7, 8), locks, strict=True)]
        assert read(*start, done(1, 7), *exits).gil is gil


def test_what_failed_is_kept_by_its_name() -> None:
    start: list[Event] = [run_started(1), up(7, "W-1"), queued(1, "a.jpg"), begun(1, 7)]
    told = read(*start, failed(1, 7, "it is damaged"), outcome=Outcome.FAILED)
    assert not told.ok
    assert [(f.label, f.step, f.reason) for f in told.failures] == [
        ("a.jpg", "decode", "it is damaged")
    ]
    stopped = read(*start, outcome=Outcome.CANCELLED, reason="by hand")
    assert (stopped.state, stopped.reason) == (RunState.CANCELLED, "by hand")


def test_a_run_with_fewer_workers_than_its_cell_is_no_measurement_of_it() -> None:
    work: list[Event] = [up(7, "W-1"), queued(1), begun(1, 7), done(1, 7)]
    told = read(run_started(1, workers=1, notes=["1 worker, not 2"]), *work)
    assert (told.state, told.reason) == (RunState.FAILED, "1 worker, not 2")
    assert read(run_started(1, workers=2, notes=["of something else"]), *work).ok


# Figures


def test_figures_are_medians_against_the_sequential_one() -> None:
    sweep = walls(sweep_of(), sequential=[4.2, 4.0, 3.9], processes_2=[2.0, 2.5, 1.9])
    found = sweep.statistics(Cell(PROCESSES, 2))
    assert found is not None
    assert (found.wall.least, found.wall.median, found.wall.most) == (1.9, 2.0, 2.5)
    assert found.speed_up is not None
    assert found.speed_up.median == 2.0
    assert found.speed_up.least == 4.0 / 2.5
    assert found.speed_up.most == 4.0 / 1.9
    assert (found.efficiency, found.serial) == (1.0, 0.0)
    assert sweep.statistics(Cell(THREADS, 2)) is None


def test_beyond_the_cpus_there_is_no_processor_more_but_for_work_that_sleeps() -> None:
    times = {"sequential": [4.0], "processes_2": [2.0], "processes_4": [2.0]}
    four = Cell(PROCESSES, 4)
    computing = walls(sweep_of(work=WorkKind.COMPUTING), **times).statistics(four)
    sleeping = walls(sweep_of(work=WorkKind.SLEEPING), **times).statistics(four)
    assert computing is not None
    assert sleeping is not None
    assert (computing.efficiency, computing.serial) == (1.0, 0.0)
    assert sleeping.efficiency == 0.5
    assert sleeping.serial == pytest.approx(1 / 3)


@given(st.floats(0.0, 1.0), st.integers(2, 32), st.sampled_from(WorkKind))
def test_the_fit_finds_the_share_that_the_times_were_made_of(
    share: float, cpus: int, work: WorkKind
) -> None:
    sweep = sweep_of(most=2 * cpus, cpus=cpus, work=work).with_run(ran(SEQUENTIAL, 10.0))
    for cell in sweep.cells:
        if cell.executor is PROCESSES:
            wall = 10.0 / amdahl(share, sweep.processors(cell.workers))
            # Beyond the CPUs nothing counts for the fit, however bad it was.
            beyond = work.computes and cell.workers > cpus
            sweep = sweep.with_run(ran(cell, wall * 3 if beyond else wall))
    assert sweep.serial(PROCESSES) == pytest.approx(share, abs=1e-9)
    assert sweep.serial(THREADS) is None
    assert sweep.best_executor() is PROCESSES


def test_runs_that_failed_are_left_out_and_told() -> None:
    sweep = walls(sweep_of(), sequential=[4.0], processes_2=[2.0])
    two = Cell(PROCESSES, 2)
    sweep = sweep.with_run(ran(two, 0.1, RunState.FAILED))
    assert len(sweep.failed_runs(two)) == 1
    found = sweep.statistics(two)
    assert found is not None
    assert found.wall.least == 2.0
    assert not sweep.hopeless


def test_where_the_first_sequential_run_fails_there_is_nothing_to_hope_for() -> None:
    sweep = sweep_of()
    assert not sweep.hopeless
    assert sweep.with_run(ran(SEQUENTIAL, 1.0, RunState.FAILED)).hopeless
    well = sweep.with_run(ran(SEQUENTIAL, 1.0))
    assert not well.with_run(ran(SEQUENTIAL, 1.0, RunState.FAILED)).hopeless


def test_without_a_baseline_there_is_a_time_and_no_ratio() -> None:
    found = walls(sweep_of(), processes_2=[2.0]).statistics(Cell(PROCESSES, 2))
    assert found is not None
    assert found.wall.median == 2.0
    assert (found.speed_up, found.efficiency, found.serial) == (None, None, None)


# What more workers bring


def best(sweep: Sweep, kind: ExecutorKind = PROCESSES) -> int:
    gain = sweep.gain(kind)
    assert gain is not None
    return gain.best


def test_beyond_the_best_number_nothing_is_gained() -> None:
    four = sweep_of()
    base = {"sequential": [4.0, 4.1, 3.9]}
    two = {"processes_2": [2.0, 2.1, 2.05]}
    assert best(walls(four, **base, **two, processes_3=[2.0, 1.99, 2.02])) == 2
    assert best(walls(four, **base, **two, processes_3=[1.5, 1.5, 1.5])) == 3
    # Two workers bring nothing, three do.
    assert best(walls(four, **base, processes_2=[4.0] * 3, processes_3=[2.0] * 3)) == 3
    assert best(walls(four, **base, processes_2=[4.0] * 3, processes_3=[4.5] * 3)) == 1


def test_a_gain_within_the_spread_is_none() -> None:
    base = {"sequential": [4.0, 4.0, 4.0]}
    assert best(walls(sweep_of(), **base, processes_2=[2.0, 3.9, 3.0])) == 1
    assert best(walls(sweep_of(), **base, processes_2=[2.9, 3.1, 3.0])) == 2
    assert best(walls(sweep_of(), **base, processes_2=[3.9, 3.9, 3.9])) == 1


def test_what_is_slower_than_in_sequence_has_gained_nothing() -> None:
    slow = walls(sweep_of(), sequential=[1.0], processes_1=[4.0], processes_2=[2.0])
    assert best(slow) == 1


def test_before_more_than_one_worker_there_is_no_verdict() -> None:
    assert sweep_of().gain(PROCESSES) is None
    assert walls(sweep_of(), sequential=[1.0], processes_1=[1.0]).gain(PROCESSES) is None
    assert walls(sweep_of(), processes_2=[1.0]).gain(PROCESSES) is None


@given(
    st.lists(st.tuples(st.integers(0, 8), st.floats(0.01, 100), st.sampled_from(RunState))),
    st.integers(1, 4),
    st.sampled_from(WorkKind),
)
def test_whatever_was_measured_comes_to_something(
    runs: list[tuple[int, float, RunState]], cpus: int, work: WorkKind
) -> None:
    sweep = sweep_of(cpus=cpus, work=work)
    for number, wall, state in runs:
        sweep = sweep.with_run(ran(sweep.cells[number], wall, state))
    for cell in sweep.cells:
        found = sweep.statistics(cell)
        well = [run for run in sweep.runs if run.cell == cell and run.ok]
        assert (found is not None) == bool(well)
    for kind in PARALLEL:
        gain = sweep.gain(kind)
        assert gain is None or 1 <= gain.best <= gain.most
        assert gain is None or gain.best == 1 or gain.speed_up > 1
    left = sweep.seconds_left()
    assert left is None or left >= 0
    assert sweep.widest() >= 0


# How long still, and who else is here


def test_what_is_left_is_guessed_by_what_was() -> None:
    sweep = sweep_of(most=2, rounds=2)
    assert sweep.seconds_left() is None
    # Of five cells, one is known: the others are taken to be like it.
    assert sweep.with_run(ran(SEQUENTIAL, 3.0)).seconds_left() == pytest.approx(9 * 3.0)
    for cell in sweep.order():
        sweep = sweep.with_run(ran(cell, 2.0))
    assert sweep.seconds_left() == 0.0


def test_who_computed_and_had_no_cpu_was_disturbed() -> None:
    def share(wall: float, work: WorkKind = WorkKind.COMPUTING) -> float | None:
        return sweep_of(work=work).with_run(ran(SEQUENTIAL, wall)).share_of_cpu()

    assert share(1.1) == 1.0
    assert share(2.3) == pytest.approx(0.5)
    assert share(2.3, WorkKind.SLEEPING) is None
    untold = replace(ran(SEQUENTIAL, 1.0), cpu=None)
    assert sweep_of().with_run(untold).share_of_cpu() is None
    assert sweep_of().share_of_cpu() is None
