"""A spider's web in the dew."""

import math
from itertools import pairwise
from random import Random

from tui_app.images.scenery.dabs import Dab, dabbed, disc_sprite
from tui_app.images.scenery.drops import Drop, with_drops
from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.light import Light, between
from tui_app.images.scenery.noise import fractal
from tui_app.images.scenery.sketch import Sketch

Point = tuple[float, float]


def spider_web(frame: Frame) -> Light:
    """A web after a cold night: every drop holds the meadow upside down."""
    random = Random("web")
    soft = fractal(frame, "meadow", (0.8, 0.6), octaves=3, gain=0.45)
    up = frame.y().smooth(1.0, -0.1)
    light = between((soft * 0.22 + up * 0.8).smooth(-0.2, 1.3), "#030b0a", "#456f30")
    sun = frame.distance(frame.aspect * 0.86, 0.05)
    light = light.lit("#ffd27a", sun.bell(0.45) ** 2 * 1.1)
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
    light = light.lit("#fff0c8", threads * 0.55)
    return Light.of_picture(with_drops(light.developed(), drops, view=16.0, gleam=0.9))


def _web(frame: Frame, random: Random, hub: Point, spokes: list[float]) -> tuple[Field, list[Drop]]:
    """The threads of a web as a field, and the drops that hang on them."""
    sketch = Sketch(frame)
    drops = []
    for angle in spokes:
        end = (hub[0] + 2 * math.cos(angle), hub[1] + 2 * math.sin(angle))
        sketch.thread([hub, end], 170)
    radius = 0.05
    while radius < 1.25:
        for start, stop in pairwise([*spokes, spokes[0] + math.tau]):
            thread = _sagging(hub, radius * random.uniform(0.985, 1.015), start, stop)
            sketch.thread(thread, 150)
            heavy = random.random() ** 2
            for x, y in thread:
                size = 0.0024 + 0.0040 * heavy * random.random() + 0.007 * random.random() ** 14
                drops.append(Drop(x, y + size * 0.5, size))
        radius += 0.034 + 0.03 * radius
    return sketch.field(), drops


def _sagging(hub: Point, radius: float, start: float, stop: float) -> list[Point]:
    """A thread between two spokes, as points a drop apart."""
    count = max(3, round(radius * (stop - start) / 0.0125))
    points = []
    for index in range(count + 1):
        share = index / count
        angle = start + (stop - start) * share
        chord = math.cos((stop - start) / 2) / math.cos(angle - (start + stop) / 2)
        reach = radius * chord * (1.0 - 0.10 * share * (1.0 - share))
        points.append((hub[0] + reach * math.cos(angle), hub[1] + reach * math.sin(angle)))
    return points
