"""`procession settings`, and the settings as what a command takes where nobody asks."""

import json
from pathlib import Path

import pytest

from tests.commands import Marked, run
from tests.images.factories import picture
from tui_app.settings import Settings


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config" / "procession" / "settings.json"
    file.parent.mkdir(parents=True)
    return file


def test_the_path_and_each_setting_are_told(config: Path, where: Marked) -> None:
    env = {"XDG_CONFIG_HOME": str(config.parent.parent)}
    config.write_text(json.dumps({"theme": "nord", "workers": 3}))
    assert run("settings", "path", where=where, cwd=config.parent, **env).stdout == f"{config}\n"
    shown = run("settings", "show", where=where, cwd=config.parent, **env)
    lines = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines())
    assert set(lines) == set(Settings.__slots__)
    assert (lines["theme"], lines["workers"]) == ("nord", "3")
    assert lines["fps"] == "-  (default)"
    assert shown.returncode == 0


def test_a_file_that_cannot_be_read_is_named(config: Path, where: Marked) -> None:
    env = {"XDG_CONFIG_HOME": str(config.parent.parent)}
    config.write_text("no JSON")
    shown = run("settings", "show", where=where, cwd=config.parent, **env)
    assert shown.returncode == 1
    assert str(config) in shown.stderr
    assert shown.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_batch_takes_recipe_and_workers_from_the_settings(
    tmp_path: Path, config: Path, where: Marked
) -> None:
    env = {"XDG_CONFIG_HOME": str(config.parent.parent)}
    config.write_text(json.dumps({"recipe": "web", "workers": 3}))
    picture((400, 300)).save(tmp_path / "a.jpg")
    plan = run("batch", "a.jpg", "--dry-run", where=where, cwd=tmp_path, **env).stdout
    assert "a.jpg.webp" in plan
    asked = run(
        "batch", "a.jpg", "--recipe", "share", "--dry-run", where=where, cwd=tmp_path, **env
    )
    assert "a.jpg.webp" not in asked.stdout
    done = run("batch", "a.jpg", "--json", where=where, cwd=tmp_path, **env)
    (started,) = (json.loads(one) for one in done.stdout.splitlines() if '"run_started"' in one)
    assert started["workers"] == 3
    config.write_text(json.dumps({"recipe": "gone"}))
    gone = run("batch", "a.jpg", "--dry-run", where=where, cwd=tmp_path, **env)
    assert (gone.returncode, "gone" in gone.stderr) == (2, True)
