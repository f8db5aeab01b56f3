"""Sand and sea: ground in perspective under a low sun."""

from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.ground import Ground
from tui_app.images.scenery.light import Light, between, gradient
from tui_app.images.scenery.noise import fractal


def desert_dunes(frame: Frame) -> Light:
    """Dunes to the horizon, one side of each crest in the sun and the other in blue shade."""
    horizon = 0.30
    light = gradient(
        frame, [(0.0, "#4476ab"), (0.16, "#8db0cb"), (0.27, "#ecd3b0"), (0.34, "#f4d5a8")]
    )
    cirrus = fractal(frame, "cirrus", (1.2, 0.07), gain=0.6)
    light = light.covered("#f6e6d2", cirrus.smooth(0.3, 2.2) * 0.5)
    ground = Ground.deep(frame, 1.5, 60.0, lens=1.15, step=0.006)
    height = _dunes(ground)
    right, ahead = ground.slope_right(height), ground.slope_ahead(height)
    ripples = _ripples(ground)
    facing = right * 1.05 + ripples * 0.13 - ahead * 0.35 + 0.30
    sun = (facing / (right * right + ahead * ahead + 1.0)).smooth(-0.05, 0.85)
    shade = ground.shadow(height, 0.45).smooth(0.0, 0.05)
    sand = between(sun * (1.0 - shade), "#4b3645", "#ffb869")
    sand = sand * (ripples * 0.05 + height * 0.25 + 0.85)
    sand = sand.covered("#efcfaa", (ground.z() / 60.0).clamped() * 0.7)
    land, mask = ground.relief(height, sand, horizon, camera=1.9)
    return light.covered(land, mask)


def _dunes(ground: Ground) -> Field:
    """The height of the sand: long rows of dunes, gentle to windward and steep in the lee."""
    x, z = ground.x(), ground.z()
    bend = ground.noise("bend", (9.0, 7.0), octaves=3, gain=0.35)
    size = ground.noise("size", (14.0, 11.0), octaves=2).scaled(0.30, 0.75).clamped(0.15, 1.3)
    phase = (x * 0.17 + z * 0.07 + bend * 0.26 + 0.88) % 1.0
    lee = (phase / 0.70).least((1.0 - phase) / 0.30)
    small = (x * 0.42 - z * 0.16 + bend * 0.6) % 1.0
    low = (small / 0.7).least((1.0 - small) / 0.3)
    flat = z.smooth(75.0, 8.0)
    return ((lee * lee * 0.55 + lee * 0.45) * size + low * low * 0.07) * flat


def _ripples(ground: Ground) -> Field:
    """The wind's pattern on the sand, as a slope; it fades where it is too fine to be seen."""
    x, z = ground.x(), ground.z()
    bend = ground.noise("ripple bend", (0.8, 0.8), octaves=3, gain=0.5)
    phase = (x * 10.0 + z * 4.5 + bend * 1.1) % 1.0
    wave = abs(phase - 0.5).scaled(4.0, -1.0)
    return wave * z.smooth(9.0, 2.0)


def sunset_sea(frame: Frame) -> Light:
    """The sun going down into an open sea that glitters all the way to the shore."""
    horizon, sun_x, sun_y = 0.50, frame.aspect * 0.36, 0.435
    row = round(horizon * frame.height)
    light = gradient(
        frame,
        [
            (0.0, "#2f3a68"),
            (0.18, "#6d5a88"),
            (0.34, "#d97f68"),
            (0.46, "#ffb45c"),
            (0.52, "#ffc878"),
        ],
    )
    sun = frame.distance(sun_x, sun_y)
    light = light.lit("#ff9a50", sun.bell(0.25) * 0.7)
    light = light.covered(between(sun.bell(0.42), "#54466e", "#ffa562"), _cloud_ceiling(frame, row))
    light = light.lit("#ffb060", sun.bell(0.09) * 0.5)
    light = light.lit("#ffe9b8", sun.smooth(0.037, 0.032) * 3.0)
    water = Ground.flat(frame, row / frame.height, lens=1.1)
    swell = water.noise("swell", (0.9, 0.42), octaves=8, gain=0.66)
    lower = Frame(frame.width, frame.height - row)
    mirrored = light.rows(row - lower.height, row).each(lambda plane: plane.flipped())
    blur = frame.height // 50
    tilt = (swell * 0.30 + 0.55).clamped(0.05, 1.0)
    sea = mirrored.each(lambda plane: plane.blurred(blur).smeared(2 * blur)) * tilt
    sea = sea.covered("#1b2745", (1.0 - tilt) * 0.55)
    below = Field.of_rows(frame.width, lower.row_positions())
    aside = (lower.x() * (lower.height / frame.height) - sun_x) / (below * 0.16 + 0.05)
    path = aside.bell(1.0)
    glints = (swell + path * 2.4).smooth(1.7, 3.3)
    sea = sea.lit("#ffb764", glints * path * 2.6)
    return light.rows(0, row).over(sea).bloomed(0.9, 0.35, frame.height / 22)


def _cloud_ceiling(frame: Frame, row: int) -> Field:
    """A ceiling of broken cloud that reaches to the horizon."""
    ceiling = Ground.flat(Frame(frame.width, row), 0.0, lens=0.9)
    cover = ceiling.noise("evening", (2.6, 1.7), gain=0.6).flipped().smooth(0.0, 1.2)
    return cover.over(Field.filled((frame.width, frame.height - row), 0.0)) * 0.85
