"""A sweep: the same work by each executor with 1, 2, … workers, and what the runs come to.

Values only: which runs there are and in which order, and the figures of all. `measurement.py` has
one run of them, `sweep_run.py` makes them, `sweep_words.py` and `sweep_plot.py` tell of them.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tui_app.engine.executors import ExecutorKind
from tui_app.runs.sweep.measurement import SEQUENTIAL, Cell, Measurement
from tui_app.runs.sweep.scaling import Spread, efficiency, fitted_serial, karp_flatt

ROUNDS = 5
"""How often each run is made: an odd number, so that one of them is the median."""

MOST_COUNTS = 8
"""So many numbers of workers are tried one by one; of more, about so many."""

PARALLEL = (ExecutorKind.THREADS, ExecutorKind.PROCESSES)
"""The executors that more workers may help."""

ALIKE = 0.05
"""Times that differ by a smaller share are called the same, however alike the repeats were."""


START_SECONDS = 0.3
"""About what it takes a worker to come and go."""


class WorkKind(StrEnum):
    """What is swept."""

    IMAGES = "images"
    COMPUTING = "computing"
    SLEEPING = "sleeping"

    @property
    def computes(self) -> bool:
        """Whether it needs CPUs, so that there is no more to gain than there are of them."""
        return self is not WorkKind.SLEEPING


def worker_counts(most: int, cpus: int) -> tuple[int, ...]:
    """The numbers of workers from 1 to `most` that are tried: all, or enough to draw a curve."""
    step = -(-most // MOST_COUNTS)
    counts = {1, 2, cpus, most, *range(step, most, step)}
    return tuple(sorted(count for count in counts if count <= most))


def cells_of(executors: Iterable[ExecutorKind], counts: Sequence[int]) -> tuple[Cell, ...]:
    """The cells of these executors; the sequential one is always the first."""
    wanted = set(executors)
    parallel = [Cell(kind, count) for kind in PARALLEL if kind in wanted for count in counts]
    return (SEQUENTIAL, *parallel)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the runs of a cell that went well come to; medians, but for the spreads.

    `speed_up` is against the median of the sequential runs; without any, nothing that follows from
    it is known. `serial` is after Karp and Flatt.
    """

    wall: Spread
    cpu: float | None
    memory: int | None
    speed_up: Spread | None = None
    efficiency: float | None = None
    serial: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What more workers brought with one executor.

    Attributes:
        executor: which.
        best: the number of workers beyond which nothing was gained; 1: nothing was gained at all.
        most: the largest number that was measured.
        speed_up: with the best number.
    """

    executor: ExecutorKind
    best: int
    most: int
    speed_up: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep as it stands; `with_run` gives the next one.

    Attributes:
        work: what is done again and again.
        cells: the ways to do it.
        rounds: how often each is run.
        cpus: how many may be used here.
        runs: what was measured so far, in the order in which it was.
    """

    work: WorkKind
    cells: tuple[Cell, ...]
    rounds: int
    cpus: int
    runs: tuple[Measurement, ...] = ()

    def order(self) -> Iterator[Cell]:
        """Every cell once a round, every second round backwards.

        So the repeats of a cell are far from each other, and a machine that grows slower or
        quicker meanwhile favours none.
        """
        for number in range(self.rounds):
            yield from self.cells if number % 2 == 0 else reversed(self.cells)

    @property
    def runs_in_all(self) -> int:
        """How many runs the whole sweep has."""
        return len(self.cells) * self.rounds

    def with_run(self, measurement: Measurement) -> Sweep:
        """The sweep after one run more."""
        return replace(self, runs=(*self.runs, measurement))

    @property
    def hopeless(self) -> bool:
        """Whether to stop: the first run is the sequential one, and it did not go well.

        What failed would fail again in every cell, and there is nothing to compare with.
        """
        return bool(self.runs) and not self.runs[0].ok

    def seconds_left(self) -> float | None:
        """About how long the runs that are not made yet take; `None` before there is a measure."""
        walls = [run.wall for run in self.runs if run.ok]
        if not walls:
            return None
        usual = statistics.fmean(walls)
        left = list(self.order())[len(self.runs) :]
        known = {cell: self._walls(cell) for cell in self.cells}
        return sum(statistics.fmean(known[cell]) if known[cell] else usual for cell in left)

    @property
    def has_gil(self) -> bool:
        """Whether threads computed under an interpreter's lock, as their own workers tell it."""
        return any(run.gil for run in self.runs if run.cell.executor is ExecutorKind.THREADS)

    def troubles(self, cell: Cell) -> tuple[Measurement, ...]:
        """The runs of a cell that did not go well."""
        return tuple(run for run in self.runs if run.cell == cell and not run.ok)

    def _walls(self, cell: Cell) -> list[float]:
        return [run.wall for run in self.runs if run.cell == cell and run.ok]

    # Figures

    def processors(self, workers: int) -> int:
        """How many CPUs so many workers can use; work that sleeps needs none, so there: all.

        This is the `p` of efficiency, of Karp and Flatt, and of Amdahl.
        """
        return min(workers, self.cpus) if self.work.computes else workers

    @property
    def baseline(self) -> Spread | None:
        """Wall times of the sequential runs."""
        walls = self._walls(SEQUENTIAL)
        return Spread.of(walls) if walls else None

    def figures(self, cell: Cell) -> Figures | None:
        """What a cell's runs come to; `None` while none went well."""
        well = [run for run in self.runs if run.cell == cell and run.ok]
        if not well:
            return None
        cpu = [run.cpu for run in well if run.cpu is not None]
        memory = [run.memory for run in well if run.memory is not None]
        figures = Figures(
            Spread.of([run.wall for run in well]),
            statistics.median(cpu) if cpu else None,
            round(statistics.median(memory)) if memory else None,
        )
        base = self.baseline
        if base is None:
            return figures
        wall = figures.wall
        speed_up = Spread(
            base.median / wall.median, base.median / wall.most, base.median / wall.least
        )
        processors = self.processors(cell.workers)
        return replace(
            figures,
            speed_up=speed_up,
            efficiency=efficiency(speed_up.median, processors),
            serial=karp_flatt(speed_up.median, processors),
        )

    def series(self, executor: ExecutorKind) -> list[tuple[int, Figures]]:
        """What was measured with an executor: workers and figures, fewest workers first."""
        cells = sorted(cell for cell in self.cells if cell.executor is executor)
        found = ((cell.workers, self.figures(cell)) for cell in cells)
        return [(workers, figures) for workers, figures in found if figures is not None]

    def serial(self, executor: ExecutorKind) -> float | None:
        """The serial share of the curve of Amdahl's that fits an executor's medians best.

        Of work that computes, beyond as many workers as CPUs there is no processor more for
        Amdahl's law to speak of, so only the medians up to there count.
        """
        return fitted_serial(
            (self.processors(workers), figures.speed_up.median)
            for workers, figures in self.series(executor)
            if figures.speed_up is not None and self.processors(workers) == workers
        )

    def best_executor(self) -> ExecutorKind | None:
        """The one of the parallel executors whose work is the least serial."""
        shares = {kind: self.serial(kind) for kind in PARALLEL}
        known = {kind: share for kind, share in shares.items() if share is not None}
        # Of two alike the later one: processes, which this is about.
        return min(reversed(list(known)), key=lambda kind: known[kind]) if known else None

    def best_serial(self) -> float | None:
        """The serial share of Amdahl's curve for the best executor: the one that is drawn."""
        best = self.best_executor()
        return None if best is None else self.serial(best)

    def verdict(self, executor: ExecutorKind) -> Verdict | None:
        """What more workers brought; `None` before more than one is measured.

        It begins with the sequential runs. A step to more workers has gained where the medians
        differ by more than the times of either spread, and by more than `ALIKE`.
        """
        at = self.figures(SEQUENTIAL)
        more = [(workers, figures) for workers, figures in self.series(executor) if workers > 1]
        if at is None or not more:
            return None
        best = 1
        for workers, figures in more:
            unsure = max(at.wall.width, figures.wall.width, ALIKE * at.wall.median)
            if at.wall.median - figures.wall.median > unsure:
                best, at = workers, figures
        assert at.speed_up is not None
        return Verdict(executor, best, more[-1][0], at.speed_up.median)

    def share_of_cpu(self) -> float | None:
        """The share of their time in which the sequential runs had a CPU; `None` if they sleep.

        One worker alone has one nearly all the time: but for starting, reading and writing.
        """
        base = self.figures(SEQUENTIAL)
        if base is None or base.cpu is None or not self.work.computes:
            return None
        # A worker's coming and going takes no CPU of its own, and is no disturbance.
        return base.cpu / max(base.cpu, base.wall.median - START_SECONDS)

    def widest(self) -> float:
        """The widest spread of a cell's wall times, as a share of their median."""
        spreads = [figures.wall for cell in self.cells if (figures := self.figures(cell))]
        return max((spread.width / spread.median for spread in spreads), default=0.0)
