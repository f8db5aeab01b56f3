"""The format: it can be cut off anywhere, and any program reads it that reads gzip."""

import gzip
import io
import json
import zlib

from hypothesis import given
from hypothesis import strategies as st

from tui_app.records.blocks import (
    BEGINS,
    GOES_ON,
    BlockKind,
    data_blocks,
    data_of,
    events_block,
    lines_of,
    read_blocks,
)

LINES = st.lists(st.text(st.characters(codec="ascii", exclude_characters="\n"), max_size=30))
ENTRIES = st.lists(
    st.tuples(LINES, st.floats(0, 1e6), st.floats(0, 1e6)) | st.binary(max_size=200), max_size=8
)


def record_of(entries: list[tuple[list[str], float, float] | bytes]) -> bytes:
    return b"".join(
        data_blocks(BlockKind.STATE, one, 7, 1.5)
        if isinstance(one, bytes)
        else events_block(one[0], one[1], one[2], BEGINS)
        for one in entries
    )


@given(ENTRIES)
def test_what_is_in_comes_out(entries: list[tuple[list[str], float, float] | bytes]) -> None:
    file = io.BytesIO(record_of(entries))
    blocks = list(read_blocks(file))
    assert len(blocks) == len(entries)
    for block, entry in zip(blocks, entries, strict=True):
        if isinstance(entry, bytes):
            assert (block.kind, block.lines, block.least) == (BlockKind.STATE, 7, 1.5)
            assert data_of(file, block) == entry
            assert lines_of(file, block) == []
        else:
            lines, least, most = entry
            assert (block.kind, block.events, block.flags) == (
                BlockKind.EVENTS,
                len(lines),
                BEGINS,
            )
            assert (block.least, block.most) == (least, most)
            assert lines_of(file, block) == [line.encode() for line in lines]


@given(ENTRIES, st.data())
def test_a_record_that_was_cut_off_anywhere_is_read_up_to_there(
    entries: list[tuple[list[str], float, float] | bytes], data: st.DataObject
) -> None:
    whole = record_of(entries)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    file, complete = io.BytesIO(cut), list(read_blocks(io.BytesIO(whole)))
    found = list(read_blocks(file))
    assert found == complete[: len(found)]
    assert all(block.end > len(cut) for block in complete[len(found) :])
    for block in found:
        there = lines_of(file, block)
        all_lines = lines_of(io.BytesIO(whole), block)
        assert there == all_lines[: len(there)]
        if block.end <= len(cut):
            assert there == all_lines


@given(ENTRIES)
def test_gzip_shows_the_events_and_nothing_else(
    entries: list[tuple[list[str], float, float] | bytes],
) -> None:
    lines = [line for one in entries if not isinstance(one, bytes) for line in one[0]]
    assert gzip.decompress(record_of(entries)).decode() == "".join(f"{one}\n" for one in lines)


@given(ENTRIES, st.binary(max_size=60))
def test_rubbish_behind_it_ends_it(
    entries: list[tuple[list[str], float, float] | bytes], rubbish: bytes
) -> None:
    whole = record_of(entries)
    known = list(read_blocks(io.BytesIO(whole)))
    assert list(read_blocks(io.BytesIO(whole + rubbish)))[: len(known)] == known


def test_what_is_too_long_for_one_block_goes_on_in_the_next() -> None:
    data = json.dumps(list(range(40_000))).encode()
    file = io.BytesIO(data_blocks(BlockKind.TABLE, data))
    blocks = list(read_blocks(file))
    assert len(blocks) > 2
    assert [bool(block.flags & GOES_ON) for block in blocks] == [True] * (len(blocks) - 1) + [False]
    assert b"".join(data_of(file, block) for block in blocks) == data


def test_a_damaged_place_costs_what_is_behind_it_in_its_block() -> None:
    lines = [
        f"{number:x} {zlib.crc32(bytes([number % 256, number // 256])):x}"
        for number in range(30_000)
    ]
    whole = bytearray(events_block(lines, 0.0, 1.0, 0))
    (block,) = read_blocks(io.BytesIO(whole))
    whole[len(whole) // 2] ^= 0xFF
    there = lines_of(io.BytesIO(whole), block)
    assert there[:1000] == [line.encode() for line in lines[:1000]]
