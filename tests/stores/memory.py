"""The store in the memory of this process."""

import importlib
from typing import Any


def memory_files() -> dict[str, Any]:
    """Its files, by their paths."""
    files: dict[str, Any] = _kind().store
    return files


def clear_memory() -> None:
    memory_files().clear()
    _kind().pseudo_dirs[:] = [""]


def _kind() -> Any:
    # fsspec has no types.
    return importlib.import_module("fsspec.implementations.memory").MemoryFileSystem
