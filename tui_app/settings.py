"""What is remembered between two starts, in small JSON files in a person's own folders.

Whatever is in them, and whatever is in their place, there is an answer: what is not understood
counts as not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from tui_app.files.error_words import reason
from tui_app.files.private_files import read_small, write_small
from tui_app.language import LANGUAGES, _
from tui_app.system.user_folders import config_folder, state_folder

if TYPE_CHECKING:
    from tui_app.demos.quiz.predictions import PredictionResult

LARGEST = 1e15
"""No number that is remembered is larger."""


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
    from datetime import datetime  # not for those who only ask for a language

    with suppress(TypeError, ValueError):
        batch = LastBatch(**_load(_state_file()))
        datetime.fromisoformat(batch.ended_at)
        counts = (batch.tasks, batch.ok, batch.failed, batch.skipped)
        if all(map(_is_count, counts)) and _is_number(batch.wall) and _is_text(batch.output):
            return batch
    return None


def save_last_batch(batch: LastBatch) -> None:
    """Remembers a batch."""
    _save(_state_file(), asdict(batch))


def load_done() -> dict[str, float]:
    """The demos that were played to their end here, and the seconds that each took last."""
    times = _load(_done_file())
    return {name: float(took) for name, took in times.items() if _is_number(took)}


def save_done(times: Mapping[str, float]) -> None:
    """Remembers which demos were played, and how long each took."""
    _save(_done_file(), times)


def load_copies() -> dict[str, str]:
    """The changed copies of demos' texts, each by the name that it was saved under."""
    return {name: text for name, text in _load(_copies_file()).items() if _is_text(text)}


def save_copy(name: str, text: str | None) -> None:
    """Remembers a changed copy, or that there is none any more."""
    copies = {**load_copies(), name: text}
    _save(_copies_file(), {one: copy for one, copy in copies.items() if copy is not None})


def _copies_file() -> Path:
    return state_folder() / "copies.json"


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


def load_marks() -> dict[str, PredictionResult]:
    """How the latest prediction of each demo turned out, by demo."""
    from tui_app.demos.quiz.predictions import Prediction, PredictionResult

    marks: dict[str, PredictionResult] = {}
    for name, data in _load(_predictions_file()).items():
        with suppress(TypeError, ValueError, KeyError):
            hands = tuple((said, count) for said, count in data["hands"])
            prediction = Prediction(data["said"], hands)
            mark = PredictionResult(prediction, bool(data["right"]), data["right_hands"])
            if all(map(_is_count, (mark.right_hands, *(count for _said, count in hands)))):
                marks[name] = mark
    return marks


def save_marks(marks: Mapping[str, PredictionResult]) -> None:
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
    return state_folder() / "predictions.json"


def keep_time(name: str, took: float) -> dict[str, float]:
    """Remembers that a demo was played, and how many seconds it took; returns all such times."""
    times = load_done() | {name: took}
    save_done(times)
    return times


def _done_file() -> Path:
    return state_folder() / "demos.json"


def _settings_file() -> Path:
    return config_folder() / "settings.json"


def _setting(key: str) -> Any:
    """What the settings have under that key; `None` where nothing stands there."""
    return _load(_settings_file()).get(key)


def _set(key: str, value: Any) -> None:
    """Changes one setting; the others stay as they are in the file."""
    _save(_settings_file(), {**_load(_settings_file()), key: value})


def _state_file() -> Path:
    return state_folder() / "last-batch.json"


def troubles() -> Iterator[str]:
    """A sentence for each of the files that cannot be read, and so counts as not there."""
    for file in (
        _settings_file(),
        _state_file(),
        _done_file(),
        _copies_file(),
        _predictions_file(),
    ):
        if why := _trouble(file):
            yield _("{file} counts as not there: {why}").format(file=file, why=why)


def _trouble(file: Path) -> str:
    """Why a file that is there cannot be read; empty where it can."""
    try:
        _read(file)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return reason(error)
    except (ValueError, RecursionError):
        return _("it does not hold what procession writes")
    return ""


def _is_number(value: object) -> TypeGuard[float]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= LARGEST


def _is_text(value: object) -> TypeGuard[str]:
    """Whether it is a text, and one that a file can hold: no half of a surrogate pair."""
    return isinstance(value, str) and not any("\ud800" <= one <= "\udfff" for one in value)


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and _is_number(value)


def _read(file: Path) -> dict[str, Any]:
    data = json.loads(read_small(file))
    if not isinstance(data, dict):
        raise ValueError(file)
    return data


def _load(file: Path) -> dict[str, Any]:
    try:
        return _read(file)
    except (OSError, ValueError, RecursionError):
        return {}


def _save(file: Path, data: Mapping[str, Any]) -> None:
    """Writes it whole; what could not be read there is kept under another name.

    A home that cannot be written costs the memory, never the work.
    """
    with suppress(OSError):
        if _trouble(file):
            file.replace(file.with_name(f"{file.name}.unread"))
        write_small(file, json.dumps(data))
