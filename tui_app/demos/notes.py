"""What teachers write down about demos, kept in `notes.json` beside the settings."""

from __future__ import annotations

from tui_app.demos.catalogue import Demo
from tui_app.files.json_file import JsonFile, is_text
from tui_app.system.user_folders import config_folder

FILE = JsonFile(config_folder, "notes.json")

LONGEST = 4000
"""The most characters that a note can be made to have."""


class Notes:
    """The notes, one for each demo, as they are now."""

    def __init__(self) -> None:
        self._texts = {name: text for name, text in FILE.load().items() if is_text(text)}
        self._unsaved: set[str] = set()

    def text(self, demo: Demo) -> str:
        """Return a demo's note; empty where there is none."""
        return self._texts.get(demo.name, "")

    def is_noted(self, demo: Demo) -> bool:
        """Tell whether a demo has a note that can be read."""
        return bool(self.text(demo).strip())

    def keep(self, demo: Demo, text: str) -> None:
        """Take what a demo's note is from now on."""
        if text != self.text(demo):
            self._texts[demo.name] = text
            self._unsaved.add(demo.name)

    def save(self) -> None:
        """Write what was changed since the last time. Whatever else is in the file stays.

        Raises:
            OSError: The file cannot be written. The notes are still here, to be saved later.
        """
        if not self._unsaved:
            return
        data = {name: text for name, text in FILE.load().items() if name not in self._unsaved}
        data |= {name: self._texts[name] for name in self._unsaved if self._texts[name].strip()}
        FILE.write(data)
        self._unsaved.clear()
