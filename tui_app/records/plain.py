"""Lines of events in a file without blocks: what `--json` printed, or `gzip` made of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

LONGEST = 1 << 26
"""The most bytes of a line; a file with a longer one holds no events."""

_PIECE = 1 << 16


def plain_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the whole lines of a file, which may be compressed by gzip.

    Where a line is too long, or what is compressed is damaged, the lines end.
    """
    rest = b""
    for piece in _pieces(file):
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line for line in lines if line.strip())
        if len(rest) > LONGEST:
            return


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    start = file.read(2)
    file.seek(0)
    if start != b"\x1f\x8b":
        while piece := file.read(_PIECE):
            yield piece
        return
    inflate = zlib.decompressobj(31)
    data = file.read(_PIECE)
    with suppress(zlib.error):
        while data:
            yield inflate.decompress(data, _PIECE)
            data = inflate.unconsumed_tail or file.read(_PIECE)
            if inflate.eof:
                # Another member may follow.
                data = inflate.unused_data or data
                inflate = zlib.decompressobj(31)
