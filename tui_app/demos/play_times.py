"""Which demos were played to their end here, and how long each took, kept in `demos.json`."""

from __future__ import annotations

from tui_app.files.json_file import JsonFile, is_number
from tui_app.system.user_folders import state_folder

FILE = JsonFile(state_folder, "demos.json")


def load_play_times() -> dict[str, float]:
    """Return the seconds that each demo took last, by its name; only demos that were played."""
    return {name: float(seconds) for name, seconds in FILE.load().items() if is_number(seconds)}


def keep_play_time(name: str, seconds: float) -> dict[str, float]:
    """Keep how long a demo took, and return the times of all demos that were played."""
    times = load_play_times() | {name: seconds}
    FILE.save(times)
    return times
