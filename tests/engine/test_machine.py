import math
import multiprocessing
import os
import resource
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.engine import machine
from tui_app.engine.machine import (
    StartMethod,
    cgroup_cpu_quota,
    default_start_method,
    start_methods,
    supported_platform,
    usable_cpus,
)
from tui_app.engine.resource_usage import peak_memory


class Groups:
    """A made-up tree of cgroups, and the file that says where this process is in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "cgroup"
        self.membership = folder / "membership"
        self.root.mkdir()

    def belong(self, *lines: str) -> None:
        self.membership.write_text("".join(f"{line}\n" for line in lines))

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    @property
    def quota(self) -> float | None:
        return cgroup_cpu_quota(self.root, self.membership)


@pytest.fixture
def groups(tmp_path: Path) -> Groups:
    return Groups(tmp_path)


def test_version_2_at_the_process_s_own_level(groups: Groups) -> None:
    groups.belong("0::/system.slice/app")
    groups.write("system.slice/app/cpu.max", "150000 100000\n")
    assert groups.quota == 1.5


def test_version_2_at_any_level_above_the_tightest_counts(groups: Groups) -> None:
    groups.belong("0::/a/b/c")
    groups.write("a/b/c/cpu.max", "max 100000\n")
    groups.write("a/b/cpu.max", "400000 100000\n")
    groups.write("a/cpu.max", "50000 100000\n")
    groups.write("cpu.max", "200000 100000\n")
    assert groups.quota == 0.5


def test_version_2_at_the_root_as_in_a_container(groups: Groups) -> None:
    groups.belong("0::/")
    groups.write("cpu.max", "300000 100000\n")
    assert groups.quota == 3


def test_nothing_above_the_root_is_read(groups: Groups) -> None:
    groups.belong("0::/a")
    (groups.root.parent / "cpu.max").write_text("100000 100000\n")
    assert groups.quota is None


def test_version_2_of_a_group_outside_the_namespace(groups: Groups) -> None:
    groups.belong("0::/../other")
    groups.write("cpu.max", "200000 100000\n")
    assert groups.quota == 2


@pytest.mark.parametrize("controllers", ["cpu,cpuacct", "cpu", "cpuset,cpu"])
def test_version_1_in_its_hierarchy(groups: Groups, controllers: str) -> None:
    groups.belong("5:memory:/docker/1", f"4:{controllers}:/docker/1", "1:name=systemd:/")
    groups.write(f"{controllers}/docker/1/cpu.cfs_quota_us", "250000\n")
    groups.write(f"{controllers}/docker/1/cpu.cfs_period_us", "100000\n")
    assert groups.quota == 2.5


def test_version_1_at_the_root_as_in_a_container(groups: Groups) -> None:
    groups.belong("4:cpu,cpuacct:/docker/1")
    groups.write("cpu/cpu.cfs_quota_us", "50000\n")
    groups.write("cpu/cpu.cfs_period_us", "25000\n")
    assert groups.quota == 2


def test_version_1_without_a_limit(groups: Groups) -> None:
    groups.belong("4:cpu:/")
    groups.write("cpu/cpu.cfs_quota_us", "-1\n")
    groups.write("cpu/cpu.cfs_period_us", "100000\n")
    assert groups.quota is None


def test_other_controllers_tell_nothing_about_cpus(groups: Groups) -> None:
    groups.belong("4:cpuset:/", "3:cpuacct:/")
    groups.write("cpuset/cpu.cfs_quota_us", "50000\n")
    groups.write("cpuset/cpu.cfs_period_us", "100000\n")
    assert groups.quota is None


def test_both_versions_at_once(groups: Groups) -> None:
    groups.belong("4:cpu:/x", "0::/x")
    groups.write("cpu/x/cpu.cfs_quota_us", "300000\n")
    groups.write("cpu/x/cpu.cfs_period_us", "100000\n")
    groups.write("x/cpu.max", "200000 100000\n")
    assert groups.quota == 2


@pytest.mark.parametrize("text", ["max 100000", "max", "", "100000", "no quota", "1 2 3", "5 0"])
def test_a_file_without_a_quota_tells_none(groups: Groups, text: str) -> None:
    groups.belong("0::/")
    groups.write("cpu.max", text)
    assert groups.quota is None


def test_a_machine_without_cgroups_has_no_quota(groups: Groups) -> None:
    assert groups.quota is None
    groups.belong("0::/gone")
    assert groups.quota is None


@given(quota=st.none() | st.floats(0.001, 1e4), allowed=st.integers(1, 512))
def test_usable_cpus_are_allowed_and_within_the_quota(quota: float | None, allowed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "platform", "linux")
        patch.setattr(os, "sched_getaffinity", lambda pid: set(range(allowed)), raising=False)
        patch.setattr(machine, "cgroup_cpu_quota", lambda: quota)
        usable = usable_cpus()
    assert 1 <= usable <= allowed
    assert quota is None or usable <= math.ceil(quota)
    assert usable == allowed or (quota is not None and usable >= quota)


def test_usable_cpus_of_this_machine() -> None:
    assert 1 <= usable_cpus() <= (os.cpu_count() or 1)


def test_without_affinity_all_cpus_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cpus() == 1
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert usable_cpus() == 6


@pytest.mark.parametrize(
    ("here", "best"),
    [
        (["fork", "spawn", "forkserver"], StartMethod.FORKSERVER),
        (["fork", "spawn"], StartMethod.SPAWN),
        (["spawn"], StartMethod.SPAWN),
    ],
)
def test_fork_is_never_the_default(
    monkeypatch: pytest.MonkeyPatch, here: list[str], best: StartMethod
) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: here)
    assert default_start_method() is best
    assert sorted(start_methods()) == sorted(here)


@pytest.mark.parametrize(
    ("platform", "works"), [("linux", True), ("darwin", True), ("win32", False)]
)
def test_platforms(monkeypatch: pytest.MonkeyPatch, platform: str, works: bool) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert supported_platform() is works


def test_where_there_is_no_proc_the_peak_is_what_the_system_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On macOS in bytes (getrusage(2)); here the number is the kernel's, whatever its unit."""
    monkeypatch.setattr(sys, "platform", "darwin")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = peak_memory()
    assert peak is not None
    assert before <= peak <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
