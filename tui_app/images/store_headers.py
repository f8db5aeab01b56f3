"""Headers of images in a store: of a JPEG from its first bytes, of others from the whole file.

What is behind the first bytes counts as zeros meanwhile, which no reader of a JPEG's header takes
for a marker. Other formats tell things at their end, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tui_app.images.codec.headers import Header
from tui_app.stores.at_hand import at_hand
from tui_app.stores.errors import StoreError
from tui_app.stores.opening import store_of
from tui_app.stores.store import Store

FIRST_BYTES = 256 * 1024
"""Bytes of each file that are read first: only rarely has a JPEG's header more, with metadata."""

_JPEG = b"\xff\xd8\xff"


def store_headers(
    urls: Sequence[str], read: Callable[[str, str], Header], *, dated: bool
) -> list[Header]:
    """Return the headers of images in one store, in their order; their `bytes` are not told.

    What the store does not hand out now is tried again by the run. What was read whole, and is no
    image, has a flaw: it need not be fetched once more to fail.

    Args:
        urls: The images.
        read: Returns the header of a file of this machine; it gets its path, and its name.
        dated: Whether it matters when a file was changed.
    """
    try:
        store, _name = store_of(urls[0])
    except StoreError as error:
        return [Header(unread=str(error)) for _url in urls]
    names = [store_of(url)[1] for url in urls]
    firsts = store.read_all(names, FIRST_BYTES)
    return [
        _found(store, name, first, read, dated=dated)
        for name, first in zip(names, firsts, strict=True)
    ]


def _found(
    store: Store,
    name: str,
    first: bytes | StoreError,
    read: Callable[[str, str], Header],
    *,
    dated: bool,
) -> Header:
    try:
        refused = isinstance(first, StoreError)
        entry = store.entry(name) if refused or dated else None
        if isinstance(first, StoreError):
            # An empty file has no first bytes, which some stores call an error.
            if entry is None or entry.stamp.bytes:
                raise first
            first = b""
        time = entry.time if entry else 0
        if len(first) == FIRST_BYTES:
            if first.startswith(_JPEG):
                with at_hand(first, time, 2 * FIRST_BYTES) as path:
                    header = read(path, name)
                if header.width:
                    return header
            first = store.read(name)
    except StoreError as error:
        return Header(unread=error.why)
    with at_hand(first, time) as path:
        header = read(path, name)
    return header if header.width else replace(header, flaw=header.flaw or header.unread)
