"""Scripts of other people's: whatever they do, it is told, and nothing of them is left."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import psutil
import pytest

from tests.commands import PATIENCE
from tests.script.playing import Played, collect, marked, play, script_run, wait_until_gone
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.events import (
    Event,
    Line,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    Stream,
    TaskFailed,
    TaskSkipped,
    Waiting,
    WaitKind,
)

pytestmark = pytest.mark.slow

every_method = pytest.mark.parametrize("method", start_methods())


async def watch(
    here: Path, source: str, *arguments: str, method: StartMethod | None = None
) -> Played:
    return await play(here, dedent(source), *arguments, method=method)


@every_method
async def test_every_way_to_give_a_pool_work(here: Path, method: StartMethod) -> None:
    played = await watch(
        here,
        """
        import multiprocessing, time

        def square(n, power=2):
            time.sleep(0.02)
            print(n)
            return n ** power

        if __name__ == "__main__":
            with multiprocessing.Pool(2) as pool:
                print(pool.apply(square, (1,), {"power": 3}))
                print(pool.map(square, range(2, 6), chunksize=2))
                print(sorted(pool.imap_unordered(square, [6, 7])))
                print(list(pool.imap(square, [8], chunksize=1)))
                print(pool.starmap(square, [(9, 1)]))
                print(pool.map_async(square, [10]).get())
                print(pool.apply_async(square, [11]).get())
        """,
        method=method,
    )
    assert played.exitcode == 0
    labels = [label for label, _, _ in played.tasks]
    assert labels[0] == "square(1, power=3)"
    assert labels[1:] == [
        *(f"square({n})" for n in range(2, 9)),
        "square(9, 1)",
        "square(10)",
        "square(11)",
    ]
    assert {who for _, who, _ in played.tasks} <= {"W-1", "W-2"}
    assert {end for _, _, end in played.tasks} == {"task_finished"}
    results = [text for who, text in played.lines() if who == "main"]
    assert results == ["1", "[4, 9, 16, 25]", "[36, 49]", "[64]", "[9]", "[100]", "121"]
    # Who printed a number is who ran its task.
    runners = {label.split("(")[1].split(",")[0].rstrip(")"): who for label, who, _ in played.tasks}
    assert {text: who for who, text in played.lines() if who != "main"} == runners
    assert {"get", "next"} <= {wait.kind for wait in played.waits("main")}


@every_method
async def test_a_subclass_that_overrides_run(here: Path, method: StartMethod) -> None:
    played = await watch(
        here,
        """
        import multiprocessing

        class Counter(multiprocessing.Process):
            def __init__(self, top):
                super().__init__()
                self.top = top

            def run(self):
                for n in range(self.top):
                    print(n)

        if __name__ == "__main__":
            counter = Counter(2)
            named = multiprocessing.Process(target=print, args=("named",), name="my own")
            for process in (counter, named):
                process.start()
                process.join()
        """,
        method=method,
    )
    assert played.lines() == [("Counter-1", "0"), ("Counter-1", "1"), ("my own", "named")]
    assert played.tasks == [
        ("Counter.run()", "Counter-1", "task_finished"),
        ("print('named')", "my own", "task_finished"),
    ]


@every_method
async def test_a_child_that_is_killed(here: Path, method: StartMethod) -> None:
    played = await watch(
        here,
        """
        import multiprocessing, os, signal, sys, time

        def die(how):
            print("here", flush=True)
            if how == "exit":
                sys.exit(4)
            if how == "os._exit":
                os._exit(5)
            if how == "raise":
                raise ValueError("no")
            os.kill(os.getpid(), getattr(signal, how))
            time.sleep(30)

        if __name__ == "__main__":
            for how in ("SIGKILL", "SIGSEGV", "SIGTERM", "exit", "os._exit", "raise"):
                process = multiprocessing.Process(target=die, args=(how,))
                process.start()
                process.join()
        """,
        method=method,
    )
    assert played.exitcode == 0
    assert played.codes == {
        "main": 0,
        "P-1": -9,
        "P-2": -11,
        "P-3": -15,
        "P-4": 4,
        "P-5": 5,
        "P-6": 1,
    }
    by_time = sorted(played.of(TaskFailed), key=lambda event: event.t)
    failed = {event.error: event.reason for event in by_time}
    assert list(failed) == [
        "SIGKILL",
        "SIGSEGV",
        "SIGTERM",
        "SystemExit",
        "exit code 5",
        "ValueError",
    ]
    assert failed["SIGKILL"] == "its process P-1 was killed by SIGKILL"
    assert any("ValueError: no" in text for text in played.texts(Stream.STDERR))


@every_method
async def test_a_child_that_is_killed_from_outside_while_nobody_waits(
    here: Path, method: StartMethod
) -> None:
    script = here / "script.py"
    script.write_text(
        dedent(
            """
            import multiprocessing, time

            if __name__ == "__main__":
                process = multiprocessing.Process(target=time.sleep, args=(60,))
                process.start()
                time.sleep(1)
                print("main saw", process.exitcode)
            """
        )
    )
    seen: dict[str, float] = {}

    def on_event(event: Event) -> None:
        if isinstance(event, Waiting) and event.timeout == 60:
            os.kill(event.pid, signal.SIGKILL)
        elif isinstance(event, ProcessExited) and event.exitcode == -9:
            seen["exit"] = event.t
        elif isinstance(event, Output):
            seen["said"] = event.t

    played = await collect(script_run(script, method=method), on_event)
    assert played.codes["P-1"] == -signal.SIGKILL
    assert played.texts() == ["main saw -9"]
    if method is not StartMethod.SPAWN:
        assert seen["exit"] < seen["said"], "told when it happens, not when main asks"


async def test_a_worker_that_is_killed_breaks_its_pool(here: Path) -> None:
    played = await watch(
        here,
        """
        import concurrent.futures, os, time

        def work(n):
            if n == 0:
                time.sleep(0.3)
                os.kill(os.getpid(), 9)
            time.sleep(20)

        if __name__ == "__main__":
            with concurrent.futures.ProcessPoolExecutor(2) as executor:
                for future in [executor.submit(work, n) for n in range(6)]:
                    try:
                        future.result()
                    except Exception as error:
                        print(type(error).__name__)
        """,
    )
    assert played.texts() == ["BrokenProcessPool"] * 6
    assert [end for _, _, end in played.tasks] == ["task_failed"] * 6
    assert played.tasks[0][:2] == ("work(0)", "W-1") or played.tasks[0][1] == "W-2"
    assert "SIGKILL" in {event.error for event in played.of(TaskFailed)}
    assert "BrokenProcessPool" in {e.error for e in played.of(TaskFailed) if e.pid is None}


async def test_a_script_that_raises(here: Path) -> None:
    played = await watch(here, "def f():\n    raise ValueError('because')\n\nf()\n")
    assert played.exitcode == 1
    assert (played.finished.outcome, played.finished.reason) == (
        Outcome.FAILED,
        "the script exited with code 1",
    )
    plain = subprocess.run([sys.executable, here / "script.py"], capture_output=True, text=True)
    assert played.texts(Stream.STDERR) == plain.stderr.splitlines()
    assert played.tasks == [("script.py", "main", "task_failed")]


async def test_a_traceback_is_the_script_s_own(here: Path) -> None:
    source = """
        import concurrent.futures, multiprocessing

        def f(n):
            return 1 / n

        def g():
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                executor.submit(f, 0).result()

        if __name__ == "__main__":
            multiprocessing.Process(target=f, args=[0]).start()
            g()
        """
    played = await watch(here, source)
    said = "\n".join(played.texts(Stream.STDERR))
    assert said.count("ZeroDivisionError") >= 3
    assert "procession_probe" not in said
    assert "in g" in said


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("sys.exit(3)", 3),
        ("sys.exit('sorry')", 1),
        ("os._exit(7)", 7),
        ("os.kill(os.getpid(), 15)", -15),
        ("os.abort()", -6),
        ("sys.exit()", 0),
        ("raise KeyboardInterrupt", -2),
        ("os.kill(os.getpid(), 2)", -2),
    ],
)
async def test_the_exit_code_is_the_script_s(here: Path, end: str, code: int) -> None:
    played = await watch(here, f"import os, sys\nprint('one')\n{end}\n")
    assert played.exitcode == code
    assert played.texts() == ["one"]


async def test_a_script_that_cannot_be_read_as_python(here: Path) -> None:
    played = await watch(here, "def (:\n")
    assert played.exitcode == 1
    assert "SyntaxError" in played.texts(Stream.STDERR)[-1]


async def test_it_reads_its_arguments_and_finds_its_neighbour(here: Path) -> None:
    folder = here / "another"
    folder.mkdir()
    (folder / "neighbour.py").write_text("WORD = 'hello'\n")
    script = folder / "reads.py"
    script.write_text(
        "import sys, os, neighbour\nprint(sys.argv, neighbour.WORD, os.getcwd())\nprint(sys.path)\n"
    )
    run = script_run("another/reads.py", "-x", "two words", folder=here)
    played = await collect(run)
    plain = subprocess.run(
        [sys.executable, "another/reads.py", "-x", "two words"],
        capture_output=True,
        text=True,
        cwd=here,
    )
    assert played.texts() == plain.stdout.splitlines()
    assert "['another/reads.py', '-x', 'two words'] hello" in played.texts()[0]


async def test_many_lines_and_none_is_lost(here: Path) -> None:
    played = await watch(
        here,
        """
        import multiprocessing

        def talk(n):
            for i in range(20_000):
                print(n, i)

        if __name__ == "__main__":
            processes = [multiprocessing.Process(target=talk, args=[n]) for n in range(5)]
            for process in processes:
                process.start()
        """,
    )
    lines = played.lines()
    assert len(lines) == 100_000
    for n in range(5):
        own = [text for who, text in lines if who == f"P-{n + 1}"]
        assert own == [f"{n} {i}" for i in range(20_000)]


async def test_whatever_it_writes_is_told(here: Path) -> None:
    played = await watch(
        here,
        """
        import ctypes, os, subprocess, sys
        print("print")
        print("no newline", end="")
        sys.stdout.flush()
        os.write(1, b"write\\n")
        print("after")
        print("odd \\udcff \\x1b[31m", file=sys.stderr)
        subprocess.run(["echo", "echo"])
        os.system("echo system >&2")
        sys.stdout.buffer.write(b"buffer\\n")
        ctypes.CDLL(None).puts(b"puts")
        ctypes.CDLL(None).fflush(None)
        inner = [sys.executable, "-c", "print('inner')"]
        print("captured", subprocess.run(inner, capture_output=True, text=True).stdout.strip())
        print(sys.stdout.isatty(), sys.stdout.fileno(), sys.stdout.encoding)
        print("end", end="")
        """,
    )
    assert {who for who, _ in played.lines()} == {"main"}
    text = "\n".join(played.texts())
    for word in (
        "print",
        "no newline",
        "write",
        "after",
        "echo",
        "buffer",
        "puts",
        "captured inner",
    ):
        assert word in text
    assert "False 1 utf-8" in text
    assert played.texts()[-1] == "end"
    assert played.texts(Stream.STDERR) == ["odd \\udcff \x1b[31m", "system"]


async def test_it_is_told_that_nobody_answers(here: Path) -> None:
    played = await watch(
        here,
        """
        import multiprocessing

        def ask():
            try:
                input()
            except EOFError:
                print("child got EOFError")

        if __name__ == "__main__":
            process = multiprocessing.Process(target=ask)
            process.start()
            process.join()
            input("Your name? ")
        """,
    )
    assert played.exitcode == 1
    assert played.texts() == ["child got EOFError", "Your name? "]
    assert "EOFError: EOF when reading a line" in played.texts(Stream.STDERR)
    told = [who for who, text in played.lines(Stream.STDERR) if "standard input is closed" in text]
    assert told == ["P-1", "main"]


@every_method
async def test_processes_that_processes_start(here: Path, method: StartMethod) -> None:
    played = await watch(
        here,
        """
        import multiprocessing, time

        def inner():
            print("inner")
            time.sleep(0.2)

        def outer():
            process = multiprocessing.Process(target=inner)
            process.start()
            process.join()
            print("outer")

        if __name__ == "__main__":
            process = multiprocessing.Process(target=outer)
            process.start()
            process.join()
        """,
        method=method,
    )
    assert played.lines() == [("P-1:1", "inner"), ("P-1", "outer")]
    parents = {e.name: played.names.get(e.parent) for e in played.of(ProcessStarted)}
    assert parents == {"main": None, "P-1": "main", "P-1:1": "P-1"}
    assert set(played.codes.values()) == {0}
    assert played.waited("P-1") == [("join", "P-1:1")]


async def test_its_own_choice_of_a_start_method_counts(here: Path) -> None:
    source = """
        import multiprocessing

        def say():
            print(multiprocessing.get_start_method())

        if __name__ == "__main__":
            {}
            print(multiprocessing.get_start_method())
            process = multiprocessing.Process(target=say)
            process.start()
            process.join()
        """
    choice = "multiprocessing.set_start_method('spawn')"
    for line, method, expected in (
        (choice, None, "spawn"),
        (choice, StartMethod.FORKSERVER, "spawn"),
        ("", StartMethod.FORKSERVER, "forkserver"),
    ):
        played = await watch(here, source.format(line), method=method)
        assert played.texts() == [expected] * 2


async def test_processes_that_outlive_main(here: Path) -> None:
    played = await watch(
        here,
        '''
        import os, subprocess, sys

        # Each waits until the one before has ended, and was buried.
        WAIT = """
        import os, time
        try:
            while True:
                os.kill({pid}, 0)
                time.sleep(0.01)
        except ProcessLookupError:
            pass
        """
        main = os.getpid()
        orphan = os.fork()
        if orphan == 0:
            exec(WAIT.format(pid=main))
            print("orphan")
            os._exit(6)
        later = WAIT.format(pid=orphan) + "print('later')"
        subprocess.Popen([sys.executable, "-c", later])
        print("main is done")
        os._exit(0)
        ''',
    )
    assert played.lines() == [("main", "main is done"), ("fork-1", "orphan"), ("python-1", "later")]
    assert played.codes == {"main": 0, "fork-1": 6, "python-1": 0}
    exits = [played.names[event.pid] for event in played.of(ProcessExited)]
    assert exits == ["main", "fork-1", "python-1"]
    assert played.finished.t == played.of(ProcessExited)[-1].t


ENDLESS = """
    import multiprocessing, os, subprocess, sys, time

    def forever():
        subprocess.Popen(["sleep", "1000"], start_new_session=True)
        print("up", flush=True)
        while True:
            time.sleep(1)

    if __name__ == "__main__":
        for _ in range(2):
            multiprocessing.Process(target=forever).start()
        print("up", flush=True)
        while True:
            pass
    """


@every_method
async def test_cancel_kills_the_whole_tree(here: Path, method: StartMethod) -> None:
    script = here / "script.py"
    script.write_text(dedent(ENDLESS))
    run = script_run(script, method=method, mark=f"cancel-{method}")
    up = 0
    cancelled = 0.0

    def on_event(event: Event) -> None:
        nonlocal up, cancelled
        up += isinstance(event, Output)
        if up == 3 and not cancelled:
            assert len(marked(f"cancel-{method}")) >= 5
            cancelled = time.monotonic()
            run.cancel("enough")

    played = await collect(run, on_event)
    assert time.monotonic() - cancelled < 3
    assert (played.finished.outcome, played.finished.reason) == (Outcome.CANCELLED, "enough")
    assert {event.reason for event in played.of(TaskSkipped)} == {"enough; it was under way"}
    assert played.codes["main"] == -signal.SIGINT
    assert not wait_until_gone(f"cancel-{method}")


async def test_whoever_stops_iterating_stops_the_script(here: Path) -> None:
    script = here / "script.py"
    script.write_text("import time\nprint('up')\ntime.sleep(100)\n")
    run = script_run(script, mark="left")
    stream = run.events()
    async for event in stream:
        if isinstance(event, Output):
            break
    await stream.aclose()
    assert not wait_until_gone("left")


def test_nothing_is_left_when_the_app_is_killed(here: Path) -> None:
    script = here / "script.py"
    script.write_text(dedent(ENDLESS))
    mark = "killed-app"
    app = subprocess.Popen(
        [sys.executable, "-m", "tui_app", "watch", str(script)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PROCESSION_TEST_MARK": mark},
        text=True,
    )
    assert app.stdout is not None
    seen = 0
    for line in app.stdout:
        seen += " up" in line
        if seen == 3:
            break
    assert len(marked(mark)) > 5
    app.kill()
    app.wait()
    app.stdout.close()
    left = wait_until_gone(mark)
    names = [psutil.Process(pid).cmdline() for pid in left]
    assert not names


async def test_the_line_of_main_is_told_while_it_computes(here: Path) -> None:
    played = await watch(
        here,
        """\
        import time
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            x = sum(range(100))
        time.sleep(0.1)
        """,
    )
    lines = [event.line for event in played.of(Line)]
    assert set(lines) & {3, 4}
    assert lines[-1] == 5


@every_method
async def test_a_wait_tells_where_in_the_script_it_is(here: Path, method: StartMethod) -> None:
    played = await watch(
        here,
        """\
        import concurrent.futures, multiprocessing, time
        def nap():
            time.sleep(0.3)
        if __name__ == "__main__":
            process = multiprocessing.Process(target=nap)
            process.start()
            process.join()
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                executor.submit(nap).result()
            time.sleep(True)
        """,
        method=method,
    )
    # How long a process takes to start is for the machine to say.
    own = [wait for wait in played.waits("main") if wait.kind != WaitKind.START]
    assert [(wait.kind, wait.object, wait.line) for wait in own] == [
        ("join", "P-1", 7),
        ("result", "nap()", 9),
        ("shutdown", None, 8),
        ("sleep", None, 10),
    ]
    for name in ("P-1", "W-2"):
        assert [(wait.line, wait.timeout) for wait in played.waits(name)] == [(3, 0.3)]
    waits = played.of(Waiting)
    assert {wait.file for wait in waits} == {str(here / "script.py")}
    assert {(wait.holder, wait.thread) for wait in waits} == {(None, None)}
    assert [(wait.pid, wait.thread) for wait in sorted(waits, key=lambda wait: wait.pid)] == [
        (event.pid, event.thread) for event in sorted(played.of(Resumed), key=lambda one: one.pid)
    ]


async def test_a_wait_outside_the_script_is_on_no_line(here: Path) -> None:
    played = await watch(
        here,
        """
        import multiprocessing, time

        if __name__ == "__main__":
            multiprocessing.Process(target=time.sleep, args=(0.3,)).start()
        """,
    )
    (wait,) = played.waits("main")
    assert (wait.kind, wait.object, wait.file, wait.line) == ("exit", "P-1", None, None)
    # Its own call of `sleep` stands in no script, even where it has its parent's frames.
    (wait,) = played.waits("P-1")
    assert (wait.kind, wait.file, wait.line) == ("sleep", None, None)


async def test_a_sleep_that_python_refuses_is_no_wait(here: Path) -> None:
    played = await watch(
        here,
        """
        import time
        for seconds in (float("inf"), float("nan"), 1e300, -1.0, "1"):
            try:
                time.sleep(seconds)
            except (OverflowError, TypeError, ValueError) as error:
                print(type(error).__name__)
        """,
    )
    refused = ["OverflowError", "ValueError", "OverflowError", "ValueError", "TypeError"]
    assert played.texts() == refused
    assert played.stretches(WaitKind.SLEEP) == []


async def test_a_pool_without_a_with(here: Path) -> None:
    played = await watch(
        here,
        """
        import concurrent.futures, time

        if __name__ == "__main__":
            executor = concurrent.futures.ProcessPoolExecutor(1)
            executor.submit(time.sleep, 0.3)
            print("end of the script")
        """,
    )
    assert played.waited("main")[0] == ("exit", None)
    assert played.tasks == [("sleep(0.3)", "W-1", "task_finished")]


async def test_what_cannot_be_sent_fails_and_what_is_cancelled_is_skipped(here: Path) -> None:
    played = await watch(
        here,
        """
        import concurrent.futures, time

        def nap(seconds):
            time.sleep(seconds)

        if __name__ == "__main__":
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                bad = executor.submit(lambda: 1)
                futures = [executor.submit(nap, 0.3) for _ in range(6)]
                print(futures[-1].cancel(), bad.exception())
        """,
    )
    ends = [end for _, _, end in played.tasks]
    assert ends == ["task_failed", *["task_finished"] * 5, "task_skipped"]
    assert played.of(TaskFailed)[0].pid is None


async def test_the_wait_for_several_futures(here: Path) -> None:
    played = await watch(
        here,
        """
        import concurrent.futures, time

        if __name__ == "__main__":
            with concurrent.futures.ProcessPoolExecutor(2) as executor:
                futures = [executor.submit(time.sleep, 0.2) for _ in range(2)]
                done, left = concurrent.futures.wait(futures)
                print(len(done), len(left))
        """,
    )
    assert played.waited("main")[0] == ("wait", None)
    assert played.texts() == ["2 0"]


async def test_another_sitecustomize_is_loaded_too(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "site").mkdir()
    (here / "site" / "sitecustomize.py").write_text("import sys\nsys.mine = 'mine'\n")
    monkeypatch.setenv("PYTHONPATH", str(here / "site"))
    played = await watch(
        here, "import sys, sitecustomize\nprint(sys.mine, sitecustomize.__file__, sys.path[1])\n"
    )
    site = str(here / "site")
    assert played.texts() == [f"mine {site}/sitecustomize.py {site}"]


async def test_a_script_that_becomes_another_program(here: Path) -> None:
    played = await watch(
        here,
        """
        import os, sys
        if len(sys.argv) == 1:
            print("one", flush=True)
            os.execv(sys.executable, [sys.executable, __file__, "again"])
        print("two")
        sys.exit(5)
        """,
    )
    assert played.processes == ["main"]
    assert played.lines() == [("main", "one"), ("main", "two")]
    assert played.exitcode == 5


async def test_a_fork_meets_no_other_thread(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # From Python 3.12 a fork beside another thread is a DeprecationWarning.
    monkeypatch.setenv("PYTHONWARNINGS", "always")
    played = await watch(
        here,
        """
        import multiprocessing, threading

        if __name__ == "__main__":
            for _ in range(10):
                multiprocessing.get_context("fork").Process(target=print, args=["hi"]).start()
            print(threading.active_count())
        """,
    )
    assert played.texts(Stream.STDERR) == []
    assert sorted(played.texts()) == ["1", *["hi"] * 10]


async def test_a_manager_is_a_process_without_a_task(here: Path) -> None:
    played = await watch(
        here,
        """
        import multiprocessing

        def add(shared):
            shared.append(1)

        if __name__ == "__main__":
            with multiprocessing.Manager() as manager:
                shared = manager.list()
                process = multiprocessing.Process(target=add, args=[shared])
                process.start()
                process.join()
                print(list(shared))
        """,
    )
    assert played.texts() == ["[1]"]
    assert played.processes == ["main", "P-2", "SyncManager-1"]
    assert [who for _, who, _ in played.tasks] == ["P-2"]


async def test_a_supervisor_that_is_killed_leaves_nothing(here: Path) -> None:
    script = here / "script.py"
    script.write_text(dedent(ENDLESS))
    mark = "supervisor"

    def command(pid: int) -> str:
        try:
            return " ".join(psutil.Process(pid).cmdline())
        except psutil.Error:
            return ""

    def on_event(event: Event) -> None:
        if isinstance(event, Output):
            for pid in marked(mark):
                if "supervisor.py" in command(pid):
                    os.kill(pid, signal.SIGKILL)

    played = await collect(script_run(script, mark=mark), on_event)
    assert played.finished.outcome is Outcome.FAILED
    assert "the supervisor of" in played.finished.reason
    # What had left the script's process group, only its supervisor could have found.
    deadline = time.monotonic() + PATIENCE
    while any("script.py" in command(pid) for pid in marked(mark)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for pid in marked(mark):
        assert command(pid) in ("", "sleep 1000")
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("method", [StartMethod.FORKSERVER, StartMethod.SPAWN])
async def test_what_a_script_prints_at_its_top_has_its_printer(
    here: Path, method: StartMethod
) -> None:
    """Each process imports the script, or the fork server does so once, before all of them."""
    played = await watch(
        here,
        """
        import multiprocessing, os
        print("top of", __name__)
        os.write(1, b"written\\n")
        def work():
            print("work")
        if __name__ == "__main__":
            processes = [multiprocessing.Process(target=work) for _ in range(2)]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
        """,
        method=method,
    )
    assert played.by("top of __main__") == ["main"]
    assert sorted(played.by("work")) == ["P-1", "P-2"]
    importers = sorted(played.by("top of __mp_main__"))
    assert importers in (["P-1", "P-2"], ["server-1"])
    assert sorted(played.by("written")) == sorted(["main", *importers])
    assert played.codes == dict.fromkeys({"main", "P-1", "P-2", *importers}, 0)
    if importers == ["server-1"]:
        assert played.printed("top of __mp_main__")[0] <= min(played.printed("work"))


async def test_a_server_that_says_nothing_is_no_process_of_the_script(here: Path) -> None:
    played = await watch(
        here,
        """
        import multiprocessing
        if __name__ == "__main__":
            process = multiprocessing.Process(target=print, args=("x",))
            process.start()
            process.join()
        """,
        method=StartMethod.FORKSERVER,
    )
    assert played.processes == ["main", "P-1"]
