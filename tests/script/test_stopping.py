"""A script that is stopped is told so, as by a terminal's Ctrl-C, and has a moment; then, or at a
second word, it is killed, and nothing of it is left, whatever it did before.
"""

import os
import secrets
import signal
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tests.script.playing import Played, collect, marked, script_run, wait_until_gone
from tui_app.cli import headless
from tui_app.cli.headless import run_headless
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.events import Event, Outcome, Output, Stream, TaskSkipped, TaskStarted
from tui_app.script import script_run as played_by
from tui_app.script.script_run import ScriptRun
from tui_app.system import signals

pytestmark = pytest.mark.slow

NEVER = 1000.0
"""Seconds that nobody waits for."""

TIDY = """
    import multiprocessing, multiprocessing.shared_memory, sys, time

    def nap(seconds):
        time.sleep(seconds)

    if __name__ == "__main__":
        block = multiprocessing.shared_memory.SharedMemory(create=True, size=9, name=sys.argv[1])
        try:
            with multiprocessing.Pool(2) as pool:
                print("up", flush=True)
                pool.map(nap, [1000, 1000, 1000])
        finally:
            print("tidying", flush=True)
            time.sleep(float(sys.argv[2]))
            block.close()
            block.unlink()
            print("tidy", flush=True)
    """


def written(here: Path, source: str) -> Path:
    script = here / "script.py"
    script.write_text(dedent(source))
    return script


def at(text: str, act: Callable[[Output], None]) -> Callable[[Event], None]:
    """Acts once, at the first line of that text."""
    done: list[Event] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Output) and event.text == text and not done:
            done.append(event)
            act(event)

    return on_event


def at_work(number: int, act: Callable[[], None]) -> Callable[[Event], None]:
    """Acts once so many tasks have begun."""
    begun = 0

    def on_event(event: Event) -> None:
        nonlocal begun
        begun += isinstance(event, TaskStarted)
        if isinstance(event, TaskStarted) and begun == number:
            act()

    return on_event


def both(*listeners: Callable[[Event], None]) -> Callable[[Event], None]:
    def on_event(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return on_event


async def stopped(run: ScriptRun, on_event: Callable[[Event], None], mark: str) -> Played:
    played = await collect(run, on_event)
    assert not marked(mark)
    assert (played.finished.outcome, played.finished.reason) == (Outcome.CANCELLED, "enough")
    assert "procession_probe" not in "\n".join(played.texts(Stream.STDERR))
    return played


@pytest.fixture
def mark() -> str:
    return f"stopping-{secrets.token_hex(4)}"


@pytest.mark.parametrize("method", start_methods())
async def test_it_is_interrupted_first_and_may_tidy_up(
    here: Path, method: StartMethod, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played_by, "GRACE_SECONDS", NEVER)
    run = script_run(written(here, TIDY), mark, "0", method=method, mark=mark)
    played = await stopped(run, at_work(2, lambda: run.cancel("enough")), mark)
    assert [text for who, text in played.lines() if who == "main"] == ["up", "tidying", "tidy"]
    assert "KeyboardInterrupt" in played.texts(Stream.STDERR)
    assert played.codes["main"] == -signal.SIGINT
    assert {event.reason for event in played.of(TaskSkipped)} == {
        "enough; it was under way",
        "enough; it had not begun",
    }
    assert {end for _, _, end in played.tasks} == {"task_skipped"}


async def test_it_is_killed_when_its_time_is_over(
    here: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played_by, "GRACE_SECONDS", 0.2)
    run = script_run(written(here, TIDY), mark, str(NEVER), mark=mark)
    played = await stopped(run, at("up", lambda _: run.cancel("enough")), mark)
    assert played.texts() == ["up", "tidying"]
    assert played.codes["main"] == -signal.SIGKILL
    # Its resource tracker comes to its end by itself.
    assert not (Path("/dev/shm") / mark).exists()


async def test_a_second_word_kills_it_at_once(
    here: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played_by, "GRACE_SECONDS", NEVER)
    run = script_run(written(here, TIDY), mark, str(NEVER), mark=mark)
    again = at("tidying", lambda _: run.cancel("more than enough"))
    played = await stopped(run, both(at("up", lambda _: run.cancel("enough")), again), mark)
    assert played.codes["main"] == -signal.SIGKILL
    assert not (Path("/dev/shm") / mark).exists()


async def test_one_that_goes_on_at_an_interrupt_is_killed_with_all_that_left_its_session(
    here: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played_by, "GRACE_SECONDS", 0.3)
    source = """
        import os, signal, subprocess, time
        signal.signal(signal.SIGINT, lambda *_: print("no", flush=True))
        subprocess.Popen(["sleep", "1000"], start_new_session=True, stdout=subprocess.DEVNULL)
        os.setsid()
        print("up", flush=True)
        while True:
            time.sleep(1000)
        """
    run = script_run(written(here, source), mark=mark)
    played = await stopped(run, at("up", lambda _: run.cancel("enough")), mark)
    assert played.texts() == ["up", "no"]
    assert played.codes["main"] == -signal.SIGKILL


async def test_nobody_waits_for_who_was_not_interrupted(
    here: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in another session hears no Ctrl-C: once all others have ended, it is killed."""
    monkeypatch.setattr(played_by, "GRACE_SECONDS", NEVER)
    source = """
        import subprocess, time
        subprocess.Popen(["sleep", "1000"], start_new_session=True)
        print("up", flush=True)
        time.sleep(1000)
        """
    run = script_run(written(here, source), mark=mark)
    played = await stopped(run, at("up", lambda _: run.cancel("enough")), mark)
    assert played.codes["main"] == -signal.SIGINT


async def test_an_end_of_its_own_after_the_interrupt_is_told(here: Path, mark: str) -> None:
    source = """
        import sys, time
        try:
            print("up", flush=True)
            time.sleep(1000)
        except KeyboardInterrupt:
            sys.exit(7)
        """
    run = script_run(written(here, source), mark=mark)
    played = await stopped(run, at("up", lambda _: run.cancel("enough")), mark)
    assert played.exitcode == 7


@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_stops_a_script_without_a_screen(
    signum: signal.Signals, code: int, here: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C leaves it its time, what else ends this process little of it."""
    monkeypatch.setattr(played_by, "GRACE_SECONDS", 0.1 if signum is signal.SIGINT else NEVER)
    longer = 0.1 if signum is not signal.SIGINT else NEVER
    monkeypatch.setattr(headless, "LEAVING_SECONDS", longer)
    heard: list[Event] = []
    send = at("up", lambda _: os.kill(os.getpid(), signum))

    class Reader:
        def add(self, event: Event) -> None:
            heard.append(event)
            send(event)

    run = script_run(written(here, TIDY), mark, str(NEVER), mark=mark)
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    handlers = {one: signal.getsignal(one) for one in signals.ENDING}
    try:
        assert run_headless(run, [Reader()], recorded=False) == code
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        signal.signal(signal.SIGHUP, before)
    assert "tidying" in [event.text for event in heard if isinstance(event, Output)]
    assert run.exitcode == -signal.SIGKILL
    assert not wait_until_gone(mark)


SUPERVISOR = """
    import os, signal, subprocess, sys, time
    # One that has no mark either, another that has closed all that it had.
    subprocess.Popen(["sleep", "1000"], start_new_session=True, env={}, stdout=subprocess.DEVNULL)
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 1024)
        time.sleep(1000)
    supervisor = os.getppid()
    with open(f"/proc/{supervisor}/stat") as stat:
        player = int(stat.read().rpartition(")")[2].split()[1])
    print("up", flush=True)
    """


@pytest.mark.parametrize("who", ["supervisor", "player"])
async def test_who_kills_its_supervisor_leaves_nothing(here: Path, mark: str, who: str) -> None:
    source = dedent(SUPERVISOR) + f"os.kill({who}, signal.SIGKILL)\ntime.sleep(1000)\n"
    played = await collect(script_run(written(here, source), mark=mark))
    assert played.finished.outcome is Outcome.FAILED
    assert not marked(mark)


@pytest.mark.parametrize("signum", ["SIGSTOP", "SIGTERM", "SIGINT", "SIGHUP", "SIGTSTP", "SIGUSR1"])
async def test_who_stops_its_supervisor_plays_on(here: Path, mark: str, signum: str) -> None:
    source = f"""
        import os, signal, sys
        for _ in range(3):
            os.kill(os.getppid(), signal.{signum})
        print("on")
        sys.exit(4)
        """
    played = await collect(script_run(written(here, source), mark=mark))
    assert (played.texts(), played.exitcode) == (["on"], 4)
    assert played.finished.outcome is Outcome.FAILED
    assert not marked(mark)


async def test_who_stops_all_above_it_is_killed_even_so(
    here: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played_by, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(played_by, "OBEY_SECONDS", 0.1)
    stop = """
        os.kill(player, signal.SIGSTOP)
        os.kill(supervisor, signal.SIGSTOP)
        print("stopped", flush=True)
        time.sleep(1000)
        """
    run = script_run(written(here, dedent(SUPERVISOR) + dedent(stop)), mark=mark)
    await stopped(run, at("stopped", lambda _: run.cancel("enough")), mark)
