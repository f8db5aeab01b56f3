"""What tests let workers do."""

import ctypes
import errno
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from multiprocessing import current_process
from pathlib import Path
from typing import Any

from tui_app.engine.worker import attach

Progress = Callable[[str, float], None]


def double(number: int, progress: Progress) -> dict[str, Any]:
    progress("double", 0.5)
    return {"number": 2 * number}


def pretend_without_gil(_: object, progress: Progress) -> None:
    """What a free-threaded interpreter says of itself, this worker's says from now on."""
    setattr(sys, "_is_gil_enabled", lambda: False)  # noqa: B010 - not there on every Python


def nap(seconds: float, progress: Progress) -> None:
    progress("nap", 0.0)
    time.sleep(seconds)


def meet(path: str, progress: Progress) -> None:
    """Comes to an end only when two are here at once."""
    Path(path, f"{os.getpid()}-{threading.get_ident()}").touch()
    deadline = time.monotonic() + 30
    while len(list(Path(path).iterdir())) < 2:
        if time.monotonic() > deadline:
            raise TimeoutError("nobody came")
        time.sleep(0.005)


def meet_and_nap(path: str, progress: Progress) -> None:
    """Is there when another one is, and stays a while."""
    meet(path, progress)
    time.sleep(1.0)


def meet_and_die(path: str, progress: Progress) -> None:
    """Dies in company; whoever has met once is not waited for again."""
    meet(path, progress)
    die("SIGSEGV", progress)


def say(text: str, progress: Progress) -> None:
    """Says it in every way that a worker has."""
    print(f"print {text}")
    print(f"print to stderr {text}", file=sys.stderr)
    warnings.warn(f"warning {text}", stacklevel=1)
    logging.basicConfig(force=True)
    logging.getLogger("work").warning("logging %s", text)
    os.write(1, f"write 1 {text}\n".encode())
    os.write(2, f"write 2 {text}\n".encode())
    c = ctypes.CDLL(None)
    c.puts(f"puts {text}".encode())
    c.perror(f"perror {text}".encode())
    subprocess.run(["echo", f"echo {text}"], check=True)
    sys.stdout.buffer.write(f"buffer {text}\n".encode())
    print(f"no newline {text}", end="")


def print_lines(count: int, progress: Progress) -> None:
    for number in range(count):
        print(f"line {number}")


def fail(how: str, progress: Progress) -> Any:
    progress("think", 0.25)
    match how:
        case "raise":
            raise ValueError("first line\nsecond line")
        case "exit":
            sys.exit(3)
        case "stop":
            raise StopIteration
        case "interrupt":
            raise KeyboardInterrupt
        case "custom":
            raise OddError(1, 2)
        case "unpicklable":
            return {"file": sys.stdout}
        case "silent":
            raise RuntimeError
    raise AssertionError(how)


class OddError(Exception):
    """Cannot be unpickled: its arguments are not its constructor's."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__("odd")


def die(how: str, progress: Progress) -> None:
    progress("die", 0.5)
    if how == "exit":
        os._exit(7)
    os.kill(os.getpid(), getattr(signal, how))
    time.sleep(30)


def inspect(_: None, progress: Progress) -> Mapping[str, Any]:
    return {
        "nice": os.nice(0),
        "modules": sorted(sys.modules),
        "stdin": sys.stdin.read() if sys.stdin else "",
        "fd 0": os.read(0, 10).decode(),
    }


def say_of(job: object, progress: Progress) -> None:
    """Stands in for an image's work."""
    say("x", progress)


def _refuse() -> None:
    raise RuntimeError("not to be read")


class Unreadable:
    """Can be pickled, and not unpickled."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return _refuse, ()


def fail_before(where: tuple[str, int], progress: Progress) -> None:
    """Fails as many times as asked, counting in a file."""
    path, times = Path(where[0]), where[1]
    before = len(path.read_text()) if path.exists() else 0
    if before < times:
        path.write_text("x" * (before + 1))
        raise ValueError("not yet")


def refuse_to_start(*_: object) -> None:
    os._exit(1)


def be_refused(*_: object) -> None:
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def dial_late(*ready: Any) -> None:
    """The second worker of a run is refused what the first one has."""
    if current_process().name == "W-2":
        be_refused()
    attach(*ready)


def limits_of_files(_: object, progress: Progress) -> dict[str, Any]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return {"soft": soft, "hard": hard}


def kill_server(path: str, progress: Progress) -> None:
    """Kills the fork server, once; the worker that does it goes with it."""
    try:
        Path(path).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def burn(seconds: float, progress: Progress) -> None:
    """Uses so much time of a CPU."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def hold(size: int, progress: Progress) -> None:
    """Has so many bytes of memory in use for a moment."""
    bytearray(b"x") * size
