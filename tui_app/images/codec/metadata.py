"""What a file carries besides its pixels, and what of it an output carries.

Blocks are copied, not decoded and encoded again. What a recipe changes is patched: the orientation,
for outputs are upright; sizes; and previews, which would show what was there before.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, BinaryIO

from PIL import ExifTags, Image

from tui_app.images.codec.blocks import (
    DamagedBlockError,
    exif,
    jpeg,
    photoshop,
    png,
    tiff,
    webp,
    xmp,
)
from tui_app.images.codec.blocks.exif import ExifBlock
from tui_app.images.recipe import Metadata
from tui_app.language import N_, _

Note = Callable[[str], None]

_B, _I = ExifTags.Base, ExifTags.IFD

# Tags of IFD0 that describe how a TIFF's picture is stored, which stand beside its EXIF (TIFF 6.0),
# XMP, IPTC, Photoshop's block, and the profile.
_ENCODING = {
    *range(254, 260), 262, 263, 266, 273, 274, *range(277, 281), 284, 288, 289, 290, 291, 292, 293,
    301, 317, 318, 319, *range(320, 326), 330, 332, 334, *range(336, 344), 347, *range(512, 522),
    529, 530, 531, 532, 700, 33723, 34377, 34675, 37724,
}  # fmt: skip

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

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG = 700, 33723, 34377
_INCH = Fraction(254, 10_000)
"""In metres."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Pixels a metre, across and down."""

    across: Fraction
    down: Fraction

    @classmethod
    def of_inches(cls, across: float | Fraction, down: float | Fraction) -> "Resolution":
        """From pixels an inch."""
        return cls(Fraction(across) / _INCH, Fraction(down) / _INCH)

    @property
    def inches(self) -> tuple[float, float]:
        """Pixels an inch."""
        return float(self.across * _INCH), float(self.down * _INCH)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a file carries besides its pixels and its colour profile, as it stands there.

    Attributes:
        exif: The EXIF block, from its TIFF header on.
        xmp: The XMP packet.
        more_xmp: What of it did not fit into one segment of a JPEG.
        photoshop: Photoshop's image resources, IPTC among them.
        comments: Comments.
        texts: Texts of a PNG, and its time.
        colours: Chunks of a PNG that say what its colours mean.
        resolution: How large it is to be printed.
        density: The same as a JPEG tells it: unit, across and down, in five bytes.
        orientation: How it is to be turned, 1 to 8.
        left_out: What else is in the file and is not read, in English.
    """

    exif: bytes = b""
    xmp: bytes = b""
    more_xmp: tuple[bytes, ...] = ()
    photoshop: bytes = b""
    comments: tuple[bytes, ...] = ()
    texts: tuple[png.PngChunk, ...] = ()
    colours: tuple[png.PngChunk, ...] = ()
    resolution: Resolution | None = None
    density: bytes = b""
    orientation: int = 1
    left_out: str = ""


_GAIN_MAP = N_("its gain map (HDR) was left out")
_SECOND = N_("its second picture was left out")
_VIDEO = N_("its video (motion photo) was left out")


def read_carried(image: Image.Image, file: BinaryIO, note: Note) -> Carried:
    """Return what a file carries besides its pixels.

    Args:
        image: The image, opened and not yet loaded.
        file: The file that it is read from; it is left where it stands.
        note: Is told what is damaged and left out.
    """
    read = _READERS.get(image.format or "")
    if read is None:
        carried = _told_by_pillow(image)
    else:
        at = file.tell()
        try:
            carried = read(image, file)
        except (DamagedBlockError, OSError):
            carried = Carried()
        finally:
            file.seek(at)
    if carried.left_out:
        note(_(carried.left_out))
    turned = xmp.orientation(carried.xmp)
    if carried.exif:
        try:
            turned = ExifBlock(carried.exif).number(exif.IFD0, exif.ORIENTATION) or turned
        except DamagedBlockError:
            note(_("its EXIF is damaged and was left out"))
            carried = replace(carried, exif=b"")
    if image.format == "TIFF":
        # Pillow turns a TIFF upright itself, when it loads it.
        turned = 1
    return replace(carried, orientation=turned)


def _of_jpeg(image: Image.Image, file: BinaryIO) -> Carried:
    block = packet = resources = density = b""
    more_xmp, comments = [], []
    resolution = None
    several = False
    for marker, data in jpeg.header_segments(file):
        if marker == jpeg.APP0 and data.startswith(jpeg.JFIF) and len(data) >= 12:
            if not density:
                resolution, density = _of_jfif(data), data[7:12]
        elif marker == jpeg.APP1 and data.startswith(jpeg.EXIF):
            # A long one goes on in the next segment.
            block += data.removeprefix(jpeg.EXIF)
        elif marker == jpeg.APP1 and data.startswith(jpeg.XMP):
            packet = packet or data.removeprefix(jpeg.XMP)
        elif marker == jpeg.APP1 and data.startswith(jpeg.XMP_MORE):
            more_xmp.append(data)
        elif marker == jpeg.APP13 and data.startswith(jpeg.PHOTOSHOP):
            resources += data.removeprefix(jpeg.PHOTOSHOP)
        elif marker == jpeg.COM:
            comments.append(data)
        several |= marker == jpeg.APP2 and data.startswith(jpeg.MPF)
    return Carried(
        exif=block,
        xmp=packet,
        more_xmp=tuple(more_xmp),
        photoshop=resources,
        comments=tuple(comments),
        resolution=resolution,
        density=density,
        left_out=_second_of(packet, several=several),
    )


def _second_of(packet: bytes, *, several: bool) -> str:
    if xmp.GAIN_MAP in packet and several:
        return _GAIN_MAP
    if xmp.is_motion_photo(packet):
        return _VIDEO
    return _SECOND if several else ""


def _of_jfif(data: bytes) -> Resolution | None:
    across, down = (Fraction(int.from_bytes(data[at : at + 2], "big")) for at in (8, 10))
    if not across or not down:
        return None
    if data[7] == 1:
        return Resolution.of_inches(across, down)
    return Resolution(100 * across, 100 * down) if data[7] == 2 else None


def _of_png(image: Image.Image, file: BinaryIO) -> Carried:
    block = packet = resources = b""
    raw: dict[str, bytes] = {}
    texts, colours = [], []
    resolution = None
    for chunk in png.chunks(file):
        if chunk.kind == b"eXIf":
            block = chunk.data
        elif chunk.kind in png.COLOURS:
            colours.append(chunk)
        elif chunk.kind == b"pHYs" and len(chunk.data) == 9 and chunk.data[8] == 1:
            across, down = (int.from_bytes(chunk.data[at : at + 4], "big") for at in (0, 4))
            resolution = Resolution(Fraction(across), Fraction(down)) if across and down else None
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
    return Carried(
        exif=block or raw.get("exif", raw.get("app1", b"")),
        xmp=packet or raw.get("xmp", b""),
        photoshop=resources,
        texts=tuple(texts),
        colours=tuple(colours),
        resolution=resolution,
    )


def _of_webp(image: Image.Image, file: BinaryIO) -> Carried:
    found = {chunk.kind: chunk.data for chunk in webp.chunks(file)}
    return Carried(exif=found.get(b"EXIF", b""), xmp=found.get(b"XMP ", b""))


def _of_tiff(image: Image.Image, file: BinaryIO) -> Carried:
    ifd = tiff.read_ifd0(file)
    packet, iptc, resources = (
        ifd.values[tag].data if tag in ifd.values else b""
        for tag in (_XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG)
    )
    if iptc and not photoshop.has_iptc(resources):
        resources += photoshop.from_iptc(iptc)
    ifd.values = {tag: value for tag, value in ifd.values.items() if tag not in _ENCODING}
    resolution = None
    dpi = image.info.get("dpi")
    if ifd.values.keys() & {_B.XResolution, _B.YResolution} and dpi and all(dpi):
        resolution = Resolution.of_inches(*map(_fraction, dpi))
    return Carried(
        exif=tiff.to_exif(ifd) if ifd.values or ifd.below else b"",
        xmp=packet,
        photoshop=resources,
        resolution=resolution,
    )


def _told_by_pillow(image: Image.Image) -> Carried:
    """Return what Pillow's reader tells of a format whose blocks are not read here."""
    info = image.info
    comment = info.get("comment", b"")
    dpi = info.get("dpi")
    resolution = None
    with suppress(TypeError, ValueError, OverflowError, ZeroDivisionError):
        if dpi and all(value > 0 for value in dpi):
            resolution = Resolution.of_inches(*map(_fraction, dpi))
    return Carried(
        exif=info.get("exif") or b"",
        xmp=info.get("xmp") or b"",
        comments=(comment,) if isinstance(comment, bytes) and comment else (),
        resolution=resolution,
    )


def _fraction(value: Any) -> Fraction:
    return Fraction(float(value)).limit_denominator(10_000)


_READERS: dict[str, Callable[[Image.Image, BinaryIO], Carried]] = {
    "JPEG": _of_jpeg,
    "MPO": _of_jpeg,
    "PNG": _of_png,
    "WEBP": _of_webp,
    "TIFF": _of_tiff,
}


# Turning


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the image turned as an EXIF orientation says; itself where it is upright."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def turned(orientation: int) -> bool:
    """Tell whether turning an image upright exchanges its width and height."""
    return orientation in (5, 6, 7, 8)


def turned_part(
    part: tuple[float, float], whole: tuple[int, int], orientation: int
) -> tuple[float, float, float, float]:
    """Return where in the upright image that part lies which begins at a stored image's origin.

    Args:
        part: Its width and height in pixels, as stored.
        whole: The stored image's, not less than `part`.
        orientation: As EXIF tells it.

    Returns:
        Left, top, right and bottom in pixels.
    """
    (width, height), (right, bottom) = part, whole
    if turned(orientation):
        width, height, right, bottom = height, width, bottom, right
    left = right - width if orientation in (2, 3, 6, 7) else 0
    top = bottom - height if orientation in (3, 4, 7, 8) else 0
    return left, top, left + width, top + height


# Writing


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What an output carries, ready to be written.

    Attributes:
        carried: It, as the output's format can hold it.
        written: Pillow format of the output.
    """

    carried: Carried
    written: str

    @property
    def options(self) -> dict[str, Any]:
        """What is handed to Pillow's encoder, for formats whose blocks are not written here."""
        carried = self.carried
        match self.written:
            case "AVIF":
                return {"exif": carried.exif, "xmp": carried.xmp}
            case "GIF" | "JPEG2000" if carried.comments:
                return {"comment": b"\n".join(carried.comments)}
            case "BMP" if carried.resolution:
                return {"dpi": carried.resolution.inches}
        return {}

    def into(self, encoded: bytes) -> bytes:
        """Return an encoded image with what it carries."""
        carried = self.carried
        match self.written:
            case "JPEG":
                return _into_jpeg(encoded, carried)
            case "PNG":
                return _into_png(encoded, carried)
            case "WEBP":
                return webp.with_chunks(encoded, carried.exif, carried.xmp)
            case "TIFF":
                return _into_tiff(encoded, carried)
        return encoded


_HOLDS = {
    "JPEG": {"exif", "xmp", "photoshop", "comments", "resolution", "density", "more_xmp"},
    "PNG": {"exif", "xmp", "texts", "colours", "resolution"},
    "WEBP": {"exif", "xmp"},
    "TIFF": {"exif", "xmp", "photoshop", "resolution"},
    "AVIF": {"exif", "xmp"},
    "GIF": {"comments"},
    "JPEG2000": {"comments"},
    "BMP": {"resolution"},
}
"""What each format can hold; of all others nothing is known."""

_KINDS = {
    "exif": N_("EXIF"),
    "xmp": N_("XMP"),
    "more_xmp": N_("long XMP"),
    "photoshop": N_("IPTC"),
    "comments": N_("comments"),
    "texts": N_("texts"),
}
"""What is told where it is lost. Of a resolution EXIF tells, too."""


def outgoing(
    carried: Carried, policy: Metadata, written: str, size: tuple[int, int], note: Note
) -> Outgoing:
    """Return what an output carries.

    Args:
        carried: What its source carries.
        policy: What of it is to be kept.
        written: Pillow format of the output.
        size: The output's width and height in pixels.
        note: Is told what could not be kept.
    """
    if policy is Metadata.STRIP:
        return Outgoing(Carried(), written)
    if policy is Metadata.PRIVATE:
        carried = Carried(
            exif=carried.exif,
            resolution=carried.resolution,
            density=carried.density,
            colours=carried.colours,
        )
    holds = _HOLDS.get(written, set())
    lost = [
        _(kind) for name, kind in _KINDS.items() if name not in holds and getattr(carried, name)
    ]
    if "resolution" not in holds and _is_lost(carried, holds):
        lost.append(_("resolution"))
    if lost:
        note(
            _("{format} carries no {kinds}: left out").format(format=written, kinds=", ".join(lost))
        )
    carried = replace(Carried(), **{name: getattr(carried, name) for name in holds})
    block = _patched(carried.exif, policy, size, note)
    if written == "JPEG":
        block = _fitting(block, note)
    resources = carried.photoshop
    try:
        resources = photoshop.without_previews(resources)
    except DamagedBlockError:
        note(_("its IPTC is damaged and was left out"))
        resources = b""
    packet = xmp.upright(carried.xmp, size)
    if written == "JPEG" and len(jpeg.XMP) + len(packet) > jpeg.LONGEST:
        note(_("its XMP is larger than a JPEG can carry (64 KB) and was left out"))
        packet = b""
    return Outgoing(replace(carried, exif=block, xmp=packet, photoshop=resources), written)


def _is_lost(carried: Carried, holds: set[str]) -> bool:
    """Tell whether a resolution is lost that is not what cameras and programs write anyway."""
    if carried.resolution is None or round(carried.resolution.inches[0]) in (1, 72, 96):
        return False
    with suppress(DamagedBlockError):
        block = ExifBlock(carried.exif) if carried.exif and "exif" in holds else None
        return block is None or block.find(exif.IFD0, _B.XResolution) is None
    return True


def _patched(data: bytes, policy: Metadata, size: tuple[int, int], note: Note) -> bytes:
    """Return the EXIF block of an upright image of that size, as a policy wants it."""
    if not data:
        return b""
    private = policy is Metadata.PRIVATE
    try:
        block = ExifBlock(data)
        block.drop_preview()
        block.remove(exif.IFD0, lambda tag: tag == exif.ORIENTATION)
        if private:
            block.remove(exif.IFD0, lambda tag: tag not in _PRIVATE_IFD0)
            block.remove(exif.EXIF, lambda tag: tag not in _PRIVATE_EXIF)
        for tag, pixels in zip((_B.ExifImageWidth, _B.ExifImageHeight), size, strict=True):
            block.set(exif.EXIF, tag, pixels)
        for tag, pixels in zip((_B.ImageWidth, _B.ImageLength), size, strict=True):
            block.set(exif.IFD0, tag, pixels)
        return block.bytes(wipe=private) if len(block) else b""
    except DamagedBlockError:
        note(_("its EXIF is damaged and was left out"))
        return b""


_LONGEST_EXIF = jpeg.LONGEST - len(jpeg.EXIF)


def _fitting(data: bytes, note: Note) -> bytes:
    """Return an EXIF block that a JPEG can carry: without the maker note, if need be."""
    if len(data) <= _LONGEST_EXIF:
        return data
    block = ExifBlock(data)
    block.remove(exif.EXIF, lambda tag: tag == exif.MAKER_NOTE)
    shorter = block.bytes()
    if len(shorter) > _LONGEST_EXIF:
        # What it had stood in the middle: nothing refers to places in the block any more.
        shorter = tiff.to_exif(tiff.from_exif(block))
    if len(shorter) <= _LONGEST_EXIF:
        note(_("its camera's own note is larger than a JPEG can carry (64 KB) and was left out"))
        return shorter
    note(_("its EXIF is larger than a JPEG can carry (64 KB) and was left out"))
    return b""


def _into_jpeg(encoded: bytes, carried: Carried) -> bytes:
    segments = []
    if carried.exif:
        segments.append(jpeg.Segment(jpeg.APP1, jpeg.EXIF + carried.exif))
    if carried.xmp:
        segments.append(jpeg.Segment(jpeg.APP1, jpeg.XMP + carried.xmp))
        segments += [jpeg.Segment(jpeg.APP1, data) for data in carried.more_xmp]
    room = jpeg.LONGEST - len(jpeg.PHOTOSHOP)
    segments += [
        jpeg.Segment(jpeg.APP13, jpeg.PHOTOSHOP + carried.photoshop[at : at + room])
        for at in range(0, len(carried.photoshop), room)
    ]
    segments += [jpeg.Segment(jpeg.COM, data) for data in carried.comments]
    density = carried.density
    if carried.resolution and not density:
        across, down = (round(value) for value in carried.resolution.inches)
        if 0 < across < 65536 and 0 < down < 65536:
            density = b"\1" + across.to_bytes(2, "big") + down.to_bytes(2, "big")
    return jpeg.with_segments(encoded, segments, density)


def _into_png(encoded: bytes, carried: Carried) -> bytes:
    chunks = [*carried.colours]
    if carried.exif:
        chunks.append(png.PngChunk(b"eXIf", carried.exif))
    if carried.xmp:
        chunks.append(png.xmp_chunk(carried.xmp))
    if carried.resolution:
        sides = (carried.resolution.across, carried.resolution.down)
        data = b"".join(min(round(side), 2**31 - 1).to_bytes(4, "big") for side in sides)
        chunks.append(png.PngChunk(b"pHYs", data + b"\1"))
    return png.with_chunks(encoded, [*chunks, *carried.texts])


def _into_tiff(encoded: bytes, carried: Carried) -> bytes:
    more = tiff.from_exif(ExifBlock(carried.exif)) if carried.exif else tiff.Ifd("<")
    more.values = {tag: value for tag, value in more.values.items() if tag not in _ENCODING}
    # In a TIFF, IPTC has a place of its own.
    iptc, resources = photoshop.without_iptc(carried.photoshop)
    blocks: Iterable[tuple[int, int, bytes]] = (
        (_XMP_TAG, 1, carried.xmp),
        (_IPTC_TAG, 7, iptc),
        (_PHOTOSHOP_TAG, 7, resources),
    )
    more.values |= {tag: tiff.Value(kind, data) for tag, kind, data in blocks if data}
    if carried.resolution and _B.XResolution not in more.values:
        more.values |= tiff.resolution(more.order, *carried.resolution.inches)
    return tiff.with_entries(encoded, more) if more.values or more.below else encoded
