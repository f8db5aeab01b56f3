"""Whether CPython's own tests pass under `procession watch` where they pass by plain `python`.

    python -m tests.benchmarks.cpython [--python FILE ...] [MODULE ...]

Run by hand, with Pythons that carry their package `test` (Debian's: `libpython3.11-testsuite`);
those of 3.11 and 3.13 that are found are asked without `--python`. Each module is run once plainly
and once under watch, without a screen. What fails only under watch is tried again by itself, both
ways, because some of these tests depend on time. Prints what fails only under watch, and exits with
1 if something does. It takes about a quarter of an hour for each Python.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.commands import COMMAND

MODULES = (
    "test_builtin",
    "test_sys",
    "test_threading",
    "test_subprocess",
    "test_concurrent_futures",
    "test_multiprocessing_fork",
    "test_multiprocessing_forkserver",
    "test_multiprocessing_spawn",
    "test_asyncio.test_events",
    "test_asyncio.test_locks",
    "test_asyncio.test_queues",
    "test_asyncio.test_runners",
    "test_asyncio.test_subprocess",
    "test_asyncio.test_taskgroups",
    "test_asyncio.test_tasks",
    "test_asyncio.test_threads",
    "test_asyncio.test_unix_events",
)

VERSIONS = ("3.11", "3.13")

SECONDS = 900
"""Time that a module has."""

TRIES = 3
"""How often a test is tried by itself that failed under watch."""

_FAILED = ("failure", "error")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a module: each test with `passed`, `skipped` or `failed`, and its exit code.

    The code is `None` where it had to be killed.
    """

    tests: Mapping[str, str]
    code: int | None
    seconds: float

    @property
    def failed(self) -> set[str]:
        """The tests that failed."""
        return {name for name, how in self.tests.items() if how == "failed"}

    def __str__(self) -> str:
        """The verdict in a few words."""
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{len(self.tests)} tests{failed}, exit code {self.code}, {self.seconds:.0f} s"


def run(python: str, module: str, names: Sequence[str] = (), *, watched: bool) -> Verdict:
    """Runs a module's tests, or those of these names."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "tests.xml"
        words = ["-m", "test", "--junit-xml", str(told), module]
        for name in names:
            words += ["--match", name]
        command = [*COMMAND, "watch", "--headless", "--python", python] if watched else [python]
        log = Path(folder) / "log"
        began = time.monotonic()
        with log.open("wb") as out:
            try:
                code = subprocess.run(
                    [*command, *words],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    env={**os.environ, "TMPDIR": folder},
                    timeout=SECONDS,
                    check=False,
                ).returncode
            except subprocess.TimeoutExpired:
                code = None
        return Verdict(_read(told), code, time.monotonic() - began)


def _read(told: Path) -> dict[str, str]:
    if not told.exists():
        return {}
    found: dict[str, str] = {}
    for case in ElementTree.parse(told).iter("testcase"):
        kinds = {part.tag for part in case}
        how = "failed" if kinds & set(_FAILED) else "skipped" if "skipped" in kinds else "passed"
        name = case.get("name", "").partition(" ")[0]
        if found.get(name) != "failed":  # A part of a test has the test's name.
            found[name] = how
    return found


def only_watched(python: str, module: str) -> list[str]:
    """Returns what fails only under watch; prints what became of the module."""
    plain = run(python, module, watched=False)
    watched = run(python, module, watched=True)
    print(f"  {module}: plain {plain}; watched {watched}", flush=True)
    if not plain.tests:
        return []
    lost = [name for name, how in plain.tests.items() if how != watched.tests.get(name, "lost")]
    worse = sorted({*lost, *watched.failed} - plain.failed)
    if not watched.tests:
        return [f"{module} came to no end under watch"]
    found = [name for name in worse if _fails_by_itself(python, module, name)]
    for name in worse:
        print(f"    {name}: {'FAILS ONLY UNDER WATCH' if name in found else 'not each time'}")
    if not worse and plain.code != watched.code:
        found.append(f"{module} ended with {watched.code} under watch, not {plain.code}")
        print(f"    {found[-1]}")
    return found


def _fails_by_itself(python: str, module: str, name: str) -> bool:
    """Returns whether a test fails each time under watch, and passes by plain Python."""
    plain = run(python, module, [name], watched=False)
    return name not in plain.failed and all(
        run(python, module, [name], watched=True).tests.get(name) != plain.tests.get(name)
        for _try in range(TRIES)
    )


def pythons() -> list[str]:
    """Returns the Pythons of the two versions that carry their tests, by `python3.N` and pyenv."""
    found = []
    for version in VERSIONS:
        pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        for one in (shutil.which(f"python{version}", path="/usr/bin"), *map(str, pyenv)):
            if one is not None and _carries(one, "test_multiprocessing_fork"):
                found.append(one)
                break
        else:
            print(f"no Python {version} with its package `test` is here")
    return found


def _carries(python: str, module: str) -> bool:
    words = [python, "-c", f"import importlib.util as u; u.find_spec('test.{module}') or 1 / 0"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def main() -> int:
    """Runs all; returns 1 if something fails only under watch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--python", action="append", metavar="FILE")
    options = parser.parse_args()
    wrong = 0
    for python in options.python or pythons():
        print(python, flush=True)
        began = time.monotonic()
        found = [
            name for module in options.modules or MODULES for name in only_watched(python, module)
        ]
        wrong += len(found)
        print(f"{python}: {len(found)} fail only under watch; {time.monotonic() - began:.0f} s")
        for name in found:
            print(f"  {name}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
