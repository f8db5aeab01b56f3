"""What of a source's metadata an output carries, and how it gets there.

What a recipe changes is patched: the orientation, where the output is upright; sizes; and previews,
which would show what was there before. Pillow's encoders embed blocks as they are in most formats;
JPEG and TIFF are completed after encoding.
"""

import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from PIL import ExifTags

from tui_app.images.codec.blocks import (
    DamagedBlockError,
    exif,
    jpeg,
    photoshop,
    tiff,
    xmp,
)
from tui_app.images.codec.blocks.exif import ExifBlock
from tui_app.images.codec.metadata import FileMetadata
from tui_app.images.errors import Note
from tui_app.images.recipe import Metadata
from tui_app.images.reduction import Size
from tui_app.language import N_, _

_B, _I = ExifTags.Base, ExifTags.IFD

# What `private` keeps is listed, not what it drops: an unknown tag may hold anything.
_PRIVATE_IFD0 = {
    _B.Make, _B.Model, _B.Software, _B.DateTime, _B.XResolution, _B.YResolution, _B.ResolutionUnit,
    _I.Exif,
}  # fmt: skip
_PRIVATE_EXIF = {
    _B.ExposureTime, _B.FNumber, _B.ExposureProgram, _B.ISOSpeedRatings, _B.SensitivityType,
    _B.RecommendedExposureIndex, _B.ExifVersion, _B.DateTimeOriginal, _B.DateTimeDigitized,
    _B.OffsetTime, _B.OffsetTimeOriginal, _B.OffsetTimeDigitized, _B.SubsecTime,
    _B.SubsecTimeOriginal, _B.SubsecTimeDigitized, _B.ComponentsConfiguration,
    _B.ShutterSpeedValue, _B.ApertureValue, _B.BrightnessValue, _B.ExposureBiasValue,
    _B.MaxApertureValue, _B.SubjectDistance, _B.MeteringMode, _B.LightSource, _B.Flash,
    _B.FocalLength, _B.FlashPixVersion, _B.ColorSpace, _B.ExifImageWidth, _B.ExifImageHeight,
    _B.SensingMethod, _B.CustomRendered, _B.ExposureMode, _B.WhiteBalance, _B.DigitalZoomRatio,
    _B.FocalLengthIn35mmFilm, _B.SceneCaptureType, _B.GainControl, _B.Contrast, _B.Saturation,
    _B.Sharpness, _B.LensSpecification, _B.LensMake, _B.LensModel,
}  # fmt: skip

_HOLDS = {
    "JPEG": {"exif", "xmp", "photoshop", "comments", "dpi", "density", "more_xmp"},
    "PNG": {"exif", "xmp", "texts", "colours", "dpi"},
    "WEBP": {"exif", "xmp"},
    "TIFF": {"exif", "xmp", "photoshop", "dpi"},
    "AVIF": {"exif", "xmp"},
    "GIF": {"comments"},
    "JPEG2000": {"comments"},
    "BMP": {"dpi"},
}
"""What each format can hold; the others hold nothing."""

_KINDS = {
    "exif": N_("EXIF"),
    "xmp": N_("XMP"),
    "more_xmp": N_("long XMP"),
    "photoshop": N_("IPTC"),
    "comments": N_("comments"),
    "texts": N_("texts"),
}
"""What a note names where it is lost."""

_LONGEST_EXIF = jpeg.LONGEST - len(jpeg.EXIF)


def outgoing(
    metadata: FileMetadata,
    policy: Metadata,
    written: str,
    size: Size,
    note: Note,
    *,
    orientation: int = 1,
) -> FileMetadata:
    """Return the metadata that an output carries, as its format can hold it.

    Args:
        metadata: The source's metadata.
        policy: What of it is to be kept.
        written: Pillow format of the output.
        size: Width and height of the output in pixels.
        note: Called with a sentence for each thing that cannot be kept.
        orientation: How the output is to be turned upright, 1 to 8: that is kept by every policy.
    """
    if policy is Metadata.STRIP:
        return FileMetadata(exif=_turning(b"", orientation))
    if policy is Metadata.PRIVATE:
        metadata = FileMetadata(
            exif=metadata.exif,
            dpi=metadata.dpi,
            density=metadata.density,
            colours=metadata.colours,
        )
    holds = _HOLDS.get(written, set())
    lost = [
        _(kind) for name, kind in _KINDS.items() if name not in holds and getattr(metadata, name)
    ]
    if "dpi" not in holds and _loses_resolution(metadata, holds):
        lost.append(_("resolution"))
    if lost:
        note(
            _("{format} carries no {kinds}: left out").format(format=written, kinds=", ".join(lost))
        )
    held = FileMetadata(**{name: getattr(metadata, name) for name in holds})
    block = _patched(held.exif, policy, size, orientation, note)
    if written == "JPEG":
        block = _fitting(block, note)
    resources = b""
    try:
        resources = photoshop.without_previews(held.photoshop)
    except DamagedBlockError:
        note(_("its IPTC is damaged and was left out"))
    packet = held.xmp if orientation > 1 else xmp.upright(held.xmp, size)
    if xmp.orientation(packet) != orientation:
        block = _turning(block, orientation)
    if written == "JPEG" and len(jpeg.XMP) + len(packet) > jpeg.LONGEST:
        note(_("its XMP is larger than a JPEG can carry (64 KB) and was left out"))
        packet = b""
    return replace(held, exif=block, xmp=packet, photoshop=resources)


def _loses_resolution(metadata: FileMetadata, holds: set[str]) -> bool:
    """Tell whether a resolution is lost that is not what cameras and programs write anyway."""
    if metadata.dpi is None or round(metadata.dpi[0]) in (1, 72, 96):
        return False
    with suppress(DamagedBlockError):
        block = ExifBlock(metadata.exif) if metadata.exif and "exif" in holds else None
        return block is None or block.find(exif.IFD0, _B.XResolution) is None
    return True


def _turning(data: bytes, orientation: int) -> bytes:
    """Return an EXIF block that tells an orientation, if only in the smallest way."""
    if orientation == 1:
        return data
    if not data:
        return exif.of_orientation(orientation)
    block = ExifBlock(data)
    if block.number(exif.IFD0, exif.ORIENTATION) == orientation:
        return data
    told = tiff.from_exif(block)
    number = struct.pack(block.order + "H", orientation)
    told.values[exif.ORIENTATION] = tiff.Value(3, number)
    return tiff.to_exif(told)


def _patched(data: bytes, policy: Metadata, size: Size, orientation: int, note: Note) -> bytes:
    """Return the EXIF block of an image of that size and orientation, as a policy wants it."""
    if not data:
        return b""
    private = policy is Metadata.PRIVATE
    try:
        block = ExifBlock(data)
        block.drop_preview()
        if orientation == 1:
            block.remove(exif.IFD0, lambda tag: tag == exif.ORIENTATION)
        if private:
            ours = _PRIVATE_IFD0 | {exif.ORIENTATION}
            block.remove(exif.IFD0, lambda tag: tag not in ours)
            block.remove(exif.EXIF, lambda tag: tag not in _PRIVATE_EXIF)
        for tag, pixels in zip((_B.ExifImageWidth, _B.ExifImageHeight), size, strict=True):
            block.set(exif.EXIF, tag, pixels)
        for tag, pixels in zip((_B.ImageWidth, _B.ImageLength), size, strict=True):
            block.set(exif.IFD0, tag, pixels)
        return block.bytes(wipe=private) if len(block) else b""
    except DamagedBlockError:
        note(_("its EXIF is damaged and was left out"))
        return b""


def _fitting(data: bytes, note: Note) -> bytes:
    """Return an EXIF block that a JPEG can carry: without the maker note, if need be."""
    if len(data) <= _LONGEST_EXIF:
        return data
    block = ExifBlock(data)
    block.remove(exif.EXIF, lambda tag: tag == exif.MAKER_NOTE)
    shorter = block.bytes()
    if len(shorter) > _LONGEST_EXIF:
        # The note stood in the middle; without it nothing refers to places in the block.
        shorter = tiff.to_exif(tiff.from_exif(block))
    if len(shorter) <= _LONGEST_EXIF:
        note(_("its camera's own note is larger than a JPEG can carry (64 KB) and was left out"))
        return shorter
    note(_("its EXIF is larger than a JPEG can carry (64 KB) and was left out"))
    return b""


def encoder_options(metadata: FileMetadata, written: str) -> dict[str, Any]:
    """Return what Pillow's encoder of a format is to embed."""
    match written:
        case "WEBP" | "AVIF":
            return {"exif": metadata.exif, "xmp": metadata.xmp}
        case "PNG":
            # Imported here, because most workers write no PNG.
            from PIL.PngImagePlugin import PngInfo

            chunks = PngInfo()
            for kind, data in (*metadata.colours, *metadata.texts):
                chunks.add(kind, data)
            if metadata.xmp:
                chunks.add_itxt("XML:com.adobe.xmp", metadata.xmp)
            return {"pnginfo": chunks, "exif": metadata.exif, "dpi": metadata.dpi}
        case "GIF" | "JPEG2000" if metadata.comments:
            return {"comment": b"\n".join(metadata.comments)}
        case "BMP" if metadata.dpi:
            return {"dpi": metadata.dpi}
    return {}


def completed(encoded: bytes, metadata: FileMetadata, written: str) -> bytes:
    """Return an encoded image with the metadata that its encoder does not embed as it is."""
    match written:
        case "JPEG":
            return _jpeg(encoded, metadata)
        case "TIFF":
            return _tiff(encoded, metadata)
    return encoded


def jpeg_segments(metadata: FileMetadata) -> list[jpeg.Segment]:
    """Return the segments that hold the metadata of a JPEG, but its resolution."""
    segments = []
    if metadata.exif:
        segments.append(jpeg.Segment(jpeg.APP1, jpeg.EXIF + metadata.exif))
    if metadata.xmp:
        segments.append(jpeg.Segment(jpeg.APP1, jpeg.XMP + metadata.xmp))
        segments += [jpeg.Segment(jpeg.APP1, data) for data in metadata.more_xmp]
    room = jpeg.LONGEST - len(jpeg.PHOTOSHOP)
    segments += [
        jpeg.Segment(jpeg.APP13, jpeg.PHOTOSHOP + metadata.photoshop[at : at + room])
        for at in range(0, len(metadata.photoshop), room)
    ]
    return segments + [jpeg.Segment(jpeg.COM, data) for data in metadata.comments]


def _jpeg(encoded: bytes, metadata: FileMetadata) -> bytes:
    density = metadata.density
    if metadata.dpi and not density:
        across, down = map(round, metadata.dpi)
        if 0 < across < 65536 and 0 < down < 65536:
            density = b"\1" + across.to_bytes(2, "big") + down.to_bytes(2, "big")
    return jpeg.with_segments(encoded, jpeg_segments(metadata), density)


def _tiff(encoded: bytes, metadata: FileMetadata) -> bytes:
    more = tiff.from_exif(ExifBlock(metadata.exif)) if metadata.exif else tiff.Ifd("<")
    more.values = {tag: value for tag, value in more.values.items() if tag not in tiff.STORAGE_TAGS}
    # In a TIFF, IPTC has a place of its own.
    iptc, resources = photoshop.without_iptc(metadata.photoshop)
    blocks: Iterable[tuple[int, int, bytes]] = (
        (tiff.XMP_TAG, 1, metadata.xmp),
        (tiff.IPTC_TAG, 7, iptc),
        (tiff.PHOTOSHOP_TAG, 7, resources),
    )
    more.values |= {tag: tiff.Value(kind, data) for tag, kind, data in blocks if data}
    if metadata.dpi and _B.XResolution not in more.values:
        more.values |= tiff.resolution(more.order, *metadata.dpi)
    return tiff.with_entries(encoded, more) if more.values or more.below else encoded
