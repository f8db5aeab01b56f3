"""The runs that were recorded once, for exports."""

import gzip
from pathlib import Path

from tui_app.events import Event, from_json

STREAMS = Path(__file__).parents[1] / "assets" / "streams"
FILES = sorted(STREAMS.rglob("*.jsonl*"))


def recorded(name: str) -> list[Event]:
    """The events of the run that was recorded under this name, such as `demos/pool-list`."""
    (file,) = [file for file in FILES if name_of(file) == name]
    data = file.read_bytes()
    text = gzip.decompress(data) if file.suffix == ".gz" else data
    return [event for line in text.splitlines() if (event := from_json(line)) is not None]


def name_of(file: Path) -> str:
    return str(file.relative_to(STREAMS)).partition(".")[0]


NAMES = [name_of(file) for file in FILES]
