from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.runs.sweep.test_result import PROCESSES, THREADS, ran, sweep_of, walls
from tui_app.engine.spec import ExecutorKind
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.measurement import SEQUENTIAL, Cell, Measurement
from tui_app.runs.sweep.phrases import cell_title, progress_words, sentences, table
from tui_app.runs.sweep.plot import AMDAHL, IDEAL, sweep_plot
from tui_app.runs.sweep.result import Sweep
from tui_app.runs.view import Failure, RunState

IMAGES, COMPUTING, SLEEPING = WorkKind


def steady(sweep: Sweep, **of: float) -> Sweep:
    """Three runs of each cell, that differ by little; none waits for a CPU."""
    for name, wall in of.items():
        sweep = walls(sweep, **{name: [wall, wall * 1.01, wall * 0.99]})
    return sweep


ONE = {"sequential": 1.2}
LIKE_IMAGES = ONE | {
    "threads_1": 1.2, "threads_2": 0.62, "threads_3": 0.62, "threads_4": 0.61,
    "processes_1": 1.2, "processes_2": 0.63, "processes_3": 0.63, "processes_4": 0.63,
}  # fmt: skip


def told(sweep: Sweep) -> list[str]:
    return list(sentences(sweep))


def test_beyond_the_cpus_nothing_is_gained() -> None:
    assert told(steady(sweep_of(), **LIKE_IMAGES)) == [
        "Processes: 1.90 x as fast; beyond 2 workers nothing is gained: 2 CPUs.",
        "Threads: 1.94 x as fast; beyond 2 workers nothing is gained: 2 CPUs.",
        "Threads: by Amdahl's law about 3% of the work is serial.",
    ]


def with_gil(sweep: Sweep, executor: ExecutorKind, gil: bool) -> Sweep:
    """The same runs, whose workers tell that of their interpreter; the others have a lock."""
    told = [replace(run, gil=gil if run.cell.executor is executor else True) for run in sweep.runs]
    return replace(sweep, runs=tuple(told))


def test_threads_that_compute_wait_for_the_interpreter() -> None:
    times = LIKE_IMAGES | {"threads_2": 1.2, "threads_3": 1.2, "threads_4": 1.25}
    computing = with_gil(steady(sweep_of(work=COMPUTING), **times), THREADS, True)
    assert "one interpreter computes at a time (GIL)" in told(computing)[1]
    # Only where that is the reason.
    images = with_gil(steady(sweep_of(), **times), THREADS, True)
    assert told(images)[1] == "Threads: more workers gain nothing here."
    free = with_gil(computing, THREADS, False)
    assert told(free)[1] == "Threads: more workers gain nothing here."


def test_sleeping_needs_no_cpu() -> None:
    times = {"sequential": 2.4, "processes_2": 1.2, "processes_3": 0.8, "processes_4": 0.6}
    sleeping = steady(sweep_of(work=SLEEPING), **times)
    assert told(sleeping)[0] == "Processes: 4.00 x as fast with 4 workers: sleeping needs no CPU."
    up_to_two = steady(sweep_of(most=2, work=SLEEPING), sequential=2.4, processes_2=1.2)
    assert told(up_to_two)[0] == (
        "Processes: 2.00 x as fast with 2 workers, the most that were tried."
    )


def test_on_one_cpu_that_is_the_reason() -> None:
    alone = steady(sweep_of(cpus=1), sequential=1.2, processes_1=1.2, processes_2=1.2)
    assert told(alone) == ["Processes: more workers gain nothing: 1 CPU."]


def test_where_times_spread_no_gain_is_seen_which_is_not_that_there_is_none() -> None:
    noisy = walls(sweep_of(), sequential=[1.2, 1.2, 1.2], processes_2=[0.5, 0.6, 1.9])
    assert told(noisy)[0] == "Processes: no gain is larger than the spread of the times."


def test_what_is_doubtful_is_said() -> None:
    busy = steady(sweep_of(), sequential=5.3, processes_2=2.0)
    assert "had a CPU for 20% of their time only" in told(busy)[-1]
    unsteady = walls(sweep_of(), sequential=[1.2, 1.2, 1.3], processes_2=[0.5, 0.6, 0.9])
    assert told(unsteady)[-1] == (
        "The times are not steady: in one line of the table they differ by up to 67%."
        " Run it again, with more rounds."
    )
    once = walls(sweep_of(rounds=1), sequential=[1.2], processes_2=[0.6])
    assert told(once)[-1] == "One round: how far the times spread is not known."


def disturbed(sweep: Sweep, *cells: Cell, runs: int = 3) -> Sweep:
    """The same runs; of each of these cells the first ones were disturbed."""
    told = list(sweep.runs)
    for cell in cells:
        mine = [index for index, run in enumerate(told) if run.cell == cell]
        for index in mine[:runs]:
            told[index] = replace(told[index], disturbed=True)
    return replace(sweep, runs=tuple(told))


def test_what_another_program_has_made_is_not_judged() -> None:
    quiet = steady(sweep_of(), **LIKE_IMAGES)
    busy = "Other programs had the CPUs during {} of 27 runs. Run it again when it is quiet."
    threads = disturbed(quiet, Cell(THREADS, 2))
    assert told(threads) == [
        told(quiet)[0],
        "Threads: not judged, as too many runs were disturbed.",
        busy.format(3),
    ]
    # All were measured against these.
    assert told(disturbed(quiet, SEQUENTIAL, runs=2)) == [
        "Processes: not judged, as too many runs were disturbed.",
        "Threads: not judged, as too many runs were disturbed.",
        busy.format(2),
    ]
    # One run of three is not the median.
    assert told(disturbed(quiet, SEQUENTIAL, runs=1)) == [*told(quiet), busy.format(1)]


def test_another_run_of_the_app_disturbs_all_that_computes() -> None:
    beside = replace(steady(sweep_of(), **LIKE_IMAGES), beside=True)
    assert told(beside)[-1].startswith("Another run of this app was busy")
    assert not any(" as fast" in sentence for sentence in told(beside))
    asleep = steady(sweep_of(work=SLEEPING), **LIKE_IMAGES)
    busy = disturbed(replace(asleep, beside=True), SEQUENTIAL)
    assert told(busy) == told(asleep)


def broken(cell: Cell, *names: str) -> Measurement:
    failures = tuple(
        Failure(n, name, "decode", "E", "it is damaged") for n, name in enumerate(names)
    )
    return Measurement(cell, RunState.FAILED, 1.0, failures=failures)


def test_a_run_that_failed_is_told_by_what_failed() -> None:
    sweep = steady(sweep_of(), **LIKE_IMAGES).with_run(broken(Cell(PROCESSES, 4), "a.jpg"))
    assert told(sweep)[:2] == [
        "✗ a.jpg: it is damaged",
        "1 run failed: without all of the work done it is not comparable, and left out.",
    ]
    assert told(sweep)[2].startswith("Processes: 1.90 x as fast")
    row = table(sweep).rows[-1]
    assert row.failed
    assert row.text.endswith("✗")


def test_where_the_sequential_run_failed_nothing_is_compared() -> None:
    many = [f"{n}.jpg" for n in range(5)]
    sweep = sweep_of().with_run(broken(SEQUENTIAL, *many))
    assert told(sweep) == [
        "✗ 0.jpg: it is damaged",
        "✗ 1.jpg: it is damaged",
        "✗ 2.jpg: it is damaged",
        "✗ 2 more failures",
        "1 run failed: without all of the work done it is not comparable, and left out.",
        "The sequential run did not go well: there is nothing to compare with.",
    ]
    assert table(sweep).rows[0].text == "◆ Sequential       1  ✗ 1 run did not go well"


def test_the_table() -> None:
    sweep = steady(sweep_of(most=2), sequential=4.0, threads_2=2.05, processes_1=4.04)
    shown = table(sweep, Cell(PROCESSES, 2))
    assert [shown.header, *(row.text for row in shown.rows)] == [
        "  Executor   Workers Wall s    Spread s  CPU s Speed-up Effic. Serial  Memory",
        "◆ Sequential       1   4.00   3.96–4.04   1.00   1.00 x   100%      -   50 MB",
        "▲ Threads          1",
        "▲ Threads          2   2.05   2.03–2.07   1.00   1.95 x    98%     2%   50 MB",
        "● Processes        1   4.04   4.00–4.08   1.00   0.99 x    99%      -   50 MB",
        "▶ Processes        2",
    ]
    assert [row.now for row in shown.rows] == [False, False, False, False, True]


@given(
    st.lists(st.tuples(st.integers(0, 8), st.floats(1, 99), st.sampled_from(RunState))),
    st.sampled_from([0.01, 1.0, 100.0]),
    st.sampled_from(WorkKind),
    st.none() | st.floats(0, 9999),
    st.none() | st.integers(0, 10**12),
)
def test_columns_stand_still_and_sentences_end(
    runs: list[tuple[int, float, RunState]],
    scale: float,
    work: WorkKind,
    cpu: float | None,
    memory: int | None,
) -> None:
    sweep = sweep_of(work=work)
    for number, wall, state in runs:
        cell = sweep.cells[number]
        sweep = sweep.with_run(Measurement(cell, state, wall * scale, cpu, memory))
    shown = table(sweep)
    full = [row for row in shown.rows if sweep.statistics(row.cell) and not row.failed]
    assert {len(row.text) for row in full} <= {len(shown.header)}
    assert all(line.endswith(".") or line.startswith("✗") for line in sentences(sweep))
    assert len(sweep_plot(sweep, 78, 14)) == 14


def test_the_plot_has_what_its_legend_says() -> None:
    rows = sweep_plot(steady(sweep_of(), **LIKE_IMAGES), 78, 16)
    legend = "".join(text for text, _role in rows[0])
    assert legend == (" Speed-up  ◆ Sequential  ▲ Threads  ● Processes  ⠒⠒ ideal  ⠂⠂ Amdahl 3%")
    drawn = {role: text for row in rows[1:] for text, role in row}
    assert {str(THREADS), str(PROCESSES), "sequential", IDEAL, AMDAHL} <= set(drawn)
    empty = {role for row in sweep_plot(sweep_of(), 78, 16)[1:] for _text, role in row}
    assert empty == {"", "axis", IDEAL}


def test_which_run_it_is_and_how_long_still() -> None:
    sweep = sweep_of(most=2, rounds=2)
    assert progress_words(sweep, SEQUENTIAL) == "run  1 of 10: Sequential"
    sweep = sweep.with_run(ran(SEQUENTIAL, 2.0))
    assert progress_words(sweep, Cell(THREADS, 1)) == (
        "run  2 of 10: Threads, 1 worker   about 0:18 left"
    )
    assert cell_title(Cell(PROCESSES, 2)) == "Processes, 2 workers"
