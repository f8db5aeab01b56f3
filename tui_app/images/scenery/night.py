"""The night sky: aurora, Milky Way, a rising moon."""

from tui_app.images.scenery.dabs import stars
from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.ground import Ground
from tui_app.images.scenery.land import conifers, firs, ridge
from tui_app.images.scenery.light import Light, between, gradient
from tui_app.images.scenery.noise import fractal, profile, white

# Seed, y of the hem, height, lean and brightness of each curtain.
_CURTAINS = (
    ("far", 0.50, 0.16, 0.10, 0.5),
    ("middle", 0.43, 0.26, -0.12, 0.9),
    ("near", 0.30, 0.36, 0.16, 1.1),
    ("edge", 0.47, 0.30, -0.3, 0.6),
)


def aurora_lake(frame: Frame) -> Light:
    """Curtains of green and violet over a still lake that holds them all once more."""
    shore = 0.61
    light = gradient(frame, [(0.0, "#070c1d"), (0.4, "#0c1c33"), (0.62, "#1b3c4a")])
    light = light.lit("#dfe9ff", stars(frame, "polar stars", 1500, shore))
    glow = Field.filled(frame.size, 0.0)
    for seed, y, height, lean, strength in _CURTAINS:
        rise, curtain = _curtain(frame, seed, y, height)
        row = round(y * frame.height)
        green = (curtain * rise.scaled(2.6).fading() * strength).sheared(lean, row)
        violet = curtain * rise.smooth(0.1, 0.7) * rise.scaled(1.5).fading() * strength
        light = light.lit("#3dffa0", green).lit("#8a4dff", violet.sheared(lean, row) * 0.8)
        glow = glow + green
    light = light.lit("#2fe0a0", glow.blurred(frame.height / 9) * 0.25)
    for y, relief, colour in ((0.55, 0.05, "#0e2530"), (0.585, 0.03, "#081720")):
        peaks = ridge(frame, f"fjord {y}", y, relief, 0.5)
        light = light.covered(colour, frame.mask(frame.above(peaks)))
    bank = ridge(frame, "bank", 0.602, 0.006, 0.4)
    trees = conifers(frame, "taiga", bank, 0.05, 0.008)
    light = light.covered("#03080c", frame.mask(frame.above(trees)))
    return _with_lake(frame, light, shore)


def _curtain(frame: Frame, seed: str, y: float, height: float) -> tuple[Field, Field]:
    """One curtain: how high each pixel is above its hem (1 = its height), and its brightness."""
    hem = ridge(frame, f"{seed} hem", y, 0.09, 0.8, 0.4)
    rays = profile(frame, f"{seed} rays", 0.22, gain=0.68)
    folds = [max(0.0, 0.45 + 0.5 * ray) ** 1.7 for ray in rays]
    rise = frame.above(hem) * (-1 / height)
    return rise, Field.of_columns(frame.height, folds) * rise.smooth(-0.05, 0.06)


def _with_lake(frame: Frame, light: Light, shore: float) -> Light:
    """Everything above the shore, and its reflection in water with a breath of wind on it."""
    row = round(shore * frame.height)
    depth = frame.height - row
    water = Ground.flat(frame, row / frame.height, lens=1.2)
    waves = water.noise("ripples", (1.0, 0.35), gain=0.6)
    mirrored = light.rows(row - depth, row).each(lambda plane: plane.flipped())
    mirrored = mirrored.each(lambda plane: plane.smeared(frame.height // 90))
    shimmer = (waves * 0.22 + 0.62).most(0.0)
    return light.rows(0, row).over((mirrored * shimmer).lit("#0a2030", shimmer * 0.12))


def milky_way(frame: Frame) -> Light:
    """The Milky Way standing upright over a ridge, and one small tent that is lit."""
    light = gradient(
        frame,
        [(0.0, "#060a18"), (0.5, "#0d1730"), (0.72, "#233450"), (0.84, "#7a5f54")],
    )
    across = frame.x() + frame.y() * 0.30 - 0.50
    wobble = fractal(frame, "galaxy", 0.35, gain=0.55)
    band = (across + wobble * 0.035).bell(0.10) ** 2
    cloud = fractal(frame, "star clouds", 0.16, gain=0.64)
    dust = fractal(frame, "dust", (0.12, 0.20), gain=0.66)
    lane = (across + wobble * 0.06 + 0.01).bell(0.04) * 1.1 + dust * 0.8
    core = frame.distance(0.34, 0.60).bell(0.26)
    shine = band * (cloud * 0.45 + 0.8).most(0.0) * (core * 1.1 + 0.35)
    shine = shine * (1.0 - lane.smooth(0.35, 1.6) * 0.88)
    light = light + between(core, "#93a8ea", "#ffd0a0") * (shine * 0.62)
    sparks = white(frame.size, "unresolved").smooth(0.55, 1.0)
    light = light.lit("#e8e4ff", sparks * shine * 0.45)
    glowing = (dust * -0.6 + cloud).smooth(1.1, 2.1) * band
    light = light.lit("#ff4a78", glowing * frame.distance(0.40, 0.40).bell(0.28) * 0.16)
    light = light.lit("#cfd9ff", stars(frame, "dim stars", 6000, 0.9) * (band * 0.9 + 0.35))
    light = light.lit("#ffe6cc", stars(frame, "warm stars", 500, 0.85))
    for y, relief, colour in ((0.845, 0.035, "#1c2433"), (0.90, 0.03, "#0a0e17")):
        line = ridge(frame, f"sierra {y}", y, relief, 0.4, 0.55)
        light = light.covered(colour, frame.mask(frame.above(line)))
    return _with_tent(frame, light, 0.24, 0.915)


def _with_tent(frame: Frame, light: Light, x: float, y: float) -> Light:
    """A tent with a lamp in it, and its glow on the grass."""
    aside = abs(frame.x() - x)
    up = (y - frame.y()) / 0.022
    body = (1.0 - up * up - (aside / 0.03) ** 2).smooth(0.0, 0.08) * up.smooth(-0.05, 0.05)
    lamp = frame.distance(x, y - 0.006)
    light = light.lit("#ff9a3c", lamp.bell(0.035) ** 2 * 0.25)
    seam = (aside / 0.0012).smooth(0.5, 1.5) * 0.5 + 0.5
    return light.covered(between(lamp.bell(0.014), "#b8501a", "#ffd98a"), body * seam)


def moonrise(frame: Frame) -> Light:
    """The full moon, large through a long lens, behind firs on a hill."""
    light = gradient(
        frame,
        [(0.0, "#1d2d55"), (0.45, "#4d5b8c"), (0.72, "#b5869a"), (0.92, "#eaa986")],
    )
    x, y, radius = 0.60, 0.47, 0.215
    moon = frame.distance(x, y)
    light = light.lit("#ffe2c0", moon.bell(radius * 1.3) ** 2 * 0.12)
    seas = fractal(frame, "maria", 0.19, octaves=5, gain=0.5)
    relief = fractal(frame, "craters", 0.035, octaves=6, gain=0.75)
    bays = fractal(frame, "bays", 0.06, gain=0.6)
    face = (seas + bays * 0.16).smooth(0.05, 0.75).scaled(-0.46, 0.92) + relief * 0.03
    face = face * (moon / radius).smooth(1.3, 0.7).scaled(0.25, 0.75)
    rays = _crater(frame, x - 0.05, y + 0.135, 0.010, 0.09)
    rays = rays + _crater(frame, x - 0.075, y - 0.03, 0.008, 0.05)
    disc = between((frame.y() - y + radius) / (2 * radius), "#fff3da", "#ffc894") * (face + rays)
    light = light.covered(disc * 1.05, moon.smooth(radius + 0.0015, radius - 0.0015))
    wisps = fractal(frame, "wisps", (0.9, 0.07), gain=0.5)
    light = light.covered("#c08a98", wisps.smooth(0.2, 1.6) * frame.y().smooth(0.3, 0.65) * 0.6)
    far = ridge(frame, "far hill", 0.80, 0.02, 0.7, 0.45)
    far = conifers(frame, "far firs", far, 0.03, 0.006)
    light = light.covered("#4a4362", frame.mask(frame.above(far)))
    slope = [0.93 - 0.16 * (at - 0.1) for at in frame.column_positions()]
    hill = ridge(frame, "hill", slope, 0.015, 0.5)
    light = light.covered("#0b0e1c", frame.mask(frame.above(hill)))
    return light.covered("#0b0e1c", firs(frame, "hill firs", hill, 0.26, 0.034))


def _crater(frame: Frame, x: float, y: float, radius: float, reach: float) -> Field:
    """A young crater: a bright spot with rays."""
    distance = frame.distance(x, y)
    streaks = fractal(frame, f"rays {x}", 0.02, octaves=3)
    return distance.bell(radius) * 0.25 + distance.bell(reach) ** 2 * (streaks * 0.05 + 0.09)
