"""A killed engine takes its workers with it."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import PATIENCE, Marked, marked
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.engine.spec import ExecutorKind

CHAT_SECONDS = 0.8

ENGINE = """
import asyncio, sys, time
from contextlib import aclosing
from tui_app.engine.spec import ExecutorKind
from tui_app.engine.machine import StartMethod
from tui_app.engine.run import Run
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.events import TaskProgress

def nap(seconds, progress):
    progress("nap", 0.0)
    time.sleep(seconds)

def toil(seconds, progress):
    progress("toil", 0.0)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(10_000))

def chat(seconds, progress):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        progress("chat", 0.0)
        time.sleep(0.001)

def chat_and_nap(seconds, progress):
    chat(CHAT_SECONDS, progress)
    time.sleep(seconds)

CHAT_SECONDS = 0.5
WORK = {"quiet": (nap, toil), "talkative": (chat, chat), "unheard": (chat_and_nap, chat_and_nap)}

async def main():
    kind, method, work = sys.argv[1:]
    pool = Pool(ExecutorKind(kind), 2, StartMethod(method))
    tasks = [Task("task", function, 600.0) for function in WORK[work]]
    run = Run(tasks, RunSpec(kind="test", title="", tasks=2, weight=2, pool=pool))
    busy = set()
    async with aclosing(run.events()) as events:
        async for event in events:
            if isinstance(event, TaskProgress) and event.task not in busy:
                busy.add(event.task)
                if len(busy) == 2:
                    print("busy", flush=True)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
def where() -> Iterator[Marked]:
    """A short path: where a socket's would be too long, the engine takes `/tmp`."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, marked(Path(folder)) as environment:
        yield environment


def sockets(where: Marked) -> list[str]:
    return [path.name for path in Path(where.env["TMPDIR"]).glob("procession-*")]


@pytest.mark.slow
@pytest.mark.parametrize("work", ["quiet", "talkative", "unheard"])
@pytest.mark.parametrize("method", start_methods())
@pytest.mark.parametrize("kind", [ExecutorKind.PROCESSES, ExecutorKind.THREADS])
def test_no_process_and_no_socket_outlive_a_killed_engine(
    kind: ExecutorKind, method: StartMethod, work: str, where: Marked, tmp_path: Path
) -> None:
    """Workers that say nothing, that are about to say something, and that were not listened to."""
    script = tmp_path / "engine.py"
    script.write_text(ENGINE)
    with subprocess.Popen(
        [sys.executable, str(script), kind, method, work], env=where.env, stdout=subprocess.PIPE
    ) as engine:
        assert engine.stdout is not None
        assert engine.stdout.readline() == b"busy\n"
        workers = 2 if kind is ExecutorKind.PROCESSES else 1
        assert len(where.processes()) > workers, "engine and workers carry the mark"
        assert len(sockets(where)) == 1
        if work == "unheard":
            engine.send_signal(signal.SIGSTOP)
            time.sleep(CHAT_SECONDS)
        engine.kill()
    assert where.left() == []
    deadline = time.monotonic() + PATIENCE
    while sockets(where) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert sockets(where) == []
