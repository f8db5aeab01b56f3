"""What the shells are told, and that those which are here complete by it."""

import os
import pty
import re
import select
import shutil
import sys
import time
from pathlib import Path

import pytest

from tests.commands import Marked, run
from tui_app.cli.completion import SHELLS, VARIABLE
from tui_app.demos.catalogue import demos
from tui_app.images.recipe_files import recipe_files


def completed(words: str, where: Marked, cwd: Path) -> list[str]:
    """What bash would be told for the last of these words."""
    env = {VARIABLE: "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    told = run(where=where, cwd=cwd, **env)
    assert (told.returncode, told.stderr) == (0, "")
    return [line.partition(",")[2] for line in told.stdout.splitlines()]


@pytest.fixture(autouse=True)
def _named_procession(tmp_path: Path, where: Marked) -> None:
    """`python -m tui_app` has another name than the command, and Click asks for that name."""
    command = tmp_path / "bin" / "procession"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom tui_app.__main__ import main\nmain()\n")
    command.chmod(0o755)
    where.env["PATH"] = f"{command.parent}:{where.env['PATH']}"


def test_commands_demos_and_recipes_are_completed(
    tmp_path: Path, where: Marked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.commands.COMMAND", [str(tmp_path / "bin" / "procession")])
    assert completed("procession comp", where, tmp_path) == ["compare", "completion"]
    names = [one.name for one in demos()]
    assert completed("procession demo ", where, tmp_path) == names
    some = [name for name in names if name.startswith("pool")]
    assert completed("procession demo pool", where, tmp_path) == some
    assert completed("procession batch --recipe ", where, tmp_path) == [*recipe_files()]
    assert completed("procession batch --rec", where, tmp_path) == [
        "--recursive",
        "--recipe",
        "--record",
    ]
    assert completed("procession settings ", where, tmp_path) == ["path", "show"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_a_demo_at_tab(shell: str, tmp_path: Path, where: Marked) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    code = tmp_path / "code"
    code.write_text(run("completion", shell, where=where, cwd=tmp_path).stdout)
    assert "procession" in code.read_text()
    options = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    before = {"zsh": "autoload -Uz compinit; compinit -u; "}.get(shell, "")
    master, child = _start([shell, *options, "-i"], where.env, tmp_path)
    try:
        _type(master, f"{before}source {code}; echo re''ady\r")
        _read_until(master, r"ready")
        _type(master, "procession demo one-c\t")
        assert _read_until(master, r"one-c(\x1b[^a-z]*[a-zA-Z])*all")
    finally:
        os.close(master)
        os.waitpid(child, 0)


def _start(words: list[str], env: dict[str, str], cwd: Path) -> tuple[int, int]:
    child, master = pty.fork()
    if not child:
        os.chdir(cwd)
        os.execvpe(words[0], words, {**env, "TERM": "dumb", "HOME": str(cwd)})
    return master, child


def _type(master: int, keys: str) -> None:
    os.write(master, keys.encode())


def _read_until(master: int, wanted: str) -> bool:
    read, deadline = "", time.monotonic() + 60
    while not re.search(wanted, read) and time.monotonic() < deadline:
        if select.select([master], [], [], 0.1)[0]:
            read += os.read(master, 4096).decode("utf-8", "replace")
    return bool(re.search(wanted, read))
