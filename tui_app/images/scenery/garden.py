"""Fields and woods: lavender in the evening, beeches in the fog."""

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
    light = light.covered(
        between(sun.bell(0.5), "#8a6f96", "#ffb088"), streaks.smooth(0.0, 1.5) * 0.8
    )
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
    rises = ground.noise("rises", (12.0, 16.0), octaves=2) * z.smooth(3.0, 30.0)
    aside = abs((x / 0.95 + 0.5) % 1.0 - 0.5) * 2.0
    bush = (1.0 - aside * aside * 1.35 + rough * 0.12).smooth(0.0, 0.9)
    spikes = ground.noise("spikes", (0.014, 0.024), octaves=2, gain=0.8)
    height = bush * (rough * 0.05 + spikes * 0.012 + 0.34) + rises * 0.5
    flower = (bush + rough * 0.25 + spikes * 0.30).smooth(0.30, 1.05)
    lit = (bush * 0.45 + spikes * 0.42 + rough * 0.32).smooth(0.0, 1.2)
    colour = between(rough.smooth(-0.8, 0.8), "#35272b", "#7a5a4c")
    colour = colour.covered("#3a4430", bush.smooth(0.05, 0.35))
    colour = colour.covered(between(lit, "#2f1c5c", "#b590e2"), flower)
    colour = colour.lit("#ff9468", flower * lit**3 * 0.09)
    return height, colour.covered("#cf949c", z.smooth(4.0, 70.0) * 0.7)


def autumn_forest(frame: Frame) -> Light:
    """Beeches in October fog: each row of trunks is paler, and the light stands between them."""
    sun = frame.distance(frame.aspect * 0.56, 0.42)
    air = between(sun.bell(0.5), "#b98c56", "#fff2d2")
    carpet = _fallen_leaves(frame, 0.52)
    light = air
    rows = 6
    for index in range(rows):
        near = index / (rows - 1)
        fog = Field.filled(frame.size, 0.9 * (1.0 - near) ** 1.25)
        width, foot = 0.008 + 0.045 * near**1.7, 0.60 + 0.25 * near
        wood = trunks(frame, f"trunks {index}", 18 - 2 * index, width, foot)
        bark = fractal(frame, f"bark {index}", (0.016, 0.10), gain=0.6).smooth(-1.0, 1.2)
        light = light.covered(between(bark, "#120c0a", "#463226").covered(air, fog), wood)
        boughs = fractal(frame, f"boughs {index}", 0.22 + 0.12 * near, octaves=4)
        leaves = fractal(frame, f"leaves {index}", 0.012 + 0.016 * near, octaves=3, gain=0.8)
        crown = frame.y() * -2.2 + (0.62 - 0.12 * near) + boughs * 0.50 + leaves * 0.42
        shine = leaves.flipped() + boughs * 0.5
        gold = between(shine.smooth(-1.1, 1.2), "#7a2f08", "#f9a02a")
        light = light.covered(gold.covered(air, fog), crown.smooth(0.0, 0.25) * 0.9)
        floor = ridge(frame, f"floor {index}", foot - 0.02, 0.010, 0.4, 0.55)
        cover = frame.above(floor).smooth(-0.004, 0.02)
        light = light.covered(carpet.covered(air, fog * 0.9), cover)
    return light.lit("#ffd890", sun.bell(0.33) ** 2 * 0.35).bloomed(0.7, 0.35, frame.height / 16)


def _fallen_leaves(frame: Frame, horizon: float) -> Light:
    """The floor of a beech wood in October, below the horizon."""
    floor = Ground.flat(frame, horizon, lens=0.9)
    litter = floor.noise("litter", (0.10, 0.16), octaves=5, gain=0.8)
    above = Field.filled((frame.width, frame.height - litter.size[1]), 0.0)
    return between(above.over(litter).smooth(-0.9, 1.3), "#32150a", "#e08a26")
