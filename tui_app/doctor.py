"""What `procession doctor` tells of this program, its machine, terminal and folders."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import sysconfig
from collections.abc import Iterator

from tui_app import settings
from tui_app.demos import copies, play_times
from tui_app.demos.quiz import predictions
from tui_app.engine.machine import (
    cgroup_cpu_quota,
    default_start_method,
    memory,
    start_methods,
    usable_cpus,
)
from tui_app.engine.resource_usage import has_gil
from tui_app.images.samples import missing_samples, samples_folder
from tui_app.language import _, counted
from tui_app.runs import last_batch
from tui_app.runs.formatting import byte_size
from tui_app.system.user_folders import config_folder, state_folder

PACKAGES = (
    "procession",
    "textual",
    "rich",
    "pygments",
    "pillow",
    "click",
    "psutil",
    "platformdirs",
    "pillow-heif",
    "fsspec",
    "s3fs",
)


REMEMBERED = (settings.FILE, last_batch.FILE, play_times.FILE, copies.FILE, predictions.FILE)
"""The files that keep something between two starts."""


def examine() -> Iterator[tuple[str, str]]:
    """Yield a name and a value for each thing worth knowing when something is wrong."""
    yield "Python", f"{platform.python_version()} ({sys.executable})"
    yield "GIL", _lock()
    for package in PACKAGES:
        yield package, _version(package)
    yield _("System"), platform.platform(terse=True)
    yield _("CPUs"), _cpus()
    free, total = memory()
    yield (
        _("Memory"),
        _("{free} free of {total}").format(free=byte_size(free), total=byte_size(total)),
    )
    yield (
        _("Start methods"),
        _("{methods}; {default} is used").format(
            methods=", ".join(start_methods()), default=default_start_method()
        ),
    )
    width, height = shutil.get_terminal_size()
    kind = os.environ.get("TERM") or _("none")
    yield _("Terminal"), f"{kind}, {width}x{height}, {_colours()}"
    yield _("Over SSH"), _("yes") if "SSH_CONNECTION" in os.environ else _("no")
    yield _("Settings"), str(config_folder())
    yield _("State"), str(state_folder())
    for sentence in troubles():
        yield _("Trouble"), sentence
    folder = samples_folder()
    missing = len(missing_samples(folder))
    there = counted(missing, "{n} to be made", "{n} to be made") if missing else _("all there")
    yield _("Samples"), f"{folder} ({there})"


def troubles() -> Iterator[str]:
    """Yield a sentence for each remembered file that cannot be read, and so counts as not there."""
    for file in REMEMBERED:
        if why := file.trouble():
            yield _("{file} counts as not there: {why}").format(file=file.path, why=why)


def _cpus() -> str:
    about = {"usable": usable_cpus(), "all": os.cpu_count()}
    quota = cgroup_cpu_quota()
    if quota:
        return _("{usable} usable of {all}, the cgroup allows {quota}").format(
            quota=f"{quota:g}", **about
        )
    return _("{usable} usable of {all}").format(**about)


def _lock() -> str:
    if not has_gil():
        return _("off: threads compute at once")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return _("on, though this Python is free-threaded")
    return _("on: one thread computes at a time")


def _version(package: str) -> str:
    # Imported here: the app, which asks for `troubles`, starts sooner without it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return _("not installed")


def _colours() -> str:
    if os.environ.get("NO_COLOR"):
        return _("no colour (NO_COLOR)")
    if os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return _("true colour")
    return _("256 colours") if "256" in os.environ.get("TERM", "") else _("16 colours")
