"""Turning an image upright, by the orientation that EXIF tells (CIPA DC-008, 4.6.5.A)."""

from PIL import Image

from tui_app.images.reduction import Box, Size

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the image turned as an orientation, 1 to 8, says; itself where it is upright."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def turned(orientation: int) -> bool:
    """Tell whether turning an image upright exchanges its width and height."""
    return orientation in (5, 6, 7, 8)


def turned_part(part: tuple[float, float], whole: Size, orientation: int) -> Box:
    """Return where the part that begins at a stored image's origin lies in the upright image.

    Args:
        part: Width and height of the part in pixels, as stored.
        whole: Width and height of the stored image in pixels, not less than `part`.
        orientation: As EXIF tells it.
    """
    (width, height), (right, bottom) = part, whole
    if turned(orientation):
        width, height, right, bottom = height, width, bottom, right
    left = right - width if orientation in (2, 3, 6, 7) else 0
    top = bottom - height if orientation in (3, 4, 7, 8) else 0
    return left, top, left + width, top + height
