"""What comes through a script's pipes, whoever wrote it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.script.pipes import Frames, Said

ADDRESS = "/tmp/procession-x/s"
NOW = 100.0


def frame(said: str) -> bytes:
    return f"\0{ADDRESS} {said}\0".encode()


def frames(encoding: str = "utf-8") -> Frames:
    return Frames(ADDRESS, lambda: NOW, encoding)


def stamp(t: float) -> bytes:
    return frame(f"{t:.9f}")


def report(t: float, line: int) -> bytes:
    return frame(json.dumps({"event": "line", "line": line, "t": t}))


def lines(said: list[tuple[float, Said]]) -> list[tuple[float, object]]:
    return [(t, one if isinstance(one, str) else one["line"]) for t, one in said]


def test_each_piece_has_the_time_of_its_stamp() -> None:
    data = stamp(1.5) + b"one\n" + report(2.5, 7) + stamp(3.5) + "ț\n".encode()
    assert lines(frames().take(data, more=False)) == [(1.5, "one\n"), (2.5, 7), (3.5, "ț\n")]


def test_what_has_no_stamp_was_written_before_what_follows() -> None:
    data = b"by C\n" + stamp(3.5) + b"by Python\n"
    assert lines(frames().take(data, more=False)) == [(3.5, "by C\n"), (3.5, "by Python\n")]
    assert lines(frames().take(b"by C\n", more=False)) == [(NOW, "by C\n")]
    assert lines(frames().take(b"by C\n", more=False, before=9.0)) == [(9.0, "by C\n")]


def test_a_stamp_waits_for_its_text_and_is_good_until_the_pipe_is_empty() -> None:
    pipe = frames()
    assert pipe.take(stamp(1.0), more=False) == []
    assert pipe.take(b"late", more=False) == [(1.0, "late")]
    assert pipe.take(b"of another", more=False) == [(NOW, "of another")]


def test_times_that_are_still_to_come_are_not_believed() -> None:
    assert frames().take(stamp(5e6) + b"x", more=False) == [(NOW, "x")]


@pytest.mark.parametrize(
    "forged",
    [
        frame("nan"),
        frame("1e999"),
        frame("-1.0"),
        frame("[" * 5000),
        frame('{"event": "line", "line": "x", "t": 1}'),
        frame('{"event": "line", "line": 1, "t": NaN}'),
        frame('{"event": ["line"], "t": 1}'),
        f"\0{ADDRESS} 1.".encode(),
        b"\0\0\0",
    ],
)
def test_what_is_no_frame_is_text(forged: bytes) -> None:
    data = b"a" + forged + b"b\n"
    assert "".join(str(one) for _, one in frames().take(data, more=False)).encode() == data


TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=9)
)


@given(TEXTS, st.lists(st.integers(1, 40)), st.booleans())
def test_wherever_it_is_cut_no_character_is_lost_or_torn(
    texts: list[str], cuts: list[int], stamped: bool
) -> None:
    data = b"".join((stamp(1.0) if stamped else b"") + text.encode() for text in texts)
    pipe = frames()
    said: list[tuple[float, Said]] = []
    while cuts and data:
        size = cuts.pop()
        said += pipe.take(data[:size], more=True)
        data = data[size:]
    said += pipe.take(data, more=False)
    assert "".join(str(one) for _, one in said) + pipe.end() == "".join(texts)


def test_what_is_no_utf_8_is_escaped_and_another_encoding_is_read() -> None:
    assert frames().take(b"caf\xe9\n", more=False) == [(NOW, "caf\\xe9\n")]
    assert frames("iso8859-1").take(b"caf\xe9\n", more=False) == [(NOW, "café\n")]
    told = frame(json.dumps({"event": "encoding", "encoding": "iso8859-1", "t": 1.0}))
    pieces = frames().take("é".encode() + told + b"\xe9\n", more=False)
    assert [one for _, one in pieces if isinstance(one, str)] == ["é", "é\n"]
    for unknown in ("rot13", "hex", "no such", "../x", "\0"):
        assert frames(unknown).take("é\n".encode(), more=False) == [(NOW, "é\n")]
