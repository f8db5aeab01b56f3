"""Under water."""

import math
from random import Random

from tui_app.images.scenery.dabs import Dab, dabbed, point_sprite
from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.ground import Ground
from tui_app.images.scenery.land import ridge, rock
from tui_app.images.scenery.light import Light, gradient
from tui_app.images.scenery.noise import profile
from tui_app.images.scenery.sketch import Sketch


def underwater(frame: Frame) -> Light:
    """Rays of the sun through clear water, a shoal of fish, a reef in the blue."""
    light = gradient(
        frame,
        [
            (0.0, "#7fd8e0"),
            (0.12, "#2fa8c8"),
            (0.45, "#0f6a9c"),
            (0.8, "#08406e"),
            (1.0, "#062a4c"),
        ],
    )
    sun_x, sun_y = frame.aspect * 0.58, -0.22
    sun = frame.distance(sun_x, 0.0, 1.2)
    light = light.lit("#c8fff4", sun.bell(0.20) * 0.8)
    rays = _rays(frame, sun_x, sun_y)
    light = light.lit("#a8f4f0", rays * frame.y().scaled(1.8).fading() * 0.8)
    surface = Ground.flat(Frame(frame.width, round(frame.height * 0.2)), 0.0, lens=0.35)
    waves = surface.noise("surface", (0.9, 0.7), octaves=6, gain=0.6, shape=abs).flipped()
    glitter = waves.smooth(0.45, 0.1)
    glitter = glitter.over(Field.filled((frame.width, frame.height - glitter.size[1]), 0.0))
    light = light.lit("#e8ffff", glitter * frame.y().smooth(0.2, 0.0) * sun.bell(0.35) * 1.2)
    for index in range(3):
        near = index / 2
        line = ridge(frame, f"reef {index}", 0.85 + 0.07 * near, 0.055, 0.26, 0.60)
        depth = frame.above(line)
        reef = rock(frame, f"coral {index}", 0.05 + 0.05 * near, "#04182e", "#3f9aa0")
        reef = reef.lit("#7fe0d8", rays * depth.smooth(0.10, 0.0) * 0.10)
        reef = reef.covered("#0b4a78", Field.filled(frame.size, 0.75 * (1 - near)))
        light = light.covered(reef, frame.mask(depth))
    light = _with_shoal(frame, light)
    random = Random("plankton")
    motes = [
        Dab(
            random.random() * frame.aspect,
            random.random(),
            0.002 + 0.004 * random.random() ** 3,
            random.random(),
        )
        for _ in range(350)
    ]
    return light.lit("#d8ffff", dabbed(frame, motes, point_sprite()) * rays.scaled(0.5, 0.12))


def _rays(frame: Frame, x: float, y: float) -> Field:
    """Shafts of light that fan out from a point above the water."""
    slope = (frame.x() - x) / (frame.y() - y)
    lines = profile(Frame(772, 386), "shafts", 0.18, octaves=6, gain=0.6)
    count = len(lines) - 1

    def shaft(value: float) -> float:
        return max(0.0, 0.25 + lines[round((value + 2.0) / 4.0 * count)])

    return slope.clamped(-2.0, 2.0).curve(shaft, -2.0, 2.0) * slope.bell(0.8)


def _with_shoal(frame: Frame, light: Light) -> Light:
    """A shoal that turns all together, dark against the light."""
    random = Random("shoal")
    sketch = Sketch(frame)
    for _ in range(420):
        along, off = random.gauss(0.0, 0.42), random.gauss(0.0, 0.5)
        x = frame.aspect * 0.40 + 0.42 * along + 0.10 * off
        y = 0.50 + 0.11 * off + 0.16 * along * along - 0.10 * along
        heading = math.atan2(0.32 * along - 0.10, 0.42) + random.gauss(0.0, 0.10)
        length = random.uniform(0.006, 0.014) * (1.0 - 0.25 * along)
        sketch.shape(_fish(x, y, length, heading), random.randint(110, 230))
    return light.covered("#073352", sketch.field() * 0.85)


def _fish(x: float, y: float, length: float, heading: float) -> list[tuple[float, float]]:
    """The outline of a fish that swims along its heading."""
    outline = ((1.0, 0.0), (0.6, 0.15), (0.1, 0.21), (-0.65, 0.05), (-1.0, 0.22), (-0.88, 0.0))
    points = [*outline, *((along, -aside) for along, aside in reversed(outline))]
    cos, sin = math.cos(heading) * length, math.sin(heading) * length
    return [(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in points]
