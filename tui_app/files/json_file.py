"""Small JSON files of a person's own, which keep something between two starts.

Whatever is in such a file, and whatever is in its place, there is an answer: what is not understood
counts as not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from tui_app.files.error_words import reason
from tui_app.files.private_files import read_small, write_small
from tui_app.language import _

LARGEST = 1e15
"""The largest number that is believed."""


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A file that holds one JSON object.

    Attributes:
        folder: Returns the file's folder, which depends on the environment.
        name: The file's name there.
    """

    folder: Callable[[], Path]
    name: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.folder() / self.name

    def load(self) -> dict[str, Any]:
        """Return the object in the file; an empty one where the file cannot be read."""
        return self._read()[0]

    def trouble(self) -> str:
        """Return why the file, which is there, cannot be read; an empty text where it can."""
        return self._read()[1]

    def save(self, data: Mapping[str, Any]) -> None:
        """Put an object into the file. A file that cannot be read is kept, as `NAME.unread`.

        Where the folder cannot be written, nothing is kept, and no error is raised.
        """
        with suppress(OSError):
            self.write(data)

    def write(self, data: Mapping[str, Any]) -> None:
        """Put an object into the file, as `save` does.

        Raises:
            OSError: It cannot be written.
        """
        if self.trouble():
            self.path.replace(self.path.with_name(f"{self.name}.unread"))
        write_small(self.path, json.dumps(data))

    def _read(self) -> tuple[dict[str, Any], str]:
        """Return the object, and why it cannot be read."""
        try:
            data = json.loads(read_small(self.path))
        except FileNotFoundError:
            return {}, ""
        except OSError as error:
            return {}, reason(error)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            return {}, _("it does not hold what procession writes")
        return data, ""


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number from 0 to `LARGEST`."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= LARGEST


def is_count(value: object) -> TypeGuard[int]:
    """Tell whether a value is a whole number from 0 to `LARGEST`."""
    return isinstance(value, int) and is_number(value)


def is_text(value: object) -> TypeGuard[str]:
    """Tell whether a value is a text that a file can hold: without half a surrogate pair."""
    return isinstance(value, str) and not any("\ud800" <= one <= "\udfff" for one in value)
