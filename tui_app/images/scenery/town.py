"""Where people are: a wet window in the city, balloons, a lighthouse."""

import math
from random import Random

from tui_app.images.scenery.dabs import Dab, dabbed, disc_sprite
from tui_app.images.scenery.drops import Drop, with_drops
from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.land import conifers, ridge
from tui_app.images.scenery.light import Light, between, gradient
from tui_app.images.scenery.noise import fractal

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
    for colour, count in _LAMPS:
        lamps = dabbed(frame, [_lamp(frame, random) for _ in range(count)], disc_sprite(0.45))
        depth = frame.height - street
        wet = lamps.rows(street - depth, street).flipped().smeared(frame.height // 7)
        dry = Field.filled((frame.width, street), 0.0)
        light = light.lit(colour, lamps + dry.over(wet) * 0.35)
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
    return Drop(
        random.uniform(0, frame.aspect), random.random(), radius, random.uniform(0.95, 1.2)
    )


_BALLOONS = (
    (0.70, 0.27, 0.150, "#c8332b", "#f4c542"),
    (0.30, 0.40, 0.075, "#2a6fb0", "#f2efe4"),
    (1.08, 0.46, 0.050, "#e0762a", "#7a2a5a"),
    (0.47, 0.20, 0.036, "#3c8f6a", "#f0d070"),
    (0.93, 0.16, 0.026, "#b03a60", "#f0e0d0"),
    (0.15, 0.24, 0.022, "#d8a030", "#503060"),
    (1.20, 0.30, 0.018, "#4060a0", "#e8d8c0"),
)


def hot_air_balloons(frame: Frame) -> Light:
    """Balloons over valleys full of mist, an hour after sunrise."""
    light = gradient(
        frame, [(0.0, "#4a83c0"), (0.3, "#93bbd8"), (0.5, "#f4d9b4"), (0.62, "#ffcf94")]
    )
    sun = frame.distance(-0.05, 0.42)
    clouds = fractal(frame, "mackerel", (0.5, 0.10), gain=0.58)
    light = light.covered("#fff0e0", clouds.smooth(0.2, 1.8) * 0.6)
    light = light.lit("#ffc080", sun.bell(0.5) * 0.6)
    mist = fractal(frame, "balloon mist", (0.8, 0.14), gain=0.5)
    haze = between(sun.bell(0.8), "#b9c3d6", "#ffd6a2")
    for index in range(6):
        near = index / 5
        line = ridge(frame, f"valley {index}", 0.60 + 0.30 * near, 0.035 + 0.02 * near, 0.7, 0.48)
        depth = frame.above(line)
        edge = depth
        if near > 0.3:
            trees = conifers(frame, f"wood {index}", line, 0.012 + 0.02 * near, 0.005 + 0.004 * near)
            edge = frame.above(trees)
        wood = gradient(frame, [(0.55, "#5d7f7a"), (1.0, "#14261d")])
        body = wood.covered(haze, Field.filled(frame.size, (1 - near) * 0.75))
        fog = (depth * (8.0 - 3.0 * near) + mist * 0.4).smooth(0.1, 1.0)
        light = light.covered(body.covered(haze, fog * 0.85), frame.mask(edge))
    for x, y, radius, first, second in reversed(_BALLOONS):
        light = _with_balloon(frame, light, x, y, radius, first, second)
    return light.lit("#ffb870", sun.bell(0.45) ** 2 * 0.25)


def _with_balloon(
    frame: Frame, light: Light, x: float, y: float, radius: float, first: str, second: str
) -> Light:
    """One balloon with its gores, lit from the left, and its basket."""
    side = round(2.1 * radius * frame.height)
    patch = Frame(side, round(side * 1.5))
    across = (patch.x() - patch.aspect / 2) * 3.15
    down = (patch.y() - 0.34) * 3.15
    girths = [_girth((at - 0.34) * 3.15) for at in patch.row_positions()]
    girth = Field.of_rows(patch.width, girths)
    turn = (across / girth).clamped(-1.0, 1.0).curve(math.asin, -1.0, 1.0)
    gore = abs((turn * (10 / math.pi) + 0.25) % 2.0 - 1.0).smooth(0.42, 0.58)
    band = (abs(down - 0.15) - 0.16).smooth(0.03, -0.03)
    pattern = (gore + band).clamped() - gore * band
    seams = abs((turn * (20 / math.pi)) % 1.0 - 0.5).smooth(0.5, 0.38) * 0.14 + 0.86
    shade = (turn * -0.50 + 0.58 - down * 0.10).clamped(0.10, 1.15) * seams
    skin = between(pattern, first, second) * shade
    skin = skin.lit("#ffb060", (1.0 - across * across).clamped() * down.smooth(0.2, 1.2) * 0.12)
    mask = ((girth - abs(across)) * (side / 3.15 / 1.0)).clamped() * Field.of_rows(
        patch.width, [1.0 if value > 0.02 else 0.0 for value in girths]
    )
    basket = abs(across).smooth(0.115, 0.10) * (abs(down - 1.72)).smooth(0.11, 0.10)
    ropes = (abs(abs(across) - (1.9 - down) * 0.21)).smooth(0.022, 0.008)
    ropes = ropes * down.smooth(1.20, 1.24) * down.smooth(1.64, 1.62)
    skin = skin.covered("#3a2418", basket.most(ropes))
    mask = mask.most(basket).most(ropes * 0.8)
    left, top = round(x * frame.height - side / 2), round(y * frame.height - patch.height * 0.34)
    haze = max(0.0, 0.55 - radius * 3.6)
    skin = skin.covered("#c9cdd2", Field.filled(patch.size, haze))
    return light.pasted(skin, mask, left, top)


def _girth(down: float) -> float:
    """How wide a balloon of radius 1 is, so far below its middle."""
    if down < -1.0 or down > 1.3:
        return 0.001
    if down < 0.25:
        return math.sqrt(max(0.0, 1.0 - down * down))
    t = (down - 0.25) / 1.05
    return 0.968 * (1 - t) + 0.17 * t - 0.20 * t * t + 0.20 * t
