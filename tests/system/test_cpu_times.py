import os
import sys
from pathlib import Path

import pytest

from tui_app.system.cpu_times import CpuTimes, cpu_times

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")

TICKS = os.sysconf("SC_CLK_TCK")


def made(proc: Path, stat: str, **processes: tuple[int, int]) -> Path:
    """A `/proc` of this text, and of processes p1, p2, … with their parents and ticks."""
    proc.mkdir(exist_ok=True)
    (proc / "stat").write_text(stat)
    for name, (parent, ticks) in processes.items():
        folder = proc / name.removeprefix("p")
        folder.mkdir()
        counts = f"{ticks} {ticks} {ticks} {ticks}"
        line = f"{folder.name} (a ) b) S {parent} 0 0 0 0 0 0 0 0 0 {counts} 20 0\n"
        (folder / "stat").write_text(line)
    return proc


@needs_proc
def test_this_program_and_all_below_it_are_told_from_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 2})
    me = os.getpid()
    stat = (
        "cpu  9999 9999 9999 9999 9999 0 0 9999 0 0\n"
        "cpu0 400 100 300 2000 100 20 30 40 0 0\n"
        "cpu1 9999 9999 9999 9999 9999 9999 9999 9999 0 0\n"
        "cpu2 500 0 300 2000 100 20 30 60 0 0\n"
        "intr 1 2 3\n"
    )
    below = {f"p{me}": (1, 10), f"p{me + 1}": (me, 20), f"p{me + 2}": (me + 1, 30)}
    proc = made(tmp_path / "proc", stat, **below, p1=(0, 999))
    assert cpu_times(proc) == CpuTimes(
        own=240 / TICKS, others=(1700 - 240) / TICKS, stolen=100 / TICKS, idle=4200 / TICKS
    )


@pytest.mark.parametrize("stat", [None, "", "cpu0 1 2\n", "cpu0 a b c d e f g h\n"])
def test_where_the_system_does_not_tell_nothing_is_known(tmp_path: Path, stat: str | None) -> None:
    proc = tmp_path / "proc"
    if stat is not None:
        made(proc, stat)
    assert cpu_times(proc) is None


@needs_proc
def test_what_this_program_computes_is_its_own() -> None:
    before = cpu_times()
    assert before is not None
    spent = os.times()
    while sum(os.times()[:2]) < sum(spent[:2]) + 0.2:
        sum(range(100_000))
    after = cpu_times()
    assert after is not None
    assert (after - before).own >= 0.15


def test_no_part_of_a_window_is_below_nothing() -> None:
    window = CpuTimes(1.0, 2.0, 3.0, 4.0) - CpuTimes(1.0, 2.5, 3.0, 1.0)
    assert window == CpuTimes(0.0, 0.0, 0.0, 3.0)
    assert (window + window).all == 6.0
