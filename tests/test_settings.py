"""The settings are one value: what is understood of the file, and the rest of it stays."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_json import ODD_VALUES
from tui_app.language import LANGUAGES
from tui_app.settings import FILE, Settings
from tui_app.terminal.output import MOST_FPS

CHOSEN = Settings(
    "nord",
    "ro",
    ("one-call", "two-calls"),
    ask_before_demos=False,
    lesson_order=("two-calls", "one-call"),
    workers=3,
    fps=5,
    recipe="web",
    records_kept=7,
    records_megabytes=8,
)


def test_without_a_file_nothing_is_chosen() -> None:
    assert Settings.load() == Settings() == Settings(None, None, (), ask_before_demos=True)


def test_what_is_saved_is_there() -> None:
    CHOSEN.save()
    assert Settings.load() == CHOSEN
    assert FILE.load() == {
        "theme": "nord",
        "language": "ro",
        "lesson": ["one-call", "two-calls"],
        "ask_before_demos": False,
        "lesson_order": ["two-calls", "one-call"],
        "workers": 3,
        "fps": 5,
        "recipe": "web",
        "records_kept": 7,
        "records_megabytes": 8,
    }


def test_one_is_changed_and_what_else_is_in_the_file_stays() -> None:
    FILE.save({"theme": "nord", "language": "klingon", "a later version's": [1]})
    replace(Settings.load(), theme="dracula").save()
    assert FILE.load() == {"theme": "dracula", "language": "klingon", "a later version's": [1]}
    replace(Settings.load(), language="en").save()
    assert Settings.load() == Settings("dracula", "en")


def test_a_home_that_cannot_be_written_costs_the_memory_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    CHOSEN.save()
    assert Settings.load() == Settings()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from([*Settings.__slots__]), ODD_VALUES))
def test_odd_values_are_left_out(data: dict[str, Any]) -> None:
    FILE.path.parent.mkdir(parents=True, exist_ok=True)
    FILE.path.write_text(json.dumps(data))
    loaded = Settings.load()
    assert loaded.theme is None or isinstance(loaded.theme, str)
    assert loaded.language in (None, *LANGUAGES)
    assert all(isinstance(name, str) for name in (*loaded.lesson, *loaded.lesson_order))
    assert isinstance(loaded.ask_before_demos, bool)
    assert loaded.workers is None or loaded.workers >= 1
    assert loaded.fps is None or 1 <= loaded.fps <= MOST_FPS
    assert loaded.recipe is None or isinstance(loaded.recipe, str)
    assert min(loaded.records_kept, loaded.records_megabytes) >= 1
    loaded.save()
    assert Settings.load() == loaded
