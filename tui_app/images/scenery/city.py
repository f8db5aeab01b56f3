"""The city at night, through a wet window."""

import math
from random import Random

from tui_app.images.scenery.dabs import Dab, dabbed, disc_sprite
from tui_app.images.scenery.drops import Drop, with_drops
from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.light import Light, gradient
from tui_app.images.scenery.noise import fractal

# The colours of the lamps, and how many there are of each.
_LAMPS = (("#ffb04a", 46), ("#ff5a2a", 26), ("#ffe2b0", 22), ("#3fa0ff", 16), ("#35e0a8", 8))


def rain_on_glass(frame: Frame) -> Light:
    """A street at night through a wet window: every lamp is a disc, every drop a small street."""
    random = Random("street")
    haze = fractal(frame, "street haze", 0.6, octaves=3)
    light = gradient(
        frame, [(0.0, "#0b1430"), (0.45, "#33203c"), (0.60, "#40242a"), (1.0, "#0b0a16")]
    )
    light = light * (haze * 0.35 + 0.9)
    street = round(0.62 * frame.height)
    puddles = frame.y().smooth(0.60, 0.80) * (haze * 0.25 + 0.40)
    for colour, count in _LAMPS:
        lamps = dabbed(frame, [_lamp(frame, random) for _ in range(count)], disc_sprite(0.45))
        depth = frame.height - street
        wet = lamps.rows(street - depth, street).flipped().blurred(frame.height / 50)
        wet = Field.filled((frame.width, street), 0.0).over(wet.smeared(frame.height // 7))
        light = light.lit(colour, lamps + wet * puddles)
    light = light.bloomed(0.3, 0.5, frame.height / 9)
    drops = [_rain(frame, random) for _ in range(1300)]
    for _ in range(9):
        drops.extend(_trail(frame, random))
    drops.sort(key=lambda drop: drop.radius)
    return Light.of_picture(with_drops(light.developed(), drops, view=9.0, gleam=0.45))


def _trail(frame: Frame, random: Random) -> list[Drop]:
    """A drop that has run down the glass, and the small ones that it left behind."""
    x, y = random.uniform(0, frame.aspect), random.uniform(0.3, 1.0)
    left = [
        Drop(x + random.gauss(0, 0.0015), y - 0.03 - 0.012 * step, random.uniform(0.001, 0.004))
        for step in range(random.randint(10, 26))
    ]
    return [Drop(x, y, random.uniform(0.013, 0.019), 1.3), *left]


def _lamp(frame: Frame, random: Random) -> Dab:
    """Lamps gather towards a vanishing point, where they are small and many."""
    away = random.random() ** 0.7
    angle = random.choice((random.uniform(2.7, 3.7), random.uniform(-0.6, 0.5)))
    x = frame.aspect * 0.47 + math.cos(angle) * away * frame.aspect * 0.55
    y = 0.50 + math.sin(angle) * away * 0.45 + random.gauss(0, 0.05)
    return Dab(x, y, 0.018 + 0.065 * away * random.uniform(0.7, 1.2), random.uniform(0.08, 0.5))


def _rain(frame: Frame, random: Random) -> Drop:
    radius = 0.0018 + 0.015 * random.random() ** 6
    return Drop(random.uniform(0, frame.aspect), random.random(), radius, random.uniform(0.95, 1.2))
