"""What a file carries besides its pixels.

Blocks are copied byte for byte, not decoded and encoded again. Pillow tells most of them; what it
decodes or passes over is read here. `embedding` puts them into the output.
"""

import struct
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

from tui_app.images.codec.blocks import (
    DamagedBlockError,
    exif,
    jpeg,
    kept_position,
    photoshop,
    png,
    tiff,
    xmp,
)
from tui_app.images.errors import Note
from tui_app.language import _

_MOST_DPI = 2**31 * 0.0254
"""A PNG cannot hold more: 31 bits of pixels a metre."""


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """What a file carries besides its pixels and its colour profile, as it stands there.

    Attributes:
        exif: The EXIF block, from its TIFF header on.
        xmp: The XMP packet.
        more_xmp: Segments of a JPEG with what of it did not fit into one.
        photoshop: Photoshop's image resources, IPTC among them.
        comments: Comments.
        texts: Texts of a PNG, and its time.
        colours: Chunks of a PNG that say what its colours mean.
        dpi: Pixels an inch in print, across and down.
        density: The same as a JPEG tells it: unit, across and down, in five bytes.
        orientation: How the image is to be turned upright, 1 to 8.
    """

    exif: bytes = b""
    xmp: bytes = b""
    more_xmp: tuple[bytes, ...] = ()
    photoshop: bytes = b""
    comments: tuple[bytes, ...] = ()
    texts: tuple[png.PngChunk, ...] = ()
    colours: tuple[png.PngChunk, ...] = ()
    dpi: tuple[float, float] | None = None
    density: bytes = b""
    orientation: int = 1


def read_metadata(image: Image.Image, file: BinaryIO, note: Note) -> FileMetadata:
    """Return the metadata of an image that is opened from a file and not yet loaded.

    `note` is called with a sentence for each thing that is damaged or left out.
    """
    found = _told_by_pillow(image)
    if isinstance(image, JpegImageFile):
        found = _of_jpeg(found, image, note)
    elif image.format in _READERS:
        # Where a block is damaged, what Pillow tells is all.
        with kept_position(file), suppress(DamagedBlockError, OSError):
            found = _READERS[image.format](found, file)
    turned = xmp.orientation(found.xmp)
    if found.exif:
        try:
            turned = exif.ExifBlock(found.exif).number(exif.IFD0, exif.ORIENTATION) or turned
        except DamagedBlockError:
            note(_("its EXIF is damaged and was left out"))
            found = replace(found, exif=b"")
    # Pillow turns a TIFF upright itself, when it loads it.
    return replace(found, orientation=1 if image.format == "TIFF" else turned)


def _told_by_pillow(image: Image.Image) -> FileMetadata:
    info = image.info
    comment = info.get("comment")
    return FileMetadata(
        exif=(info.get("exif") or b"").removeprefix(exif.HEAD),
        xmp=info.get("xmp") or b"",
        comments=(comment,) if isinstance(comment, bytes) and comment else (),
        dpi=_dpi(info),
    )


def _dpi(info: dict[str | tuple[int, int], Any]) -> tuple[float, float] | None:
    """Return what Pillow tells of the resolution; None where it is no resolution."""
    with suppress(TypeError, ValueError, OverflowError, ZeroDivisionError):
        across, down = map(float, info.get("dpi", ()))
        if 0 < across < _MOST_DPI and 0 < down < _MOST_DPI:
            return across, down
    return None


def _of_jpeg(told: FileMetadata, image: JpegImageFile, note: Note) -> FileMetadata:
    def held(name: str, start: bytes) -> list[bytes]:
        return [data for kind, data in image.applist if kind == name and data.startswith(start)]

    several = bool(held("APP2", jpeg.MPF))
    if xmp.GAIN_MAP in told.xmp and several:
        note(_("its gain map (HDR) was left out"))
    elif xmp.is_motion_photo(told.xmp):
        note(_("its video (motion photo) was left out"))
    elif several:
        note(_("its second picture was left out"))
    density = b""
    unit = image.info.get("jfif_unit")
    if unit is not None:
        density = struct.pack(">BHH", unit, *image.info["jfif_density"])
    return replace(
        told,
        more_xmp=tuple(held("APP1", jpeg.XMP_MORE)),
        photoshop=b"".join(
            data.removeprefix(jpeg.PHOTOSHOP) for data in held("APP13", jpeg.PHOTOSHOP)
        ),
        comments=tuple(held("COM", b"")),
        # Without a unit, Pillow tells what EXIF says.
        dpi=told.dpi if unit in (1, 2) else None,
        density=density,
    )


def _of_png(told: FileMetadata, file: BinaryIO) -> FileMetadata:
    block = packet = b""
    raw: dict[str, bytes] = {}
    texts, colours = [], []
    for chunk in png.chunks(file):
        if chunk.kind == b"eXIf":
            block = chunk.data
        elif chunk.kind in png.COLOURS:
            colours.append(chunk)
        elif found := png.xmp_of(chunk):
            packet = found
        elif chunk.kind in png.TEXTS:
            name, data = png.raw_profile(chunk)
            if name:
                raw[name] = data
            if name not in ("exif", "app1", "xmp"):
                texts.append(chunk)
    resources = raw.get("iptc", raw.get("8bim", b""))
    if resources and not resources.startswith(b"8BIM"):
        resources = photoshop.from_iptc(resources)
    return replace(
        told,
        exif=block or raw.get("exif", raw.get("app1", b"")),
        xmp=packet or raw.get("xmp", b""),
        photoshop=resources,
        texts=tuple(texts),
        colours=tuple(colours),
    )


def _of_tiff(told: FileMetadata, file: BinaryIO) -> FileMetadata:
    ifd = tiff.read_ifd0(file)
    packet, iptc, resources = (
        ifd.values[tag].data if tag in ifd.values else b""
        for tag in (tiff.XMP_TAG, tiff.IPTC_TAG, tiff.PHOTOSHOP_TAG)
    )
    if iptc and not photoshop.has_iptc(resources):
        resources += photoshop.from_iptc(iptc)
    ifd.values = {tag: value for tag, value in ifd.values.items() if tag not in tiff.STORAGE_TAGS}
    resolved = ifd.values.keys() & {ExifTags.Base.XResolution, ExifTags.Base.YResolution}
    return replace(
        told,
        exif=tiff.to_exif(ifd) if ifd.values or ifd.below else b"",
        xmp=packet,
        photoshop=resources,
        dpi=told.dpi if resolved else None,
    )


_READERS = {"PNG": _of_png, "TIFF": _of_tiff}
