"""How deep a JPEG 2000 is (ITU-T T.800, annex A, https://www.itu.int/rec/T-REC-T.800)."""

import base64
from functools import cache
from io import BytesIO
from typing import BinaryIO

from PIL import Image

_START = b"\xff\x4f\xff\x51"
_DEPTH = 42
"""Where the depth of the first component stands, from the codestream's start on."""

_LOOK = 1 << 20

_WHITE = base64.b85decode(
    "0000CYEU2`4GM<}0000KW^{RQYH%_j00000YH%_j0000jYH%`W0000MX=r3}000010000100R#P0000001sntY;pkr0"
    "00005C8xGj%si+WB*V8Q2;Lh000000RR910RR9100000000020000200000000000009I0RayI0S^HI|55-9000010R"
    "RL900IA800cmQ|6~9q00BdCWnpw>WFTUBAWv{*Zc0!^M<8}(a&u{KZXhx)H7+p!kN^q*00000761YNlh6Dx2mwEUfdAP"
)
"""One white pixel of 16 bits a channel, by OpenJPEG."""


def bits(file: BinaryIO) -> int:
    """Return the bits of a channel; 8 where the file does not tell them."""
    file.seek(0)
    data = file.read(_LOOK)
    at = data.find(_START)
    if at < 0 or len(data) <= at + _DEPTH:
        return 8
    return (data[at + _DEPTH] & 0x7F) + 1


@cache
def reads_deep_colours() -> bool:
    """Tell whether white of more than 8 bits comes out white: with Pillow 13 it is black."""
    with Image.open(BytesIO(_WHITE)) as image:
        return image.getpixel((0, 0)) == (255, 255, 255)
