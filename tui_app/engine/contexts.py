"""A `multiprocessing` context that remembers the process it starts."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

from tui_app.engine.machine import StartMethod


class RememberingContext:
    """A context whose processes have a name of ours, and are known.

    A `ProcessPoolExecutor` tells neither its processes nor how they ended, and we need both: to
    kill a process at a cancel, and to report its exit code. It takes a context, so nothing of its
    insides is touched.
    """

    def __init__(self, method: StartMethod, name: str) -> None:
        self._context: BaseContext = multiprocessing.get_context(method)
        self._name = name
        self.processes: list[BaseProcess] = []

    def __getattr__(self, name: str) -> Any:
        """Return the real context's attribute."""
        return getattr(self._context, name)

    def Process(self, *args: Any, **kwargs: Any) -> BaseProcess:  # noqa: N802 - a context's own name
        """Make a process of the real context, and remember it."""
        process: BaseProcess = self._context.Process(*args, **kwargs)  # type: ignore[attr-defined]
        process.name = self._name
        self.processes.append(process)
        return process
