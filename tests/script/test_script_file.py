"""What cannot be played as a script is told in one sentence, and nothing of it is executed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tui_app.script.script_file import MOST_BYTES, why_not


def test_a_script_can_be_played_whatever_its_encoding(tmp_path: Path) -> None:
    script = tmp_path / "any name at all"
    script.write_bytes("# coding: latin-1\nprint('é')\n".encode("latin-1"))
    assert why_not(str(script)) == ""


def test_nothing_of_it_is_executed(tmp_path: Path) -> None:
    script = tmp_path / "it.py"
    script.write_text(f"open({str(tmp_path / 'made')!r}, 'w')")
    assert why_not(str(script)) == ""
    assert not (tmp_path / "made").exists()


def test_what_cannot_be_is_told(tmp_path: Path) -> None:
    flawed, pipe, large = (tmp_path / name for name in ("flawed.py", "pipe", "large.py"))
    flawed.write_text("x = 1\ndef f(:\n")
    os.mkfifo(pipe)
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert why_not(str(flawed)) == "flawed.py: Line 2: SyntaxError: invalid syntax"
    assert why_not(str(pipe)) == "pipe is not a file"
    assert why_not(str(tmp_path)).endswith("is not a file")
    assert why_not(str(large)) == "large.py has 10 MB: that is no script"
    assert (
        why_not(str(tmp_path / "no.py")) == "cannot read the script 'no.py': there is no such file"
    )
    assert "cannot read the script" in why_not("a\0b")
    notes = tmp_path / "notes.ipynb"
    notes.write_text("{}")
    assert "is a notebook" in why_not(str(notes))


def test_what_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "it.py"
    script.write_text("")

    def refuse(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert why_not(str(script)).startswith("cannot read the script 'it.py': ")
