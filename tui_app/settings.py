"""What a person has chosen, kept in `settings.json` between two starts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass

from tui_app.files.json_file import JsonFile, is_count, is_text
from tui_app.language import LANGUAGES
from tui_app.system.user_folders import config_folder
from tui_app.terminal.output import MOST_FPS

FILE = JsonFile(config_folder, "settings.json")

RECORDS_KEPT, RECORDS_MEGABYTES = 200, 500

MOST_RECORDS, MOST_RECORDS_MEGABYTES = 100_000, 1_000_000
"""The most that a person can set in the form."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A person's settings, each under its name in the file.

    To change one: `replace(Settings.load(), theme="nord").save()`.

    Attributes:
        theme: The name of the theme; None where none was chosen.
        language: One of `LANGUAGES`; None where none was chosen.
        lesson: The names of the demos that a teacher has picked for a lesson.
        ask_before_demos: Whether a demo asks its question before it is played.
        lesson_order: The names in `lesson` in the teacher's order; see `demos/lesson_plan.py`.
        workers: How many work at once in a batch; None: one for each usable CPU.
        fps: Drawings a second of what runs; None: what suits the terminal.
        recipe: The name, or the file, of a batch's recipe; None: the tutorial's.
        records_kept: How many recorded runs are kept; see `records_megabytes`.
        records_megabytes: How many MB recorded runs may take in all.
    """

    theme: str | None = None
    language: str | None = None
    lesson: tuple[str, ...] = ()
    ask_before_demos: bool = True
    lesson_order: tuple[str, ...] = ()
    workers: int | None = None
    fps: int | None = None
    recipe: str | None = None
    records_kept: int = RECORDS_KEPT
    records_megabytes: int = RECORDS_MEGABYTES

    @classmethod
    def load(cls) -> Settings:
        """Return the settings in the file. What is not understood there counts as not there."""
        data = FILE.load()
        theme, language, recipe = (data.get(name) for name in ("theme", "language", "recipe"))
        fps = _number(data.get("fps"))
        return cls(
            theme=theme if isinstance(theme, str) else None,
            language=language if isinstance(language, str) and language in LANGUAGES else None,
            lesson=_names(data.get("lesson")),
            ask_before_demos=data.get("ask_before_demos") is not False,
            lesson_order=_names(data.get("lesson_order")),
            workers=_number(data.get("workers")),
            fps=fps if fps is not None and fps <= MOST_FPS else None,
            recipe=recipe if is_text(recipe) and recipe else None,
            records_kept=_number(data.get("records_kept")) or RECORDS_KEPT,
            records_megabytes=_number(data.get("records_megabytes")) or RECORDS_MEGABYTES,
        )

    def save(self) -> None:
        """Do as `write` does. Where the file cannot be written, nothing is kept."""
        with suppress(OSError):
            self.write()

    def write(self) -> None:
        """Write what differs from the file. Whatever else is in the file stays as it is.

        Raises:
            OSError: The file cannot be written.
        """
        there = asdict(Settings.load())
        changed = {name: value for name, value in asdict(self).items() if value != there[name]}
        FILE.write({**FILE.load(), **changed})


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(name for name in value if isinstance(name, str))


def _number(value: object) -> int | None:
    """Return a whole number from 1 on as it is, and anything else as None."""
    return value if is_count(value) and value else None
