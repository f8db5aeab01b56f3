"""Programs are processes with their own names; ends that a script means are no failures."""

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.script.playing import Played, play
from tui_app.events import Outcome, ProcessExited, ProcessStarted, TaskFailed, TaskSkipped

pytestmark = pytest.mark.slow


def started(played: Played) -> dict[str, ProcessStarted]:
    return {event.name: event for event in played.of(ProcessStarted)}


def exited(played: Played) -> dict[str, ProcessExited]:
    return {played.names[event.pid]: event for event in played.of(ProcessExited)}


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc shows what nobody tells of")
async def test_programs_are_shown_whoever_starts_them(here: Path) -> None:
    (here / "timer.py").write_text("import time\ntime.sleep(0.5)\nprint('timer')\n")
    played = await play(
        here,
        dedent(
            """
            import os, subprocess, sys

            timer = [sys.executable, "timer.py"]
            all_ = [
                subprocess.Popen(["true"]),
                subprocess.Popen([sys.executable, "-I", "timer.py"]),
                subprocess.Popen(timer, env={}),
                subprocess.Popen(timer),
                subprocess.Popen("sleep 0.5; exit 3", shell=True),
            ]
            os.waitpid(os.posix_spawn("/bin/sleep", ["sleep", "0.5"], {}), 0)
            for one in all_:
                one.wait()
            subprocess.Popen(["sleep", "0.7"])
            """
        ),
    )
    codes = {name: event.exitcode for name, event in exited(played).items()}
    assert {codes[name] for name in ("true", "timer.py", "timer.py-2", "timer.py-3")} == {0}
    assert codes["sh"] == 3
    names = started(played)
    assert names["timer.py-3"].command.endswith("timer.py")
    assert names["sh"].command == "sh -c sleep 0.5; exit 3"
    sleeps = [name for name in names if name.startswith("sleep")]
    assert len(sleeps) == 3, "of the shell, of posix_spawn, and the one that outlives main"
    main, last = exited(played)["main"], exited(played)[sleeps[-1]]
    assert last.t > main.t
    assert last.t == played.finished.t
    # What they are is not what the script does: main is its one task.
    assert [label for label, _, _ in played.tasks] == ["script.py"]


async def test_what_a_script_ends_on_purpose_has_not_failed(here: Path) -> None:
    played = await play(
        here,
        dedent(
            """
            import multiprocessing, signal, sys, time

            def nap():
                time.sleep(60)

            def obeys():
                signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
                print("ready")
                time.sleep(60)

            if __name__ == "__main__":
                spawn = multiprocessing.get_context("spawn")
                for make, target, end in (
                    (multiprocessing.Process, nap, "terminate"),
                    (multiprocessing.Process, nap, "kill"),
                    (spawn.Process, obeys, "terminate"),
                ):
                    process = make(target=target)
                    process.start()
                    time.sleep(0.1 if target is nap else 1.5)
                    getattr(process, end)()
                    process.join()
                multiprocessing.Process(target=nap, daemon=True, name="helper").start()
                time.sleep(0.1)
            """
        ),
    )
    assert played.finished.outcome is Outcome.OK
    assert not played.of(TaskFailed)
    skipped = played.of(TaskSkipped)
    assert all(event.stopped and event.pid for event in skipped)
    assert [event.reason for event in skipped] == [
        "its process P-1 was ended by terminate()",
        "its process P-2 was ended by kill()",
        "its process was ended by terminate()",
        "its process helper was ended as a daemon, at its parent's end",
    ]
    by = {name: event.ended_by for name, event in exited(played).items()}
    assert by == {
        "main": "",
        "P-1": "terminate",
        "P-2": "kill",
        "P-3": "terminate",
        "helper": "daemon",
    }
    assert "exit" not in {kind for kind, _ in played.waited("main")}
    methods = {name: event.start_method for name, event in started(played).items()}
    assert methods["P-3"] == "spawn"
    assert methods["main"] == ""


async def test_what_dies_by_itself_has_failed(here: Path) -> None:
    played = await play(
        here,
        dedent(
            """
            import concurrent.futures, os, signal

            def die():
                os.kill(os.getpid(), signal.SIGTERM)

            if __name__ == "__main__":
                pool = concurrent.futures.ProcessPoolExecutor(2)
                print(type(pool.submit(die).exception()).__name__)
                pool.shutdown()
            """
        ),
    )
    assert [event.error for event in played.of(TaskFailed)] == ["SIGTERM"]
    assert {event.ended_by for event in played.of(ProcessExited)} == {""}
