"""What every test may rely on: homes of its own, helper processes started, no process left."""

import gc
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

from tests.commands import Marked, marked
from tests.terminals import Terminal, terminal
from tests.versions import DRAWING, differing
from tui_app import language
from tui_app.engine.forkserver import prestart
from tui_app.engine.machine import StartMethod

GONE_SECONDS = 30.0

_numbers = itertools.count()

DEVELOPERS_OWN = ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
"""Variables that developers' machines export and users' do not: they hide faults of buffering."""

for variable in DEVELOPERS_OWN:
    os.environ.pop(variable, None)

# How long an example takes is for a busy machine to say.
settings.register_profile("procession", deadline=None, max_examples=60)
settings.load_profile("procession")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What others draw and say is compared only where their version is the one that did.

    Each worker gets as many slow tests as the others, and begins with them, so that none is left
    alone with them at the end.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = [item for item in items if not item.get_closest_marker("slow")]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = [item for n in range(workers) for some in (slow, quick) for item in some[n::workers]]
    for item in items:
        names = {name for mark in item.iter_markers("as_pinned") for name in mark.args}
        if "pictures" in getattr(item, "fixturenames", ()):
            names.update(DRAWING)
        if others := differing(sorted(names)):
            reason = f"another version than in constraints.txt: {', '.join(others)}"
            item.add_marker(pytest.mark.xfail(reason=reason, strict=False))


@pytest.fixture(scope="session", autouse=True)
def _seldom_collected() -> None:
    """Each app makes very many objects: looking through them all so often takes long."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _helpers() -> None:
    """Under a running Textual app they could not be started any more."""
    prestart(StartMethod.FORKSERVER)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by `mktemp`, which looks through all those before.
    home = tmp_path_factory.getbasetemp() / f"home-{next(_numbers)}"
    home.mkdir()
    for kind in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the machine's locale is; a test that speaks another language goes back by itself."""
    for variable in language.LOCALE_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    language.use(language.ENGLISH)
    yield
    language.use(language.ENGLISH)


def workers_left() -> list[psutil.Process]:
    """Processes below this one that are no helpers of `multiprocessing`, or of the tests."""
    me = psutil.Process()
    return [child for child in me.children(recursive=True) if not _is_helper(child, me.pid)]


def _is_helper(process: psutil.Process, of: int) -> bool:
    try:
        words = process.cmdline() if process.ppid() == of else []
    except psutil.NoSuchProcess:
        return False
    # The stand-in for S3 serves all tests of a file, which ends it.
    return any("multiprocessing." in word or word == "tests.s3_server" for word in words)


@pytest.fixture(autouse=True)
def _no_process_left() -> Iterator[None]:
    yield
    deadline = time.monotonic() + GONE_SECONDS
    while (left := workers_left()) and time.monotonic() < deadline:
        time.sleep(0.02)
    for process in left:
        process.kill()
    assert not left, f"a test left processes behind: {left}"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else this machine does: a test that needs a busy one makes it."""
    monkeypatch.setattr("tui_app.runs.disturbance.cpu_times", lambda: None)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    """An environment for commands, by whose mark what they start is found."""
    with marked(tmp_path_factory.mktemp("env")) as environment:
        yield environment


@pytest.fixture
def window() -> Iterator[Terminal]:
    """A terminal to start the app in."""
    with terminal() as made:
        yield made
