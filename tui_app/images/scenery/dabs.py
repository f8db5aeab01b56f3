"""Small bright things in great number: stars, lamps out of focus, flakes, drops."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageMath

from tui_app.images.scenery.field import Field, Frame


@dataclass(frozen=True, slots=True)
class Dab:
    """One of them: where (its middle), how large and how bright; in picture heights."""

    x: float
    y: float
    radius: float
    strength: float = 1.0


def dabbed(frame: Frame, dabs: Iterable[Dab], sprite: Field) -> Field:
    """The sum of many copies of a sprite, which is a square field of any size."""
    canvas = Image.new("F", frame.size, 0.0)
    sprites: dict[int, Image.Image] = {}
    for dab in dabs:
        side = max(2, round(2 * dab.radius * frame.height))
        if side not in sprites:
            sprites[side] = sprite.image.resize((side, side), Image.Resampling.HAMMING)
        left = round(dab.x * frame.height - side / 2)
        top = round(dab.y * frame.height - side / 2)
        box = (left, top, left + side, top + side)
        added = ImageMath.lambda_eval(
            lambda planes: planes["under"] + planes["dab"] * planes["strength"],
            under=canvas.crop(box),
            dab=sprites[side],
            strength=dab.strength,
        )
        canvas.paste(added, box)
    return Field(canvas)


def point_sprite() -> Field:
    """A star: a soft dot."""
    return Frame(48, 48).distance(0.5, 0.5).smooth(0.5, 0.0) ** 4


def disc_sprite(rim: float = 0.5) -> Field:
    """A lamp out of focus: a disc with a brighter rim, as a lens makes it."""
    distance = Frame(256, 256).distance(0.5, 0.5)
    return distance.smooth(0.49, 0.46) * (1.0 + distance.smooth(0.25, 0.45) * rim)


def stars(frame: Frame, seed: str, count: int, lowest: float = 1.0) -> Field:
    """A night sky: few bright stars, many faint ones, down to the y `lowest`."""
    random = Random(seed)
    dabs = []
    for _ in range(count):
        magnitude = random.random() ** 6
        x, y = random.random() * frame.aspect, random.random() * lowest
        dabs.append(Dab(x, y, 0.0009 + 0.0014 * magnitude, 0.35 + 3.0 * magnitude))
    return dabbed(frame, dabs, point_sprite())
