"""What is remembered between two starts, in small JSON files where `platformdirs` says."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from tui_app.language import LANGUAGES

if TYPE_CHECKING:
    from tui_app.demos.predictions import Mark


@dataclass(frozen=True, slots=True)
class LastBatch:
    """The latest batch that came to its end: how many images, and what became of them.

    `ended_at` is ISO 8601, `wall` seconds.
    """

    output: str
    tasks: int
    ok: int
    failed: int
    skipped: int
    wall: float
    ended_at: str


def load_theme() -> str | None:
    """The name of the theme that was chosen last."""
    name = _setting("theme")
    return name if isinstance(name, str) else None


def save_theme(name: str) -> None:
    """Remembers a theme."""
    _set("theme", name)


def load_language() -> str | None:
    """The language that was chosen last, if one was."""
    language = _setting("language")
    return language if isinstance(language, str) and language in LANGUAGES else None


def save_language(language: str) -> None:
    """Remembers a language."""
    _set("language", language)


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


def load_copies() -> dict[str, str]:
    """The changed copies of demos' texts, each by the name that it was saved under."""
    copies = _load(_copies_file())
    return {name: text for name, text in copies.items() if isinstance(text, str)}


def save_copy(name: str, text: str | None) -> None:
    """Remembers a changed copy, or that there is none any more."""
    copies = {**load_copies(), name: text}
    _save(_copies_file(), {one: copy for one, copy in copies.items() if copy is not None})


def _copies_file() -> Path:
    return platformdirs.user_state_path("procession") / "copies.json"


def load_picked() -> list[str]:
    """The names of the demos that a teacher picked for the lesson."""
    picked = _setting("lesson")
    return [name for name in picked if isinstance(name, str)] if isinstance(picked, list) else []


def save_picked(names: Sequence[str]) -> None:
    """Remembers which demos are picked."""
    _set("lesson", list(names))


def load_asking() -> bool:
    """Whether a demo's question is asked before it is played; it is unless it was turned off."""
    return _setting("ask_before_demos") is not False


def save_asking(asking: bool) -> None:
    """Remembers whether questions are asked."""
    _set("ask_before_demos", asking)


def load_marks() -> dict[str, Mark]:
    """How the latest prediction of each demo turned out, by demo."""
    from tui_app.demos.predictions import Mark, Prediction

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


def keep_time(name: str, took: float) -> dict[str, float]:
    """Remembers that a demo was played, and how many seconds it took; returns all such times."""
    times = load_done() | {name: took}
    save_done(times)
    return times


def _done_file() -> Path:
    return platformdirs.user_state_path("procession") / "demos.json"


def _settings_file() -> Path:
    return platformdirs.user_config_path("procession") / "settings.json"


def _setting(key: str) -> Any:
    """What the settings have under that key; `None` where nothing stands there."""
    return _load(_settings_file()).get(key)


def _set(key: str, value: Any) -> None:
    """Changes one setting; the others stay as they are in the file."""
    _save(_settings_file(), {**_load(_settings_file()), key: value})


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
