"""An XMP packet: text that stays as it is, but for what a recipe changes."""

import re

GAIN_MAP = b"http://ns.adobe.com/hdr-gain-map/1.0/"
"""Namespace of gain maps (https://developer.android.com/media/platform/hdr-image-format)."""

_MOTION = re.compile(rb"(?:MotionPhoto|MicroVideo)\s*(?:=\s*[\"']|>)\s*1")
_ORIENTATION = re.compile(rb"(tiff:Orientation\s*(?:=\s*[\"']|>)\s*)([1-8])")
_SIZES = (
    re.compile(rb"((?:exif:PixelXDimension|tiff:ImageWidth)\s*(?:=\s*[\"']|>)\s*)(\d+)"),
    re.compile(rb"((?:exif:PixelYDimension|tiff:ImageLength)\s*(?:=\s*[\"']|>)\s*)(\d+)"),
)


def orientation(packet: bytes) -> int:
    """Return the orientation that a packet tells, 1 to 8; 1 where it tells none."""
    found = _ORIENTATION.search(packet)
    return int(found[2]) if found else 1


def is_motion_photo(packet: bytes) -> bool:
    """Tell whether a packet says that a video stands behind the picture."""
    return _MOTION.search(packet) is not None


def upright(packet: bytes, size: tuple[int, int]) -> bytes:
    """Return a packet that tells of an upright picture of that width and height in pixels."""
    packet = _ORIENTATION.sub(rb"\g<1>1", packet)
    for pattern, pixels in zip(_SIZES, size, strict=True):
        packet = pattern.sub(rb"\g<1>%d" % pixels, packet)
    return packet
