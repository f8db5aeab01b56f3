"""Hot-air balloons over a misty country."""

import math
from dataclasses import dataclass

from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.land import conifers, ridge
from tui_app.images.scenery.light import Colour, Light, between, gradient
from tui_app.images.scenery.noise import fractal

_GORES = 20  # around a balloon: two colours in turn
_RADII_WIDE, _RADII_HIGH = 3.15, 4.7  # of the patch that a balloon is drawn on
_MIDDLE = 1.6  # of the envelope, in radii from the patch's top


@dataclass(frozen=True, slots=True)
class _Balloon:
    """Where the middle of its envelope is and its radius, in picture heights; its colours."""

    x: float
    y: float
    radius: float
    first: Colour
    second: Colour


_BALLOONS = (
    _Balloon(1.22, 0.38, 0.018, "#4060a0", "#e8d8c0"),
    _Balloon(0.13, 0.22, 0.022, "#d8a030", "#503060"),
    _Balloon(1.17, 0.15, 0.027, "#b03a60", "#f0e0d0"),
    _Balloon(0.50, 0.16, 0.036, "#3c8f6a", "#f0d070"),
    _Balloon(0.58, 0.49, 0.050, "#e0762a", "#7a2a5a"),
    _Balloon(0.30, 0.40, 0.078, "#2a6fb0", "#f2efe4"),
    _Balloon(0.87, 0.29, 0.155, "#c8332b", "#f4c542"),
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
    haze = between(sun.bell(0.8), "#d2d8e4", "#ffdcaa")
    rows = 6
    for index in range(rows):
        near = index / (rows - 1)
        line = ridge(frame, f"valley {index}", 0.60 + 0.30 * near, 0.035 + 0.02 * near, 0.7, 0.48)
        depth = frame.above(line)
        trees = conifers(frame, f"wood {index}", line, 0.004 + 0.028 * near, 0.004 + 0.005 * near)
        wood = gradient(frame, [(0.55, "#5d7f7a"), (1.0, "#14261d")])
        body = wood.covered(haze, Field.filled(frame.size, (1 - near) * 0.75))
        fog = (depth * (9.0 - 3.5 * near) + mist * 0.4).smooth(0.1, 0.9)
        body = body.covered(haze, fog * (0.95 - 0.25 * near))
        light = light.covered(body, frame.mask(frame.above(trees)))
    for balloon in _BALLOONS:
        light = _with_balloon(frame, light, balloon)
    return light.lit("#ffb870", sun.bell(0.45) ** 2 * 0.25)


def _with_balloon(frame: Frame, light: Light, balloon: _Balloon) -> Light:
    """The picture with a balloon; the smaller it is, the more air lies before it."""
    pixels = balloon.radius * frame.height
    patch = Frame(round(_RADII_WIDE * pixels), round(_RADII_HIGH * pixels))
    across = patch.x() * _RADII_HIGH - _RADII_WIDE / 2
    down = patch.y() * _RADII_HIGH - _MIDDLE
    girths = [_girth(y * _RADII_HIGH - _MIDDLE) for y in patch.row_positions()]
    girth = Field.of_rows(patch.width, girths)
    envelope = ((girth - abs(across)) * pixels).clamped()
    basket = abs(across).smooth(0.115, 0.10) * abs(down - 1.72).smooth(0.11, 0.10)
    ropes = abs(abs(across) - (1.9 - down) * 0.21).smooth(0.022, 0.008)
    ropes = ropes * down.smooth(1.20, 1.24) * down.smooth(1.66, 1.64)
    skin = _skin(balloon, across / girth, down).covered("#3a2418", basket.most(ropes))
    air = max(0.0, 0.55 - balloon.radius * 3.6)
    skin = skin.covered("#c9cdd2", Field.filled(patch.size, air))
    left = round(balloon.x * frame.height - patch.width / 2)
    top = round((balloon.y - _MIDDLE * balloon.radius) * frame.height)
    return light.pasted(skin, envelope.most(basket).most(ropes * 0.8), left, top)


def _skin(balloon: _Balloon, share: Field, down: Field) -> Light:
    """The envelope: gores that change colour at a band, the sun on the left, the flame inside."""
    turn = share.clamped(-1.0, 1.0).curve(math.asin, -1.0, 1.0) * (_GORES / math.pi)
    gore = abs((turn / 2 + 0.25) % 2.0 - 1.0).smooth(0.42, 0.58)
    band = (abs(down - 0.15) - 0.16).smooth(0.03, -0.03)
    pattern = gore + band - gore * band * 2.0
    seams = abs(turn % 1.0 - 0.5).smooth(0.5, 0.38) * 0.14 + 0.86
    shade = (turn * -0.078 + 0.58 - down * 0.10).clamped(0.10, 1.15) * seams
    flame = (1.0 - share * share).clamped() * down.smooth(0.1, 1.3) * 0.30
    return (between(pattern, balloon.first, balloon.second) * shade).lit("#ffb060", flame)


def _girth(down: float) -> float:
    """How wide a balloon of radius 1 is, so far below its middle."""
    if not -1.0 < down < 1.3:
        return -1.0
    if down < 0.25:
        return math.sqrt(1.0 - down * down)
    narrowing = (down - 0.25) / 1.05
    return 0.968 - 0.598 * narrowing - 0.20 * narrowing * narrowing
