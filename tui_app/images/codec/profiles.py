"""Making colour profiles, for what a file says of its colours without having a profile.

They are the smallest that ICC.1:2022 (https://www.color.org/specification/ICC.1-2022-05.pdf)
allows: primaries and a tone curve, adapted to D50.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
"""Chromaticity, x and y (CIE 1931)."""

D65: Point = (0.3127, 0.3290)
_D50 = (0.9642, 1.0, 0.8249)
# Bradford's cone responses (ICC.1:2022, annex E).
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_DATE = struct.pack(">6H", 2024, 6, 21, 0, 0, 0)

Vector = Sequence[float]
Matrix = Sequence[Vector]


@dataclass(frozen=True, slots=True)
class Curve:
    """The light of each value, both 0 to 1: a power, which may have a straight beginning.

    Attributes:
        gamma: The power.
        more: Parameters a, b, c and d of `parametricCurveType` 3 (ICC.1:2022, 10.18), if any.
    """

    gamma: float
    more: tuple[float, ...] = ()


SRGB_CURVE = Curve(2.4, (1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
BT709_CURVE = Curve(1 / 0.45, (1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081))

BT709: tuple[Point, Point, Point] = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE: tuple[Point, Point, Point] = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
ADOBE_CURVE = Curve(563 / 256)
"""Adobe RGB (1998): https://www.adobe.com/digitalimag/pdfs/AdobeRGB1998.pdf."""

# ITU-T H.273 (https://www.itu.int/rec/T-REC-H.273), tables 2 and 3. Primaries are red, green, blue
# and white.
CODED_PRIMARIES: dict[int, tuple[Point, Point, Point, Point]] = {
    1: (*BT709, D65),
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), D65),
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), D65),
    7: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), D65),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), D65),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), D65),
}
CODED_CURVES: dict[int, Curve] = {
    1: BT709_CURVE,
    4: Curve(2.2),
    5: Curve(2.8),
    6: BT709_CURVE,
    8: Curve(1.0),
    13: SRGB_CURVE,
    14: BT709_CURVE,
    15: BT709_CURVE,
    17: Curve(2.6),
}


def rgb_profile(primaries: Sequence[Point], white: Point, curve: Curve) -> bytes:
    """Return the profile of colours with these primaries (red, green, blue) and white.

    Raises:
        ZeroDivisionError: They span no colours.
    """
    columns = _adapted(primaries, white)
    tags = [(name + b"XYZ", _xyz(column)) for name, column in zip(_RGB, columns, strict=True)]
    tags += [(name + b"TRC", _curve(curve)) for name in _RGB]
    return _profile(b"RGB ", tags)


def grey_profile(curve: Curve) -> bytes:
    """Return the profile of greys with this tone curve."""
    return _profile(b"GRAY", [(b"kTRC", _curve(curve))])


_RGB = (b"r", b"g", b"b")


def _adapted(primaries: Sequence[Point], white: Point) -> list[Vector]:
    """Return red, green and blue at their full strength, as XYZ under D50."""
    *points, target = [(x / y, 1.0, (1 - x - y) / y) for x, y in (*primaries, white)]
    scales = _times(_inverse(list(zip(*points, strict=True))), target)
    from_white, to_white = _times(_BRADFORD, target), _times(_BRADFORD, _D50)
    found = []
    for point, scale in zip(points, scales, strict=True):
        cones = _times(_BRADFORD, [scale * value for value in point])
        ratios = [c * t / f for c, t, f in zip(cones, to_white, from_white, strict=True)]
        found.append(_times(_inverse(_BRADFORD), ratios))
    return found


def _times(matrix: Matrix, vector: Vector) -> Vector:
    return [sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix]


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return (
        ((e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole),
        ((f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole),
        ((d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole),
    )


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(vector: Vector) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*vector)


def _curve(curve: Curve) -> bytes:
    kind = 3 if curve.more else 0
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + _fixed(curve.gamma, *curve.more)


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data


def _profile(space: bytes, tags: Sequence[tuple[bytes, bytes]]) -> bytes:
    every = [
        (b"desc", _text("Colours as the file said")),
        (b"cprt", _text("No copyright, use freely")),
        (b"wtpt", _xyz(_D50)),
        *tags,
    ]
    at = 132 + 12 * len(every)
    table, data = struct.pack(">I", len(every)), b""
    for name, value in every:
        table += name + struct.pack(">II", at + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    head = struct.pack(
        ">I4sI4s4s4s", 128 + len(table) + len(data), b"", 0x04400000, b"mntr", space, b"XYZ "
    )
    return head + _DATE + b"acsp" + bytes(28) + _fixed(*_D50) + bytes(48) + table + data
