"""The coast: a lighthouse at dusk."""

import math

from tui_app.images.scenery.field import Frame
from tui_app.images.scenery.ground import Ground
from tui_app.images.scenery.land import ridge, rock
from tui_app.images.scenery.light import Light, between, gradient
from tui_app.images.scenery.noise import fractal

_HORIZON = 0.63
_LAMP = (0.40, 0.285)
_FOOT = 0.545
_ROCK = ("#141523", "#a8766a")  # in the shade, and in the last light


def lighthouse(frame: Frame) -> Light:
    """A lighthouse at dusk, the sea made smooth by a long exposure."""
    light = _dusk(frame)
    row = round(_HORIZON * frame.height)
    light = light.rows(0, row).over(_smooth_sea(frame, light, row))
    light = _with_tower(frame, _with_beam(frame, light))
    light = _with_shore(frame, _with_headland(frame, light))
    return light.bloomed(0.75, 0.6, frame.height / 26)


def _dusk(frame: Frame) -> Light:
    light = gradient(
        frame,
        [
            (0.0, "#14224a"),
            (0.25, "#3a4c82"),
            (0.43, "#8f7299"),
            (0.55, "#e0957f"),
            (0.63, "#ffc08a"),
        ],
    )
    streaks = fractal(frame, "dusk streaks", (0.7, 0.07), gain=0.55)
    low = frame.y().smooth(0.12, 0.58)
    return light.covered(between(low, "#47568c", "#ff8f7c"), streaks.smooth(0.1, 1.5) * 0.75)


def _smooth_sea(frame: Frame, sky: Light, row: int) -> Light:
    """Minutes of waves in one picture: the sky's colours, and a breath of mist."""
    depth = frame.height - row
    mirrored = sky.rows(row - depth, row).each(
        lambda plane: plane.flipped().smeared(frame.height // 24)
    )
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


def _with_headland(frame: Frame, light: Light) -> Light:
    """The rock that the tower stands on, and the foam of many waves about its foot."""
    crag = [_crag(x) for x in frame.column_positions()]
    depth = frame.above(ridge(frame, "crag", crag, 0.012, 0.12, 0.6))
    sunk = fractal(frame, "surf", (0.25, 0.04)) * 0.02 + frame.y() - _HORIZON
    headland = rock(frame, "headland", 0.16, *_ROCK)
    light = light.covered(headland, frame.mask(depth) * sunk.smooth(0.062, 0.01))
    foam = depth.smooth(-0.03, 0.03) * abs(sunk - 0.035).smooth(0.045, 0.0)
    return light.covered(between(sunk * 8.0, "#a99ab4", "#6f7aa0"), foam * 0.55)


def _crag(x: float) -> float:
    """The headland's outline: a cliff on the left, a long back on the right."""
    cliff = 1 / (1 + math.exp(-(x - 0.20) / 0.022))
    return 0.70 - cliff * (0.155 - 0.11 * max(0.0, x - 0.44))


def _with_shore(frame: Frame, light: Light) -> Light:
    """The dark stones where the camera stands."""
    rising = [0.86 + 0.18 * x for x in frame.column_positions()]
    depth = frame.above(ridge(frame, "shore", rising, 0.05, 0.22, 0.55))
    light = light.covered("#9aa0bd", depth.smooth(-0.05, 0.0) * 0.35)
    return light.covered(rock(frame, "stones", 0.10, *_ROCK) * 0.6, depth.smooth(0.0, 0.012))


def _with_tower(frame: Frame, light: Light) -> Light:
    """The tower: white and red, rounded by the last light, with a gallery and a lamp."""
    aside = abs(frame.x() - _LAMP[0])
    down = frame.y() - _LAMP[1]
    share = down / (_FOOT + 0.02 - _LAMP[1])
    half = share.scaled(0.0115, 0.0165)
    across = (frame.x() - _LAMP[0]) / half
    shade = (1.0 - (across + 0.45) ** 2 * 0.40).clamped(0.12, 1.0)
    red = abs((share * 2.5 + 0.35) % 1.0 - 0.5).smooth(0.247, 0.253)
    body = frame.mask((half - aside).least(down - 0.016).least(_FOOT + 0.03 - frame.y()))
    light = light.covered(between(red, "#e9dcd8", "#a8282a") * shade * 0.8, body)
    gallery = frame.mask((0.021 - aside).least(0.0035 - abs(down - 0.0165)))
    roof = frame.mask(((down + 0.034) * 0.75 - aside).least(-0.012 - down))
    light = light.covered("#1a1a28", gallery.most(roof))
    room = frame.mask((0.0105 - aside).least(0.0135 - abs(down)))
    bars = abs((across * 2.0) % 1.0 - 0.5).smooth(0.02, 0.12) * 1.4 + 0.5
    return light.covered(between(aside.bell(0.012), "#d08a3a", "#fff6d0") * bars, room)
