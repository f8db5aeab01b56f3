from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.images.codec.test_metadata import full_exif, with_preview
from tui_app.images.codec.blocks import DamagedBlockError, tiff
from tui_app.images.codec.blocks.exif import EXIF, GPS, IFD0, IFD1, INTEROP, MAKER_NOTE, ExifBlock

WHOLE = with_preview(full_exif())


def other_order(data: bytes) -> bytes:
    """The same block in the other byte order, without its preview."""
    block = ExifBlock(data)
    ifd = tiff.from_exif(block)
    order = "<" if block.order == ">" else ">"

    def turned(one: tiff.Ifd) -> tiff.Ifd:
        values = {tag: tiff.swapped(value, one.order, order) for tag, value in one.values.items()}
        return tiff.Ifd(order, values, {tag: turned(below) for tag, below in one.below.items()})

    return tiff.to_exif(turned(ifd))


def said(block: ExifBlock) -> dict[object, dict[int, tuple[int, bytes]]]:
    return {
        name: {entry.tag: (entry.kind, block.value(entry)) for entry in block.entries(name)}
        for name in block.names
    }


def test_nothing_changes_where_nothing_is_changed() -> None:
    assert ExifBlock(WHOLE).bytes() == WHOLE.removeprefix(b"Exif\0\0")
    assert ExifBlock(WHOLE).names == (IFD0, EXIF, INTEROP, GPS, IFD1)


def test_the_preview_goes_and_all_else_stays_in_its_place() -> None:
    block = ExifBlock(WHOLE)
    before = said(block)
    block.drop_preview()
    data = block.bytes()
    assert b"preview of" not in data
    assert len(data) < len(WHOLE)
    again = ExifBlock(data)
    assert said(again) == {name: what for name, what in before.items() if name != IFD1}


@pytest.mark.parametrize("order", ["MM", "II"])
@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_what_is_taken_out_is_gone_and_the_rest_as_it_was(
    order: str, first: set[int], second: set[int]
) -> None:
    block = ExifBlock(full_exif() if order == "MM" else other_order(full_exif()))
    assert block.data[:2] == order.encode()
    before = said(block)
    for name, places in ((IFD0, first), (EXIF, second)):
        tags = [entry.tag for entry in block.entries(name)]
        unwanted = {tag for place, tag in enumerate(tags) if place in places}
        block.remove(name, unwanted.__contains__)
        before[name] = {t: v for t, v in before.get(name, {}).items() if t not in unwanted}
    again = said(ExifBlock(block.bytes(wipe=True)))
    for folder, values in again.items():
        pointers = (EXIF, GPS, INTEROP)
        assert {t: v for t, v in values.items() if t not in pointers} == {
            t: v for t, v in before[folder].items() if t not in pointers
        }
    for tag in (EXIF, GPS):
        assert (tag in again) == (tag in before[IFD0])


def test_a_number_is_written_where_one_stands() -> None:
    block = ExifBlock(full_exif())
    for value in (7, 65_535, 70_000):
        block.set(EXIF, 0xA002, value)
        assert ExifBlock(block.bytes()).number(EXIF, 0xA002) == value
    block.set(IFD0, 0xA002, 7)
    assert block.number(IFD0, 0xA002) is None


def test_both_byte_orders_say_the_same() -> None:
    turned = other_order(full_exif())
    assert turned[:2] == b"II"
    back = other_order(turned)
    assert said(ExifBlock(back)) == said(ExifBlock(tiff.to_exif(tiff.from_exif(ExifBlock(back)))))
    block = ExifBlock(turned)
    assert block.number(EXIF, 0xA002) == ExifBlock(full_exif()).number(EXIF, 0xA002)
    note = block.find(EXIF, MAKER_NOTE)
    assert note is not None
    assert block.value(note) == b"NOTE with SN-1234 in it"


@settings(max_examples=400)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 7), st.integers(0, 255)), max_size=6),
    st.integers(0, len(WHOLE)),
)
def test_whatever_is_damaged_is_told_by_one_error(
    changes: Sequence[tuple[int, int]], cut: int
) -> None:
    data = bytearray(WHOLE.removeprefix(b"Exif\0\0"))
    for place, value in changes:
        data[place % len(data)] = value
    try:
        block = ExifBlock(bytes(data[:cut] if cut % 3 == 0 else data))
        block.drop_preview()
        block.remove(IFD0, lambda tag: tag % 2 == 0)
        block.remove(EXIF, lambda tag: tag % 3 == 0)
        block.set(EXIF, 0xA002, 80_000)
        ExifBlock(block.bytes(wipe=True))
        tiff.to_exif(tiff.from_exif(block))
    except DamagedBlockError:
        pass
