"""A sweep: the same work by each executor with 1, 2, … workers, and what was measured.

Values only: which runs there are, in which order, and their statistics. `measurement.py` has one
run, `run.py` makes them all, `phrases.py` and `plot.py` show the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from tui_app.engine.spec import ExecutorKind
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.measurement import SEQUENTIAL, Cell, Measurement
from tui_app.runs.sweep.scaling import Spread, efficiency, fitted_serial, karp_flatt

MOST_COUNTS = 8
"""Up to so many numbers of workers, each is tried; of more, about so many."""

PARALLEL = (ExecutorKind.THREADS, ExecutorKind.PROCESSES)
"""The executors that may gain by more workers."""

ALIKE = 0.05
"""Times that differ by a smaller share count as the same, however little the repeats differ."""

START_SECONDS = 0.3
"""About what it takes a worker to start and to end."""


def worker_counts(most: int, cpus: int) -> tuple[int, ...]:
    """Return the numbers of workers that are tried: all up to `most`, or enough for a curve."""
    step = -(-most // MOST_COUNTS)
    counts = {1, 2, cpus, most, *range(step, most, step)}
    return tuple(sorted(count for count in counts if count <= most))


def cells_of(executors: Iterable[ExecutorKind], counts: Sequence[int]) -> tuple[Cell, ...]:
    """Return the cells of these executors with these workers, after the sequential one."""
    wanted = set(executors)
    parallel = [Cell(kind, count) for kind in PARALLEL if kind in wanted for count in counts]
    return (SEQUENTIAL, *parallel)


@dataclass(frozen=True, slots=True)
class CellStatistics:
    """The statistics of a cell's successful runs: medians, and spreads.

    Attributes:
        wall: seconds.
        cpu: seconds of CPU time, of all workers together.
        memory: bytes, see `Measurement.memory`.
        speed_up: against the median of the sequential runs; `None` without any.
        efficiency: of the speed-up; `None` without one.
        serial: the serial fraction of Karp and Flatt; `None` without a speed-up.
    """

    wall: Spread
    cpu: float | None
    memory: int | None
    speed_up: Spread | None = None
    efficiency: float | None = None
    serial: float | None = None


@dataclass(frozen=True, slots=True)
class Gain:
    """What more workers gained with one executor.

    Attributes:
        executor: which.
        best: the number of workers beyond which nothing was gained; 1 if nothing was gained.
        most: the largest number that was measured.
        speed_up: with the best number.
    """

    executor: ExecutorKind
    best: int
    most: int
    speed_up: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep at one moment; `with_run` returns the next one.

    Attributes:
        work: what is repeated.
        cells: the ways to do it.
        rounds: how often each is run.
        cpus: how many may be used here.
        runs: what was measured so far, in order.
        beside: whether another run of this app went on meanwhile.
    """

    work: WorkKind
    cells: tuple[Cell, ...]
    rounds: int
    cpus: int
    runs: tuple[Measurement, ...] = ()
    beside: bool = False

    def order(self) -> Iterator[Cell]:
        """Yield every cell once a round, every second round backwards.

        The repeats of a cell are then far apart, and a machine that becomes slower or faster
        meanwhile favours no cell.
        """
        for number in range(self.rounds):
            yield from self.cells if number % 2 == 0 else reversed(self.cells)

    @property
    def runs_in_all(self) -> int:
        """How many runs the whole sweep has."""
        return len(self.cells) * self.rounds

    def with_run(self, measurement: Measurement) -> Sweep:
        """Return the sweep with one more run."""
        return replace(self, runs=(*self.runs, measurement))

    @property
    def hopeless(self) -> bool:
        """Whether the first run, a sequential one, failed: every other cell would fail, too."""
        return bool(self.runs) and not self.runs[0].ok

    def seconds_left(self) -> float | None:
        """Return about how long the remaining runs take; `None` before the first success."""
        walls = [run.wall for run in self.runs if run.ok]
        if not walls:
            return None
        known = {cell: [run.wall for run in self._successes(cell)] for cell in self.cells}
        left = list(self.order())[len(self.runs) :]
        return sum(fmean(known[cell] or walls) for cell in left)

    @property
    def has_gil(self) -> bool:
        """Whether threads computed under an interpreter's lock, as their workers reported."""
        return any(run.gil for run in self.runs if run.cell.executor is ExecutorKind.THREADS)

    def failed_runs(self, cell: Cell) -> tuple[Measurement, ...]:
        """Return the runs of a cell that failed or were cancelled."""
        return tuple(run for run in self.runs if run.cell == cell and not run.ok)

    def _successes(self, cell: Cell) -> list[Measurement]:
        return [run for run in self.runs if run.cell == cell and run.ok]

    # Statistics

    def processors(self, workers: int) -> int:
        """Return how many CPUs so many workers can use; work that sleeps is not limited by them.

        This is the `p` of efficiency, of Karp and Flatt, and of Amdahl's law.
        """
        return min(workers, self.cpus) if self.work.computes else workers

    @property
    def baseline(self) -> Spread | None:
        """The wall times of the sequential runs, in seconds."""
        walls = [run.wall for run in self._successes(SEQUENTIAL)]
        return Spread.of(walls) if walls else None

    def statistics(self, cell: Cell) -> CellStatistics | None:
        """Return the statistics of a cell; `None` while no run of it succeeded."""
        runs = self._successes(cell)
        if not runs:
            return None
        cpu = [run.cpu for run in runs if run.cpu is not None]
        memory = [run.memory for run in runs if run.memory is not None]
        wall, base = Spread.of([run.wall for run in runs]), self.baseline
        statistics = CellStatistics(
            wall, median(cpu) if cpu else None, round(median(memory)) if memory else None
        )
        if base is None:
            return statistics
        processors = self.processors(cell.workers)
        speed_up = Spread(
            base.median / wall.median, base.median / wall.most, base.median / wall.least
        )
        return replace(
            statistics,
            speed_up=speed_up,
            efficiency=efficiency(speed_up.median, processors),
            serial=karp_flatt(speed_up.median, processors),
        )

    def series(self, executor: ExecutorKind) -> list[tuple[int, CellStatistics]]:
        """Return workers and statistics of an executor, fewest workers first."""
        cells = sorted(cell for cell in self.cells if cell.executor is executor)
        found = ((cell.workers, self.statistics(cell)) for cell in cells)
        return [(workers, statistics) for workers, statistics in found if statistics is not None]

    def serial(self, executor: ExecutorKind) -> float | None:
        """Return the serial share of Amdahl's curve that fits an executor's medians best.

        For work that computes, only medians with no more workers than CPUs count: there is no
        further processor that Amdahl's law could be about.
        """
        return fitted_serial(
            (self.processors(workers), statistics.speed_up.median)
            for workers, statistics in self.series(executor)
            if statistics.speed_up is not None and self.processors(workers) == workers
        )

    def best_executor(self) -> ExecutorKind | None:
        """Return the parallel executor with the least serial share; of two alike, processes."""
        shares = {kind: self.serial(kind) for kind in reversed(PARALLEL)}
        known = {kind: share for kind, share in shares.items() if share is not None}
        return min(known, key=lambda kind: known[kind]) if known else None

    def best_serial(self) -> float | None:
        """Return the serial share for the best executor, whose curve is drawn."""
        best = self.best_executor()
        return None if best is None else self.serial(best)

    def gain(self, executor: ExecutorKind) -> Gain | None:
        """Return what more workers gained; `None` before more than one worker is measured.

        Starting from the sequential runs, a step to more workers has gained where the medians
        differ by more than the spread of either, and by more than `ALIKE`.
        """
        at = self.statistics(SEQUENTIAL)
        more = [(workers, found) for workers, found in self.series(executor) if workers > 1]
        if at is None or not more:
            return None
        best = 1
        for workers, found in more:
            unsure = max(at.wall.width, found.wall.width, ALIKE * at.wall.median)
            if at.wall.median - found.wall.median > unsure:
                best, at = workers, found
        assert at.speed_up is not None
        return Gain(executor, best, more[-1][0], at.speed_up.median)

    def share_of_cpu(self) -> float | None:
        """Return the share of their time in which the sequential runs had a CPU.

        A single worker has one nearly all the time, except while it starts, reads and writes.

        Returns:
            `None` if the work sleeps, or if it is not known.
        """
        base = self.statistics(SEQUENTIAL)
        if base is None or base.cpu is None or not self.work.computes:
            return None
        # The start and the end of a worker take no CPU time of its own.
        return base.cpu / max(base.cpu, base.wall.median - START_SECONDS)

    @property
    def disturbed_runs(self) -> int:
        """How many runs were disturbed by others who had the CPUs; none if the work sleeps."""
        return sum(run.disturbed for run in self.runs if run.ok) if self.work.computes else 0

    def is_sure(self, executor: ExecutorKind) -> bool:
        """Return whether what an executor gained may be told.

        It may not if, of a cell or of the sequential runs, half of the runs or more were disturbed:
        their median is not what the work takes.
        """
        if not self.work.computes:
            return True
        if self.beside:
            return False
        cells = [cell for cell in self.cells if cell.executor in (SEQUENTIAL.executor, executor)]
        runs = ([run.disturbed for run in self._successes(cell)] for cell in cells)
        return not any(disturbed and 2 * sum(disturbed) >= len(disturbed) for disturbed in runs)

    def widest(self) -> float:
        """Return the widest spread of a cell's wall times, as a share of their median."""
        spreads = [found.wall for cell in self.cells if (found := self.statistics(cell))]
        return max((spread.width / spread.median for spread in spreads), default=0.0)
