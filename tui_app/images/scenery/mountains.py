"""Mountains: in the mist before the day, and in its last light."""

from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.ground import Ground
from tui_app.images.scenery.land import conifers, firs, ridge
from tui_app.images.scenery.light import Light, between, gradient
from tui_app.images.scenery.noise import fractal


def misty_mountains(frame: Frame) -> Light:
    """Ranges behind ranges at dawn, each paler than the one before it, mist in the valleys."""
    sun_x, sun_y = frame.aspect * 0.66, 0.33
    sky = gradient(
        frame,
        [(0.0, "#5d7ba6"), (0.15, "#8d9dbb"), (0.28, "#e3b9a0"), (0.38, "#ffd9a0")],
    )
    sun = frame.distance(sun_x, sun_y)
    veil = fractal(frame, "dawn veil", (0.9, 0.12), gain=0.55)
    light = sky.covered("#f6c6a4", veil.smooth(0.1, 1.6) * 0.55)
    light = light.lit("#ffb870", sun.bell(0.22) * 0.8).lit("#fff0cf", sun.smooth(0.034, 0.029) * 3)
    warm = (frame.x() - sun_x).bell(0.55)
    mist = fractal(frame, "valley mist", (0.7, 0.16), gain=0.5)
    haze = between(warm, "#8ea3c4", "#ffca94")
    ranges = 6
    for index in range(ranges):
        near = index / (ranges - 1)
        y = 0.36 + 0.38 * near**1.15
        line = ridge(frame, f"range {index}", y, 0.06 + 0.02 * near, 0.7 + 0.2 * near, 0.5)
        depth = frame.above(line)
        edge = depth
        if near > 0.45:
            tall, spacing = 0.016 + 0.075 * near**5, 0.004 + 0.012 * near**4
            edge = frame.above(conifers(frame, f"firs {index}", line, tall, spacing))
        rock = gradient(frame, [(0.0, "#41597f"), (1.0, "#0d1826")])
        air = (1.0 - near) ** 1.3 * 0.8
        body = rock.covered(haze, Field.filled(frame.size, air))
        fog = (depth.scaled(1 / (0.10 + 0.10 * near)) + mist * 0.35).smooth(0.1, 1.2)
        body = body.covered(haze, fog * (0.75 - 0.45 * near))
        light = light.covered(body, frame.mask(edge))
    bank = ridge(frame, "bank", 0.97, 0.04, 0.9, 0.4)
    light = light.covered("#080f1a", frame.mask(frame.above(bank)))
    light = light.covered("#080f1a", firs(frame, "near firs", bank, 0.30, 0.075))
    return light.lit("#ff9a4a", sun.bell(0.3) ** 2 * 0.16)


def alpenglow(frame: Frame) -> Light:
    """A snowy massif in the last red light, its foot in the blue shade."""
    light = gradient(
        frame,
        [(0.0, "#27416f"), (0.25, "#5f76ab"), (0.48, "#b795b5"), (0.65, "#f3c3a8")],
    )
    wisps = fractal(frame, "alpine wisps", (0.7, 0.10), gain=0.55)
    light = light.covered("#f0b6ac", wisps.smooth(0.4, 2.0) * 0.6)
    ground = Ground.deep(frame, 4.0, 36.0, lens=2.6, step=0.004)
    height = _massif(ground)
    right, ahead = ground.slope_right(height), ground.slope_ahead(height)
    steep = (right * right + ahead * ahead + 1.0).root()
    facing = (right * 0.95 - ahead * 0.32 + 0.18) / steep
    detail = ground.noise("snow and rock", 1.2, octaves=6, gain=0.65)
    rock = (steep + detail * 0.45).smooth(1.7, 2.3)
    lit = facing.smooth(-0.05, 0.75) * (1.0 - ground.shadow(height, 0.55).smooth(0.0, 0.25))
    glow = (height + detail * 0.1).smooth(0.5, 2.0)
    snow = between(lit, "#34487e", "#b9c6e6").covered(between(lit, "#4f5590", "#ffab7c"), glow)
    stone = between(lit, "#161b33", "#a0604e")
    body = snow.covered(stone, rock * 0.85)
    body = body.covered("#a9a0c4", (ground.z() / 36.0).clamped() ** 2 * 0.55)
    land, mask = ground.relief(height, body, 0.80, camera=1.9, finer=2)
    return light.covered(land, mask)


def _massif(ground: Ground) -> Field:
    """Sharp crests that rise to one great peak."""
    crests = ground.noise("crests", 9.0, octaves=8, gain=0.46, shape=_sharpened)
    peak = (ground.x() - 0.8).bell(3.4) * (ground.z() - 19.0).bell(5.0)
    return (crests * 0.5 + 0.6) * (peak * 5.0 + 0.30)


def sea_of_clouds(frame: Frame) -> Light:
    """From a summit above the weather: cloud to the horizon, and islands of rock in it."""
    horizon, sun_x = 0.36, frame.aspect * 0.70
    light = gradient(
        frame,
        [(0.0, "#40619f"), (0.16, "#8494c2"), (0.28, "#e9b09c"), (0.38, "#ffd39c")],
    )
    sun = frame.distance(sun_x, 0.30)
    light = light.lit("#ff9a58", sun.bell(0.22) * 0.6).lit("#fff2d0", sun.smooth(0.034, 0.029) * 3)
    light = _with_islands(frame, light, sun)
    ground = Ground.deep(frame, 2.9, 160.0, lens=1.3, step=0.01)
    puffs = ground.noise("puffs", (4.5, 3.5), octaves=5, gain=0.5, shape=abs)
    banks = ground.noise("banks", (24.0, 18.0), octaves=3)
    fluff = ground.noise("fluff", 0.9, octaves=6, gain=0.62)
    height = puffs * 0.40 + banks * 0.34 - 0.45
    right, ahead = ground.slope_right(height), ground.slope_ahead(height)
    facing = right * -0.22 - ahead * 0.10
    lit = (puffs * 0.5 + banks * 0.30 + fluff * 0.10 + facing).smooth(-0.1, 1.15)
    far = ground.z().smooth(5.0, 110.0)
    cloud = between(lit, "#4a568c", "#e8c9bd")
    cloud = cloud.covered(between(lit, "#8f7590", "#ffc796"), far)
    path = (ground.x() / ground.z() - (sun_x - frame.aspect / 2) / 1.3).bell(0.30)
    cloud = cloud.lit("#ffa860", path * lit * 0.30)
    sea, mask = ground.relief(height, cloud, horizon, camera=2.2, finer=2)
    light = light.covered(sea, mask)
    veil = fractal(frame, "veil", (0.9, 0.10), gain=0.5).smooth(0.0, 1.6)
    light = light.covered("#e9cdc4", veil * abs(frame.y() - 0.42).smooth(0.16, 0.0) * 0.55)
    return light.lit("#ffa860", sun.bell(0.32) ** 2 * 0.28)


def _with_islands(frame: Frame, light: Light, sun: Field) -> Light:
    """Summits that stand out of the cloud far away."""
    for name, x, width, y in (("west", 0.26, 0.42, 0.20), ("south", 0.44, 0.25, 0.28)):
        middle = x * frame.aspect
        cone = [
            0.40 - (0.40 - y) / (1 + ((at - middle) / width) ** 2)
            for at in frame.column_positions()
        ]
        depth = frame.above(ridge(frame, f"island {name}", cone, 0.045, 0.30, 0.52))
        rock = between(sun.bell(0.9), "#4c5680", "#b98788")
        rock = rock.covered("#d8aaa4", depth.smooth(0.0, 0.2) * 0.8)
        light = light.covered(rock, frame.mask(depth))
    return light


def _sharpened(noise: Field) -> Field:
    """Noise with its zeros as crests."""
    return abs(noise).scaled(-2.0, 0.8)
