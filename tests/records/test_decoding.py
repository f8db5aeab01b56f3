"""Events of a record are the events themselves, by the quick way, too."""

from pathlib import Path

import pytest

from tui_app.events import ThreadKind, ThreadStarted, from_json, to_json
from tui_app.records.decoding import decoded, decoded_block

STREAMS = sorted((Path(__file__).parent.parent / "assets" / "streams").glob("*.jsonl"))


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: str(stream.stem))
def test_a_block_is_decoded_into_the_same_events(stream: Path) -> None:
    lines = [line for line in stream.read_bytes().splitlines() if from_json(line) is not None]
    # Compared as they are written: an enumeration of texts equals its text.
    assert list(map(repr, decoded_block(lines))) == list(map(repr, decoded(lines)))


def test_a_kind_of_thread_is_one_however_it_is_read() -> None:
    event = ThreadStarted(t=1.0, pid=1, thread=2, name="fetch(1)", kind=ThreadKind.ASYNCIO)
    (again,) = decoded_block([to_json(event).encode()])
    assert isinstance(again, ThreadStarted)
    assert again.kind is ThreadKind.ASYNCIO
