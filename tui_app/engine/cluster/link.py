"""The link to a Dask cluster: the only room that calls `distributed`.

Its functions wait for the network, so they are called beside the loop (`system/background.py`).
What they return is text or numbers. Dask itself unpickles exceptions and the types of results that
others send: whoever can reach a Dask scheduler can run code in its workers and its clients.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

from tui_app.engine.cluster import worker_side
from tui_app.engine.cluster.errors import NEEDS_DASK, ClusterError
from tui_app.engine.cluster.telling import TOPIC
from tui_app.engine.forkserver import prestart, starting
from tui_app.engine.machine import StartMethod
from tui_app.engine.spec import Cluster, Pool
from tui_app.files.error_words import refusal
from tui_app.language import _

CONNECT_SECONDS = 10.0
"""How long the scheduler may take to answer at first."""

CLOSE_SECONDS = 5.0
"""How long closing may take."""

ROUNDS = 20
"""Round trips by which a clock is measured; the quickest one counts."""

LOOPBACK = "127.0.0.1"

ALLOWED_FAILURES = 1
"""How many workers of a cluster of our own a task may kill before Dask gives it up."""

FOREIGN_TOPICS = ("warn", "print")
"""Topics by which workers write on a client's terminal. An event `warn` is unpickled here, so it
may run code."""

SILENT = logging.CRITICAL + 1
"""A level that no logger logs at."""

NICENESS = 10
"""What workers of our own add to their niceness, as those of a pool do."""


class Link:
    """A connection to a cluster, which is started where the pool names none.

    Args:
        pool: which cluster; of one that is started, how many workers.

    Attributes:
        executor: Dask's `concurrent.futures` executor.
        address: the scheduler's.
        own: whether the cluster was started here, and ends with the link.

    Raises:
        ClusterError: `distributed` is not installed, or the cluster cannot be reached.
    """

    def __init__(self, pool: Pool) -> None:
        distributed = _distributed()
        self.own = not pool.cluster.address
        self._cluster: Any = None
        try:
            security = _security(distributed, pool.cluster)
            if self.own:
                self._cluster = _own_cluster(distributed, pool)
            self._client: Any = distributed.Client(
                self._cluster if self.own else pool.cluster.address,
                timeout=CONNECT_SECONDS,
                set_as_default=False,
                security=security,
                deserializers=["dask", "msgpack"],
            )
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            if self._cluster is not None:
                self._cluster.close(timeout=CLOSE_SECONDS)
            if self.own:
                sentence = _("no Dask cluster can be started here: {why}")
            else:
                sentence = _("the Dask scheduler at {address} cannot be reached: {why}")
            why = refusal(error)
            if isinstance(error, TypeError):
                # What Dask raises where it has no certificates for `tls://`.
                why = _("it needs certificates: --tls-ca, --tls-cert and --tls-key")
            words = sentence.format(address=pool.cluster.address, why=why)
            raise ClusterError(words) from error
        _silence()
        for topic in FOREIGN_TOPICS:
            # A later version may have other ones.
            with suppress(ValueError):
                self._client.unsubscribe_topic(topic)
        if self.own:
            self._client.run(os.nice, NICENESS)
        self.address: str = self._client.scheduler.address
        self.executor: Executor = self._client.get_executor(pure=False)

    @property
    def lost(self) -> bool:
        """Whether the scheduler is gone, if only for a moment: it has forgotten our calls then."""
        return bool(self._client.status != "running")

    def workers(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what the scheduler knows of each worker, by address."""
        found: Mapping[str, Mapping[str, Any]]
        found = self._client.scheduler_info(n_workers=-1)["workers"]
        return found

    def listen(
        self,
        loop: asyncio.AbstractEventLoop,
        told: Callable[[Mapping[str, Any]], None],
        of_workers: Callable[[Mapping[str, Any]], None],
    ) -> None:
        """Pass on, to the loop's thread, what our calls tell, and which workers come and go."""

        def pass_on(to: Callable[[Mapping[str, Any]], None]) -> Callable[[Any], None]:
            def take(event: tuple[float, Any]) -> None:
                # The loop may be closed while the link is.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(to, event[1])

            return take

        self._client.subscribe_topic(TOPIC, pass_on(told))
        self._client.subscribe_topic("all", pass_on(of_workers))

    def describe(
        self, paths: Sequence[str], workers: Sequence[str] | None = None
    ) -> Mapping[str, str | Exception]:
        """Return what `worker_side.describe` says on each worker, or what it raised there."""
        return self._run(worker_side.describe, list(paths), workers=workers)

    def clocks(self, workers: Sequence[str] | None = None) -> dict[str, tuple[float, float]]:
        """Return for each worker how far its clock is ahead of ours, and how exact that is.

        The clock was read some time between our question and the answer: half the quickest round
        trip is the most that the middle of both can be wrong by. All in seconds.
        """
        best: dict[str, tuple[float, float]] = {}
        for _round in range(ROUNDS):
            asked = worker_side.clock()
            told = self._run(worker_side.clock, workers=workers)
            answered = worker_side.clock()
            half = (answered - asked) / 2
            for address, read in told.items():
                if isinstance(read, float) and half < best.get(address, (0.0, float("inf")))[1]:
                    best[address] = read - (asked + half), half
        return best

    def stop(self, run: str, calls: Sequence[int]) -> None:
        """Let these calls end at their next step, on whichever worker they are."""
        self._run(worker_side.stop, run, list(calls))

    def kill(self, workers: Sequence[str]) -> None:
        """Kill workers that have a nanny, which starts each again.

        Dask's own restart lets a worker close for four seconds first, while its calls go on.
        """
        self._run(worker_side.die, workers=workers)

    def close(self) -> None:
        """Leave the cluster; one of our own ends."""
        with suppress(OSError, RuntimeError, asyncio.CancelledError):
            self._client.close(timeout=CLOSE_SECONDS)
        if self._cluster is not None:
            with suppress(OSError, RuntimeError, asyncio.CancelledError):
                self._cluster.close(timeout=CLOSE_SECONDS)

    def _run(
        self, function: Callable[..., Any], *args: Any, workers: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Run a function on workers, beside their tasks; return what each returned or raised."""
        try:
            said: dict[str, Any] = self._client.run(
                function,
                *args,
                workers=None if workers is None else list(workers),
                on_error="return",
            )
        # The scheduler is gone, or the workers are.
        except (OSError, RuntimeError, ValueError, KeyError, asyncio.CancelledError):
            return {}
        return said


def _distributed() -> Any:
    """Return the package `distributed`, which then logs nothing.

    Raises:
        ClusterError: it is not installed.
    """
    try:
        import distributed

        _silence()
    except ImportError as error:
        raise ClusterError(_(NEEDS_DASK)) from error
    return distributed


def _silence() -> None:
    """Let Dask log nothing here: its lines would go across the screen."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(SILENT)


def _security(distributed: Any, cluster: Cluster) -> Any:
    """Return the certificates that were named; `None`: as Dask is configured."""
    named = {
        "tls_ca_file": cluster.tls_ca,
        "tls_client_cert": cluster.tls_cert,
        "tls_client_key": cluster.tls_key,
    }
    given = {name: path for name, path in named.items() if path}
    return distributed.Security(require_encryption=True, **given) if given else None


def _own_cluster(distributed: Any, pool: Pool) -> Any:
    """Start a cluster that nobody outside this machine can reach."""
    import dask

    prestart(StartMethod.SPAWN)
    with starting(), dask.config.set({"distributed.scheduler.allowed-failures": ALLOWED_FAILURES}):
        return distributed.LocalCluster(
            n_workers=pool.workers,
            threads_per_worker=1,
            host=LOOPBACK,
            dashboard_address=f"{LOOPBACK}:0",
            worker_dashboard_address=f"{LOOPBACK}:0",
            silence_logs=SILENT,
        )
