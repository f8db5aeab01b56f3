"""What `procession doctor` tells: this program, this machine, this terminal, these folders."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import platformdirs
import psutil

from tui_app.engine.machine import (
    cgroup_cpu_quota,
    default_start_method,
    start_methods,
    usable_cpus,
)
from tui_app.images.samples import missing_samples, samples_folder
from tui_app.runs.text import size

PACKAGES = ("procession", "textual", "pillow", "click", "psutil", "platformdirs", "pillow-heif")


def examine() -> Iterator[tuple[str, str]]:
    """A name and a value for each thing worth knowing when something is wrong."""
    yield "Python", f"{platform.python_version()} ({sys.executable})"
    for package in PACKAGES:
        yield package, _version(package)
    yield "System", platform.platform(terse=True)
    cpus = f"{usable_cpus()} usable of {os.cpu_count()}"
    quota = cgroup_cpu_quota()
    yield "CPUs", f"{cpus}, the cgroup allows {quota:g}" if quota else cpus
    memory = psutil.virtual_memory()
    yield "Memory", f"{size(memory.available)} free of {size(memory.total)}"
    methods = ", ".join(start_methods())
    yield "Start methods", f"{methods}; {default_start_method()} is used"
    width, height = shutil.get_terminal_size()
    yield "Terminal", f"{os.environ.get('TERM', 'none')}, {width}x{height}, {_colours()}"
    yield "Over SSH", "yes" if "SSH_CONNECTION" in os.environ else "no"
    yield "Settings", platformdirs.user_config_dir("procession")
    yield "State", platformdirs.user_state_dir("procession")
    folder = samples_folder()
    missing = len(missing_samples(folder))
    yield "Samples", f"{folder} ({f'{missing} to be made' if missing else 'all there'})"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _colours() -> str:
    if os.environ.get("NO_COLOR"):
        return "no colour (NO_COLOR)"
    if os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return "true colour"
    return "256 colours" if "256" in os.environ.get("TERM", "") else "16 colours"
