"""Drops of water, each a lens that shows what is behind it upside down."""

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageChops

from tui_app.images.scenery.field import Frame


@dataclass(frozen=True, slots=True)
class Drop:
    """A drop: its middle and radius in picture heights; `tall` stretches it downwards."""

    x: float
    y: float
    radius: float
    tall: float = 1.0


def with_drops(
    picture: Image.Image, drops: Iterable[Drop], view: float, gleam: float
) -> Image.Image:
    """The picture with drops of water before it.

    Args:
        picture: what is behind them.
        drops: the drops, the last one foremost.
        view: how many times its own width a drop sees.
        gleam: how bright the light on a drop is, 0 to 1.
    """
    result = picture.copy()
    behind = picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX)
    body, dark, shine = _lens(gleam)
    for drop in drops:
        radius = drop.radius * picture.height
        width, height = max(2, round(2 * radius)), max(2, round(2 * radius * drop.tall))
        left = round(drop.x * picture.height - width / 2)
        top = round(drop.y * picture.height - height / 2)
        if left < -width or top < -height or left > picture.width or top > picture.height:
            continue
        size = (width, height)
        lens = _seen(behind, (left + width / 2) / 4, (top + height / 2) / 4, radius * view / 4)
        lens = lens.resize(size, Image.Resampling.BILINEAR)
        lens = ImageChops.multiply(lens, dark.resize(size, Image.Resampling.HAMMING))
        lens = ImageChops.screen(lens, shine.resize(size, Image.Resampling.HAMMING))
        result.paste(lens, (left, top), body.resize(size, Image.Resampling.HAMMING))
    return result


def _seen(behind: Image.Image, x: float, y: float, reach: float) -> Image.Image:
    """What a drop sees around a point, turned upside down."""
    reach = max(1.0, min(reach, behind.width / 2, behind.height / 2))
    x = min(max(x, reach), behind.width - reach)
    y = min(max(y, reach), behind.height - reach)
    box = (x - reach, y - reach, x + reach, y + reach)
    side = max(2, min(96, round(reach)))
    view = behind.resize((side, side), Image.Resampling.BILINEAR, box=box)
    return view.transpose(Image.Transpose.ROTATE_180)


def _lens(gleam: float) -> tuple[Image.Image, Image.Image, Image.Image]:
    """A drop's outline, its darker rim, and the light it gathers, as 8-bit pictures."""
    frame = Frame(160, 160)
    distance = frame.distance(0.5, 0.5)
    body = distance.smooth(0.49, 0.44)
    rim = distance.smooth(0.5, 0.30) * 0.6 + 0.4
    low = frame.distance(0.5, 0.80, 1.6).smooth(0.36, 0.0) * 0.7
    spot = frame.distance(0.36, 0.28).smooth(0.17, 0.05)
    mask = (body * 255.0).image.convert("L")
    dark = (rim * 255.0).image.convert("L")
    shine = ((low + spot).clamped() * (255.0 * gleam)).image.convert("L")
    return mask, Image.merge("RGB", [dark] * 3), Image.merge("RGB", [shine] * 3)
