"""A run among hostile neighbours: nothing outside its output folder is touched, and it ends."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.attacker import HOWS, TARGETS, Move, attack, looked_at
from tests.commands import COMMAND, PATIENCE, marked
from tests.images.factories import picture

EXAMPLES = int(os.environ.get("PROCESSION_ATTACKS", "6"))
"""So many attacks; a soak sets the variable to more."""

MOVES = st.lists(
    st.builds(Move, st.sampled_from(sorted(HOWS)), st.sampled_from(TARGETS), st.floats(0, 0.25)),
    min_size=1,
    max_size=6,
)


def put(folder: Path) -> None:
    (folder / "src" / "sub").mkdir(parents=True)
    whole = picture((700, 500))
    for number in range(10):
        place = folder / "src" / ("sub" if number >= 5 else "")
        whole.crop((0, 0, 700 - number, 500)).save(place / f"{number}.jpg")
    for name in ("victim", "attic"):
        (folder / name).mkdir()
    picture().save(folder / "victim" / "precious.jpg")


def originals(folder: Path) -> dict[str, tuple[object, ...]]:
    """The photographs that were there from the beginning."""
    found = looked_at(folder / "src")
    return {name: what for name, what in found.items() if name.rpartition("/")[2][:1].isdigit()}


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(moves=MOVES, before=st.booleans(), again=st.booleans())
@example(moves=[Move("link to a folder", "out", 0.0)], before=True, again=False)
@example(moves=[Move("link to a folder", "out/sub", 0.2)], before=False, again=False)
@example(moves=[Move("FIFO", "out/.procession", 0.2)], before=False, again=True)
@example(moves=[Move("link to a file", "report.json", 0.0)], before=True, again=False)
@example(moves=[Move("folder", "out/.procession", 0.0)], before=True, again=True)
def test_whatever_a_neighbour_does(moves: Sequence[Move], before: bool, again: bool) -> None:
    folder = Path(tempfile.mkdtemp(prefix="attacked-"))
    try:
        put(folder)
        with marked(folder) as where:
            words = ["batch", "src", "-r", "-o", "out", "--headless", "--report", "report.json"]
            command = [*COMMAND, *words, "--workers", "2", "--timeout", "5"]
            if again:
                subprocess.run(command, cwd=folder, env=where.env, capture_output=True, check=True)
            victim, sources = looked_at(folder / "victim"), originals(folder)
            if before:
                (folder / "out").mkdir(exist_ok=True)
                attack(folder, moves)
            with subprocess.Popen(
                [*command, *(["--overwrite", "--fresh"] if again else [])],
                cwd=folder,
                env=where.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                if not before:
                    attack(folder, moves)
                out, err = process.communicate(timeout=PATIENCE)
            assert process.returncode in (0, 1, 2), err
            assert "Traceback" not in out + err
            assert process.returncode == 0 or err.strip(), "a sentence says what could not be done"
            assert looked_at(folder / "victim") == victim
            assert originals(folder) == sources
            assert where.left(5.0) == []
    finally:
        shutil.rmtree(folder)
