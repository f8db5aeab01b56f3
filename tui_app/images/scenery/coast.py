"""The coast: a lighthouse at dusk."""

import math

from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.ground import Ground
from tui_app.images.scenery.land import ridge
from tui_app.images.scenery.light import Light, between, gradient
from tui_app.images.scenery.noise import fractal

_HORIZON = 0.63
_LAMP = (0.40, 0.285)
_FOOT = 0.545


def lighthouse(frame: Frame) -> Light:
    """A lighthouse at dusk, the sea made smooth by a long exposure."""
    light = _dusk(frame)
    sea_row = round(_HORIZON * frame.height)
    light = light.rows(0, sea_row).over(_smooth_sea(frame, light, sea_row))
    light = _with_beam(frame, light)
    crag = [_crag(x) for x in frame.column_positions()]
    rough = ridge(frame, "crag", 0.0, 0.012, 0.12, 0.6)
    depth = frame.above([a + b for a, b in zip(crag, rough, strict=True)])
    light = _with_tower(frame, light)
    rock = _rock(frame, "headland", 0.16)
    surf = fractal(frame, "surf", (0.25, 0.04)) * 0.02 + frame.y() - _HORIZON
    light = light.covered(rock, frame.mask(depth) * surf.smooth(0.062, 0.01))
    light = light.covered(between(surf * 8.0, "#a99ab4", "#6f7aa0"), _surf_mask(depth, surf) * 0.55)
    shore = ridge(frame, "shore", 0.95, 0.05, 0.22, 0.55)
    near = frame.above([y - 0.09 * (1 - x / 0.5) for x, y in zip(frame.column_positions(), shore, strict=True)])
    stones = _rock(frame, "stones", 0.10)
    light = light.covered("#9aa0bd", near.smooth(-0.05, 0.0) * 0.35)
    light = light.covered(stones * 0.6, near.smooth(0.0, 0.012))
    return light.bloomed(0.75, 0.6, frame.height / 26)


def _dusk(frame: Frame) -> Light:
    light = gradient(
        frame,
        [(0.0, "#14224a"), (0.25, "#3a4c82"), (0.43, "#8f7299"), (0.55, "#e0957f"), (0.63, "#ffc08a")],
    )
    streaks = fractal(frame, "dusk streaks", (0.7, 0.07), gain=0.55)
    low = frame.y().smooth(0.12, 0.58)
    return light.covered(between(low, "#47568c", "#ff8f7c"), streaks.smooth(0.1, 1.5) * 0.75)


def _smooth_sea(frame: Frame, sky: Light, row: int) -> Light:
    """Minutes of waves in one picture: the sky's colours, and a breath of mist."""
    depth = frame.height - row
    mirrored = sky.rows(row - depth, row).each(lambda plane: plane.flipped().smeared(frame.height // 24))
    water = Ground.flat(frame, row / frame.height, lens=1.2)
    swell = water.noise("slow swell", (2.4, 0.9), octaves=5, gain=0.5)
    return (mirrored * (swell * 0.10 + 0.72)).covered("#5f6b98", (swell * 0.2 + 0.28).clamped())


def _with_beam(frame: Frame, light: Light) -> Light:
    """Two beams that sweep over the sea, and the glow of the lamp in the haze."""
    x, y = frame.x() - _LAMP[0], frame.y() - _LAMP[1]
    reach = frame.distance(*_LAMP)
    light = light.lit("#ffdf9a", reach.bell(0.05) * 0.35)
    for side, tilt in ((-1.0, 0.10), (1.0, -0.07)):
        along = (x * side).most(0.001)
        off = (y - along * tilt) / (along * 0.055 + 0.006)
        beam = off.bell(0.6) ** 2 * along.smooth(0.0, 0.02) * reach.scaled(2.2).fading()
        light = light.lit("#ffe6b0", beam * 0.55)
    return light


def _crag(x: float) -> float:
    """The headland's outline: a cliff on the left, a long back on the right."""
    cliff = 1 / (1 + math.exp(-(x - 0.20) / 0.022))
    return 0.70 - cliff * (0.155 - 0.10 * max(0.0, x - 0.44) ** 1.2)


def _rock(frame: Frame, seed: str, cell: float) -> Light:
    """Rock with the light of the evening on one side of each edge."""
    form = fractal(frame, seed, (cell, cell * 0.7), gain=0.62)
    step = max(1, frame.height // 300)
    edges = (form - form.shifted(step, -step)) * 1.1
    return between((edges + form * 0.12).smooth(-0.5, 1.3), "#141523", "#a8766a")


def _surf_mask(depth: Field, surf: Field) -> Field:
    """Where the foam of many waves hangs about the rocks."""
    return depth.smooth(-0.03, 0.03) * abs(surf - 0.035).smooth(0.045, 0.0)


def _with_tower(frame: Frame, light: Light) -> Light:
    """The tower: white and red, rounded by the last light, with a gallery and a lamp."""
    x, top = _LAMP[0], _LAMP[1]
    y = frame.y()
    down = (y - top) / (_FOOT + 0.02 - top)
    half = down.scaled(0.0115, 0.0165)
    across = (frame.x() - x) / half
    body = frame.mask(half - abs(frame.x() - x)) * frame.mask(y - top - 0.016) * frame.mask(_FOOT + 0.03 - y)
    shade = 1.0 - (across + 0.45) ** 2 * 0.40
    red = abs((down * 2.5 + 0.35) % 1.0 - 0.5).smooth(0.247, 0.253)
    paint = between(red, "#e9dcd8", "#a8282a") * shade.clamped(0.12, 1.0) * 0.8
    light = light.covered(paint, body)
    iron = frame.mask(0.021 - abs(frame.x() - x)) * frame.mask(0.0035 - abs(y - top - 0.0165))
    roof = frame.mask((y - top + 0.034) * 0.75 - abs(frame.x() - x)) * frame.mask(top - 0.012 - y)
    light = light.covered("#1a1a28", iron.most(roof))
    room = frame.mask(0.0105 - abs(frame.x() - x)) * frame.mask(0.0135 - abs(y - top))
    bars = abs((across * 2.0) % 1.0 - 0.5).smooth(0.02, 0.12)
    lamp = between(frame.distance(x, top).bell(0.012), "#d08a3a", "#fff6d0") * (bars * 1.4 + 0.5)
    return light.covered(lamp, room)
