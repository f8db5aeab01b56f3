"""The command's entry: `procession`, and `python -m tui_app`.

A spawned worker imports the main module again, so this module imports nothing else at its top.
"""

AT_ONCE = "batch"
"""The command whose fork server starts before the arguments are parsed."""

NO_WORKER = {"-h", "--help"}
"""Arguments with which it needs no worker. (A plan needs workers, which read headers.)"""

MARK = "PROCESSION_APP"
"""A variable in the environment of everything that this program starts, to find it by."""

PAINTS = "120"
"""How often a second Textual may paint. What a key did is painted at the next of these times."""


def main() -> None:
    """Run the command line, and exit with its code."""
    # `_signal` is built in: Ctrl-C during an import of `signal` would end in a traceback.
    import _signal  # type: ignore[import-not-found]

    mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, [_signal.SIGINT])
    from tui_app.system import import_path

    # First of all: any other module might be imported from there.
    import_path.leave_current_folder()
    from tui_app.system import signals

    signals.note()
    _signal.pthread_sigmask(_signal.SIG_SETMASK, mask)
    try:
        _run()
    except signals.Interrupted:
        import sys

        signum = signals.noted()
        signals.end(128 + signum)
        sys.stderr.write(f"procession: {signals.sentence(signum)}\n")
        sys.exit(128 + signum)
    except (MemoryError, ImportError) as error:
        _give_up(error)


def _run() -> None:
    import os
    import sys
    from contextlib import suppress

    from tui_app.system import gc_tuning
    from tui_app.terminal import standard_streams

    standard_streams.take_over()
    os.environ[MARK] = str(os.getpid())
    os.environ.setdefault("TEXTUAL_FPS", PAINTS)
    gc_tuning.wait_for_start()
    words = sys.argv[1:]
    if AT_ONCE in words and NO_WORKER.isdisjoint(words):
        from tui_app.engine.machine import default_start_method, supported_platform

        if supported_platform():
            from tui_app.engine.forkserver import prestart

            # Where the server cannot be started, the run says why.
            with suppress(OSError):
                prestart(default_start_method())
    from tui_app.cli.main import run

    try:
        run()
    finally:
        gc_tuning.go_on()


def _give_up(error: MemoryError | ImportError) -> None:
    """End where there is not enough memory for this program itself, using as little as possible.

    An `ImportError` has the same cause: a library for which there is no memory.
    """
    import os
    import sys

    why = str(error) or "there is not enough memory"
    sys.stderr.write(f"procession: cannot go on: {why}\n")
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
