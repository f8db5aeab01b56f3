import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.invariants import check_json, check_stream

PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
"""Where other Pythons are on the machine of these tests, if anywhere."""

SAYS = """
import sys
print(sys.argv[1:], __name__, sys.flags.dev_mode, sys.flags.optimize, sys.warnoptions)
print(sys.stdin.readline().strip(), file=sys.stderr)
sys.exit(7)
"""


def procession(
    *words: str,
    folder: Path | None = None,
    text: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
    return subprocess.run(
        [sys.executable, "-m", "tui_app", *words],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        **given,
    )


def written(lines: str, stream: str) -> str:
    """What a played script wrote to a stream, out of the events of `--json`."""
    said = [json.loads(line) for line in lines.splitlines()]
    return "".join(
        one["text"] + ("" if one["partial"] else "\n")
        for one in said
        if one["event"] == "output" and one["stream"] == stream
    )


def other_python(version: str) -> Path:
    """Another Python of this machine; the test is skipped where it is not there."""
    for python in sorted(PYENV.glob(f"{version}.*/bin/python")):
        return python
    pytest.skip(f"there is no Python {version} here")


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """A folder with a program in each form that Python plays."""
    for name in ("asks.py", "folder/__main__.py", "package/__init__.py", "package/__main__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("" if "__init__" in name else SAYS)
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        archive.writestr("__main__.py", SAYS)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["-m", "package", "a", "--json"],
        ["folder", "a"],
        ["app.zip"],
        ["-uB", "-X", "dev", "-Werror", "-O", "asks.py", "--stdin"],
        ["-c", SAYS, "-m", "x"],
        ["-I", "asks.py"],
    ],
    ids=lambda words: words[0],
)
def test_each_form_is_played_as_python_plays_it(forms: Path, words: list[str]) -> None:
    plain = subprocess.run(
        [sys.executable, *words], cwd=forms, input="Ann\n", capture_output=True, text=True
    )
    played = procession("watch", "--json", *words, folder=forms, text="Ann\n")
    assert written(played.stdout, "stdout") == plain.stdout
    assert written(played.stdout, "stderr") == plain.stderr
    assert played.returncode == plain.returncode == 7
    check_stream([check_json(line) for line in played.stdout.splitlines()], all_tasks=False)


@pytest.mark.slow
def test_a_file_as_standard_input_is_handed_on(forms: Path) -> None:
    (forms / "names").write_text("Bob\n")
    with (forms / "names").open() as names:
        played = subprocess.run(
            [sys.executable, "-m", "tui_app", "watch", "--json", str(forms / "asks.py")],
            stdin=names,
            capture_output=True,
            text=True,
        )
    assert written(played.stdout, "stderr") == "Bob\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name a script"),
        (["/nowhere/x.py"], "cannot read the script"),
        (["--jsn", "asks.py"], "--jsn is no option"),
        (["inline.py"], '--python "$(uv python find --script inline.py)"'),
        (["--python", "old", "asks.py"], "is Python 3.8.18: watch plays with CPython 3.9 or later"),
    ],
)
def test_what_cannot_be_played_is_said_in_a_sentence(
    forms: Path, words: list[str], says: str
) -> None:
    (forms / "inline.py").write_text(
        "# /// script\n# dependencies = ['rich']\n# ///\nimport rich\n"
    )
    (forms / "old").write_text('#!/bin/sh\necho \'["cpython", "3.8.18"]\'\n')
    (forms / "old").chmod(0o700)
    path = f"{forms}{os.pathsep}{os.environ['PATH']}"
    done = procession("watch", *words, folder=forms, environment={"PATH": path})
    assert done.returncode == 2
    assert done.stderr.startswith("procession: ")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.slow
def test_the_active_environment_s_python_plays(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True
    )
    code = "import sys; print(sys.prefix)"
    env = str(tmp_path / "env")
    played = procession("watch", "--json", "-c", code, environment={"VIRTUAL_ENV": env})
    assert written(played.stdout, "stdout") == f"{env}\n"
    gone = procession("watch", "--json", "-c", code, environment={"VIRTUAL_ENV": f"{env}-gone"})
    assert written(gone.stdout, "stdout") == f"{sys.prefix}\n"


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.9", "3.13"])
def test_another_python_reports_what_happens(tmp_path: Path, version: str) -> None:
    python = other_python(version)
    script = tmp_path / "script.py"
    script.write_text(
        "import concurrent.futures, multiprocessing, sys, time\n"
        "def f(n): time.sleep(0.01); return n\n"
        "if __name__ == '__main__':\n"
        "    with concurrent.futures.ProcessPoolExecutor(1) as pool:\n"
        "        print(pool.submit(f, 1).result())\n"
        "    with multiprocessing.Pool(1) as pool: print(pool.map(f, [2]))\n"
        "    child = multiprocessing.get_context('spawn').Process(target=f, args=(3,))\n"
        "    child.start(); child.join()\n"
        "    1 / 0\n"
    )
    played = procession("watch", "--json", "--python", str(python), str(script))
    plain = subprocess.run([str(python), str(script)], capture_output=True, text=True)
    events = [check_json(line) for line in played.stdout.splitlines()]
    check_stream(events, all_tasks=False)
    assert written(played.stdout, "stdout") == plain.stdout
    assert written(played.stdout, "stderr") == plain.stderr
    data = [json.loads(line) for line in played.stdout.splitlines()]
    assert data[0]["python"].startswith(version)
    assert {one["label"] for one in data if one["event"] == "task_queued"} == {
        f"f({n})" for n in (1, 2, 3)
    }
    assert {one["kind"] for one in data if one["event"] == "waiting"} >= {"result", "sleep", "join"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "code"),
    [("raise SystemExit(3)", 3), ("1/0", 1), ("import os; os.kill(os.getpid(), 9)", 137), ("", 0)],
)
def test_watch_exits_as_the_script_does(tmp_path: Path, source: str, code: int) -> None:
    script = tmp_path / "script.py"
    script.write_text(source)
    done = procession("watch", str(script))
    assert done.returncode == code
    if code:
        assert "the script" in done.stderr
    assert ("ZeroDivisionError" in done.stdout) == (source == "1/0")


def test_options_behind_the_script_are_the_script_s(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(sys.argv[1:])\n")
    done = procession("watch", "--quiet", "--json", str(script), "--json", "--set", "-x", "--")
    texts = [json.loads(line).get("text") for line in done.stdout.splitlines()]
    assert "['--json', '--set', '-x', '--']" in texts


@pytest.mark.slow
def test_a_signal_ends_the_script_too(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import time\nprint('up')\ntime.sleep(60)\n")
    app = subprocess.Popen(
        [sys.executable, "-m", "tui_app", "watch", "--json", str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert app.stdout is not None
    lines = []
    for line in app.stdout:
        lines.append(json.loads(line))
        if lines[-1].get("text") == "up":
            app.terminate()
    assert app.wait() == 143
    app.stdout.close()
    assert lines[-1]["event"] == "run_finished"
    assert (lines[-1]["outcome"], lines[-1]["reason"]) == ("cancelled", "stopped by SIGTERM")
