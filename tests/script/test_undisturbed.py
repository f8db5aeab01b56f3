"""Scripts that look closely at what is their own: played, they find and leave what plain `python`
would have them find and leave.
"""

import ast
import secrets
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest

from tests.script.playing import Played, collect, script_run
from tui_app.engine.machine import start_methods
from tui_app.events import Output, Stream

pytestmark = pytest.mark.slow

DESCRIPTORS = {
    "fd-1-and-2-put-elsewhere": """
        import os, sys
        log = os.open("log.txt", os.O_WRONLY | os.O_CREAT)
        print("before", flush=True)
        home = os.dup(1)
        os.dup2(log, 1)
        print("into the file", flush=True)
        os.write(1, b"raw\\n")
        os.system("echo of a child")
        os.dup2(home, 1)
        print("after")
        os.dup2(log, 2)
        print("an error for the file", file=sys.stderr)
        """,
    "all-above-2-closed": """
        import os, socket, sys, time
        os.closerange(3, 4096)
        pairs = [socket.socketpair() for _ in range(6)]
        files = [open(f"{number}.txt", "w+b") for number in range(90)]
        for number in range(5):
            print(number, flush=True)
            time.sleep(0.02)
            print("an error", file=sys.stderr)
        for one in [one for pair in pairs for one in pair]:
            one.setblocking(False)
            try:
                print(one.recv(10_000))
            except BlockingIOError:
                pass
        """,
    "what-proc-tells": """
        import os
        print(sorted(map(int, os.listdir("/proc/self/fd"))))
        print(os.open("/dev/null", os.O_RDONLY))
        for name in ("/proc/self/fd/1", "/dev/stdout", "/dev/stderr"):
            with open(name, "w") as stream:
                stream.write(name + "\\n")
        os.system("echo of a shell >/dev/stderr")
        for fd in map(int, os.listdir("/proc/self/fd")):
            if fd > 2:
                try:
                    os.close(fd)
                except OSError:
                    pass
        print("all closed")
        """,
    "garbage": """
        import os, socket
        GARBAGE = [
            b"garbage\\n",
            b"[]\\n",
            b'{"kind":"events"}\\n',
            b'{"how":"main","pid":1,"parent":1,"t":1e400,"encoding":"utf-8","pipes":""}\\n',
            b'{"how":"main","pid":1,"parent":1,"t":0,"encoding":"utf-8","pipes":""}\\n',
            b'{"how":"report","pid":1,"parent":1,"t":0,"encoding":"utf-8","pipes":"stdout"}\\n'
            b'{"event":"line","line":"x","t":0}\\n{"event":"reaped","child":1,"code":1,"t":0}\\n',
            b"[" * 100_000 + b"\\n",
            b"x" * 1_000_000,
            b"",
        ]
        for garbage in GARBAGE if "PROCESSION_PROBE" in os.environ else ():
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(os.environ["PROCESSION_PROBE"])
                try:
                    line.sendall(garbage)
                except OSError:
                    pass
        for fd in map(int, os.listdir("/proc/self/fd")):
            if fd > 2:
                try:
                    os.write(fd, b"garbage\\n")
                except OSError:
                    pass
        print("end")
        """,
    "few-files": """
        import os, resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))
        try:
            files = [open(os.devnull) for _ in range(9)]
        except OSError as error:
            print(error)
        print("end")
        """,
    "a-session-of-its-own": """
        import os
        os.setsid()
        print("still told", os.getsid(0) == os.getpid(), flush=True)
        if os.fork() == 0:
            os.setsid()
            if os.fork():
                os._exit(0)
            log = os.open("log.txt", os.O_WRONLY | os.O_CREAT)
            for fd in (1, 2):
                os.dup2(log, fd)
            os.closerange(3, 4096)
            print("a daemon", flush=True)
            os._exit(os.write(2, b"ends\\n") - 5)
        os.wait()
        """,
    "another-program": """
        import os, sys
        print("one", flush=True)
        script = f"echo two; exec {sys.executable} -c 'print(3); raise SystemExit(4)'"
        os.execv("/bin/sh", ["sh", "-c", script])
        """,
}
"""Its files and descriptors."""

STREAMS = {
    "detached-and-closed": """
        import io, sys
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            print(stream, isinstance(stream, io.TextIOWrapper), type(stream.buffer), stream.errors)
            print(stream.buffer.raw, stream.fileno(), stream.isatty(), stream.mode)
        print(sys.stdout.write_through, sys.stdout is sys.__stdout__, sys.stdin is sys.__stdin__)
        sys.stdout.reconfigure(encoding="latin-1", errors="replace")
        print(sys.stdout.encoding, sys.stdout.errors, "€")
        sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="utf-8", line_buffering=True)
        print("detached: țară")
        sys.stdout.flush()
        sys.stdout.buffer.write(b"bytes\\n")
        sys.stdout.buffer.raw.write(b"raw\\n")
        for wrong in (b"bytes", "\\udcff"):
            try:
                sys.stdout.write(wrong)
            except (TypeError, UnicodeError) as error:
                print(error)
        sys.stdout.close()
        try:
            print("lost")
        except ValueError as error:
            sys.stderr.write(f"{error}\\n")
        """,
    "the-order-of-all-that-is-written": """
        import ctypes, os, sys
        libc = ctypes.CDLL(None)
        for number in range(50):
            print(number, end="", flush=True)
            os.write(1, b" write")
            print(" print", end="", flush=True)
            libc.printf(b" C")
            libc.fflush(None)
            os.write(1, b"\\n")
        os.system("echo of a shell")
        sys.stdout.write("\\0 and no newline")
        """,
    "text-that-waits-at-a-fork": """
        import os, sys
        sys.stdout.write("twice ")
        if os.fork() == 0:
            print("in the child")
            sys.stdout.flush()
            os._exit(0)
        os.wait()
        print("in the parent")
        """,
    "a-bar": """
        import sys
        for number in range(500):
            sys.stdout.write(f"\\r{number} of 500")
            sys.stdout.flush()
        print("\\rdone", "x" * 100_000)
        """,
    "nobody-at-the-keyboard": """
        import os, sys
        print(sys.stdin.encoding, sys.stdin.name, os.read(0, 9), sys.stdin.buffer.raw.fileno())
        os.dup2(os.open("script.py", os.O_RDONLY), 0)
        print(sys.stdin.readline(), sys.stdin.read(10))
        """,
}
"""What it writes and reads."""

INSIDE = {
    "what-it-finds-of-the-probe": """
        import sys, threading
        for names in (sys.modules, sys.path, sys.path_importer_cache):
            print([name for name in names if "procession" in name or "probe" in name])
        print(threading.active_count(), sys.gettrace(), sys.getprofile())
        print(sys.excepthook is sys.__excepthook__, threading.excepthook.__name__)
        try:
            sys.unraisablehook(ValueError())
        except TypeError as error:
            print(error)
        """,
    "builtin-functions": """
        import os, pickle, time
        class Clock:
            sleep = time.sleep
            wait = os.waitpid
        Clock().sleep(0.01)
        print(pickle.loads(pickle.dumps(time.sleep)) is time.sleep, time.sleep, os.waitpid)
        for call in (time.sleep, lambda: time.sleep("x"), lambda: time.sleep(-1), os.waitpid):
            try:
                call()
            except (TypeError, ValueError) as error:
                print(error)
        """,
    "signals-that-it-waits-for": """
        import os, signal, time
        print(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGTERM]))
        print([s for s in range(1, 32) if signal.getsignal(s) is signal.SIG_IGN])
        for _ in range(30):
            os.kill(os.getpid(), signal.SIGUSR1)
            time.sleep(0.005)
            assert signal.sigwait([signal.SIGUSR1]) == signal.SIGUSR1
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.2)
        print(signal.sigtimedwait([signal.SIGTERM], 9).si_signo)
        """,
    "subinterpreters-with-threads": """
        import sys, threading
        try:
            import _interpreters
            run = _interpreters.exec
        except ImportError:
            import _xxsubinterpreters as _interpreters
            run = _interpreters.run_string
        CODE = '''if 1:
            import threading, time
            def burn():
                end = time.monotonic() + 0.3
                while time.monotonic() < end:
                    sum(range(100))
            threads = [threading.Thread(target=burn) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            print("inside", flush=True)'''
        def go():
            run(_interpreters.create(), CODE)
        threads = [threading.Thread(target=go) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print("end")
        """,
    "objects-at-the-end": """
        import builtins, subprocess, sys, time
        class Late:
            def __init__(self):
                self.child = subprocess.Popen(["true"])
            def __del__(self):
                time.sleep(0.01)
                print("late", self.child.wait())
        sys.late = Late()
        builtins.late = Late()
        """,
    "futures-that-nobody-keeps": """
        import concurrent.futures, gc, time, weakref
        gc.disable()
        def fail(number):
            if number % 2:
                raise ValueError(number)
        if __name__ == "__main__":
            with concurrent.futures.ThreadPoolExecutor(2) as executor:
                futures = {executor.submit(fail, number) for number in range(10)}
                alive = [weakref.ref(future) for future in futures]
                ready = concurrent.futures.as_completed(futures)
                futures.clear()
                for future in ready:
                    try:
                        future.result()
                    except ValueError:
                        future.exception()
                    del future
                time.sleep(0.1)
                print([one() for one in alive])
            try:
                list(concurrent.futures.as_completed([concurrent.futures.Future()], timeout=0.01))
            except TimeoutError as error:
                print(error)
            print(concurrent.futures.wait([concurrent.futures.Future()], timeout=0.01).done)
        """,
    "an-error-in-a-thread": """
        import concurrent.futures, logging, threading, traceback
        def fail():
            raise ValueError("no")
        def ask():
            with concurrent.futures.ThreadPoolExecutor(1) as executor:
                future = executor.submit(fail)
                concurrent.futures.wait([future])
                future.result()
        thread = threading.Thread(target=ask, name="T")
        thread.start()
        thread.join()
        try:
            ask()
        except ValueError:
            logging.exception("it said")
            traceback.print_exc()
        ask()
        """,
}
"""What it finds inside of Python."""

PROCESSES = {
    "every-name-for-an-argument": """
        import concurrent.futures, multiprocessing, sys
        def names(**kwargs):
            return sorted(kwargs)
        if __name__ == "__main__":
            multiprocessing.set_start_method(sys.argv[1])
            odd = dict(self=1, fn=2, key=3, args=4, function=5, task=6, on=7, real=8)
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                print(executor.submit(names, **odd).result())
            with multiprocessing.Pool(1) as pool:
                print(pool.apply(names, kwds=odd))
            process = multiprocessing.Process(target=names, kwargs=odd)
            process.start()
            process.join()
            print(process.exitcode)
        """,
    "children-without-the-probe": """
        import concurrent.futures, multiprocessing, os, sys
        def half(number):
            return number // 2
        if __name__ == "__main__":
            multiprocessing.set_start_method(sys.argv[1])
            os.environ.pop("PYTHONPATH", None)
            with multiprocessing.Pool(1) as pool:
                print(pool.map(half, range(6)), pool.apply(half, (9,)), pool.starmap(half, [(4,)]))
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                print(list(executor.map(half, range(6), chunksize=2)))
                print(executor.submit(half, 9).result())
            process = multiprocessing.Process(target=half, args=(2,))
            process.start()
            process.join()
            print(process.exitcode)
        """,
    "arguments-that-nobody-keeps": """
        import concurrent.futures, multiprocessing, sys
        class Counted:
            alive = 0
            def __init__(self, _number):
                Counted.alive += 1
            def __del__(self):
                Counted.alive -= 1
            def __reduce__(self):
                return Counted, (0,)
        def count(one):
            return Counted.alive
        if __name__ == "__main__":
            multiprocessing.set_start_method(sys.argv[1])
            one = Counted(0)
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                print([executor.submit(count, one).result() for _ in range(3)])
            with multiprocessing.Pool(1) as pool:
                print([pool.apply(count, (one,)) for _ in range(3)])
        """,
    "what-warnings-and-stacks-point-to": """
        import concurrent.futures, multiprocessing, sys, traceback, warnings
        def warn(level):
            warnings.warn("careful", stacklevel=level)
        def show():
            print([frame.name for frame in traceback.extract_stack()][-4:], flush=True)
        if __name__ == "__main__":
            multiprocessing.set_start_method(sys.argv[1])
            for level in (1, 2, 3, 4):
                process = multiprocessing.Process(target=warn, args=(level,))
                process.start()
                process.join()
            process = multiprocessing.Process(target=show)
            process.start()
            process.join()
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                for level in (1, 2, 3):
                    executor.submit(warn, level).result()
                list(executor.map(warn, [1, 2], chunksize=2))
                executor.submit(show).result()
            with multiprocessing.Pool(1) as pool:
                for level in (1, 2, 3):
                    pool.apply(warn, (level,))
                pool.map(warn, [1, 2])
                pool.apply(show)
        """,
}
"""What its processes are and say, under each start method."""


def text_of(played: Played, stream: Stream) -> str:
    """All that came through a stream, as it came."""
    return "".join(
        event.text + ("" if event.partial else "\n")
        for event in played.of(Output)
        if event.stream is stream
    )


def fresh(folder: Path, source: str) -> Path:
    """A folder with nothing in it but the script, which says its name in what it prints."""
    folder.mkdir()
    script = folder / "script.py"
    script.write_text(dedent(source), "utf-8")
    return script


def files_of(folder: Path) -> dict[str, bytes]:
    """What is there; it is removed."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    shutil.rmtree(folder)
    return found


async def compare(here: Path, source: str, *arguments: str, exact: bool) -> None:
    """Plays a script, and runs it by plain `python`.

    Args:
        exact: all that is written has one order; else only the lines have to be the same.
    """
    folder = here / "folder"
    script = fresh(folder, source)
    ran = subprocess.run(
        [sys.executable, script, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    files = files_of(folder)
    script = fresh(folder, source)
    played = await collect(script_run(script, *arguments, folder=folder))
    for stream, written in ((Stream.STDERR, ran.stderr), (Stream.STDOUT, ran.stdout)):
        said, text = text_of(played, stream), written.decode()
        lines, own = Counter(said.split("\n")), Counter(text.split("\n"))
        assert [line[:200] for line in lines - own] == [line[:200] for line in own - lines]
        if exact:
            assert said.split("\n") == text.split("\n")
    assert played.exitcode == ran.returncode
    assert files_of(folder) == files


@pytest.mark.parametrize("name", DESCRIPTORS)
async def test_its_descriptors_are_its_own(here: Path, name: str) -> None:
    await compare(here, DESCRIPTORS[name], exact=name != "what-proc-tells")


@pytest.mark.parametrize("name", STREAMS)
async def test_what_it_writes_and_reads_is_its_own(here: Path, name: str) -> None:
    await compare(here, STREAMS[name], exact="fork" not in name)


@pytest.mark.parametrize("name", INSIDE)
async def test_what_it_finds_inside_is_its_own(here: Path, name: str) -> None:
    if name == "subinterpreters-with-threads":
        pytest.importorskip(
            "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
        )
    await compare(here, INSIDE[name], exact=False)


@pytest.mark.parametrize("method", start_methods())
@pytest.mark.parametrize("name", PROCESSES)
async def test_its_processes_are_its_own(here: Path, name: str, method: str) -> None:
    await compare(here, PROCESSES[name], method, exact=False)


async def test_what_its_resource_tracker_removes_is_told(here: Path) -> None:
    name = f"procession-{secrets.token_hex(4)}"
    source = """
        import multiprocessing.shared_memory, os, sys
        multiprocessing.shared_memory.SharedMemory(create=True, size=9, name=sys.argv[1])
        print("left", flush=True)
        os._exit(3)
        """
    await compare(here, source, name, exact=True)
    assert not (Path("/dev/shm") / name).exists()


async def test_no_line_is_lost_or_told_twice_where_a_handler_raises(here: Path) -> None:
    """Between what is written and the knowledge that it is, no signal comes."""
    (here / "script.py").write_text(
        dedent(
            """
            import signal, sys
            class Stop(Exception):
                pass
            def stop(*_):
                raise Stop
            signal.signal(signal.SIGALRM, stop)
            number, written = 0, []
            for _ in range(150):
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.001)
                    while True:
                        number += 1
                        sys.stdout.write(f"{number}\\n")
                        written.append(number)
                except Stop:
                    pass
            sys.stderr.write(repr(written))
            """
        )
    )
    played = await collect(script_run("script.py", folder=here))
    told = [int(text) for text in played.texts()]
    assert told == sorted(set(told))
    assert set(told) >= set(ast.literal_eval(text_of(played, Stream.STDERR)))


async def test_what_c_prints_is_told_though_its_process_is_killed(here: Path) -> None:
    source = """
        import ctypes, os
        ctypes.CDLL(None).puts(b"by C")
        print("by Python")
        os.kill(os.getpid(), 9)
        """
    script = fresh(here / "folder", source)
    played = await collect(script_run(script, folder=here))
    assert played.texts() == ["by C", "by Python"]


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.9", "3.10"])
async def test_children_by_other_pythons_hear_nothing_of_us(here: Path, version: str) -> None:
    other = shutil.which(f"python{version}") or next(
        Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), None
    )
    if other is None:
        pytest.skip(f"there is no Python {version} here")
    source = """
        import subprocess, sys
        code = "import sys; print([name for name in sys.modules if 'procession' in name])"
        for words in (["-c", code], ["-c", "1 / 0"]):
            subprocess.run([sys.argv[1], *words])
        """
    await compare(here, source, str(other), exact=True)
