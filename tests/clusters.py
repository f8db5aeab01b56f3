"""Dask clusters as people start them: a scheduler and workers, by Dask's own commands."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.commands import PATIENCE, Marked

ROOT = Path(__file__).parent.parent
DASK = str(Path(sys.executable).parent / "dask")
HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"
"""Two addresses of this machine, which stand for two hosts."""

ALLOWED_FAILURES = "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"


@dataclass(slots=True)
class DaskCluster:
    """A scheduler and its workers, with their output in files of a folder."""

    folder: Path
    marked: Marked
    options: Sequence[str] = ()
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_scheduler(self, *options: str) -> None:
        """Starts the scheduler, on the port of the one before if there was one."""
        told = self.folder / "scheduler.json"
        told.unlink(missing_ok=True)
        port = self.address.rpartition(":")[2] or "0"
        words = ["--host", HERE, "--port", port, "--no-dashboard", "--scheduler-file", str(told)]
        self.scheduler = self._started("scheduler", *words, *self.options, *options)
        deadline = time.monotonic() + PATIENCE
        while not self.address or not told.exists():
            with suppress(OSError, ValueError):
                self.address = json.loads(told.read_text())["address"]
            assert time.monotonic() < deadline, self.said("scheduler")
            time.sleep(0.05)

    def start_worker(self, name: str, host: str = HERE, *options: str) -> None:
        """Starts a worker with one thread, and a nanny that starts it again."""
        words = ["--host", host, "--name", name, "--nthreads", "1", "--no-dashboard"]
        directory = self.folder / f"{name}.d"
        words += ["--local-directory", str(directory), "--death-timeout", "120"]
        self.workers[name] = self._started(
            "worker", self.address, *words, *self.options, *options, log=name
        )

    def wait_for_workers(self) -> None:
        """Waits until the scheduler has all workers."""
        deadline = time.monotonic() + PATIENCE
        while missing := [name for name in self.workers if "Registered to" not in self.said(name)]:
            assert time.monotonic() < deadline, [self.said(name) for name in missing]
            time.sleep(0.05)

    def said(self, name: str) -> str:
        """What the scheduler or a worker has written."""
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def kill(self, name: str) -> None:
        """Kills a worker for good, with its nanny."""
        nanny = self.workers.pop(name)
        with suppress(psutil.Error):
            below = psutil.Process(nanny.pid).children(recursive=True)
            nanny.kill()
            for process in below:
                with suppress(psutil.Error):
                    process.kill()
        nanny.wait()

    def kill_scheduler(self) -> None:
        """Kills the scheduler."""
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()

    def _started(
        self, command: str, *words: str, log: str = "scheduler"
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{log}.log").open("ab") as file:
            return subprocess.Popen(
                [DASK, command, *words],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=self.marked.env,
                cwd=self.folder,
                start_new_session=True,
            )


@contextmanager
def dask_cluster(
    folder: Path, hosts: Sequence[str] = (HERE, HERE, ELSEWHERE), options: Sequence[str] = ()
) -> Iterator[DaskCluster]:
    """A cluster with a worker `alice-1`, `alice-2`, … on each of the hosts; all end with it.

    A task that kills its worker is given up after the second one.
    """
    folder.mkdir(exist_ok=True)
    env = {**os.environ, "PYTHONPATH": str(ROOT), ALLOWED_FAILURES: "1"}
    cluster = DaskCluster(folder, Marked(env), options)
    try:
        cluster.start_scheduler()
        for number, host in enumerate(hosts, 1):
            cluster.start_worker(f"alice-{number}", host)
        cluster.wait_for_workers()
        yield cluster
    finally:
        for process in cluster.marked.processes():
            with suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)
        for started in [cluster.scheduler, *cluster.workers.values()]:
            if started is not None:
                started.wait()
        assert not cluster.marked.left(), "the cluster is gone"
