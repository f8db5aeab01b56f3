"""What is remembered between two starts, in small JSON files where `platformdirs` says."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from tui_app.demos.predictions import Mark, Prediction


@dataclass(frozen=True, slots=True)
class LastBatch:
    """The latest batch that came to its end. `ended_at` is ISO 8601, `wall` seconds."""

    output: str
    sentence: str
    wall: float
    ended_at: str


def load_theme() -> str | None:
    """The name of the theme that was chosen last."""
    name = _load(_settings_file()).get("theme")
    return name if isinstance(name, str) else None


def save_theme(name: str) -> None:
    """Remembers a theme."""
    _save(_settings_file(), {**_load(_settings_file()), "theme": name})


def load_last_batch() -> LastBatch | None:
    """The latest batch, if there was one."""
    try:
        return LastBatch(**_load(_state_file()))
    except TypeError:
        return None


def save_last_batch(batch: LastBatch) -> None:
    """Remembers a batch."""
    _save(_state_file(), asdict(batch))


def load_done() -> dict[str, float]:
    """The demos that were played to their end here, and the seconds that each took last."""
    times = _load(_done_file())
    return {name: float(took) for name, took in times.items() if isinstance(took, int | float)}


def save_done(times: Mapping[str, float]) -> None:
    """Remembers which demos were played, and how long each took."""
    _save(_done_file(), times)


def load_asking() -> bool:
    """Whether a demo's question is asked before it is played; it is unless it was turned off."""
    return _load(_settings_file()).get("ask_before_demos") is not False


def save_asking(asking: bool) -> None:
    """Remembers whether questions are asked."""
    _save(_settings_file(), {**_load(_settings_file()), "ask_before_demos": asking})


def load_marks() -> dict[str, Mark]:
    """How the latest prediction of each demo turned out, by demo."""
    marks: dict[str, Mark] = {}
    for name, data in _load(_predictions_file()).items():
        with suppress(TypeError, ValueError, KeyError):
            hands = tuple((said, int(count)) for said, count in data["hands"])
            prediction = Prediction(data["said"], hands)
            marks[name] = Mark(prediction, bool(data["right"]), int(data["right_hands"]))
    return marks


def save_marks(marks: Mapping[str, Mark]) -> None:
    """Remembers how predictions turned out; an empty mapping forgets them all."""
    data = {
        name: {
            "said": mark.prediction.said,
            "hands": mark.prediction.hands,
            "right": mark.right,
            "right_hands": mark.right_hands,
        }
        for name, mark in marks.items()
    }
    _save(_predictions_file(), data)


def _predictions_file() -> Path:
    return platformdirs.user_state_path("procession") / "predictions.json"


def _done_file() -> Path:
    return platformdirs.user_state_path("procession") / "demos.json"


def _settings_file() -> Path:
    return platformdirs.user_config_path("procession") / "settings.json"


def _state_file() -> Path:
    return platformdirs.user_state_path("procession") / "last-batch.json"


def _load(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _save(file: Path, data: Mapping[str, Any]) -> None:
    """Writes it whole. A home that cannot be written costs the memory, never the work."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}-{os.getpid()}")
        temporary.write_text(json.dumps(data), "utf-8")
        temporary.replace(file)
