"""Steps on the command line, and the command `recipes`."""

import tomllib
from pathlib import Path

import pytest
from PIL import Image

from tests.commands import Marked, run
from tests.images.factories import picture
from tui_app.cli.recipes import FORMATS
from tui_app.images.codec.formats import RECIPE_FORMATS


def test_the_formats_are_those_of_recipes() -> None:
    assert FORMATS == RECIPE_FORMATS


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    picture((400, 300)).save(tmp_path / "in" / "a.jpg", quality=95)
    return tmp_path


def recipe_line(told: str) -> str:
    (line,) = (line for line in told.splitlines() if line.startswith("recipe "))
    return line.removeprefix("recipe").strip()


@pytest.mark.slow
def test_each_step_is_taken_and_the_plan_says_it(source: Path, where: Marked) -> None:
    steps = ["--recipe", "web", "--fit", "200x200", "--quality", "50", "--grayscale"]
    words = ["batch", "in", *steps, "-o", "out"]
    plan = run(*words, "--dry-run", where=where, cwd=source)
    assert recipe_line(plan.stdout).startswith(
        "web with fit 200x200, grayscale, quality 50: grayscale, fit 200x200, sharpen 60 %, webp,"
    )
    done = run(*words, "--headless", where=where, cwd=source)
    assert done.returncode == 0
    assert "web with fit 200x200, grayscale, quality 50: " in done.stdout.splitlines()[0]
    with Image.open(source / "out" / "a.jpg.webp") as made:
        assert made.size == (200, 150)
        red, _green, blue = made.convert("RGB").split()
        assert red.tobytes() == blue.tobytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fit", "100"], "plain with fit 100x100: fit 100x100, same format, metadata kept,"),
        (["--sharpen"], "plain with sharpen 60 %:"),
        (["--sharpen", "--blur", "2"], "plain with blur 2, sharpen 60 %:"),
        (["--sharpen", "30"], "plain with sharpen 30 %:"),
        (["--sharpen=30"], "plain with sharpen 30 %:"),
        (["--format", "webp", "--lossless"], "plain with webp, lossless: webp, lossless,"),
        (["--recipe", "web", "--lossless"], "web with lossless: fit 1920x1920, sharpen 60 %, web"),
        (["--recipe", "tutorial", "--blur", "0"], "tutorial with no blur: fit 1200x1200,"),
        (["--crop", "1:1"], "plain with crop 1:1:"),
        ([], "tutorial: blur 15,"),
    ],
)
def test_steps_alone_are_added_to_nothing(
    words: list[str], said: str, source: Path, where: Marked
) -> None:
    for line in (["batch", *words, "in"], ["batch", "in", *words]):
        plan = run(*line, "--dry-run", where=where, cwd=source)
        assert (plan.returncode, plan.stderr) == (0, "")
        assert recipe_line(plan.stdout).startswith(said)


@pytest.mark.slow
def test_a_saved_recipe_does_the_same(source: Path, where: Marked) -> None:
    steps = ["--recipe", "share", "--fit", "120", "--format", "png", "--metadata", "strip"]
    for _again in range(2):
        words = ["batch", "in", *steps, "--save-recipe", "small", "-o", "one", "--quiet"]
        first = run(*words, where=where, cwd=source)
        assert first.returncode == 0
        assert first.stderr.startswith("recipe small: ")
    run("batch", "in", *steps, "-o", "two", "--quiet", where=where, cwd=source)
    run("batch", "in", "--recipe", "small", "-o", "three", "--quiet", where=where, cwd=source)
    one, two, three = (
        (source / name / "a.jpg.png").read_bytes() for name in ("one", "two", "three")
    )
    assert one == two == three
    words = ["batch", "in", "--fit", "99", "--save-recipe", "small", "-o", "four"]
    other = run(*words, where=where, cwd=source)
    assert other.returncode == 2
    assert "there is another recipe small" in other.stderr
    assert not (source / "four").exists()


def test_recipes_are_listed_with_what_they_do_and_shown_as_toml(
    source: Path, where: Marked
) -> None:
    run("batch", "in", "--fit", "99", "--save-recipe", "mine", "--dry-run", where=where, cwd=source)
    listed = run("recipes", where=where, cwd=source)
    assert (listed.returncode, listed.stderr) == (0, "")
    lines = listed.stdout.splitlines()
    assert lines[0] == "  tutorial   blur 15, fit 1200x1200, same format, metadata kept"
    assert lines[-2] == "* mine       fit 99x99, same format, metadata kept"
    assert lines[-1].startswith("* your own, in ")
    shown = run("recipes", "mine", where=where, cwd=source)
    assert tomllib.loads(shown.stdout) == {"fit": [99, 99]}
    shown = run("recipes", "web", where=where, cwd=source)
    assert tomllib.loads(shown.stdout)["quality"] == 82
    (source / "copy.toml").write_text(shown.stdout)
    assert run("recipes", "copy.toml", where=where, cwd=source).stdout == shown.stdout


def test_a_broken_recipe_of_one_s_own_is_listed_with_what_is_wrong(
    source: Path, where: Marked
) -> None:
    run("batch", "in", "--fit", "99", "--save-recipe", "mine", "--dry-run", where=where, cwd=source)
    shown = run("recipes", where=where, cwd=source).stdout
    folder = Path(shown.splitlines()[-1].removeprefix("* your own, in "))
    (folder / "mine.toml").write_text("blur = = 1")
    listed = run("recipes", where=where, cwd=source)
    assert listed.returncode == 0
    assert "✗ " in listed.stdout
    assert "is not a TOML file" in listed.stdout
