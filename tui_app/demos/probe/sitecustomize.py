"""Loaded by every interpreter of a played script, because its folder is first on PYTHONPATH.

Starts the probe, and then makes itself invisible: the folder leaves `sys.path`, and another
`sitecustomize` that is shadowed here is loaded in its place.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120


def _start_probe() -> None:
    try:
        __import__("procession_probe.start")
    finally:
        sys.path[:] = [folder for folder in sys.path if folder != _HERE]


def _load_shadowed() -> None:
    for finder in sys.meta_path:
        spec = finder.find_spec("sitecustomize", None)
        if spec is not None and spec.loader is not None:
            module = type(sys)("sitecustomize")
            module.__spec__, module.__file__ = spec, spec.origin
            sys.modules["sitecustomize"] = module
            spec.loader.exec_module(module)
            return


if "PROCESSION_PROBE" in os.environ:
    _start_probe()
_load_shadowed()
