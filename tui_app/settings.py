"""What a person has chosen, kept in `settings.json` between two starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from tui_app.files.json_file import JsonFile
from tui_app.language import LANGUAGES
from tui_app.system.user_folders import config_folder

FILE = JsonFile(config_folder, "settings.json")


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
    """

    theme: str | None = None
    language: str | None = None
    lesson: tuple[str, ...] = ()
    ask_before_demos: bool = True
    lesson_order: tuple[str, ...] = ()

    @classmethod
    def load(cls) -> Settings:
        """Return the settings in the file. What is not understood there counts as not there."""
        data = FILE.load()
        theme, language = data.get("theme"), data.get("language")
        return cls(
            theme=theme if isinstance(theme, str) else None,
            language=language if isinstance(language, str) and language in LANGUAGES else None,
            lesson=_names(data.get("lesson")),
            ask_before_demos=data.get("ask_before_demos") is not False,
            lesson_order=_names(data.get("lesson_order")),
        )

    def save(self) -> None:
        """Write what differs from the file. Whatever else is in the file stays as it is."""
        there = asdict(Settings.load())
        changed = {name: value for name, value in asdict(self).items() if value != there[name]}
        FILE.save({**FILE.load(), **changed})


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(name for name in value if isinstance(name, str))
