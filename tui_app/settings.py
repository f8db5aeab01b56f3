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

from tui_app.language import LANGUAGES


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
    name = _load(_settings_file()).get("theme")
    return name if isinstance(name, str) else None


def save_theme(name: str) -> None:
    """Remembers a theme."""
    _save(_settings_file(), {**_load(_settings_file()), "theme": name})


def load_language() -> str | None:
    """The language that was chosen last, if one was."""
    language = _load(_settings_file()).get("language")
    return language if isinstance(language, str) and language in LANGUAGES else None


def save_language(language: str) -> None:
    """Remembers a language."""
    _save(_settings_file(), {**_load(_settings_file()), "language": language})


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
