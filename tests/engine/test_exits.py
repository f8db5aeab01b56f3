import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.engine.exits import describe_exit, exit_name, first_to_die
from tui_app.engine.hub import Caller
from tui_app.engine.worker import POOL_SIGNAL


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        (None, "WorkerGone", "is gone"),
        (0, "exit code 0", "exited with code 0"),
        (3, "exit code 3", "exited with code 3"),
        (-9, "SIGKILL", "was killed by SIGKILL"),
        (-11, "SIGSEGV", "was killed by SIGSEGV"),
        (-200, "signal 200", "was killed by signal 200"),
        (-POOL_SIGNAL, "SIGUSR2", "was ended with its pool"),
    ],
)
def test_exit_codes_in_words(code: int | None, name: str, words: str) -> None:
    assert exit_name(code) == name
    assert describe_exit(code) == words


def test_a_real_death_is_named() -> None:
    script = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert exit_name(done.returncode) == "SIGTERM"


@given(st.none() | st.integers(-(2**31), 2**31))
def test_every_exit_code_has_a_name_of_one_line(code: int | None) -> None:
    for text in (exit_name(code), describe_exit(code)):
        assert text
        assert text.isprintable()


@pytest.mark.parametrize("signum", signal.Signals)
def test_every_signal_goes_by_its_name(signum: signal.Signals) -> None:
    assert signal.Signals[exit_name(-signum)] is signum
    if signum != POOL_SIGNAL:
        assert exit_name(-signum) in describe_exit(-signum)


def caller(pid: int, gone: float | None) -> Caller:
    return Caller(pid, f"W-{pid}", 0.0, gone)


def test_the_first_that_died_by_itself_broke_the_pool() -> None:
    callers = [caller(1, 3.0), caller(2, 2.0), caller(3, 1.0), caller(4, None)]
    codes = {1: -signal.SIGKILL, 2: os.EX_SOFTWARE, 3: -POOL_SIGNAL, 4: None}
    culprit = first_to_die(callers, codes)
    assert culprit is not None
    assert culprit.pid == 2, "the third was ended with its pool, the first died later"


def test_one_whose_exit_code_is_not_known_may_be_to_blame() -> None:
    culprit = first_to_die([caller(1, 1.0), caller(2, 0.5)], {1: None, 2: 0})
    assert culprit is not None
    assert culprit.pid == 1


def test_where_all_were_ended_the_first_of_them_is_named() -> None:
    culprit = first_to_die([caller(1, 2.0), caller(2, 1.0)], {1: -POOL_SIGNAL, 2: 0})
    assert culprit is not None
    assert culprit.pid == 2


def test_nobody_is_to_blame_where_nobody_came_up() -> None:
    assert first_to_die([], {}) is None
    assert first_to_die([caller(1, None)], {1: None}) is None
