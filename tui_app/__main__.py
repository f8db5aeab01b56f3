"""The command's entry: `procession`, and `python -m tui_app`.

Workers that are spawned import the main module anew, so nothing else is imported at its top.
"""

AT_ONCE = "batch"
"""The command that is waited for: its workers' server starts before its words are read."""

NO_WORKER = {"-h", "--help"}
"""Words with which it needs none. (A plan needs some, which read headers.)"""

MARK = "PROCESSION_APP"
"""Set in the environment of everything that this program starts, so that it can be found."""

PAINTS = "120"
"""How often a second Textual may paint: what a key did is painted at the next of these times."""


def main() -> None:
    """Runs the command line and exits with its code."""
    # Built in: while `signal` is imported, Ctrl-C would end in a traceback.
    import _signal  # type: ignore[import-not-found]

    mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, [_signal.SIGINT])
    from tui_app.system import import_path

    # Before anything else is imported: it might come from there.
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

            # What keeps it from starting, the run says.
            with suppress(OSError):
                prestart(default_start_method())
    from tui_app.cli.main import run

    try:
        run()
    finally:
        gc_tuning.go_on()


def _give_up(error: MemoryError | ImportError) -> None:
    """Ends where there is no room for this program itself; nothing that needs some is left to do.

    A library that finds none cannot be imported.
    """
    import os
    import sys

    why = str(error) or "there is not enough memory"
    sys.stderr.write(f"procession: cannot go on: {why}\n")
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
