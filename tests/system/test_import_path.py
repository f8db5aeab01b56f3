"""Nothing is imported from the current folder; a played script keeps what is its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Marked, marked, run
from tests.images.factories import picture
from tui_app.engine.machine import start_methods

pytestmark = pytest.mark.slow

PLANTED = ("socket", "random", "json", "logging", "pathlib", "tempfile", "PIL", "click")

PLANT = """
with open({ran!r}, "a") as file:
    file.write({name!r} + "\\n")
raise ImportError("planted")
"""

TOLD = """
import json, os, sys
from tui_app.system.import_path import leave_current_folder, persons_environment
leave_current_folder()
own = persons_environment()
names = ("PYTHONPATH", "PYTHONSAFEPATH")
print(json.dumps([sys.path, *([e.get(name) for name in names] for e in (os.environ, own))]))
"""


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with an image, and with modules that say in `ran` that they were executed."""
    folder = tmp_path / "there"
    (folder / "lib" / "PIL").mkdir(parents=True)
    (folder / "PIL").mkdir()
    picture((40, 30)).save(folder / "a.png")
    for name in PLANTED:
        file = "PIL/__init__.py" if name == "PIL" else f"{name}.py"
        for place in (folder, folder / "lib"):
            (place / file).write_text(PLANT.format(ran=str(tmp_path / "ran"), name=name))
    return folder


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Marked]:
    with marked(tmp_path) as environment:
        environment.env.pop("PYTHONPATH", None)
        environment.env.pop("PYTHONSAFEPATH", None)
        yield environment


@pytest.mark.parametrize("path", [None, ".:lib"])
@pytest.mark.parametrize("method", start_methods())
def test_a_batch_imports_nothing_from_there(
    where: Marked, there: Path, tmp_path: Path, method: str, path: str | None
) -> None:
    env = {} if path is None else {"PYTHONPATH": path}
    words = ("batch", ".", "--start-method", method, "--headless", "--quiet")
    done = run(*words, where=where, cwd=there, **env)
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
    assert (done.returncode, done.stderr) == (0, "")
    assert (there / "processed" / "a.png").exists()


def test_who_plays_and_who_measures_imports_nothing_from_there(
    where: Marked, there: Path, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text("print('played')\n")
    for words in (
        ("watch", script, "--quiet"),
        (
            "sweep",
            "--work",
            "sleeping",
            "--executor",
            "processes",
            "--up-to",
            "1",
            "--rounds",
            "1",
            "--quiet",
        ),
        ("doctor",),
    ):
        done = run(*words, where=where, cwd=there)
        assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
        assert (done.returncode, done.stderr) == (0, ""), words


@pytest.mark.parametrize("method", start_methods())
def test_a_played_script_finds_what_plain_python_finds(
    where: Marked, tmp_path: Path, method: str
) -> None:
    own = tmp_path / "own"
    (own / "beside").mkdir(parents=True)
    (own / "neighbour.py").write_text("NAME = 'neighbour'\n")
    (own / "beside" / "named.py").write_text("NAME = 'named'\n")
    (own / "script.py").write_text(
        """
import json, multiprocessing, os, sys
import neighbour, named

def told():
    return [neighbour.NAME, named.NAME, sys.flags.safe_path, os.environ.get("PYTHONSAFEPATH")]

def tell(file):
    with open(file, "w") as to:
        json.dump(told(), to)

if __name__ == "__main__":
    tell("main.json")
    process = multiprocessing.Process(target=tell, args=("process.json",))
    process.start()
    process.join()
"""
    )
    words = ("watch", "--start-method", method, "--quiet", "script.py")
    done = run(*words, where=where, cwd=own, PYTHONPATH="beside")
    assert (done.returncode, done.stderr) == (0, "")
    for file in ("main.json", "process.json"):
        assert json.loads((own / file).read_text()) == ["neighbour", "named", False, None]


def told(
    folder: Path, *flags: str, **env: str
) -> tuple[list[str], list[str | None], list[str | None]]:
    """What an interpreter there looks through afterwards; its variables, and the person's."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    script = folder / "told.py"
    script.write_text(TOLD)
    done = subprocess.run(
        [sys.executable, *flags, *([] if flags else [str(script)])],
        cwd=folder,
        env={**base, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    path, now, own = json.loads(done.stdout)
    return path, now, own


def test_what_names_the_current_folder_goes(here: Path) -> None:
    (here / "lib").mkdir()
    path, now, own = told(here, PYTHONPATH=f":.:lib:{here / 'lib'}:/elsewhere")
    assert str(here) not in path
    # A folder that is named from the root stays, also where it is named from here as well.
    assert str(here / "lib") in path
    assert now == [f"{here / 'lib'}:/elsewhere", "1"]
    assert own == [f":.:lib:{here / 'lib'}:/elsewhere", None]


def test_the_current_folder_stays_where_it_is_named_from_the_root(here: Path) -> None:
    path, now, _own = told(here, "-c", TOLD, PYTHONPATH=str(here))
    assert path.count(str(here)) == 1
    assert now[0] == str(here)


def test_nothing_named_leaves_nothing(here: Path) -> None:
    path, now, own = told(here, "-c", TOLD, PYTHONPATH=".")
    assert "" not in path
    assert str(here) not in path
    assert now == [None, "1"]
    assert own == [".", None]


def test_what_a_person_chose_is_kept_for_scripts(here: Path) -> None:
    _path, now, own = told(here, PYTHONSAFEPATH="1")
    assert (now[1], own[1]) == ("1", "1")


def test_an_interpreter_that_ignores_the_environment_starts_anew(here: Path) -> None:
    """Its helpers would be started with the same flag, and ignore the variables as well."""
    code = TOLD.replace("names =", "print(sys.flags.safe_path); names =")
    script = here / "told.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, "-E", str(script)], cwd=here, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[0] == "True"


def test_in_a_checkout_that_is_not_installed_the_program_is_found_last(here: Path) -> None:
    (here / "tui_app/system").mkdir(parents=True)
    source = Path(__file__).parents[2] / "tui_app"
    for name in ("__init__.py", "system/__init__.py", "system/import_path.py"):
        (here / "tui_app" / name).write_text((source / name).read_text())
    path, _now, _own = told(here, "-I", "-c", f"import sys; sys.path.insert(0, '')\n{TOLD}")
    assert path[-1] == str(here)
    assert path.count(str(here)) == 1
