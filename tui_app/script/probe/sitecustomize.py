"""Starts the probe in every interpreter of a played script: its folder is first on PYTHONPATH.

Then it makes itself invisible: its folder and its modules leave `sys`, and another `sitecustomize`
that it hides is loaded in its place. Every Python that a script may start reads this file, also
2.7, so it has only syntax that all of them know, and prints nothing.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120


def _is_for_this_python():
    # type: () -> bool
    """Return whether the probe is for this Python: it wraps what CPython has inside."""
    return sys.version_info >= (3, 9) and sys.implementation.name == "cpython"


def _start_probe():
    # type: () -> None
    import _signal  # type: ignore[import-not-found]

    try:
        _signal.set_wakeup_fd(-1)  # It is -1 already; only the main interpreter may set it.
    except ValueError:
        return  # A subinterpreter would take the main one's streams.
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, [_signal.SIGINT])
    try:  # noqa: SIM105 - `contextlib` would have to be imported
        __import__("procession_probe.start")
    except (AttributeError, ImportError, OSError):
        pass  # This Python has other insides, or files are gone: it is played without reports.
    if _signal.SIGINT in _signal.sigpending():
        # So early, Ctrl-C ends any program without a word: there is no script to be told yet.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
    for name in list(sys.modules):
        if name.partition(".")[0] == "procession_probe":
            # The end of the interpreter empties the modules that it finds here.
            del sys.modules[name]


if "PROCESSION_PROBE" in os.environ and _is_for_this_python():
    _start_probe()
sys.path[:] = [folder for folder in sys.path if folder != _HERE]
for folder in list(sys.path_importer_cache):
    if folder.startswith(_HERE):
        del sys.path_importer_cache[folder]
_me = sys.modules.pop(__name__)
# Where there is no other, this raises the error that `site` expects then.
__import__("sitecustomize")
