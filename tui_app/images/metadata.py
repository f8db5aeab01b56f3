"""What of a source's metadata an output carries: colour profile and EXIF, nothing else.

JPEG comments, XMP, IPTC and PNG texts are dropped by every policy: Pillow does not check them,
and XMP repeats what EXIF says, orientation and place included.
"""

from collections.abc import Callable
from typing import Any

from PIL import ExifTags, Image

from tui_app.images.colour import fits
from tui_app.images.formats import FORMATS
from tui_app.images.opening import DAMAGED
from tui_app.images.recipe import Metadata
from tui_app.language import _

Note = Callable[[str], None]

# A JPEG segment's length is 16 bits that count themselves (ITU T.81, B.1.1.4).
_JPEG_SEGMENT = 65533
# `Exif`, two zeros, a TIFF header, and a folder without an entry.
_EMPTY_EXIF = 20

_B, _I = ExifTags.Base, ExifTags.IFD

# Tags of IFD0 that describe the source's encoding, which a TIFF has beside its EXIF (TIFF 6.0),
# XMP, IPTC, Photoshop's block, and the profile, which is handed over by itself.
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


def read_exif(image: Image.Image, note: Note) -> Image.Exif:
    """Return the EXIF of a loaded image; an empty one, with a note, where it is damaged."""
    try:
        exif = image.getexif()
        # Reading is lazy: this meets the damage, and needs the file, here.
        dict(exif)
        for folder in (_I.Exif, _I.GPSInfo, _I.Interop):
            exif.get_ifd(folder)
    except (OSError, *DAMAGED):
        note(_("its EXIF is damaged and was left out"))
        return Image.Exif()
    # Some damage is passed over in silence.
    if not len(exif) and len(image.info.get("exif") or b"") > _EMPTY_EXIF:
        note(_("its EXIF is damaged and was left out"))
    return exif


def upright(image: Image.Image, exif: Image.Exif) -> Image.Image:
    """Return the image turned as its EXIF orientation says; itself where it is upright."""
    turn = _TURNS.get(_orientation(exif))
    return image if turn is None else image.transpose(turn)


def turned(exif: Image.Exif) -> bool:
    """Tell whether turning an image upright exchanges its width and height."""
    return _orientation(exif) in (5, 6, 7, 8)


def turned_part(
    part: tuple[float, float], whole: tuple[int, int], exif: Image.Exif
) -> tuple[float, float, float, float]:
    """Return where in the upright image that part lies which begins at a stored image's origin.

    Args:
        part: Its width and height in pixels, as stored.
        whole: The stored image's, not less than `part`.
        exif: The source's.

    Returns:
        Left, top, right and bottom in pixels.
    """
    (width, height), (right, bottom) = part, whole
    if turned(exif):
        width, height, right, bottom = height, width, bottom, right
    left = right - width if _orientation(exif) in (2, 3, 6, 7) else 0
    top = bottom - height if _orientation(exif) in (3, 4, 7, 8) else 0
    return left, top, left + width, top + height


def _orientation(exif: Image.Exif) -> int:
    said = exif.get(_B.Orientation)
    return said if isinstance(said, int) else 1


def saved_metadata(
    image: Image.Image, exif: Image.Exif, policy: Metadata, written: str, note: Note
) -> dict[str, Any]:
    """Return what is handed to `save`: `exif` and `icc_profile`, where there is something to keep.

    Args:
        image: The image that is about to be saved; `info` holds its profile.
        exif: The source's EXIF.
        policy: What is to be kept.
        written: The output's Pillow format.
        note: Is told what could not be kept.
    """
    if policy is Metadata.STRIP:
        return {}
    kept: dict[str, Any] = {}
    profile = image.info.get("icc_profile")
    if FORMATS[written].icc and fits(profile, image.mode):
        kept["icc_profile"] = profile
    data = _exif_bytes(exif, image.size, policy, written, note)
    if not data:
        return kept
    if not FORMATS[written].exif:
        note(_("{format} carries no EXIF: it was left out").format(format=written))
    elif written == "JPEG" and len(data) > _JPEG_SEGMENT:
        note(_("its EXIF is larger than a JPEG can carry (64 KB) and was left out"))
    else:
        kept["exif"] = data
    return kept


def _exif_bytes(
    source: Image.Exif, size: tuple[int, int], policy: Metadata, written: str, note: Note
) -> bytes:
    """Return EXIF for an upright image of `size`, without the source's preview (IFD1)."""
    private = policy is Metadata.PRIVATE
    kept = Image.Exif()
    kept.endian = source.endian
    try:
        for tag, value in source.items():
            if tag not in _ENCODING and (not private or tag in _PRIVATE_IFD0):
                kept[tag] = value
        details = dict(source.get_ifd(_I.Exif)) if _I.Exif in source else {}
        if private:
            details = {tag: value for tag, value in details.items() if tag in _PRIVATE_EXIF}
        # Pillow's TIFF writer cannot nest it.
        if details.pop(_I.Interop, None) is not None and written != "TIFF":
            details[_I.Interop] = source.get_ifd(_I.Interop)
        for tag, pixels in zip((_B.ExifImageWidth, _B.ExifImageHeight), size, strict=True):
            if tag in details:
                details[tag] = pixels
        if details:
            kept[_I.Exif] = details
        else:
            kept.pop(_I.Exif, None)
        if _I.GPSInfo in kept:
            kept[_I.GPSInfo] = source.get_ifd(_I.GPSInfo)
        return kept.tobytes() if len(kept) else b""
    except (OSError, *DAMAGED):
        note(_("its EXIF is damaged and was left out"))
        return b""
