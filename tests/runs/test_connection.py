import os

import pytest

from tui_app.runs.connection import connection_note


@pytest.fixture
def over_ssh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A terminal on another machine, and nothing that would keep it."""
    for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_TTY", "/dev/pts/0")
    monkeypatch.setattr(os, "isatty", lambda fd: True)
    return monkeypatch


def test_over_ssh_it_is_one_line_that_says_what_goes_on_and_how(
    over_ssh: pytest.MonkeyPatch,
) -> None:
    note = connection_note()
    assert "\n" not in note
    for words in ("ends with the SSH connection", "same command goes on", "tmux", "nohup"):
        assert words in note


@pytest.mark.parametrize("name", ["TMUX", "STY"])
def test_what_keeps_a_terminal_makes_the_note_idle(name: str, over_ssh: pytest.MonkeyPatch) -> None:
    over_ssh.setenv(name, "1")
    assert connection_note() == ""


def test_here_or_without_a_terminal_nothing_ends(over_ssh: pytest.MonkeyPatch) -> None:
    over_ssh.setattr(os, "isatty", lambda fd: False)
    assert connection_note() == ""
    over_ssh.undo()
    over_ssh.delenv("SSH_TTY", raising=False)
    over_ssh.delenv("SSH_CONNECTION", raising=False)
    over_ssh.setattr(os, "isatty", lambda fd: True)
    assert connection_note() == ""
