"""The latest batch that came to its end, kept in `last-batch.json`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from tui_app.files.json_file import JsonFile, is_count, is_number, is_text
from tui_app.system.user_folders import state_folder

FILE = JsonFile(state_folder, "last-batch.json")


@dataclass(frozen=True, slots=True)
class LastBatch:
    """How many images the latest batch had, and what became of them.

    `skipped` leaves out what an earlier run had made. `wall` is in seconds, `ended_at` in ISO 8601.
    """

    output: str
    tasks: int
    ok: int
    failed: int
    skipped: int
    wall: float
    ended_at: str

    @classmethod
    def load(cls) -> LastBatch | None:
        """Return the latest batch; None where there was none, or the file is not understood."""
        with suppress(TypeError, ValueError):
            batch = cls(**FILE.load())
            datetime.fromisoformat(batch.ended_at)
            counts = (batch.tasks, batch.ok, batch.failed, batch.skipped)
            if all(map(is_count, counts)) and is_number(batch.wall) and is_text(batch.output):
                return batch
        return None

    def save(self) -> None:
        """Keep this batch as the latest one."""
        FILE.save(asdict(self))
