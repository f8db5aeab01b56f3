"""Fields, woods and what hangs in them: lavender, autumn fog, a web in the dew."""

import math
from random import Random

from PIL import Image, ImageDraw

from tui_app.images.scenery.dabs import Dab, dabbed, disc_sprite
from tui_app.images.scenery.drops import Drop, with_drops
from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.ground import Ground
from tui_app.images.scenery.land import ridge, trunks
from tui_app.images.scenery.light import Light, between, gradient
from tui_app.images.scenery.noise import fractal


def lavender_field(frame: Frame) -> Light:
    """Rows of lavender that run to a vanishing point under an evening sky."""
    horizon, sun_x = 0.40, frame.aspect * 0.64
    light = gradient(
        frame, [(0.0, "#4c5f96"), (0.16, "#9a86ad"), (0.30, "#f0a58a"), (0.41, "#ffd898")]
    )
    sun = frame.distance(sun_x, 0.375)
    streaks = fractal(frame, "evening streaks", (0.9, 0.09), gain=0.58)
    light = light.covered(between(sun.bell(0.5), "#8a6f96", "#ffb088"), streaks.smooth(0.0, 1.5) * 0.8)
    light = light.lit("#ffb060", sun.bell(0.22) * 0.8).lit("#fff0c8", sun.smooth(0.030, 0.025) * 3)
    for index, y in enumerate((0.375, 0.392)):
        hills = ridge(frame, f"luberon {index}", y, 0.015, 0.8, 0.45)
        haze = between(sun.bell(0.35), ("#8b7799", "#5d5577")[index], "#f2a878")
        light = light.covered(haze, frame.mask(frame.above(hills)))
    ground = Ground.deep(frame, 1.0, 70.0, lens=1.1)
    land, mask = ground.relief(*_lavender(ground), horizon)
    light = light.covered(land, mask)
    return light.lit("#ff9a50", sun.bell(0.30) ** 2 * 0.22)


def _lavender(ground: Ground) -> tuple[Field, Light]:
    """Bushes in rows, a little darker towards the earth between them: height and colour."""
    x, z = ground.x(), ground.z()
    rough = ground.noise("bushes", 0.30, octaves=6, gain=0.6)
    waves = ground.noise("rises", (12.0, 16.0), octaves=2) * z.smooth(3.0, 30.0)
    aside = abs((x / 0.95 + 0.5) % 1.0 - 0.5) * 2.0
    bush = (1.0 - aside * aside * 1.35 + rough * 0.10).smooth(0.0, 0.9)
    spikes = ground.noise("spikes", (0.035, 0.07), octaves=3, gain=0.7)
    height = bush * 0.34 + rough * 0.05 * bush + waves * 0.5 + spikes * 0.03 * bush
    flower = (bush + rough * 0.3 + spikes * 0.22).smooth(0.35, 1.0)
    sunny = (bush * 0.6 + spikes * 0.25 + rough * 0.15 + x * 0.0).smooth(0.0, 1.0)
    earth = between(rough.smooth(-0.8, 0.8), "#3a2c2e", "#6e5348")
    leaf = earth.covered("#39402f", bush.smooth(0.05, 0.35))
    colour = leaf.covered(between(sunny, "#3d2a6a", "#a884d8"), flower)
    return height, colour.covered("#c98f9a", z.smooth(4.0, 70.0) * 0.7)


def autumn_forest(frame: Frame) -> Light:
    """Beeches in October fog: each row of trunks is paler, and the light stands between them."""
    middle = frame.aspect * 0.56
    sun = frame.distance(middle, 0.40)
    light = between(sun.bell(0.55), "#b98a4c", "#fff0c8")
    for index in range(6):
        near = index / 5
        fog = (1.0 - near) ** 1.2
        leaves = fractal(frame, f"leaves {index}", 0.16 + 0.12 * near, gain=0.68)
        crown = frame.y().scaled(-1.0, 0.52 + 0.05 * near) + leaves * 0.20
        gold = between(leaves.smooth(-0.6, 1.2), "#6a2c0c", "#f0951e")
        light = _in_fog(light, gold, crown.smooth(-0.02, 0.10) * 0.8, fog, sun)
        bark = between(fractal(frame, f"bark {index}", (0.02, 0.09)).smooth(-1, 1), "#150d0a", "#3d2b20")
        width = 0.008 + 0.045 * near**1.6
        wood = trunks(frame, f"trunks {index}", 16 - 2 * index, width, 0.60 + 0.24 * near)
        light = _in_fog(light, bark, wood, fog, sun)
        line = ridge(frame, f"floor {index}", 0.60 + 0.20 * near, 0.012, 0.5, 0.55)
        litter = fractal(frame, f"litter {index}", (0.10, 0.025), gain=0.75)
        carpet = between(litter.smooth(-0.9, 1.3), "#3a1808", "#d9791c")
        depth = frame.above(line)
        light = _in_fog(light, carpet, depth.smooth(-0.004, 0.03), fog * 0.9, sun)
    return light.lit("#ffd890", sun.bell(0.35) ** 2 * 0.35).bloomed(0.7, 0.35, frame.height / 16)


def _in_fog(light: Light, body: Light, mask: Field, fog: float, sun: Field) -> Light:
    """Something standing in fog that the sun shines through."""
    air = between(sun.bell(0.5), "#c09458", "#fff0cc")
    return light.covered(body.covered(air, Field.filled(mask.size, fog * 0.92)), mask)


def spider_web(frame: Frame) -> Light:
    """A web after a cold night: every drop holds the meadow upside down."""
    random = Random("web")
    soft = fractal(frame, "meadow", (0.8, 0.6), octaves=3, gain=0.45)
    up = frame.y().smooth(1.0, -0.1)
    light = between((soft * 0.22 + up * 0.8).smooth(-0.2, 1.3), "#06130d", "#5f8a34")
    sun = frame.distance(frame.aspect * 0.86, 0.05)
    light = light.lit("#ffd27a", sun.bell(0.30) * 0.9)
    lamps = [
        Dab(
            random.uniform(0.3, 1.0) ** 0.6 * frame.aspect,
            random.random() ** 1.6 * 0.8,
            random.uniform(0.03, 0.10),
            random.uniform(0.04, 0.30),
        )
        for _ in range(55)
    ]
    light = light.lit("#ffe08a", dabbed(frame, lamps, disc_sprite(0.25)) * sun.bell(0.9))
    hub = (frame.aspect * 0.36, 0.44)
    spokes = [turn * math.tau / 26 + random.uniform(-0.07, 0.07) for turn in range(26)]
    threads, drops = _web(frame, random, hub, spokes)
    light = light.lit("#fff0c8", threads * 0.38)
    return Light.of_picture(with_drops(light.developed(), drops, view=16.0))


def _web(
    frame: Frame, random: Random, hub: tuple[float, float], spokes: list[float]
) -> tuple[Field, list[Drop]]:
    """The threads of a web as a field, and the drops that hang on them."""
    scale = frame.height * 2
    image = Image.new("L", (frame.width * 2, frame.height * 2))
    pen = ImageDraw.Draw(image)
    drops = []
    for angle in spokes:
        end = (hub[0] + 2 * math.cos(angle), hub[1] + 2 * math.sin(angle))
        pen.line([hub[0] * scale, hub[1] * scale, end[0] * scale, end[1] * scale], 170, 2)
    radius = 0.035
    while radius < 1.25:
        for start, stop in zip(spokes, [*spokes[1:], spokes[0] + math.tau], strict=True):
            thread = _sagging(hub, radius * random.uniform(0.985, 1.015), start, stop)
            pen.line([(x * scale, y * scale) for x, y in thread], 150, 2)
            heavy = random.random() ** 2
            for x, y in thread:
                size = 0.0017 + 0.0022 * heavy * random.random() + 0.004 * random.random() ** 12
                drops.append(Drop(x, y + size * 0.5, size))
        radius += 0.022 + 0.02 * radius
    return Field(image.reduce(2)) / 255.0, drops


def _sagging(
    hub: tuple[float, float], radius: float, start: float, stop: float
) -> list[tuple[float, float]]:
    """A thread between two spokes, as points a drop apart."""
    count = max(3, round(radius * (stop - start) / 0.0085))
    points = []
    for index in range(count + 1):
        share = index / count
        angle = start + (stop - start) * share
        chord = math.cos((stop - start) / 2) / math.cos(angle - (start + stop) / 2)
        reach = radius * chord * (1.0 - 0.10 * share * (1.0 - share))
        points.append((hub[0] + reach * math.cos(angle), hub[1] + reach * math.sin(angle)))
    return points
