"""`procession serve`: what it refuses, and that a signal ends it."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import COMMAND, PATIENCE, Marked, run


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which something listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_where_it_cannot_listen_is_one_sentence(taken: int, tmp_path: Path, where: Marked) -> None:
    done = run("serve", "--port", str(taken), where=where, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    expected = (
        f"procession: cannot listen at 127.0.0.1, port {taken}: another program listens there"
    )
    assert done.stderr == f"{expected}\n"


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_the_address_is_printed_at_once_and_a_signal_ends_it(
    signum: signal.Signals, tmp_path: Path, where: Marked
) -> None:
    words = [*COMMAND, "serve", "--port", "0"]
    env = {name: value for name, value in where.env.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        words, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/[\w-]{32}/\n", address)
        server.send_signal(signum)
        assert server.wait(PATIENCE) == 128 + signum


def test_others_are_warned_of_whom_the_link_lets_in(tmp_path: Path, where: Marked) -> None:
    # 198.51.100.0/24 is nobody's: https://www.rfc-editor.org/rfc/rfc5737
    open_ = ["serve", "--host", "198.51.100.1", "--port", "0"]
    warned = run(*open_, where=where, cwd=tmp_path)
    assert "runs code as you" in warned.stderr
    assert (
        "runs code as you" not in run(*open_, "--only", "demos", where=where, cwd=tmp_path).stderr
    )


def test_a_group_without_its_command_lists_its_commands(tmp_path: Path, where: Marked) -> None:
    done = run("settings", where=where, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "\n  path  Print the file's path.\n" in done.stderr
