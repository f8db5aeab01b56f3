"""Odd images, each made by code: a row says how one is made, and what must become of it.

All show the same picture in four quarters, so that a lost channel, a turn, or a wrong frame shows.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

from tests.images.codec.test_metadata import SRGB, WIDE

SIZE = (48, 32)
COLOURS = ((200, 30, 40), (30, 180, 60), (40, 60, 190), (230, 220, 210))
"""Left to right, top to bottom."""
INSIDE = ((8, 6), (40, 6), (8, 26), (40, 26))
"""A place in each quarter."""

FRAMES = "only the first of its frames or pages was processed"
SIXTEEN = "its 16 bits a channel became 8"


def only_read(own: str, written: str) -> str:
    """The note of an output that is not in its source's format."""
    return f"saved as {written}: {own} files are only read"


@dataclass(frozen=True)
class OddImage:
    """One odd image.

    Attributes:
        name: What its file is called.
        encoded: Makes its bytes.
        format: Pillow's name of the output's format; empty where the image must fail.
        mode: The output's mode, once loaded.
        notes: What is said of it.
        shows: The colours of the output's quarters; empty where it is another picture.
        size: The output's.
        failure: A pattern of the reason why it must fail.
    """

    name: str
    encoded: Callable[[], bytes]
    format: str = ""
    mode: str = ""
    notes: tuple[str, ...] = ()
    shows: tuple[tuple[int, ...], ...] = COLOURS
    size: tuple[int, int] = SIZE
    failure: str = ""


def quarters(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """The picture."""
    image = Image.new("RGB", size)
    width, height = size[0] // 2, size[1] // 2
    for at, colour in enumerate(COLOURS):
        left, top = at % 2 * width, at // 2 * height
        image.paste(colour, (left, top, left + width, top + height))
    if mode == "1":
        return image.convert("L").point(lambda value: 255 * (value > 100)).convert("1")
    if mode in ("P", "PA"):
        flat = image.quantize(4)
        return flat if mode == "P" else flat.convert("PA")
    if mode in ("LA", "RGBA"):
        image = image.convert(mode.removesuffix("A"))
        image.putalpha(Image.linear_gradient("L").resize(size).point(lambda v: 255 * (v > 128)))
        return image
    return image.convert(mode)


def of(image: Image.Image) -> tuple[tuple[int, ...], ...]:
    """What an image shows in its quarters."""
    pixels = [image.getpixel(place) for place in INSIDE]
    return tuple(p if isinstance(p, tuple) else (int(p or 0),) for p in pixels)


GREYS = of(quarters("L"))
BLACK_WHITE = of(quarters("1").convert("L"))
HALF_SEEN = of(quarters("RGBA"))
HALF_SEEN_GREYS = of(quarters("LA"))
FIRST_HIDDEN = tuple((*colour, 255 * (at > 0)) for at, colour in enumerate(COLOURS))
FIRST_GREY_HIDDEN = tuple((*grey, 255 * (at > 0)) for at, grey in enumerate(GREYS))
RED = (COLOURS[0],) * 4


def saved(kind: str, mode: str = "RGB", **options: Any) -> Callable[[], bytes]:
    """Makes the picture in a mode, saved by Pillow in a format."""
    return lambda: written(quarters(mode), kind, **options)


def written(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An image as a file's bytes."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def frames(kind: str, mode: str = "RGB") -> Callable[[], bytes]:
    """Makes the picture with a second frame or page of one colour."""
    second = Image.new("RGB", SIZE, COLOURS[0])
    return saved(kind, mode, save_all=True, append_images=[second])


def raw(mode: str, layout: str) -> bytes:
    """The picture's pixels in one of the layouts of Pillow's raw encoder."""
    return quarters(mode).tobytes("raw", layout)


def wide(image: Image.Image, order: str = ">") -> bytes:
    """The picture's channels as 16 bits each."""
    data = image.tobytes()
    return struct.pack(f"{order}{len(data)}H", *(257 * value for value in data))


def png(
    size: tuple[int, int], bits: int, kind: int, rows: bytes, *more: bytes, interlaced: int = 0
) -> bytes:
    """A PNG from its filtered rows; `more` are whole chunks before the pixels."""
    header = struct.pack(">2I5B", *size, bits, kind, 0, 0, interlaced)
    chunks = (chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def chunk(name: bytes, data: bytes = b"") -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def unfiltered(data: bytes, height: int = SIZE[1]) -> bytes:
    """Rows with PNG's filter byte before each."""
    stride = len(data) // height
    return b"".join(b"\0" + data[row * stride : (row + 1) * stride] for row in range(height))


def png_of_sixteen_bits(mode: str) -> bytes:
    """A PNG of 16 bits a channel, which Pillow writes of greys only."""
    kind = {"RGB": 2, "LA": 4, "RGBA": 6}[mode]
    return png(SIZE, 16, kind, unfiltered(wide(quarters(mode))))


def grey_png_of_sixteen_bits() -> bytes:
    """A PNG of 16-bit greys, with the first quarter's grey declared transparent."""
    hidden = chunk(b"tRNS", struct.pack(">H", 257 * GREYS[0][0]))
    return png(SIZE, 16, 0, unfiltered(wide(quarters("L"))), hidden)


def interlaced_png() -> bytes:
    """The seven passes of Adam7."""
    image = quarters()
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
    rows = b""
    for left, top, across, down in (*passes, (0, 1, 1, 2)):
        for y in range(top, SIZE[1], down):
            line = (image.getpixel((x, y)) for x in range(left, SIZE[0], across))
            rows += b"\0" + b"".join(bytes(pixel) for pixel in line)  # type: ignore[arg-type]
    return png(SIZE, 8, 2, rows, interlaced=1)


def tiff(tags: dict[int, tuple[int, ...]], data: bytes, order: str = "<") -> bytes:
    """A TIFF of one strip. Every tag is written as 32-bit numbers."""
    tags = {256: SIZE[:1], 257: SIZE[1:], 259: (1,), 273: (8,), 279: (len(data),), **tags}
    at = 8 + len(data)
    extra = at + 2 + 12 * len(tags) + 4
    folder, more = struct.pack(f"{order}H", len(tags)), b""
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}I", *values)
        if len(values) > 1:
            more, packed = more + packed, struct.pack(f"{order}I", extra + len(more))
        folder += struct.pack(f"{order}HHI", tag, 4, len(values)) + packed
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", at)
    return head + data + folder + bytes(4) + more


def grey_tiff(bits: int, data: bytes, order: str = "<") -> bytes:
    """A TIFF of greys, black being 0."""
    return tiff({258: (bits,), 262: (1,), 277: (1,)}, data, order)


def twelve_bits() -> bytes:
    """Greys of 12 bits, two in three bytes, as microscopes write them."""
    data = quarters("L").tobytes()
    pairs = zip(data[::2], data[1::2], strict=True)
    packed = (((a * 4095 // 255) << 12 | b * 4095 // 255).to_bytes(3, "big") for a, b in pairs)
    return grey_tiff(12, b"".join(packed))


def not_finite() -> bytes:
    """Numbers from 0 to 1, but for one quarter that has none and a pixel that is infinite."""
    image = quarters("L").convert("F").point(lambda value: value / 255 + 0.0)
    image.paste(float("nan"), (0, 0, SIZE[0] // 2, SIZE[1] // 2))
    image.putpixel((0, 0), float("inf"))
    return written(image, "TIFF")


def turned(orientation: int) -> bytes:
    """A JPEG that is stored as a camera held otherwise would, with EXIF to say so."""
    undone = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    stored = quarters() if undone is None else quarters().transpose(undone)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return written(stored, "JPEG", exif=exif)


def long_exif() -> bytes:
    """A JPEG whose EXIF goes on in a second segment, as some cameras' does."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker"
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.MakerNote: bytes(90_000)}
    data = exif.tobytes()
    cut = 60_000
    parts = (data[:cut], b"Exif\0\0" + data[cut:])
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(p) + 2) + p for p in parts)
    return b"\xff\xd8" + segments + saved("JPEG")()[2:]


def bmp(
    bits: int, data: bytes, *, palette: bytes = b"", compression: int = 0, upside: int = 1
) -> bytes:
    """A BMP by its pixels, from the lowest row upwards unless `upside` is -1."""
    info = struct.pack(
        "<3i2H6I",
        40, SIZE[0], upside * SIZE[1], 1, bits, compression, len(data), 0, 0, len(palette) // 4, 0,
    )  # fmt: skip
    return bmp_file(info + palette, data)


def bmp_file(info: bytes, data: bytes) -> bytes:
    """The file around a BMP's header and pixels."""
    offset = 14 + len(info)
    return b"BM" + struct.pack("<3I", offset + len(data), 0, offset) + info + data


def run_length_bmp() -> bytes:
    """A BMP of four colours, each half row one run."""
    palette = b"".join(bytes((*reversed(colour), 0)) for colour in COLOURS)
    half = SIZE[0] // 2
    low, high = (bytes((half, at, half, at + 1, 0, 0)) for at in (2, 0))
    rows = low * (SIZE[1] // 2) + high * (SIZE[1] // 2)
    return bmp(8, rows + b"\0\1", palette=palette, compression=1)


def os2_bmp() -> bytes:
    """A BMP with the header of OS/2, of 16-bit sizes."""
    flipped = quarters().transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return bmp_file(struct.pack("<I4H", 12, *SIZE, 1, 24), flipped.tobytes("raw", "BGR"))


def alpha_bmp() -> bytes:
    """A BMP of 32 bits that says which of them are alpha."""
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<3i2H10I", 108, SIZE[0], -SIZE[1], 1, 32, 3, 0, 0, 0, 0, 0, *masks)
    return bmp_file(info.ljust(108, b"\0"), raw("RGBA", "BGRA"))


def five_bits_bmp() -> bytes:
    """A BMP of 5 bits a channel."""
    data = quarters().tobytes()
    pixels = zip(data[::3], data[1::3], data[2::3], strict=True)
    packed = (struct.pack("<H", r >> 3 << 10 | g >> 3 << 5 | b >> 3) for r, g, b in pixels)
    return bmp(16, b"".join(packed), upside=-1)


def two_pages_dcx() -> bytes:
    """A fax of two PCX pages."""
    pages = (saved("PCX")(), written(Image.new("RGB", SIZE, COLOURS[0]), "PCX"))
    offset = 4 + 4 * 3
    places = (offset, offset + len(pages[0]), 0)
    return struct.pack("<4I", 0x3ADE68B1, *places) + b"".join(pages)


def cursor() -> bytes:
    """A cursor: a bitmap of twice the height, whose upper half is a mask."""
    flipped = quarters().transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    pixels, mask = flipped.tobytes("raw", "BGR"), bytes(8 * SIZE[1])
    info = struct.pack("<3i2H6I", 40, SIZE[0], 2 * SIZE[1], 1, 24, 0, 0, 0, 0, 0, 0)
    entry = struct.pack("<4B2H2I", *SIZE, 0, 0, 0, 0, len(info + pixels + mask), 22)
    return struct.pack("<3H", 0, 2, 1) + entry + info + pixels + mask


def fli() -> bytes:
    """A FLIC of two frames, the first stored whole."""
    image = quarters("P")
    palette = image.getpalette() or []
    colours = struct.pack("<HBB", 1, 0, 4) + bytes(palette[:12])
    parts = ((4, colours), (16, image.tobytes()))
    body = b"".join(struct.pack("<IH", 6 + len(data), kind) + data for kind, data in parts)
    frame = struct.pack("<IHH8x", 16 + len(body), 0xF1FA, len(parts)) + body
    empty = struct.pack("<IHH8x", 16, 0xF1FA, 0)
    header = struct.pack("<IHHHHHHI", 128, 0xAF12, 2, *SIZE, 8, 3, 50)
    return header.ljust(128, b"\0") + frame + empty


def psd(kind: int, channels: bytes, count: int, layers: bytes = b"") -> bytes:
    """A Photoshop file: its flattened picture, plane after plane."""
    header = b"8BPS" + struct.pack(">H6xH2I2H", 1, count, SIZE[1], SIZE[0], 8, kind)
    info = struct.pack(">I", len(layers)) + layers if layers else b""
    return header + bytes(8) + struct.pack(">I", len(info)) + info + bytes(2) + channels


def planes(mode: str) -> bytes:
    """The picture's channels, one whole after the other."""
    return b"".join(band.tobytes() for band in quarters(mode).split())


def layered_psd() -> bytes:
    """Two layers of one pixel each, beside the flattened picture."""
    layer = struct.pack(">4iH", 0, 0, 1, 1, 1) + struct.pack(">HI", 0, 3)
    layer += b"8BIMnorm" + bytes(4) + struct.pack(">I", 12) + bytes(8) + b"\1x\0\0"
    data = bytes(3)
    return psd(3, planes("RGB"), 3, struct.pack(">h", 2) + 2 * layer + 2 * data)


def fits() -> bytes:
    """A telescope's image, which is upside down."""
    cards = ("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 48", "NAXIS2  = 32", "END")
    header = "".join(card.ljust(80) for card in cards).ljust(2880).encode()
    return header + quarters("L").transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()


def mcidas() -> bytes:
    """A weather satellite's area."""
    words = [0] * 64
    words[1], words[8], words[9], words[10], words[13], words[33] = 4, SIZE[1], SIZE[0], 1, 1, 256
    return struct.pack(">64i", *words) + quarters("L").tobytes()


def xpm() -> bytes:
    """An icon as C source."""
    keys = "abcd"
    lines = ["/* XPM */", "static char *x[] = {", f'"{SIZE[0]} {SIZE[1]} 4 1",']
    colours = zip(keys, COLOURS, strict=True)
    lines += [f'"{key} c #{bytes(colour).hex()}",' for key, colour in colours]
    half = SIZE[0] // 2
    for y in range(SIZE[1]):
        left = 2 * (y >= SIZE[1] // 2)
        lines.append(f'"{keys[left] * half}{keys[left + 1] * half}",')
    return "\n".join([*lines, "};"]).encode()


def of_text(data: Callable[[], bytes], bomb: int) -> bytes:
    """A PNG with a compressed text that grows."""
    whole = data()
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(bomb)))
    return whole[:33] + text + whole[33:]


def damaged_in_second_frame() -> bytes:
    """A GIF whose second frame has no pixels."""
    whole = frames("GIF")()
    return whole[: whole.rindex(b"\x2c") + 12]


def cut(kind: str) -> Callable[[], bytes]:
    """Makes two thirds of a file."""

    def encoded() -> bytes:
        whole = saved(kind)()
        return whole[: len(whole) * 2 // 3]

    return encoded


def _rows() -> list[OddImage]:
    row = OddImage
    jpeg, to_png = ("JPEG", "RGB"), ("PNG", "RGB")
    rgb16 = {258: (16, 16, 16), 262: (2,), 277: (3,)}
    return [
        # Modes.
        row("one-bit.png", saved("PNG", "1"), "PNG", "1", (), BLACK_WHITE),
        row("one-bit.tif", saved("TIFF", "1", compression="group4"), "TIFF", "1", (), BLACK_WHITE),
        row("grey.jpg", saved("JPEG", "L"), "JPEG", "L", (), GREYS),
        row("grey.png", saved("PNG", "L"), "PNG", "L", (), GREYS),
        row("grey-key.png", saved("PNG", "L", transparency=GREYS[0][0]), "PNG", "LA", (),
            FIRST_GREY_HIDDEN),
        row("grey-alpha.png", saved("PNG", "LA"), "PNG", "LA", (), HALF_SEEN_GREYS),
        row("grey-alpha.tif", saved("TIFF", "LA"), "TIFF", "LA", (), HALF_SEEN_GREYS),
        row("palette.png", saved("PNG", "P"), "PNG", "P"),
        row("palette-key.png", palette_with(int), "PNG", "P", (), FIRST_HIDDEN),
        row("palette-bytes.png", palette_with(bytes), "PNG", "P", (), FIRST_HIDDEN),
        row("palette-alpha.tif", saved("TIFF", "PA"), "TIFF", "RGBA", (),
            tuple((*colour, 255) for colour in COLOURS)),
        row("colour-key.png", saved("PNG", transparency=COLOURS[0]), "PNG", "RGBA", (),
            FIRST_HIDDEN),
        row("alpha.png", saved("PNG", "RGBA"), "PNG", "RGBA", (), HALF_SEEN),
        row("alpha.webp", saved("WEBP", "RGBA", lossless=True), "WEBP", "RGBA", (),
            ((0, 0, 0, 0), (0, 0, 0, 0), *HALF_SEEN[2:])),
        row("alpha.tif", saved("TIFF", "RGBA"), "TIFF", "RGBA", (), HALF_SEEN),
        row("alpha.tga", saved("TGA", "RGBA", compression="tga_rle"), "TGA", "RGBA", (),
            HALF_SEEN),
        row("cmyk.jpg", saved("JPEG", "CMYK"), "JPEG", "CMYK", (), of(quarters("CMYK"))),
        row("cmyk.tif", saved("TIFF", "CMYK"), "TIFF", "CMYK", (), of(quarters("CMYK"))),
        row("lab.tif", lambda: written(lab(), "TIFF"), "TIFF", "RGB",
            ("its LAB colours became RGB",)),
        row("ycbcr.tif", saved("TIFF", "YCbCr"), "TIFF", "RGB", ("its YCbCr colours became RGB",)),
        row("integers.tif", saved("TIFF", "I"), "TIFF", "L",
            ("its values from 0 to 255 became the greys 0 to 255",), GREYS),
        row("numbers.tif", saved("TIFF", "F"), "TIFF", "L",
            ("its values from 0 to 255 became the greys 0 to 255",), GREYS),
        row("not-finite.tif", not_finite, "TIFF", "L",
            ("its values that are no finite numbers became the lowest one",
             "its values from 0 to 1 became the greys 0 to 255"), (min(GREYS), *GREYS[1:])),
        # More than 8 bits a channel.
        row("grey-16.png", lambda: png(SIZE, 16, 0, unfiltered(wide(quarters("L")))), "PNG", "L",
            (SIXTEEN,), GREYS),
        row("grey-16-key.png", grey_png_of_sixteen_bits, "PNG", "LA", (SIXTEEN,),
            FIRST_GREY_HIDDEN),
        row("grey-16-little.tif", lambda: grey_tiff(16, wide(quarters("L"), "<")), "TIFF", "L",
            (SIXTEEN,), GREYS),
        row("grey-16-big.tif", lambda: grey_tiff(16, wide(quarters("L")), ">"), "TIFF", "L",
            (SIXTEEN,), GREYS),
        row("grey-12.tif", twelve_bits, "TIFF", "L", ("its 12 bits a channel became 8",), GREYS),
        row("colour-16.png", lambda: png_of_sixteen_bits("RGB"), *to_png, (SIXTEEN,)),
        row("alpha-16.png", lambda: png_of_sixteen_bits("RGBA"), "PNG", "RGBA", (SIXTEEN,),
            HALF_SEEN),
        row("grey-alpha-16.png", lambda: png_of_sixteen_bits("LA"), "PNG", "RGBA", (SIXTEEN,),
            tuple((grey, grey, grey, seen) for grey, seen in HALF_SEEN_GREYS)),
        row("colour-16.tif", lambda: tiff(rgb16, wide(quarters(), "<")), "TIFF", "RGB",
            (SIXTEEN,)),
        row("colour-16.ppm", lambda: b"P6 48 32 65535\n" + wide(quarters()), "PPM", "RGB",
            (SIXTEEN,)),
        row("grey-16.sgi", saved("SGI", "L", bpc=2), "JPEG", "L",
            (only_read("SGI", "JPEG"), SIXTEEN), GREYS),
        # Frames, pages, layers.
        row("frames.gif", frames("GIF"), "GIF", "RGB"),
        row("frames.png", frames("PNG"), *to_png),
        row("frames.webp", frames("WEBP"), "WEBP", "RGB"),
        row("frames.avif", frames("AVIF"), "AVIF", "RGB", (FRAMES,)),
        row("pages.tif", frames("TIFF"), "TIFF", "RGB", (FRAMES,)),
        row("pages.dcx", two_pages_dcx, *jpeg, (only_read("DCX", "JPEG"), FRAMES)),
        row("frames.fli", fli, *jpeg, (only_read("FLI", "JPEG"), FRAMES)),
        row("second-frame-damaged.gif", damaged_in_second_frame, "GIF", "RGB",
            ("its frames from number 2 on are damaged and were left out",)),
        row("transparent.gif", palette_with(int, "GIF"), "PNG", "RGBA",
            ("saved as PNG: GIF would lose its transparency",), FIRST_HIDDEN),
        row("two-pictures.mpo", frames("MPO"), *jpeg, ("its second picture was left out",)),
        row("layers.psd", layered_psd, *jpeg, (only_read("PSD", "JPEG"),)),
        row("alpha.psd", lambda: psd(3, planes("RGBA"), 4), "PNG", "RGBA",
            (only_read("PSD", "PNG"),), HALF_SEEN),
        row("cmyk.psd", lambda: psd(4, bytes(255 - v for v in planes("CMYK")), 4), "JPEG", "CMYK",
            (only_read("PSD", "JPEG"),), of(quarters("CMYK"))),
        row("grey.psd", lambda: psd(1, planes("L"), 1), "JPEG", "L", (only_read("PSD", "JPEG"),),
            GREYS),
        # JPEG, and what stands in its EXIF and profile.
        row("progressive.jpg", saved("JPEG", progressive=True), *jpeg),
        row("plain-rgb.jpg", saved("JPEG", keep_rgb=True), *jpeg),
        *(row(f"turned-{n}.jpg", partial(turned, n), *jpeg) for n in range(10)),
        row("long-exif.jpg", long_exif, *jpeg,
            ("its camera's own note is larger than a JPEG can carry (64 KB) and was left out",)),
        row("broken-exif.jpg", saved("JPEG", exif=b"Exif\0\0garbage that is no TIFF"), *jpeg,
            ("its EXIF is damaged and was left out",)),
        row("profile.jpg", saved("JPEG", icc_profile=WIDE), *jpeg),
        row("broken-profile.jpg", saved("JPEG", icc_profile=b"broken"), *jpeg,
            ("its colour profile is damaged or of other colours, and was left out",)),
        row("profile-of-colours-on-greys.png", saved("PNG", "L", icc_profile=SRGB), "PNG", "L",
            ("its colour profile is damaged or of other colours, and was left out",), GREYS),
        # PNG and BMP in their variants.
        row("interlaced.png", interlaced_png, *to_png),
        row("one-pixel.png", lambda: written(Image.new("RGB", (1, 1), COLOURS[0]), "PNG"), *to_png,
            (), (), (1, 1)),
        row("thin.png", lambda: written(Image.new("L", (1, 20_000), 90), "PNG"), "PNG", "L", (),
            (), (1, 20_000)),
        row("thin.sgi", lambda: written(Image.new("L", (1, 65_535), 90), "SGI"), "PNG", "L",
            (only_read("SGI", "PNG"),), (), (1, 65_535)),
        row("one-bit.bmp", saved("BMP", "1"), "BMP", "1", (), BLACK_WHITE),
        row("grey.bmp", saved("BMP", "L"), "BMP", "L", (), GREYS),
        row("palette.bmp", saved("BMP", "P"), "BMP", "P"),
        row("alpha.bmp", alpha_bmp, "PNG", "RGBA",
            ("saved as PNG: BMP would lose its transparency",), HALF_SEEN),
        row("run-length.bmp", run_length_bmp, "BMP", "P"),
        row("top-down.bmp", lambda: bmp(24, raw("RGB", "BGR"), upside=-1), "BMP", "RGB"),
        row("five-bits.bmp", five_bits_bmp, "BMP", "RGB"),
        row("os2.bmp", os2_bmp, "BMP", "RGB"),
        row("bitmap.dib", saved("DIB"), *jpeg, (only_read("DIB", "JPEG"),)),
        # TIFF in its variants.
        *(row(f"{way}.tif", saved("TIFF", compression=way), "TIFF", "RGB")
          for way in ("tiff_lzw", "packbits", "tiff_adobe_deflate")),
        row("white-is-zero.tif", lambda: tiff({258: (8,), 262: (0,), 277: (1,)},
            bytes(255 - v for v in quarters("L").tobytes())), "TIFF", "L", (), GREYS),
        # Each row of pixels is said to be none: by a file's name Pillow reads them all the same.
        row("rows-of-nothing.tif", lambda: tiff({258: (8,), 262: (1,), 277: (1,), 278: (0,)},
            quarters("L").tobytes()), "TIFF", "L", (), GREYS),
        row("big-endian.tif", lambda: tiff({258: (8, 8, 8), 262: (2,), 277: (3,)},
            quarters().tobytes(), ">"), "TIFF", "RGB"),
        # The other formats that are written.
        row("picture.webp", saved("WEBP"), "WEBP", "RGB"),
        row("picture.avif", saved("AVIF"), "AVIF", "RGB"),
        row("picture.jp2", saved("JPEG2000"), "JPEG2000", "RGB"),
        row("picture.j2k", saved("JPEG2000", no_jp2=True), "JPEG2000", "RGB"),
        row("tiles.jp2", saved("JPEG2000", tile_size=(16, 16)), "JPEG2000", "RGB"),
        row("picture.ppm", saved("PPM"), "PPM", "RGB"),
        row("picture.pgm", saved("PPM", "L"), "PPM", "L", (), GREYS),
        row("picture.pbm", saved("PPM", "1"), "PPM", "1", (), BLACK_WHITE),
        row("text.pgm", lambda: b"P2 48 32 255\n" + b" ".join(b"%d" % v for v in
            quarters("L").tobytes()), "PPM", "L", (), GREYS),
        row("picture.pfm", saved("PPM", "F"), "PPM", "L",
            ("its values from 0 to 255 became the greys 0 to 255",), GREYS),
        row("picture.tga", saved("TGA"), "TGA", "RGB"),
        # Formats that are only read.
        row("alpha.ico", saved("ICO", "RGBA", sizes=[SIZE]), "PNG", "RGBA",
            (only_read("ICO", "PNG"),), HALF_SEEN),
        row("alpha.icns", lambda: written(quarters("RGBA", (64, 64)), "ICNS"), "PNG", "RGBA",
            (only_read("ICNS", "PNG"),), (), (1024, 1024)),
        row("cursor.cur", cursor, *jpeg, (only_read("CUR", "JPEG"),)),
        row("picture.dds", saved("DDS"), *jpeg, (only_read("DDS", "JPEG"),)),
        row("alpha.dds", saved("DDS", "RGBA", pixel_format="DXT5"), "PNG", "RGBA",
            (only_read("DDS", "PNG"),), HALF_SEEN),
        row("picture.pcx", saved("PCX"), *jpeg, (only_read("PCX", "JPEG"),)),
        row("palette.pcx", saved("PCX", "P"), *jpeg, (only_read("PCX", "JPEG"),)),
        row("picture.sgi", saved("SGI"), *jpeg, (only_read("SGI", "JPEG"),)),
        row("picture.xbm", saved("XBM", "1"), "JPEG", "L", (only_read("XBM", "JPEG"),),
            BLACK_WHITE),
        row("picture.xpm", xpm, *jpeg, (only_read("XPM", "JPEG"),)),
        row("picture.qoi", saved("QOI"), *jpeg, (only_read("QOI", "JPEG"),)),
        row("alpha.qoi", saved("QOI", "RGBA"), "PNG", "RGBA", (only_read("QOI", "PNG"),),
            HALF_SEEN),
        row("picture.spi", saved("SPIDER", "F"), "JPEG", "L", (only_read("SPIDER", "JPEG"),
            "its values from 0 to 255 became the greys 0 to 255"), GREYS),
        row("picture.im", saved("IM"), *jpeg, (only_read("IM", "JPEG"),)),
        row("picture.msp", saved("MSP", "1"), "JPEG", "L", (only_read("MSP", "JPEG"),),
            BLACK_WHITE),
        row("palette.blp", saved("BLP", "P"), *jpeg, (only_read("BLP", "JPEG"),)),
        row("picture.ftu", lambda: b"FTEX" + struct.pack("<7i", 1, *SIZE, 1, 1, 1, 32)
            + struct.pack("<i", 3 * SIZE[0] * SIZE[1]) + quarters().tobytes(), *jpeg,
            (only_read("FTEX", "JPEG"),)),
        row("brush.gbr", lambda: struct.pack(">5I", 20, 1, *SIZE, 4) + quarters("RGBA").tobytes(),
            "PNG", "RGBA", (only_read("GBR", "PNG"),), HALF_SEEN),
        row("picture.ras", lambda: struct.pack(">8I", 0x59A66A95, *SIZE, 24, 0, 1, 0, 0)
            + raw("RGB", "BGR"), *jpeg, (only_read("SUN", "JPEG"),)),
        row("picture.pxr", pixar, *jpeg, (only_read("PIXAR", "JPEG"),)),
        row("photo.pcd", photo_cd, *jpeg, (only_read("PCD", "JPEG"),), (), (768, 512)),
        row("sky.fits", fits, "JPEG", "L", (only_read("FITS", "JPEG"),), GREYS),
        row("weather.area", mcidas, "JPEG", "L", (only_read("MCIDAS", "JPEG"),), GREYS),
        row("picture.imt", lambda: b"width 48\nheight 32\npixel n8\n\x0c" + quarters("L").tobytes(),
            "JPEG", "L", (only_read("IMT", "JPEG"),), GREYS),
        row("thumbnail.p7", lambda: b"P7 332\n#XVVERSION:2\n48 32 255\n" + bytes(48 * 32), *jpeg,
            (only_read("XVThumb", "JPEG"),), ()),
        row("press.iptc", iptc, "JPEG", "L", (only_read("IPTC", "JPEG"),), GREYS),
        # Names that do not tell.
        row("a-png.jpg", saved("PNG"), *to_png),
        row("no-ending", saved("JPEG"), *jpeg),
        row("photo.html", saved("GIF"), "GIF", "RGB"),
        # What is no image, or no whole one.
        row("empty.jpg", bytes, failure="the file is empty"),
        row("text.jpg", lambda: b"<html>not found</html>", failure="not an image that Pillow .*"),
        *(row(f"cut.{kind.lower()}", cut(kind),
            failure=".*(cut off|damaged).*|not an image that Pillow can read")
          for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "JPEG2000", "AVIF", "QOI", "TGA")),
        row("bomb.png", lambda: png((60_000, 60_000), 8, 2, b""), failure=
            "it has 3.600 megapixels, more than the 179 that are opened .*"),
        row("text-bomb.png", lambda: of_text(saved("PNG"), 200 * 2**20), failure=
            ".*Decompressed data too large.*"),
        row("no-size.png", lambda: png((0, 32), 8, 2, b""), failure="not an image that .*"),
        row("wrong-sum.png", lambda: saved("PNG")().replace(b"IHDR\0", b"IHDR\1", 1), failure=
            "not an image that .*"),
        row("minus.bmp", lambda: bmp_file(struct.pack("<3i2H6I", 40, -5, 4, 1, 24, *[0] * 6), b""),
            failure="it has 17.180 megapixels, .*"),
        row("program.eps", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
            b"%%EndComments\nshowpage\n%%EOF\n",
            failure="PostScript is a program for a printer, not an image"),
        row("drawing.wmf", lambda: b"\xd7\xcd\xc6\x9a\0\0" + struct.pack("<4hH", 0, 0, 9, 9, 72)
            + bytes(6) + b"\1\0\t\0" + bytes(40), failure="Pillow does not read this kind .*"),
        row("data.h5", lambda: b"\x89HDF\r\n\x1a\n" + bytes(99),
            failure="Pillow does not read this kind .*"),
        row("weather.grib", lambda: b"GRIB\0\0\0\1" + bytes(99),
            failure="Pillow does not read this kind .*"),
        row("weather.bufr", lambda: b"BUFR" + bytes(99),
            failure="Pillow does not read this kind .*"),
        row("film.mpg", lambda: b"\0\0\1\xb3\x03\0\x20\x14" + bytes(99),
            failure="(Pillow does not read this kind|its image data is damaged).*"),
    ]  # fmt: skip


def palette_with(transparency: type, kind: str = "PNG") -> Callable[[], bytes]:
    """Makes the picture with a palette whose first quarter's colour is transparent."""

    def encoded() -> bytes:
        image = quarters("P")
        hidden = image.getpixel(INSIDE[0])
        assert isinstance(hidden, int)
        values = bytes(0 if at == hidden else 255 for at in range(4))
        return written(image, kind, transparency=hidden if transparency is int else values)

    return encoded


def lab() -> Image.Image:
    """The picture in CIELAB."""
    from PIL import ImageCms

    spaces = [ImageCms.createProfile(name) for name in ("sRGB", "LAB")]
    made = ImageCms.profileToProfile(quarters(), spaces[0], spaces[1], outputMode="LAB")
    assert made is not None
    del made.info["icc_profile"]
    return made


def pixar() -> bytes:
    """A frame of a film maker's computer."""
    header = bytearray(1024)
    header[:4] = b"\200\350\0\0"
    struct.pack_into("<2H", header, 416, SIZE[1], SIZE[0])
    struct.pack_into("<2H", header, 424, 14, 2)
    return bytes(header) + quarters().tobytes()


def photo_cd() -> bytes:
    """A photo lab's disc, all of one colour."""
    data = bytearray(96 * 2048 + 768 * 512 * 3 // 2)
    data[2048:2052] = b"PCD_"
    return bytes(data)


def iptc() -> bytes:
    """A press agency's picture: records of numbers, then greys."""

    def record(section: int, number: int, data: bytes) -> bytes:
        return struct.pack(">3BH", 0x1C, section, number, len(data)) + data

    sizes = (record(3, 20, b"\0\x30"), record(3, 30, b"\0\x20"))
    layout = (record(3, 60, b"\1\0"), record(3, 65, b"\1"), record(3, 120, b"\1"))
    return b"".join((*sizes, *layout, record(8, 10, quarters("L").tobytes())))


ODD_IMAGES = tuple(_rows())
