import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.engine.exit_status import describe_exit, exit_name


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        (None, "WorkerGone", "is gone"),
        (0, "exit code 0", "exited with code 0"),
        (3, "exit code 3", "exited with code 3"),
        (-9, "SIGKILL", "was killed by SIGKILL"),
        (-11, "SIGSEGV", "was killed by SIGSEGV"),
        (-200, "signal 200", "was killed by signal 200"),
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
    assert exit_name(-signum) in describe_exit(-signum)
