import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.runs.sweep.scaling import Spread, amdahl, efficiency, fitted_serial, karp_flatt

SHARES = st.floats(0.0, 1.0)
PROCESSORS = st.integers(2, 1024)
SPEED_UPS = st.floats(0.05, 1000.0)


@given(SHARES, st.lists(PROCESSORS, min_size=1, max_size=20))
def test_amdahls_own_curve_gives_its_serial_share_back(
    serial: float, processors: list[int]
) -> None:
    points = [(p, amdahl(serial, p)) for p in (1, *processors)]
    assert fitted_serial(points) == pytest.approx(serial, abs=1e-9)


@given(SHARES, PROCESSORS)
def test_karp_and_flatt_find_amdahls_serial_share(serial: float, processors: int) -> None:
    assert karp_flatt(amdahl(serial, processors), processors) == pytest.approx(serial, abs=1e-9)


@given(PROCESSORS)
def test_perfect_scaling_has_no_serial_part_and_none_at_all_is_serial(processors: int) -> None:
    assert karp_flatt(processors, processors) == pytest.approx(0.0, abs=1e-9)
    assert karp_flatt(1.0, processors) == pytest.approx(1.0)
    assert efficiency(processors, processors) == 1.0
    assert amdahl(0.0, processors) == pytest.approx(processors)
    assert amdahl(1.0, processors) == 1.0


@given(PROCESSORS, SPEED_UPS, SPEED_UPS)
def test_the_better_it_scales_the_less_is_serial(processors: int, one: float, two: float) -> None:
    less, more = sorted((one, two))
    serial_less, serial_more = karp_flatt(less, processors), karp_flatt(more, processors)
    assert serial_less is not None
    assert serial_more is not None
    assert serial_more <= serial_less
    assert fitted_serial([(processors, more)]) <= fitted_serial([(processors, less)])  # type: ignore[operator]


@given(st.lists(st.tuples(PROCESSORS, SPEED_UPS), min_size=1))
def test_the_fit_is_better_than_its_neighbours(points: list[tuple[int, float]]) -> None:
    def misses(serial: float) -> float:
        return sum((1 / s - 1 / amdahl(serial, p)) ** 2 for p, s in points)

    best = fitted_serial(points)
    assert best is not None
    assert 0.0 <= best <= 1.0
    for other in (max(0.0, best - 0.01), min(1.0, best + 0.01)):
        assert misses(best) <= misses(other) * (1 + 1e-9) + 1e-12


def test_of_one_processor_nothing_is_said() -> None:
    assert karp_flatt(1.0, 1) is None
    assert fitted_serial([]) is None
    assert fitted_serial([(1, 0.9), (1, 1.1)]) is None


@given(st.lists(st.floats(0.001, 1e6), min_size=1))
def test_the_median_lies_within_its_spread(values: list[float]) -> None:
    spread = Spread.of(values)
    assert spread.least <= spread.median <= spread.most
    assert spread.width >= 0
    assert sum(value <= spread.median for value in values) * 2 >= len(values)
